import { describe, expect, test } from "vitest";
import { type JournalRecord, relief, unrated, unslept, weeks } from "../src/journal.ts";

const record = (day: string, more: Partial<JournalRecord> = {}): JournalRecord => ({
  id: day,
  day,
  endedAt: Date.parse(`${day}T21:30:00+01:00`),
  minutes: 20,
  isBedtime: false,
  isLost: false,
  isHealthStop: false,
  painBefore: undefined,
  painAfter: undefined,
  sleep: undefined,
  ...more,
});

describe("the heat map", () => {
  test("ends today, and each week begins on a Monday", () => {
    const columns = weeks([], "2026-11-19"); // a Thursday
    expect(columns).toHaveLength(12);
    expect(columns.map(([monday]) => new Date(monday?.day ?? "").getUTCDay())).toEqual(
      Array(12).fill(1),
    );
    expect(columns[10]).toHaveLength(7);
    expect(columns[11]?.map(({ day }) => day)).toEqual([
      "2026-11-16",
      "2026-11-17",
      "2026-11-18",
      "2026-11-19",
    ]);
  });

  test("a Sunday is the last day of its week", () => {
    expect(weeks([], "2026-11-22")[11]?.map(({ day }) => day)).toContain("2026-11-16");
    expect(weeks([], "2026-11-22")[11]).toHaveLength(7);
  });

  test("loses no day where the clocks change", () => {
    const days = weeks([], "2026-11-22").flat();
    expect(new Set(days.map(({ day }) => day)).size).toBe(84);
    expect(days.map(({ day }) => day)).toContain("2026-10-25");
  });

  test("adds up a day's sessions by the day they count for", () => {
    const late = record("2026-11-19", {
      endedAt: Date.parse("2026-11-20T00:40:00+01:00"),
    });
    const days = weeks([record("2026-11-19"), late], "2026-11-20").flat();
    expect(days.filter(({ minutes }) => minutes)).toMatchObject([
      { day: "2026-11-19", minutes: 40 },
    ]);
  });
});

describe("the relief of a week", () => {
  const [week = []] = weeks([], "2026-11-22").slice(-1);
  const rated = (day: string, painBefore: number, painAfter: number) =>
    record(day, { painBefore, painAfter });

  test("is the mean before and after", () => {
    const records = [rated("2026-11-16", 6, 3), rated("2026-11-22", 4, 3)];
    expect(relief(records, week)).toEqual({ before: 5, after: 3 });
  });

  test("counts no pain as an answer and no answer as none", () => {
    const records = [
      rated("2026-11-16", 2, 0),
      record("2026-11-17", { painBefore: 8 }),
      record("2026-11-18", { painAfter: 8 }),
    ];
    expect(relief(records, week)).toEqual({ before: 2, after: 0 });
  });

  test("is nothing without an answer, and other weeks do not count", () => {
    expect(relief([rated("2026-11-15", 6, 3)], week)).toBeUndefined();
  });
});

describe("a rating is asked for", () => {
  const last = record("2026-11-22");
  const end = last.endedAt;
  const HOUR = 3_600_000;

  test("after the last session, for twelve hours", () => {
    expect(unrated([last], end + 1000)).toBe(last);
    expect(unrated([last], end + 11.9 * HOUR)).toBe(last);
    expect(unrated([last], end + 12.1 * HOUR)).toBeUndefined();
  });

  test.each([
    ["that was rated", { painAfter: 0 }],
    ["that nobody watched over", { isLost: true }],
  ])("not for one %s", (_, more) => {
    expect(unrated([{ ...last, ...more }], end)).toBeUndefined();
  });

  test("not for the one before", () => {
    const rated = record("2026-11-22", { id: "b", painAfter: 2 });
    expect(unrated([last, rated], end)).toBeUndefined();
    expect(unrated(undefined, end)).toBeUndefined();
  });
});

describe("how one slept is asked", () => {
  const night = record("2026-11-21", { id: "night", isBedtime: true });
  const ask = (records: JournalRecord[] | undefined, at: string) =>
    unslept(records, at.slice(0, 10), Date.parse(`${at}:00+01:00`));

  test("on the morning after, until noon", () => {
    expect(ask([night], "2026-11-21T22:00")).toBeUndefined();
    expect(ask([night], "2026-11-21T23:59")).toBeUndefined();
    expect(ask([night], "2026-11-22T05:00")).toBe(night);
    expect(ask([night], "2026-11-22T11:29")).toBe(night);
    expect(ask([night], "2026-11-22T11:31")).toBeUndefined();
    expect(ask([night], "2026-11-23T07:00")).toBeUndefined();
  });

  test("not of a night that has hardly begun", () => {
    const late = { ...night, endedAt: Date.parse("2026-11-22T03:50:00+01:00") };
    expect(ask([late], "2026-11-22T04:10")).toBeUndefined();
    expect(ask([late], "2026-11-22T08:00")).toBe(late);
  });

  test("also when this morning had a session of its own", () => {
    const morning = record("2026-11-22", { id: "morning" });
    expect(ask([night, morning], "2026-11-22T08:00")).toBe(night);
  });

  test.each([
    ["that was told", { sleep: 0 }],
    ["after another session than one at bedtime", { isBedtime: false }],
    ["that nobody watched over", { isLost: true }],
    ["after it hurt", { isHealthStop: true }],
  ])("not of a night %s", (_, more) => {
    expect(ask([{ ...night, ...more }], "2026-11-22T08:00")).toBeUndefined();
  });

  test("not before there is anything to ask about", () => {
    expect(ask(undefined, "2026-11-22T08:00")).toBeUndefined();
    expect(ask([], "2026-11-22T08:00")).toBeUndefined();
  });
});
