/**
 * Home Assistant's clock, as seen from a device whose own clock may be wrong.
 *
 * A countdown from the server's timestamps is off by as much as the two clocks
 * differ. Every HTTP answer carries the server's time, whole seconds, in its `Date`.
 */

import type { Hass } from "./hass.ts";

const SECOND = 1000;
/** A wall tablet's clock drifts; it is asked again after this long. */
const VALID = 10 * 60 * SECOND;
const RETRY = 60 * SECOND;

/**
 * How far the server's clock is ahead, in milliseconds.
 *
 * The answer was made between `sent` and `received`, and the server's clock was then
 * between `date` and a second later. A clock that may be right is left alone, so that
 * the rounding of `date` disturbs nobody.
 */
export function offset(sent: number, date: number, received: number): number {
  const least = date - received;
  const most = date + SECOND - sent;
  return least <= 0 && most >= 0 ? 0 : (least + most) / 2;
}

export class ServerClock {
  #offset = 0;
  #askedAt = Number.NEGATIVE_INFINITY;
  #answer: Promise<boolean> | undefined;

  /** The server's time in milliseconds since the epoch. */
  now(): number {
    return Date.now() + this.#offset;
  }

  /**
   * Ask for the time unless that was done lately; whether `now` may have changed.
   *
   * Without an answer nothing changes, and a call a minute later asks again.
   */
  sync(hass: Pick<Hass, "fetchWithAuth">): Promise<boolean> {
    // This is the one clock that nobody can set meanwhile.
    if (performance.now() - this.#askedAt < VALID) {
      return this.#answer ?? Promise.resolve(false);
    }
    this.#askedAt = performance.now();
    this.#answer = this.#ask(hass).finally(() => {
      this.#answer = undefined;
    });
    return this.#answer;
  }

  async #ask(hass: Pick<Hass, "fetchWithAuth">): Promise<boolean> {
    try {
      const sent = Date.now();
      const answer = await hass.fetchWithAuth("/api/", { cache: "no-store" });
      const date = Date.parse(answer.headers.get("Date") ?? "");
      if (!Number.isNaN(date)) {
        this.#offset = offset(sent, date, Date.now());
        return true;
      }
    } catch {
      this.#askedAt += RETRY - VALID;
    }
    return false;
  }
}

export const serverClock = new ServerClock();
