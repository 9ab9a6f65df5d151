/** The weeks that the card looks back on. */

import { describe, expect, test, vi } from "vitest";
import { MINUTE } from "./home.ts";
import {
  all,
  button,
  card,
  home,
  journal,
  refresh,
  setToday,
  settle,
  show,
} from "./page.ts";

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
    setToday("2026-11-23");
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

  test("is drawn once, however often states change elsewhere", async () => {
    journal({ day: "2026-11-20" });
    await show({ show: "history" });
    const writes = vi.spyOn(Intl, "DateTimeFormat");
    home.entity("light.bed", "bed", "lamp", { state: "on" }, "hue");
    await refresh();
    expect(writes).not.toHaveBeenCalled();
    journal({ day: "2026-11-21" });
    home.entity("event.anna", "practice", "anna", { state: "2026-11-22T21:00:00Z" });
    await refresh();
    expect(rows()[0]?.[0]).toBe("Sat, Nov 21");
    writes.mockRestore();
  });

  test.each([
    // The first column, of the last Monday of August, has no room beside September.
    ["2026-11-22", ["Sep", "Oct", "Nov"]],
    ["2026-11-15", ["Aug", "Sep", "Oct", "Nov"]],
  ])("the months until %s are named where there is room", async (day, names) => {
    setToday(day);
    journal({ day });
    await show({ show: "history" });
    const months = [...(card.shadowRoot?.querySelectorAll(".month") ?? [])];
    expect(months.map((each) => each.textContent.trim()).filter(Boolean)).toEqual(
      names,
    );
  });

  test("of a mat that is just being set up is asked for again", async () => {
    home.callService.mockRejectedValueOnce(new Error("not loaded"));
    await show({ show: "history" });
    expect(rows()).toEqual([]);
    journal({ day: "2026-11-20" });
    await vi.advanceTimersByTimeAsync(1000);
    expect(rows()).toHaveLength(1);
    expect(vi.getTimerCount()).toBe(0);
  });

  test("that may not be read is not asked for without end", async () => {
    home.callService.mockRejectedValue(new Error("may not be read"));
    await show({ show: "history" });
    await vi.advanceTimersByTimeAsync(5000);
    card.remove();
    expect(vi.getTimerCount()).toBe(0);
    document.body.append(card);
    await settle();
    home.callService.mockClear();
    await vi.advanceTimersByTimeAsync(60 * MINUTE);
    expect(home.callService).toHaveBeenCalledTimes(6);
    expect(vi.getTimerCount()).toBe(0);
  });

  test("is fetched anew when its tab is looked at again", async () => {
    journal({ day: "2026-11-20" });
    await show({ show: "history" });
    card.remove();
    journal({ day: "2026-11-21" });
    document.body.append(card);
    await settle();
    expect(rows()[0]?.[0]).toBe("Sat, Nov 21");
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
