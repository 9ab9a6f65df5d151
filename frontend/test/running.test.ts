/** The card while somebody lies on the mat. */

import { beforeEach, describe, expect, test, vi } from "vitest";
import { timeOfDay } from "../src/words.ts";
import { MINUTE, running } from "./home.ts";
import {
  NOW,
  actions,
  all,
  button,
  card,
  heading,
  home,
  journal,
  press,
  refresh,
  root,
  settle,
  show,
  time,
} from "./page.ts";

describe("running", () => {
  test("counts down second by second without a word from Home Assistant", async () => {
    home.routine("bedtime", "Bedtime", "anna", running(10));
    await show();
    expect([time(), heading()]).toEqual(["11:00", "<rest>"]);
    const seen = [];
    for (let second = 0; second < 4; second += 1) {
      await vi.advanceTimersByTimeAsync(1000);
      seen.push(time());
    }
    expect(seen).toEqual(["10:59", "10:58", "10:57", "10:56"]);
  });

  test("changes the phase by itself", async () => {
    home.routine("bedtime", "Bedtime", "anna", running(18.99));
    await show();
    expect(heading()).toBe("<rest>");
    await vi.advanceTimersByTimeAsync(2000);
    expect(heading()).toBe("<wind_down>");
  });

  test("tells until when it lasts, unless the clock stands still", async () => {
    const ends = () => root()?.querySelector(".until")?.textContent.trim();
    home.routine("bedtime", "Bedtime", "anna", running(10));
    await show();
    const end = Date.now() + 11 * MINUTE;
    expect(ends()).toBe(`until ${timeOfDay(home.hass, end)}`);
    const paused_at = new Date().toISOString();
    home.routine("bedtime", "Bedtime", "anna", running(10, { paused_at }));
    await refresh();
    expect(ends()).toBe("");
  });

  test("one timer while it is visible, none while hidden or gone", async () => {
    home.routine("bedtime", "Bedtime", "anna", running(10));
    await show();
    expect(vi.getTimerCount()).toBe(1);
    const hidden = vi.spyOn(document, "hidden", "get").mockReturnValue(true);
    document.dispatchEvent(new Event("visibilitychange"));
    await settle();
    expect(vi.getTimerCount()).toBe(0);
    hidden.mockRestore();
    document.dispatchEvent(new Event("visibilitychange"));
    await settle();
    expect(vi.getTimerCount()).toBe(1);
    card.remove();
    expect(vi.getTimerCount()).toBe(0);
  });

  test("goes on counting when its tab is looked at again", async () => {
    home.routine("bedtime", "Bedtime", "anna", running(10));
    await show();
    card.remove();
    await vi.advanceTimersByTimeAsync(5000);
    document.body.append(card);
    await settle();
    expect(time()).toBe("10:55");
    await vi.advanceTimersByTimeAsync(1000);
    expect(time()).toBe("10:54");
  });

  test("no timer after the last second, though nobody told of the end", async () => {
    home.routine("bedtime", "Bedtime", "anna", running(20.99));
    await show();
    await vi.advanceTimersByTimeAsync(2000);
    expect(time()).toBe("0:00");
    expect(vi.getTimerCount()).toBe(0);
  });

  test("the phase has its name without its sensor", async () => {
    home.routine("bedtime", "Bedtime", "anna", running(10));
    delete home.entities["sensor.anna_phase"];
    await show();
    expect(heading()).toBe("Rest");
  });

  test("no timer while nothing counts", async () => {
    home.routine("bedtime", "Bedtime", "anna");
    await show();
    expect(vi.getTimerCount()).toBe(0);
    const paused_at = new Date(NOW - MINUTE).toISOString();
    home.routine("bedtime", "Bedtime", "anna", running(10, { paused_at }));
    await refresh();
    expect([time(), heading()]).toEqual(["12:00", "<paused>"]);
    expect(vi.getTimerCount()).toBe(0);
    await vi.advanceTimersByTimeAsync(5 * MINUTE);
    expect(time()).toBe("12:00");
  });

  test("prepare counts down to the mat and asks for the pain before", async () => {
    home.routine("bedtime", "Bedtime", "anna", running(0.25));
    await show();
    expect([time(), heading()]).toEqual(["0:45", "<prepare>"]);
    expect(all()).toContain("then 20 min");
    await press("7 of 10");
    expect(actions()).toEqual([
      ["number.set_value", { value: 7 }, { entity_id: "number.anna_pain" }],
    ]);
  });

  test.each([
    ["Pause", "pause_session", undefined],
    ["5 min more", "extend_session", { duration: { minutes: 5 } }],
    ["Next phase", "skip_phase", undefined],
  ])("%s", async (text, action, data) => {
    home.routine("bedtime", "Bedtime", "anna", running(10));
    await show();
    await press(text);
    expect(actions()).toEqual([
      [`acupressure_mat.${action}`, data, { entity_id: "switch.bedtime" }],
    ]);
  });

  test("a second tap while Home Assistant answers does nothing", async () => {
    home.routine("bedtime", "Bedtime", "anna", running(10));
    await show();
    let answer: (value: object) => void = () => {};
    home.callService.mockReturnValue(
      new Promise((resolve) => {
        answer = resolve;
      }),
    );
    await press("5 min more");
    await press("5 min more");
    expect(actions()).toHaveLength(1);
    // A button that is disabled loses the focus, and with it who goes by keyboard.
    expect(button("5 min more").disabled).toBe(false);
    answer({});
    await settle();
    await press("5 min more");
    expect(actions()).toHaveLength(2);
  });

  test("a finger that trembles does not resume what it has just paused", async () => {
    home.routine("bedtime", "Bedtime", "anna", running(10));
    await show();
    await press("Pause");
    const paused_at = new Date().toISOString();
    home.routine("bedtime", "Bedtime", "anna", running(10, { paused_at }));
    await refresh();
    await press("Resume");
    expect(actions()).toHaveLength(1);
    await vi.advanceTimersByTimeAsync(500);
    await press("Resume");
    expect(actions()).toHaveLength(2);
  });

  test("nor skips the phase after the one that it skipped", async () => {
    home.routine("bedtime", "Bedtime", "anna", running(10));
    await show();
    await press("Next phase");
    await press("Next phase");
    expect(actions()).toHaveLength(1);
  });

  test("stops while something else is not answered", async () => {
    home.routine("bedtime", "Bedtime", "anna", running(10));
    await show();
    home.callService.mockReturnValue(new Promise(() => {}));
    await press("5 min more");
    await press("Stop");
    await press("It hurts");
    expect(actions().at(-1)?.[0]).toBe("acupressure_mat.stop_session");
  });

  test("what is refused can be tried again", async () => {
    home.routine("bedtime", "Bedtime", "anna", running(10));
    await show();
    home.callService.mockRejectedValue(new Error("refused"));
    await press("Pause");
    expect(button("Pause").disabled).toBe(false);
  });
});

describe("the stop question", () => {
  beforeEach(async () => {
    home.routine("bedtime", "Bedtime", "anna", running(10));
    await show();
    await press("Stop");
  });

  test.each([
    ["Enough for today", "enough"],
    ["It hurts", "pain"],
    ["It was a mistake", "mistake"],
  ])("%s", async (text, reason) => {
    await press(text);
    expect(actions()).toEqual([
      ["acupressure_mat.stop_session", { reason }, { entity_id: "switch.bedtime" }],
    ]);
  });

  test("stops nothing by itself, and goes away unanswered", async () => {
    expect(actions()).toEqual([]);
    expect(time()).toBe("11:00");
    await press("Keep going");
    expect(actions()).toEqual([]);
    expect(button("Pause")).toBeTruthy();
  });

  test("takes the focus and gives it back on Escape", async () => {
    expect(root()?.activeElement?.textContent).toContain("Enough for today");
    root()?.activeElement?.dispatchEvent(
      new KeyboardEvent("keydown", { key: "Escape", bubbles: true }),
    );
    await settle();
    expect(root()?.activeElement?.textContent).toContain("Stop");
  });
});

describe("who goes by keyboard or listens", () => {
  const focused = () => root()?.activeElement?.textContent.trim();

  test("is taken along from the start to the end", async () => {
    journal({ ratings: { pain_after: 2 } });
    home.routine("bedtime", "Bedtime", "anna");
    await show();
    button("Start Bedtime").focus();
    home.routine("bedtime", "Bedtime", "anna", running(0));
    await refresh();
    expect(focused()).toBe("<prepare>");
    button("Stop").focus();
    home.routine("bedtime", "Bedtime", "anna", { ...running(22), state: "off" });
    await refresh();
    expect(focused()).toBe("Take your time");
    button("Start Bedtime").focus();
    home.routine("bedtime", "Bedtime", "anna");
    await refresh();
    expect(focused()).toContain("Bedtime");
  });

  test("gets back to the routine after a mistake", async () => {
    home.routine("bedtime", "Bedtime", "anna", running(0));
    await show();
    button("Stop").focus();
    home.routine("bedtime", "Bedtime", "anna");
    await refresh();
    expect(focused()).toContain("Bedtime");
  });

  test("is left alone elsewhere on the page", async () => {
    const elsewhere = document.createElement("input");
    document.body.append(elsewhere);
    home.routine("bedtime", "Bedtime", "anna");
    await show();
    elsewhere.focus();
    home.routine("bedtime", "Bedtime", "anna", running(0));
    await refresh();
    expect(document.activeElement).toBe(elsewhere);
  });

  test("hears that it is over, from what was there before", async () => {
    home.routine("bedtime", "Bedtime", "anna", running(20));
    await show();
    const status = card.shadowRoot?.querySelector("[role=status]");
    expect(status?.textContent.trim()).toBe("");
    home.routine("bedtime", "Bedtime", "anna", { ...running(22), state: "off" });
    await refresh();
    expect(status?.textContent.trim()).toMatch(/^Take your time\s+Sit up slowly/);
    expect(status?.isConnected).toBe(true);
  });
});
