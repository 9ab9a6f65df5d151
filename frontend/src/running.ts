/** A session while it runs or is paused: the ring, what to do now, the controls. */

import {
  css,
  html,
  LitElement,
  nothing,
  type PropertyValues,
  type TemplateResult,
} from "lit";
import { property, state } from "lit/decorators.js";
import { serverClock } from "./clock.ts";
import { DOMAIN, type Hass, isKnown } from "./hass.ts";
import { type Mat, type Routine, stateOf } from "./mat.ts";
import { ring, ringStyles } from "./ring.ts";
import { scale, scaleStyles } from "./scale.ts";
import { at, type Moment, type Session, sessionOf, stretches } from "./session.ts";
import { shared } from "./styles.ts";
import { Ticker } from "./ticker.ts";
import { clockFace, quantity, word } from "./words.ts";

const EXTENSION = 5;

type Action =
  "pause_session" | "resume_session" | "extend_session" | "skip_phase" | "stop_session";

export class RunningSession extends LitElement {
  @property({ attribute: false }) hass!: Hass;
  @property({ attribute: false }) mat!: Mat;
  @property({ attribute: false }) routine!: Routine;

  @state() private isAsking = false;
  @state() private isBusy = false;

  #session: Session | undefined;
  #moment: Moment | undefined;

  constructor() {
    super();
    // Waits for the second that is shown to be over.
    new Ticker(this, () =>
      this.#moment && !this.#moment.isPaused
        ? this.#shown(this.#moment) % 1000 || 1000
        : undefined,
    );
  }

  protected override willUpdate(changed: PropertyValues): void {
    if (changed.has("hass") || changed.has("routine")) {
      this.#session = sessionOf(stateOf(this.hass, this.routine, "switch.session"));
    }
    void serverClock.sync(this.hass).then((isNews) => isNews && this.requestUpdate());
    this.#moment = this.#session && at(this.#session, serverClock.now());
  }

  protected override updated(changed: PropertyValues): void {
    const wasAsking = changed.get("isAsking") as boolean | undefined;
    if (wasAsking !== undefined) {
      const focus = wasAsking ? ".stop" : ".question button";
      this.renderRoot.querySelector<HTMLElement>(focus)?.focus();
    }
  }

  /** What the clock shows: in prepare how long until the mat, then what is left on it. */
  #shown({ phase, phaseRemaining, remaining }: Moment): number {
    return phase === "prepare" ? phaseRemaining : remaining;
  }

  async #act(action: Action, data?: Record<string, unknown>): Promise<void> {
    this.isBusy = true;
    try {
      await this.hass.callService(DOMAIN, action, data, {
        entity_id: this.routine.entities["switch.session"] ?? "",
      });
    } catch {
      // Home Assistant has shown why.
    } finally {
      this.isBusy = false;
    }
  }

  protected override render(): TemplateResult | typeof nothing {
    const moment = this.#moment;
    if (!moment || !this.#session) {
      return nothing;
    }
    const { hass } = this;
    const { phase, isPaused } = moment;
    const breathes = !isPaused && (phase === "settle" || phase === "rest");
    const time = clockFace(this.#shown(moment));
    return html`
      <div class="layout ${phase} ${isPaused ? "paused" : ""}">
        <div class="dial">
          ${ring(stretches(this.#session), moment.progress)}
          <div class="breath ${breathes ? "moves" : ""}"></div>
          <div class="face">
            <div class="name">${this.routine.name}</div>
            <div
              class="time"
              role="timer"
              aria-label=${word(hass, "card.remaining", { time })}
            >
              ${time}
            </div>
            ${breathes ? this.#renderBreath() : html`<div class="hint"></div>`}
          </div>
        </div>
        <div class="guide">
          <div aria-live="polite">
            <h3 class="phase">${this.#phaseName(isPaused ? "paused" : phase)}</h3>
            <p class="sentence">${word(hass, `card.${isPaused ? "paused" : phase}`)}</p>
          </div>
          ${phase === "prepare" && !this.isAsking ? this.#renderPain() : nothing}
          ${this.isAsking ? this.#renderQuestion() : this.#renderControls(moment)}
        </div>
      </div>
    `;
  }

  #phaseName(name: string): string {
    const sensor = stateOf(this.hass, this.mat, "sensor.phase");
    return sensor ? this.hass.formatEntityState(sensor, name) : "";
  }

  #renderBreath() {
    return html`<div class="hint" aria-hidden="true">
      <span class="in">${word(this.hass, "card.breathe_in")}</span>
      <span class="out">${word(this.hass, "card.breathe_out")}</span>
    </div>`;
  }

  #renderPain() {
    const pain = stateOf(this.hass, this.mat, "number.pain");
    if (!pain || pain.state === "unavailable") {
      return nothing;
    }
    return scale(
      this.hass,
      word(this.hass, "card.pain_before"),
      isKnown(pain) ? Number(pain.state) : undefined,
      (value) =>
        void this.hass
          .callService("number", "set_value", { value }, { entity_id: pain.entity_id })
          .catch(() => undefined),
    );
  }

  #renderControls({ isPaused }: Moment) {
    const { hass } = this;
    const control = (
      icon: string,
      label: string,
      run: () => void,
      className = "",
    ) => html`
      <button class=${className} ?disabled=${this.isBusy} @click=${run}>
        <ha-icon icon=${icon}></ha-icon><span>${label}</span>
      </button>
    `;
    return html`<div class="controls">
      ${
        isPaused
          ? control(
              "mdi:play",
              word(hass, "card.resume"),
              () => void this.#act("resume_session"),
              "main",
            )
          : control(
              "mdi:pause",
              word(hass, "card.pause"),
              () => void this.#act("pause_session"),
            )
      }
      ${control(
        "mdi:timer-plus-outline",
        word(hass, "card.extend", { minutes: quantity(hass, EXTENSION, "minute") }),
        () => void this.#act("extend_session", { duration: { minutes: EXTENSION } }),
      )}
      ${control("mdi:skip-next", word(hass, "card.skip"), () => void this.#act("skip_phase"))}
      ${control(
        "mdi:stop",
        word(hass, "card.stop"),
        () => {
          this.isAsking = true;
        },
        "stop",
      )}
    </div>`;
  }

  #renderQuestion() {
    const { hass } = this;
    const stop = async (reason: string) => {
      await this.#act("stop_session", { reason });
      this.isAsking = false;
    };
    const close = () => {
      this.isAsking = false;
    };
    return html`<div
      class="question"
      role="group"
      aria-label=${word(hass, "card.stop_question")}
      @keydown=${(event: KeyboardEvent) => event.key === "Escape" && close()}
    >
      <p>${word(hass, "card.stop_question")}</p>
      <button class="main" ?disabled=${this.isBusy} @click=${() => void stop("enough")}>
        ${word(hass, "card.stop_enough")}
      </button>
      <button class="hurts" ?disabled=${this.isBusy} @click=${() => void stop("pain")}>
        ${word(hass, "card.stop_hurts")}
      </button>
      <button ?disabled=${this.isBusy} @click=${() => void stop("mistake")}>
        ${word(hass, "card.stop_mistake")}
      </button>
      <button class="quiet" @click=${close}>${word(hass, "card.stop_not")}</button>
    </div>`;
  }

  static override styles = [
    shared,
    ringStyles,
    scaleStyles,
    css`
      .layout {
        display: flex;
        flex-direction: column;
        align-items: center;
        gap: 16px;
        --breath-color: var(--rest-color);
      }
      .settle {
        --breath-color: var(--settle-color);
      }
      .dial {
        position: relative;
        flex: none;
        container-type: inline-size;
        width: min(272px, 74cqi);
        aspect-ratio: 1;
      }
      .breath {
        position: absolute;
        inset: 10%;
        border-radius: 50%;
        background: radial-gradient(
          closest-side,
          color-mix(in srgb, var(--breath-color) 26%, transparent),
          color-mix(in srgb, var(--breath-color) 10%, transparent) 70%,
          transparent
        );
        opacity: 0.4;
        transform: scale(0.8);
      }
      .face {
        position: absolute;
        inset: 16%;
        display: flex;
        flex-direction: column;
        align-items: center;
        justify-content: center;
        text-align: center;
      }
      .name,
      .hint {
        max-width: 100%;
        overflow: hidden;
        text-overflow: ellipsis;
        white-space: nowrap;
        color: var(--secondary-text-color);
      }
      .time {
        font-size: 20cqi;
        line-height: 1.2;
        font-weight: 300;
        font-variant-numeric: tabular-nums;
        letter-spacing: -0.02em;
      }
      .hint {
        display: grid;
        height: 1.4em;
      }
      .hint span {
        grid-area: 1 / 1;
        opacity: 0;
      }
      /* Six breaths a minute, the way out a little longer than the way in. */
      .moves {
        animation: breathe 10s ease-in-out infinite;
      }
      .in {
        animation: in 10s ease-in-out infinite;
      }
      .out {
        animation: out 10s ease-in-out infinite;
      }
      @keyframes breathe {
        0%,
        100% {
          transform: scale(0.7);
          opacity: 0.5;
        }
        40% {
          transform: scale(1.12);
          opacity: 1;
        }
      }
      @keyframes in {
        0%,
        45%,
        100% {
          opacity: 0;
        }
        8%,
        35% {
          opacity: 1;
        }
      }
      @keyframes out {
        0%,
        40%,
        100% {
          opacity: 0;
        }
        50%,
        90% {
          opacity: 1;
        }
      }
      .paused .ring {
        opacity: 0.45;
      }
      .guide {
        display: flex;
        flex-direction: column;
        gap: 16px;
        width: 100%;
        text-align: center;
      }
      .phase {
        font-size: var(--ha-font-size-xl, 20px);
        font-weight: 500;
      }
      .sentence {
        margin-block-start: 4px;
        min-height: 2.8em;
        line-height: 1.4;
        color: var(--secondary-text-color);
        text-wrap: balance;
      }
      .controls {
        display: grid;
        grid-template-columns: repeat(4, 1fr);
        gap: 8px;
      }
      .controls button {
        flex-direction: column;
        gap: 4px;
        padding: 10px 4px;
        font-size: var(--ha-font-size-s, 12px);
        line-height: 1.2;
      }
      .controls span {
        max-width: 100%;
        overflow-wrap: anywhere;
      }
      .main {
        --tone: var(--primary-color);
        background: color-mix(in srgb, var(--tone) 20%, transparent);
      }
      .question {
        display: grid;
        grid-template-columns: 1fr 1fr;
        gap: 8px;
      }
      .question p {
        grid-column: 1 / -1;
        font-weight: 500;
      }
      .hurts {
        --tone: var(--error-color);
        background: color-mix(in srgb, var(--tone) 20%, transparent);
      }
      @container (min-width: 600px) {
        .layout {
          flex-direction: row;
          gap: 24px;
          max-width: 800px;
          margin: auto;
        }
        .dial {
          width: min(320px, 40cqi);
        }
        .guide,
        .scale {
          text-align: start;
        }
      }
      @media (prefers-reduced-motion: reduce) {
        .in {
          opacity: 1;
        }
        .in::after {
          content: "";
        }
      }
    `,
  ];
}

declare global {
  interface HTMLElementTagNameMap {
    "acupressure-mat-session": RunningSession;
  }
}
