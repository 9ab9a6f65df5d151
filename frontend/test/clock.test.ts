import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { offset, ServerClock } from "../src/clock.ts";

const SECOND = 1000;
const HOUR = 3600 * SECOND;

beforeEach(() => vi.useFakeTimers({ now: Date.parse("2026-11-22T21:00:00.400Z") }));
afterEach(() => vi.useRealTimers());

/** A server whose clock differs from this one's, and an answer that takes its time. */
const server = (ahead: number, wayMs = 40) => ({
  fetchWithAuth: vi.fn(async () => {
    vi.setSystemTime(Date.now() + wayMs);
    const date = new Date(Date.now() + ahead).toUTCString();
    vi.setSystemTime(Date.now() + wayMs);
    return new Response("", { headers: { Date: date } });
  }),
});

describe("a wrong clock", () => {
  test.each([
    -HOUR,
    -90 * SECOND,
    -3 * SECOND,
    3 * SECOND,
    90 * SECOND,
    HOUR,
    24 * HOUR,
  ])("%i ms off is corrected to within a second", async (ahead) => {
    const clock = new ServerClock();
    await clock.sync(server(ahead));
    expect(Math.abs(clock.now() - (Date.now() + ahead))).toBeLessThan(SECOND);
  });

  test("is also corrected over a slow line", async () => {
    const clock = new ServerClock();
    await clock.sync(server(HOUR, 1500));
    expect(Math.abs(clock.now() - (Date.now() + HOUR))).toBeLessThan(2 * SECOND);
  });
});

describe("a right clock", () => {
  test.each([0, 150, 399, 400, 599, 999])(
    "is left alone %i ms into a second",
    async (milliseconds) => {
      vi.setSystemTime(Date.parse("2026-11-22T21:00:00Z") + milliseconds);
      const clock = new ServerClock();
      await clock.sync(server(0));
      expect(clock.now()).toBe(Date.now());
    },
  );

  test("counts on when the server does not answer or hides its time", async () => {
    const clock = new ServerClock();
    await clock.sync({ fetchWithAuth: () => Promise.reject(new Error("offline")) });
    await clock.sync({ fetchWithAuth: async () => new Response("") });
    expect(clock.now()).toBe(Date.now());
  });
});

describe("the server is asked", () => {
  test("once in ten minutes", async () => {
    const clock = new ServerClock();
    const home = server(HOUR);
    await clock.sync(home);
    await clock.sync(home);
    vi.advanceTimersByTime(9 * 60 * SECOND);
    await clock.sync(home);
    expect(home.fetchWithAuth).toHaveBeenCalledTimes(1);
    vi.advanceTimersByTime(60 * SECOND);
    await clock.sync(home);
    expect(home.fetchWithAuth).toHaveBeenCalledTimes(2);
  });

  test("again after a minute when it could not be reached", async () => {
    const clock = new ServerClock();
    await clock.sync({ fetchWithAuth: () => Promise.reject(new Error("offline")) });
    const home = server(HOUR);
    await clock.sync(home);
    expect(home.fetchWithAuth).not.toHaveBeenCalled();
    vi.advanceTimersByTime(60 * SECOND);
    await clock.sync(home);
    expect(home.fetchWithAuth).toHaveBeenCalledTimes(1);
  });

  test("once by all who ask meanwhile, and all hear of it", async () => {
    const clock = new ServerClock();
    const home = server(HOUR);
    expect(await Promise.all([clock.sync(home), clock.sync(home)])).toEqual([
      true,
      true,
    ]);
    expect(home.fetchWithAuth).toHaveBeenCalledTimes(1);
    expect(await clock.sync(home)).toBe(false);
  });
});

test("the two readings of an answer leave half a second of doubt", () => {
  expect(offset(0, 10 * SECOND, 0)).toBe(10.5 * SECOND);
});
