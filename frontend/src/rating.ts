/** The question after a session, how much it hurts now: one tap, and a while to correct it. */

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
import { type JournalRecord, unrated } from "./journal.ts";
import type { Mat } from "./mat.ts";
import { scale } from "./scale.ts";
import { word } from "./words.ts";

/** Remembers across pages that the last session is not to be rated. */
const SKIPPED = `${DOMAIN}_not_rated`;
/**
 * For so long the answer stays where it was given.
 *
 * It is read, a finger that went beside it taps again, and a second tap at once does
 * not hit what comes in its place.
 */
const LINGERS = 10_000;

export class Rating implements ReactiveController {
  readonly #host: ReactiveControllerHost;
  #given: { id: string; value: number } | undefined;
  #skippedId = localStorage.getItem(SKIPPED);
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(host: ReactiveControllerHost) {
    this.#host = host;
    host.addController(this);
  }

  hostDisconnected(): void {
    clearTimeout(this.#timer);
    this.#given = undefined;
  }

  /** The question, if the last session is still to be rated or was so just now. */
  render(
    hass: Hass,
    mat: Mat,
    records: readonly JournalRecord[] | undefined,
  ): TemplateResult | undefined {
    const last = records?.at(-1);
    const given = last && this.#given?.id === last.id ? this.#given : undefined;
    const record = given ? last : unrated(records, serverClock.now());
    if (!record || (!given && record.id === this.#skippedId)) {
      return undefined;
    }
    const { id } = record;
    return html`<div class="rating">
      ${scale(
        hass,
        word(hass, "card.pain_after"),
        given?.value,
        (value) => void this.#give(hass, mat, id, value),
      )}
      <p class=${given ? "noted" : "unseen"} role="status">
        ${given ? html`<ha-icon icon="mdi:check"></ha-icon>${word(hass, "card.rated")}` : nothing}
      </p>
      ${
        given
          ? nothing
          : html`<button class="quiet" @click=${() => this.#skip(id)}>
              ${word(hass, "card.rate_skip")}
            </button>`
      }
    </div>`;
  }

  async #give(hass: Hass, mat: Mat, id: string, value: number): Promise<void> {
    this.#keep({ id, value });
    try {
      await hass.callService(DOMAIN, "rate_session", {
        config_entry_id: mat.entryId,
        record_id: id,
        pain_after: value,
      });
    } catch {
      // Home Assistant has shown why; it may be tried again.
      this.#keep(undefined);
    }
  }

  #keep(given: { id: string; value: number } | undefined): void {
    this.#given = given;
    clearTimeout(this.#timer);
    if (given) {
      this.#timer = setTimeout(() => this.#keep(undefined), LINGERS);
    }
    this.#host.requestUpdate();
  }

  #skip(id: string): void {
    localStorage.setItem(SKIPPED, id);
    this.#skippedId = id;
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
