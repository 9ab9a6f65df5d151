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

const RATINGS = ["pain_after", "sleep"] as const;
type Rated = (typeof RATINGS)[number];

/** Remembers across pages for which session of a mat a question is not to be answered. */
const skipped = (mat: Mat, rating: Rated) =>
  `${DOMAIN}_skipped_${rating}_${mat.entryId}`;

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
    const asked = records && this.#asked(mat, records, today);
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
          : html`<button class="quiet" @click=${() => this.#skip(mat, asked)}>
              ${word(hass, "card.rate_skip")}
            </button>`
      }
    </div>`;
  }

  #asked(
    mat: Mat,
    records: readonly JournalRecord[],
    today: string,
  ): Asked | undefined {
    if (records.some(({ id }) => id === this.#given?.id)) {
      return this.#given;
    }
    const now = serverClock.now();
    const open = {
      pain_after: unrated(records, now),
      sleep: unslept(records, today, now),
    };
    for (const rating of RATINGS) {
      const id = open[rating]?.id;
      if (id !== undefined && id !== localStorage.getItem(skipped(mat, rating))) {
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
      if (this.#given === given) {
        this.#keep(undefined);
      }
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

  #skip(mat: Mat, { rating, id }: Asked): void {
    localStorage.setItem(skipped(mat, rating), id);
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
