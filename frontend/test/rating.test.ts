/** What the card asks after a session, and the next morning. */

import { beforeEach, describe, expect, test, vi } from "vitest";
import { running } from "./home.ts";
import {
  actions,
  all,
  button,
  card,
  heading,
  home,
  journal,
  press,
  settle,
  refresh,
  show,
} from "./page.ts";

describe("after", () => {
  beforeEach(() => {
    home.routine("bedtime", "Bedtime", "anna", { ...running(22), state: "off" });
  });

  test("one tap rates the last session, and thanks", async () => {
    journal({ id: "last" });
    await show();
    expect(heading()).toBe("Take your time");
    await press("3 of 10");
    expect(actions()).toEqual([
      [
        "acupressure_mat.rate_session",
        { config_entry_id: "ENTRY_anna", record_id: "last", pain_after: 3 },
        undefined,
      ],
    ]);
    expect(all()).toContain("Noted.");
    journal({ id: "last", ratings: { pain_after: 3 } });
    home.entity("event.anna", "practice", "anna", { state: "2026-11-22T21:00:01Z" });
    await refresh();
    expect(all()).toContain("Noted.");
    await vi.advanceTimersByTimeAsync(11_000);
    expect(all()).not.toContain("Noted.");
    expect(button("Start Bedtime")).toBeTruthy();
  });

  test("nothing can be pressed before it is asked", async () => {
    const morning = { id: "morning", ended_at: "2026-11-22T10:00:00+00:00" };
    journal(morning);
    await show();
    expect(heading()).toBe("Take your time");
    expect(card.shadowRoot?.querySelector("button")).toBeNull();
    journal({ id: "last" }, morning);
    home.entity("event.anna", "practice", "anna", { state: "2026-11-22T21:00:01Z" });
    await refresh();
    await press("3 of 10");
    expect(actions().map(([, data]) => data)).toEqual([
      { config_entry_id: "ENTRY_anna", record_id: "last", pain_after: 3 },
    ]);
  });

  test("a record that never comes is not waited for", async () => {
    journal();
    await show();
    await vi.advanceTimersByTimeAsync(4_900);
    await settle();
    expect(card.shadowRoot?.querySelector("button")).toBeNull();
    await vi.advanceTimersByTimeAsync(200);
    await settle();
    expect(button("Start Bedtime")).toBeTruthy();
    await refresh();
    expect(button("Start Bedtime")).toBeTruthy();
    expect(vi.getTimerCount()).toBe(0);
  });

  test("a card that is taken away waits for nothing", async () => {
    journal();
    await show();
    card.remove();
    expect(vi.getTimerCount()).toBe(0);
  });

  test("a finger that went beside it taps again, and starts nothing", async () => {
    journal({ id: "last" });
    await show();
    await press("3 of 10");
    await vi.advanceTimersByTimeAsync(9_000);
    expect(button("3 of 10").getAttribute("aria-pressed")).toBe("true");
    await press("4 of 10");
    expect(actions().map(([, data]) => data)).toEqual([
      { config_entry_id: "ENTRY_anna", record_id: "last", pain_after: 3 },
      { config_entry_id: "ENTRY_anna", record_id: "last", pain_after: 4 },
    ]);
    await vi.advanceTimersByTimeAsync(9_000);
    expect(button("4 of 10").getAttribute("aria-pressed")).toBe("true");
    card.remove();
    expect(vi.getTimerCount()).toBe(0);
  });

  test("a rating that is refused is asked for again", async () => {
    journal({ id: "last" });
    await show();
    home.callService.mockRejectedValue(new Error("refused"));
    await press("3 of 10");
    expect(button("3 of 10").getAttribute("aria-pressed")).toBe("false");
    expect(all()).not.toContain("Noted.");
  });

  test("skipped once it is not asked for again, on another page neither", async () => {
    journal({ id: "last" });
    await show();
    await press("Not now");
    expect(all()).not.toContain("How much");
    expect(button("Start Bedtime")).toBeTruthy();
    await show();
    expect(all()).not.toContain("How much");
  });

  test("a tap that failed takes nothing back from one that did not", async () => {
    journal({ id: "last" });
    await show();
    const answers = home.callService.getMockImplementation();
    let fail: (error: Error) => void = () => {};
    home.callService.mockReturnValueOnce(
      new Promise((_, reject) => {
        fail = reject;
      }),
    );
    await press("3 of 10");
    home.callService.mockImplementation(answers ?? (async () => ({})));
    await press("4 of 10");
    fail(new Error("refused"));
    await settle();
    expect(button("4 of 10").getAttribute("aria-pressed")).toBe("true");
    expect(all()).toContain("Noted.");
  });

  test("skipped on one mat, it stays skipped when it is on another", async () => {
    home.mat("ben", "Ben");
    journal({ id: "hers" });
    await show({ device_id: "anna" });
    await press("Not now");
    journal({ id: "his" });
    await show({ device_id: "ben" });
    await press("Not now");
    journal({ id: "hers" });
    await show({ device_id: "anna" });
    expect(all()).not.toContain("How much");
  });

  test("a session that was stopped is asked for beside the routines", async () => {
    home.routine("bedtime", "Bedtime", "anna");
    journal({ id: "last", outcome: "stopped" });
    await show();
    expect(all()).toContain("How much does it hurt now?");
    expect(button("Start Bedtime")).toBeTruthy();
  });
});

describe("the next morning", () => {
  const night = (more: object = {}) => ({
    id: "night",
    day: "2026-11-21",
    kind: "bedtime",
    ended_at: "2026-11-22T13:00:00+00:00",
    ...more,
  });

  beforeEach(() => {
    home.routine("bedtime", "Bedtime", "anna");
  });

  test("one tap tells how one slept, after the pain that is still open", async () => {
    journal(night());
    await show();
    expect(all()).toContain("How much does it hurt now?");
    expect(all()).not.toContain("How well");
    journal(night({ ratings: { pain_after: 2 } }));
    home.entity("event.anna", "practice", "anna", { state: "2026-11-22T21:00:01Z" });
    await refresh();
    expect(all()).toContain("How well did you sleep?");
    expect(all()).toContain("Very well");
    await press("8 of 10");
    expect(actions()).toEqual([
      [
        "acupressure_mat.rate_session",
        { config_entry_id: "ENTRY_anna", record_id: "night", sleep: 8 },
        undefined,
      ],
    ]);
    expect(all()).toContain("Noted.");
    expect(button("Start Bedtime")).toBeTruthy();
  });

  test("a good night is the calm end of the scale", async () => {
    journal(night({ ratings: { pain_after: 2 } }));
    await show();
    expect(button("10 of 10").style.getPropertyValue("--level")).toBe("0");
    expect(button("0 of 10").style.getPropertyValue("--level")).toBe("10");
  });

  test("each question is skipped for itself", async () => {
    journal(night());
    await show();
    await press("Not now");
    expect(all()).toContain("How well did you sleep?");
    await press("Not now");
    expect(all()).not.toContain("How well");
    await show();
    expect(all()).not.toContain("How much");
    expect(all()).not.toContain("How well");
  });

  test("nobody who was hurt is asked about the night", async () => {
    journal(
      night({ outcome: "stopped", reason: "numbness", ratings: { pain_after: 2 } }),
    );
    await show();
    expect(all()).not.toContain("How well");
  });
});
