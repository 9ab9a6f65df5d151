import type { LitElement } from "lit";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import type { AcupressureMatCard, CardConfig } from "../src/card.ts";
import { Home, MINUTE, running } from "./home.ts";
import { timeOfDay } from "../src/words.ts";
import "../src/index.ts";

const NOW = Date.parse("2026-11-22T21:00:00Z");
let home: Home;
let card: AcupressureMatCard;
/** The day that it is on the mat. */
let today: string;

beforeEach(() => {
  today = "2026-11-22";
  vi.useFakeTimers({ now: NOW });
  localStorage.clear();
  home = new Home().mat("anna", "Anna");
});

afterEach(() => {
  document.body.replaceChildren();
  vi.useRealTimers();
});

async function settle(): Promise<void> {
  await vi.advanceTimersByTimeAsync(0);
  await card.updateComplete;
  await inner()?.updateComplete;
}

async function show(config: Partial<CardConfig> = {}): Promise<void> {
  card = document.createElement("acupressure-mat-card");
  card.setConfig({ type: "custom:acupressure-mat-card", ...config });
  card.hass = home.hass;
  document.body.append(card);
  await settle();
}

async function refresh(): Promise<void> {
  card.hass = home.hass;
  await settle();
}

/** Let `get_records` answer with these, the latest first, as the action does. */
function journal(...records: object[]): void {
  const whole = records.map((record, index) => ({
    id: `record ${index}`,
    day: "2026-11-22",
    started_at: "2026-11-22T20:38:00+00:00",
    ended_at: "2026-11-22T20:59:00+00:00",
    elapsed: 1200,
    ...record,
  }));
  home.callService.mockImplementation(async (_, service) =>
    service === "get_records"
      ? { response: { today, total: whole.length, records: whole } }
      : {},
  );
}

const inner = () =>
  card.shadowRoot?.querySelector<LitElement>("acupressure-mat-session") ?? undefined;
const root = () => inner()?.shadowRoot ?? card.shadowRoot;
const all = () =>
  `${card.shadowRoot?.textContent} ${inner()?.shadowRoot?.textContent ?? ""}`;
const time = () => root()?.querySelector(".time")?.textContent.trim();
const heading = () => root()?.querySelector("h3")?.textContent.trim();

function button(text: string): HTMLButtonElement {
  const found = [...(root()?.querySelectorAll("button") ?? [])].find((each) =>
    `${each.textContent} ${each.getAttribute("aria-label")}`.includes(text),
  );
  if (!found) {
    throw new Error(`no button "${text}"`);
  }
  return found;
}

async function press(text: string): Promise<void> {
  button(text).click();
  await settle();
}

const actions = () =>
  home.callService.mock.calls
    .filter(([, service]) => service !== "get_records")
    .map(([domain, service, data, target]) => [`${domain}.${service}`, data, target]);

describe("idle", () => {
  test("each routine is a button that says what it starts", async () => {
    home.routine("bedtime", "Bedtime", "anna").routine("nap", "Nap", "anna");
    await show();
    await press("Start Nap, 20 min");
    expect(actions()).toEqual([
      ["acupressure_mat.start_session", {}, { entity_id: "switch.nap" }],
    ]);
  });

  test("a second tap at once is none, and one that was refused can be repeated", async () => {
    home.routine("bedtime", "Bedtime", "anna");
    await show();
    await press("Start Bedtime");
    await press("Start Bedtime");
    expect(actions()).toHaveLength(1);
    await vi.advanceTimersByTimeAsync(1_000);
    home.callService.mockRejectedValue(new Error("refused"));
    await press("Start Bedtime");
    await press("Start Bedtime");
    expect(actions()).toHaveLength(3);
  });

  test("kinds are told apart at a glance, and a person's own icon wins", async () => {
    for (const [id, kind] of [
      ["a", "bedtime"],
      ["b", "morning"],
      ["c", "later"],
    ] as const) {
      home.routine(id, id, "anna", { state: "off", attributes: { kind } });
    }
    home.routine("d", "d", "anna", { state: "off", attributes: { kind: "bedtime" } });
    Object.assign(home.entities["switch.d"] ?? {}, { icon: "mdi:cat" });
    await show();
    const icons = card.shadowRoot?.querySelectorAll<HTMLElement & { icon?: string }>(
      ".badge ha-state-icon",
    );
    expect([...(icons ?? [])].map(({ icon }) => icon)).toEqual([
      "mdi:weather-night",
      "mdi:weather-sunny",
      undefined,
      "mdi:cat",
    ]);
  });

  test("the week is dots with a name", async () => {
    home.routine("bedtime", "Bedtime", "anna");
    await show();
    expect(card.shadowRoot?.querySelectorAll(".dots i")).toHaveLength(5);
    expect(card.shadowRoot?.querySelectorAll(".dots .done")).toHaveLength(3);
    expect(card.shadowRoot?.querySelector(".dots")?.getAttribute("aria-label")).toBe(
      "3 of 5 days",
    );
  });

  test.each(["unavailable", "unknown"])("%s is never shown", async (state) => {
    home.routine("bedtime", "Bedtime", "anna", { state });
    for (const entity of Object.values(home.states)) {
      entity.state = state;
    }
    await show();
    expect(all()).not.toMatch(/unavailable|unknown|NaN|undefined|null|component\./);
    expect(button("Bedtime").disabled).toBe(true);
  });

  test("entities that were disabled leave no hole", async () => {
    home.routine("bedtime", "Bedtime", "anna");
    for (const id of ["sensor.anna_streak", "sensor.anna_week", "number.bedtime"]) {
      delete home.entities[id];
    }
    await show();
    expect(all()).not.toMatch(/NaN|undefined|null/);
    expect(all()).toContain("12 min");
  });

  test("minutes are in the unit that a person chose for them", async () => {
    Object.assign(home.states["sensor.anna_today"]?.attributes ?? {}, {
      unit_of_measurement: "h",
    });
    await show();
    expect(all()).toContain("<12>");
    expect(all()).not.toContain("12 min");
  });

  test("without a mat or a routine it says what to do", async () => {
    await show();
    expect(all()).toContain("Add a routine");
    await show({ device_id: "gone" });
    expect(all()).toContain("Set up");
  });
});

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
    const ends = () => root()?.querySelector(".ends")?.textContent.trim();
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
    answer({});
    await settle();
    expect(button("5 min more").disabled).toBe(false);
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

describe("history", () => {
  const rows = () =>
    [...(card.shadowRoot?.querySelectorAll("tbody tr") ?? [])].map((row) =>
      [...row.children].map((cell) => cell.textContent.trim()),
    );

  test("is drawn, and told in a table", async () => {
    journal(
      { day: "2026-11-21", ratings: { pain_before: 6, pain_after: 0 } },
      { day: "2026-11-20", elapsed: 576 },
    );
    await show({ show: "history" });
    expect(rows()).toEqual([
      ["Sat, Nov 21", "20", "6", "0"],
      ["Fri, Nov 20", "10", "", ""],
    ]);
    expect(card.shadowRoot?.querySelectorAll(".heat .week i")).toHaveLength(84);
    expect(card.shadowRoot?.querySelectorAll(".heat .week .level-1")).toHaveLength(1);
    expect(card.shadowRoot?.querySelectorAll(".bar")).toHaveLength(1);
  });

  test("asks for the records again only when something happened", async () => {
    journal();
    home.routine("bedtime", "Bedtime", "anna");
    await show();
    await refresh();
    expect(home.callService).toHaveBeenCalledTimes(1);
    home.entity("event.anna", "practice", "anna", { state: "2026-11-22T21:00:00Z" });
    await refresh();
    expect(home.callService).toHaveBeenCalledTimes(2);
  });

  test("a new day is begun although nothing happened", async () => {
    journal();
    await show();
    const squares = () => card.shadowRoot?.querySelectorAll(".heat .week i").length;
    expect(squares()).toBe(84);
    today = "2026-11-23";
    await vi.advanceTimersByTimeAsync(60 * MINUTE);
    await refresh();
    await refresh();
    expect(home.callService).toHaveBeenCalledTimes(2);
    expect(squares()).toBe(78);
  });

  test("whatever changes in the journal is seen at once", async () => {
    journal({ day: "2026-11-20", elapsed: 600 });
    await show({ show: "history" });
    journal({ day: "2026-11-20", elapsed: 1200 });
    Object.assign(home.states["sensor.anna_today"] ?? {}, {
      attributes: { journal_changed_at: "2026-11-22T21:00:00+00:00" },
    });
    await refresh();
    expect(rows()).toEqual([["Fri, Nov 20", "20", "", ""]]);
  });

  test("of another mat none of this one is shown", async () => {
    home.mat("ben", "Ben");
    journal({ id: "hers" });
    await show({ device_id: "anna" });
    expect(rows()).toHaveLength(1);
    home.callService.mockRejectedValue(new Error("may not be seen"));
    card.setConfig({ type: "custom:acupressure-mat-card", device_id: "ben" });
    await settle();
    expect(rows()).toHaveLength(0);
    expect(all()).not.toContain("How much");
  });

  test("a card without it asks for the last session only", async () => {
    journal();
    await show({ show: "session" });
    await show({ show: "all" });
    expect(home.callService.mock.calls.map(([, , data]) => data)).toEqual([
      { config_entry_id: "ENTRY_anna", period: "year", limit: 5 },
      { config_entry_id: "ENTRY_anna", period: "year", limit: 200 },
    ]);
  });

  test("without it the card still does the rest", async () => {
    home.routine("bedtime", "Bedtime", "anna");
    home.callService.mockRejectedValue(new Error("no answer"));
    await show();
    expect(button("Start Bedtime")).toBeTruthy();
    await refresh();
    expect(home.callService).toHaveBeenCalledTimes(1);
  });
});

describe("in the picker", () => {
  const offers = () =>
    (window as never as { customCards: { getEntitySuggestion: CallableFunction }[] })
      .customCards;

  test("it is offered once, and for our entities only", () => {
    home.routine("bedtime", "Bedtime", "anna");
    home.entity("light.bed", "bed", "lamp", { state: "on" }, "hue");
    expect(offers()).toHaveLength(1);
    expect(offers()[0]?.getEntitySuggestion(home.hass, "switch.bedtime")).toEqual({
      config: {
        type: "custom:acupressure-mat-card",
        device_id: "bedtime",
        show: "all",
      },
    });
    expect(offers()[0]?.getEntitySuggestion(home.hass, "light.bed")).toBeNull();
    expect(offers()[0]?.getEntitySuggestion(home.hass, "light.gone")).toBeNull();
  });

  test("its form has words for every field and choice", async () => {
    const frontend = document.createElement("home-assistant") as HTMLElement & {
      hass?: unknown;
    };
    frontend.hass = home.hass;
    document.body.append(frontend);
    const element = customElements.get(
      "acupressure-mat-card",
    ) as unknown as typeof AcupressureMatCard;
    const { schema, computeLabel } = await element.getConfigForm();
    expect(schema.map(computeLabel)).toEqual([
      "Mat or routine",
      "Show",
      "Dim at night",
    ]);
    expect(JSON.stringify(schema)).toContain("Session and history");
  });
});

test.each([
  ["running", running(10)],
  ["after it", { ...running(22), state: "off" }],
])("at night a session dims the card, unless it may not: %s", async (_, switched) => {
  home.routine("bedtime", "Bedtime", "anna", switched);
  home.states["sun.sun"] = {
    entity_id: "sun.sun",
    state: "below_horizon",
    attributes: {},
  };
  await show();
  expect(card.shadowRoot?.querySelector(".night")).toBeTruthy();
  await show({ dim: false });
  expect(card.shadowRoot?.querySelector(".night")).toBeNull();
});
