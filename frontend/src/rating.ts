/**
 * The questions after a session, one tap each, and a while to correct it.
 *
 * How much it hurts now, and the next morning how well one slept.
 */

import {
  css,
  html,
  nothing,
  type ReactiveController,
  type ReactiveControllerHost,
  type TemplateResult,
} from "lit";
import { serverClock } from "./clock.ts";
import { DOMAIN, type Hass } from "./hass.ts";
import { type JournalRecord, unrated, unslept } from "./journal.ts";
import type { Mat } from "./mat.ts";
import { SCALES, scale } from "./scale.ts";
import { word } from "./words.ts";

/** Remembers across pages for which session a question is not to be answered. */
const SKIPPED = {
  pain_after: `${DOMAIN}_not_rated`,
  sleep: `${DOMAIN}_not_slept`,
};
type Rated = keyof typeof SKIPPED;
/**
 * For so long the answer stays where it was given.
 *
 * It is read, a finger that went beside it taps again, and a second tap at once does
 * not hit what comes in its place.
 */
const LINGERS = 10_000;

/** A question about a session, and its answer once there is one. */
interface Asked {
  rating: Rated;
  id: string;
  value?: number;
}

export class Rating implements ReactiveController {
  readonly #host: ReactiveControllerHost;
  #given: Asked | undefined;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(host: ReactiveControllerHost) {
    this.#host = host;
    host.addController(this);
  }

  hostDisconnected(): void {
    clearTimeout(this.#timer);
    this.#given = undefined;
  }

  /** What is still open of the last session, or was answered just now. */
  render(
    hass: Hass,
    mat: Mat,
    records: readonly JournalRecord[] | undefined,
    today: string,
  ): TemplateResult | undefined {
    const asked = records && this.#asked(records, today);
    if (!asked) {
      return undefined;
    }
    const isGiven = asked.value !== undefined;
    return html`<div class="rating">
      ${scale(
        hass,
        SCALES[asked.rating],
        asked.value,
        (value) => void this.#give(hass, mat, { ...asked, value }),
      )}
      <p class=${isGiven ? "noted" : "unseen"} role="status">
        ${isGiven ? html`<ha-icon icon="mdi:check"></ha-icon>${word(hass, "card.rated")}` : nothing}
      </p>
      ${
        isGiven
          ? nothing
          : html`<button class="quiet" @click=${() => this.#skip(asked)}>
              ${word(hass, "card.rate_skip")}
            </button>`
      }
    </div>`;
  }

  #asked(records: readonly JournalRecord[], today: string): Asked | undefined {
    if (records.some(({ id }) => id === this.#given?.id)) {
      return this.#given;
    }
    const now = serverClock.now();
    const open = {
      pain_after: unrated(records, now),
      sleep: unslept(records, today, now),
    };
    for (const rating of ["pain_after", "sleep"] as const) {
      const id = open[rating]?.id;
      if (id !== undefined && id !== localStorage.getItem(SKIPPED[rating])) {
        return { rating, id };
      }
    }
    return undefined;
  }

  async #give(hass: Hass, mat: Mat, given: Asked): Promise<void> {
    this.#keep(given);
    try {
      await hass.callService(DOMAIN, "rate_session", {
        config_entry_id: mat.entryId,
        record_id: given.id,
        [given.rating]: given.value,
      });
    } catch {
      // Home Assistant has shown why; it may be tried again.
      this.#keep(undefined);
    }
  }

  #keep(given: Asked | undefined): void {
    this.#given = given;
    clearTimeout(this.#timer);
    if (given) {
      this.#timer = setTimeout(() => this.#keep(undefined), LINGERS);
    }
    this.#host.requestUpdate();
  }

  #skip({ rating, id }: Asked): void {
    localStorage.setItem(SKIPPED[rating], id);
    this.#host.requestUpdate();
  }
}

export const ratingStyles = css`
  .rating {
    display: flex;
    flex-direction: column;
    align-items: center;
    gap: 4px;
  }
  .noted {
    display: flex;
    align-items: center;
    gap: 8px;
    min-height: 48px;
    color: var(--secondary-text-color);
  }
`;
