import type { ReactiveController, ReactiveControllerHost } from "lit";

/**
 * Renders its host again when what it shows has changed by time alone.
 *
 * One timer, and only while the host is on a visible page and asks for it: `wait`
 * says in how many milliseconds, undefined for never.
 */
export class Ticker implements ReactiveController {
  #timer: ReturnType<typeof setTimeout> | undefined;
  #isConnected = false;
  readonly #host: ReactiveControllerHost;
  readonly #wait: () => number | undefined;

  constructor(host: ReactiveControllerHost, wait: () => number | undefined) {
    this.#host = host;
    this.#wait = wait;
    host.addController(this);
  }

  hostConnected(): void {
    this.#isConnected = true;
    // Taken out and put back, as when another tab is looked at, it has stood still.
    this.#host.requestUpdate();
    document.addEventListener("visibilitychange", this.#tick);
  }

  hostDisconnected(): void {
    this.#isConnected = false;
    document.removeEventListener("visibilitychange", this.#tick);
    clearTimeout(this.#timer);
  }

  hostUpdated(): void {
    clearTimeout(this.#timer);
    const wait = this.#isConnected && !document.hidden ? this.#wait() : undefined;
    if (wait !== undefined) {
      this.#timer = setTimeout(this.#tick, wait);
    }
  }

  readonly #tick = () => this.#host.requestUpdate();
}
