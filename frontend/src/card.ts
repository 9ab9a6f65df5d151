/** The card: what one mat offers at this moment. */

import {
  css,
  html,
  LitElement,
  nothing,
  type PropertyValues,
  type TemplateResult,
} from "lit";
import { property, state } from "lit/decorators.js";
import { guard } from "lit/directives/guard.js";
import { cardForm } from "./form.ts";
import { type Hass, isKnown } from "./hass.ts";
import { history, historyStyles } from "./history.ts";
import { idle, idleStyles } from "./idle.ts";
import { Journal } from "./journal.ts";
import { findMats, type Mat, matOf, type Routine, stateOf } from "./mat.ts";
import { Rating, ratingStyles } from "./rating.ts";
import { scaleStyles } from "./scale.ts";
import { type Session, sessionOf } from "./session.ts";
import { shared } from "./styles.ts";
import { Taps } from "./taps.ts";
import { loadWords, word } from "./words.ts";

export const CARD = "acupressure-mat-card";

export interface CardConfig {
  type: string;
  /** A mat's device, or a routine's to show that routine alone. */
  device_id?: string;
  show?: "all" | "session" | "history";
  dim?: boolean;
}

/** It is over, the room is not released yet. */
const over = (hass: Hass) =>
  html`<div class="after">
    <ha-icon icon="mdi:spa-outline"></ha-icon>
    <div>
      <h3 tabindex="-1">${word(hass, "card.after_title")}</h3>
      <p>${word(hass, "card.after")}</p>
    </div>
  </div>`;

export class AcupressureMatCard extends LitElement {
  @property({ attribute: false }) hass?: Hass;
  @state() private config?: CardConfig;

  #mats: Mat[] = [];
  #mat: Mat | undefined;
  /** Whose session runs, or is just over and holds the room. */
  #routine: Routine | undefined;
  #isNight = false;
  #hasFocus = false;
  readonly #taps = new Taps();
  readonly #journal = new Journal(this);
  readonly #rating = new Rating(this);

  static getConfigForm = cardForm;

  static getStubConfig(hass: Hass): Omit<CardConfig, "type"> {
    const mat = findMats(hass)[0];
    return { ...(mat && { device_id: mat.deviceId }), show: "all" };
  }

  setConfig(config: CardConfig): void {
    this.config = config;
  }

  getCardSize(): number {
    return (this.config?.show ?? "all") === "all" ? 10 : 6;
  }

  getGridOptions() {
    return { columns: 12, min_columns: 6, rows: "auto" };
  }

  protected override willUpdate(changed: PropertyValues<this>): void {
    const { hass, config } = this;
    this.#hasFocus = !!this.shadowRoot?.activeElement;
    if (hass && changed.has("hass")) {
      const before = changed.get("hass");
      if (before?.entities !== hass.entities || before.devices !== hass.devices) {
        this.#mats = findMats(hass);
      }
      if (before?.language !== hass.language) {
        void loadWords(hass);
      }
    }
    if (!hass || !config) {
      return;
    }
    this.#mat = matOf(this.#mats, config.device_id);
    const switches = (this.#mat?.routines ?? []).map(
      (routine) => [routine, stateOf(hass, routine, "switch.session")] as const,
    );
    this.#routine = switches.find(([, entity]) => sessionOf(entity))?.[0];
    // Also after it, and while nobody knows: the room is dim, and eyes are used to that.
    const isDim =
      this.#routine !== undefined ||
      (this.#isNight && switches.some(([, entity]) => !isKnown(entity)));
    this.#isNight =
      isDim &&
      config.dim !== false &&
      hass.states["sun.sun"]?.state === "below_horizon";
    if (this.#mat) {
      this.#journal.update(hass, this.#mat, config.show === "session");
    }
  }

  protected override updated(): void {
    // What had it is gone: it goes on with what came in its place.
    if (this.#hasFocus && !this.shadowRoot?.activeElement) {
      this.renderRoot
        .querySelector<HTMLElement>("acupressure-mat-session, .after h3, .routine")
        ?.focus({ preventScroll: true });
    }
  }

  protected override render(): TemplateResult | typeof nothing {
    const { hass, config } = this;
    if (!hass || !config) {
      return nothing;
    }
    const mat = this.#mat;
    if (!mat) {
      const text = this.#mats.length ? "card.gone" : "card.no_mat";
      return html`<ha-card><p class="empty">${word(hass, text)}</p></ha-card>`;
    }
    const routine = this.#routine;
    const session = routine && sessionOf(stateOf(hass, routine, "switch.session"));
    const { records, today } = this.#journal;
    return html`<ha-card class=${this.#isNight ? "night" : ""}>
      ${this.#mats.length > 1 ? html`<h3 class="mat">${mat.name}</h3>` : nothing}
      <div class="told" role="status">
        ${config.show !== "history" && session && !session.isOn ? over(hass) : nothing}
      </div>
      ${
        config.show === "history"
          ? nothing
          : session?.isOn
            ? html`<acupressure-mat-session
                .hass=${hass}
                .mat=${mat}
                .routine=${routine}
              ></acupressure-mat-session>`
            : this.#renderOff(hass, mat, session)
      }
      ${
        records && config.show !== "session" && (config.show === "history" || !routine)
          ? // Hundreds of dates are written in it, and states change all the time.
            guard([records, today, hass.language, hass.localize], () =>
              history(hass, records, today),
            )
          : nothing
      }
    </ha-card>`;
  }

  /**
   * Nobody lies on the mat; what is just over is rated before anything starts again.
   *
   * Until its record is there nothing can be pressed: what would be there for that
   * moment starts the next session, or rates the one before.
   */
  #renderOff(hass: Hass, mat: Mat, after: Session | undefined) {
    if (after && this.#journal.awaits(after.startedAt)) {
      return nothing;
    }
    const { records, today } = this.#journal;
    const rating = this.#rating.render(hass, mat, records, today);
    return html`
      ${rating ?? nothing} ${after && rating ? nothing : idle(hass, mat, this.#taps)}
    `;
  }

  static override styles = [
    shared,
    idleStyles,
    scaleStyles,
    ratingStyles,
    historyStyles,
    css`
      :host {
        --settle-color: var(--deep-orange-color, #ff6f22);
        --rest-color: var(--primary-color);
        --wind-down-color: var(--teal-color, #009688);
        display: block;
        container-type: inline-size;
      }
      ha-card {
        display: flex;
        flex-direction: column;
        gap: 16px;
        height: 100%;
        padding: 16px;
        transition:
          background-color 1s,
          color 1s;
      }
      .mat {
        font-size: var(--ha-font-size-l, 16px);
        font-weight: 500;
      }
      .empty {
        padding: 8px 0;
        color: var(--secondary-text-color);
        text-align: center;
      }
      .empty:empty {
        display: none;
      }
      /* Always there, or what comes into it is not read aloud. */
      .told:not(:has(*)) {
        position: absolute;
      }
      .after,
      .rating {
        width: 100%;
        max-width: 640px;
        margin-inline: auto;
      }
      .after {
        display: flex;
        align-items: center;
        gap: 16px;
      }
      .after h3 {
        font-size: var(--ha-font-size-xl, 20px);
        font-weight: 500;
      }
      .after p {
        color: var(--secondary-text-color);
      }
      .after ha-icon {
        --mdc-icon-size: 40px;
        color: var(--wind-down-color);
      }
      /* A bright card would undo the dimmed room. */
      .night {
        --primary-text-color: #d9b48f;
        --secondary-text-color: #b08d6c;
        --primary-color: #c98a4b;
        --rest-color: #c98a4b;
        --settle-color: #c2643a;
        --wind-down-color: #8f9d6a;
        --teal-color: #8f9d6a;
        --deep-orange-color: #c2643a;
        --error-color: #d0694f;
        --divider-color: #3a2c20;
        --card-background-color: #17110c;
        --ha-card-background: #17110c;
        --ha-card-border-color: #17110c;
      }
    `,
  ];
}

declare global {
  interface HTMLElementTagNameMap {
    [CARD]: AcupressureMatCard;
  }
}
