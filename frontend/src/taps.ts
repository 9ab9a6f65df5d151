/** Taps that count once: a finger held overhead in the dark trembles. */

/** So many milliseconds after a tap the same one again is none. */
const TWICE = 500;

export class Taps {
  /** Until when each is none, on the clock that nobody can set. */
  readonly #notBefore = new Map<string, number>();

  /**
   * Run what a tap asks for, unless the same is under way or was asked for just now.
   *
   * A failure is not passed on, for Home Assistant has shown it, and what failed may
   * be tried again at once.
   */
  async once(
    key: string,
    run: () => Promise<unknown>,
    pause: number = TWICE,
  ): Promise<void> {
    const now = performance.now();
    if (now < (this.#notBefore.get(key) ?? 0)) {
      return;
    }
    this.#notBefore.set(key, Number.POSITIVE_INFINITY);
    try {
      await run();
      this.#notBefore.set(key, now + pause);
    } catch {
      this.#notBefore.delete(key);
    }
  }
}
