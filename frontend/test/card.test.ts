/** The card while nobody lies on the mat, and how it is chosen. */

import { describe, expect, test, vi } from "vitest";
import type { AcupressureMatCard } from "../src/card.ts";
import { running } from "./home.ts";
import { actions, all, button, card, home, press, refresh, show } from "./page.ts";

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
    await vi.advanceTimersByTimeAsync(500);
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

  test("each figure is named before it is told, also where it is read aloud", async () => {
    await show();
    const figures = [...(card.shadowRoot?.querySelectorAll(".figures > div") ?? [])];
    expect(figures.map((each) => [...each.children].map((e) => e.localName))).toEqual(
      Array(3).fill(["dt", "dd"]),
    );
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
    expect(all()).toContain("removed or disabled");
    for (const id of Object.keys(home.entities)) {
      delete home.entities[id];
    }
    await refresh();
    expect(all()).toContain("Set up");
  });

  test("it does not matter what it is told first", async () => {
    home.routine("bedtime", "Bedtime", "anna");
    await show();
    const other = document.createElement("acupressure-mat-card");
    other.hass = home.hass;
    document.body.append(other);
    await other.updateComplete;
    other.setConfig({ type: "custom:acupressure-mat-card" });
    await other.updateComplete;
    expect(other.shadowRoot?.querySelectorAll(".routine")).toHaveLength(1);
  });

  test("it says why a routine cannot be started, to everybody", async () => {
    home.routine("bedtime", "Bedtime", "anna", { state: "unavailable" });
    await show();
    const start = button("Bedtime");
    expect(start.getAttribute("aria-label")).toBeNull();
    expect(start.textContent).toContain("not ready");
  });

  test("a tap that is answered late is not sent twice", async () => {
    home.routine("bedtime", "Bedtime", "anna");
    await show();
    home.callService.mockReturnValue(new Promise(() => {}));
    await press("Start Bedtime");
    await vi.advanceTimersByTimeAsync(5_000);
    await press("Start Bedtime");
    expect(actions()).toHaveLength(1);
  });

  test("it is as tall as what it shows, whatever is left to it", async () => {
    await show();
    const left = card.getCardSize();
    await show({ show: "all" });
    expect(left).toBe(card.getCardSize());
    await show({ show: "session" });
    expect(left).toBeGreaterThan(card.getCardSize());
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

test("it stays dark while the mat is set up anew, and no longer", async () => {
  home.routine("bedtime", "Bedtime", "anna", running(10));
  home.states["sun.sun"] = {
    entity_id: "sun.sun",
    state: "below_horizon",
    attributes: {},
  };
  const isDark = () => card.shadowRoot?.querySelector(".night") !== null;
  await show();
  home.routine("bedtime", "Bedtime", "anna", { state: "unavailable" });
  await refresh();
  expect(isDark()).toBe(true);
  home.routine("bedtime", "Bedtime", "anna");
  await refresh();
  expect(isDark()).toBe(false);
  home.routine("bedtime", "Bedtime", "anna", { state: "unavailable" });
  await refresh();
  expect(isDark()).toBe(false);
});
