import { describe, expect, test } from "vitest";
import rows from "../../tests/session/attributes.json";
import { at, sessionOf, stretches } from "../src/session.ts";
import { MINUTE } from "./home.ts";

/** The rows that the Python domain is tested with, as the switch publishes them. */
const told = rows.map((row) => ({
  ...row,
  now: Date.parse(row.now),
  session: sessionOf({ ...row, entity_id: "switch.bedtime" }),
}));

test.each(told.filter(({ phase }) => phase === null))("$id: nothing to show", (row) => {
  expect(row.session).toBeUndefined();
});

test.each(told.filter(({ phase }) => phase === "after"))(
  "$id: it is over, the room is not",
  ({ session, now }) => {
    expect(session?.isOn).toBe(false);
    const moment = session && at(session, now);
    expect(moment?.phase ?? "after").toBe("after");
    expect(moment?.remaining ?? 0).toBe(0);
  },
);

test.each(told.filter(({ state }) => state === "on"))(
  "$id: the card answers as the domain does",
  ({ session, now, phase, remaining, attributes }) => {
    const moment = session && at(session, now);
    expect(moment?.phase).toBe(phase);
    expect((moment?.remaining ?? Number.NaN) / MINUTE).toBeCloseTo(remaining, 3);
    if (!moment?.isPaused) {
      expect(moment?.finishesAt).toBe(Date.parse(attributes.finishes_at ?? ""));
    }
  },
);

describe("the ring", () => {
  test.each(told.filter(({ state }) => state === "on"))(
    "$id: closes",
    ({ session }) => {
      const all = session ? stretches(session) : [];
      expect(all[0]?.from).toBe(0);
      expect(all.at(-1)?.to).toBe(1);
      all.forEach((each, index) => {
        expect(each.to).toBeGreaterThan(each.from);
        expect(each.from).toBe(all[index - 1]?.to ?? 0);
      });
    },
  );

  test.each(told.filter(({ state }) => state === "on"))(
    "$id: shows a share of the time on the mat",
    ({ session, now }) => {
      const progress = (session && at(session, now)?.progress) ?? Number.NaN;
      expect(progress).toBeGreaterThanOrEqual(0);
      expect(progress).toBeLessThanOrEqual(1);
    },
  );
});

test("the table speaks of all phases, or this file proves nothing", () => {
  expect(new Set(rows.map(({ phase }) => phase))).toEqual(
    new Set(["prepare", "settle", "rest", "wind_down", "after", null]),
  );
});

test("an end that Home Assistant has not told yet is zero, not nothing", () => {
  const [row] = told;
  const moment = row?.session && at(row.session, row.now + 21.01 * MINUTE);
  expect([moment?.phase, moment?.remaining]).toEqual(["wind_down", 0]);
});
