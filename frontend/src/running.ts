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
import { breathStyles, breathWords, glow } from "./breath.ts";
import { serverClock } from "./clock.ts";
import { DOMAIN, type Hass, isKnown } from "./hass.ts";
import { type Mat, type Routine, stateOf } from "./mat.ts";
import { ring, ringStyles } from "./ring.ts";
import { SCALES, scale, scaleStyles } from "./scale.ts";
import { at, type Moment, type Session, sessionOf, stretches } from "./session.ts";
import { type Reason, stopQuestion, stopStyles } from "./stop.ts";
import { shared } from "./styles.ts";
import { Taps } from "./taps.ts";
import { Ticker } from "./ticker.ts";
import { clockFace, quantity, timeOfDay, word } from "./words.ts";

const EXTENSION = 5;
const MINUTE = 60_000;

type Action =
  "pause_session" | "resume_session" | "extend_session" | "skip_phase" | "stop_session";

/** It takes the place of the other, and a second tap at once does not undo the first. */
const ONE_BUTTON: Partial<Record<Action, Action>> = { resume_session: "pause_session" };

const breathes = (phase: string, isPaused: boolean) =>
  !isPaused && (phase === "settle" || phase === "rest");

export class RunningSession extends LitElement {
  @property({ attribute: false }) hass!: Hass;
  @property({ attribute: false }) mat!: Mat;
  @property({ attribute: false }) routine!: Routine;

  @state() private isAsking = false;

  #session: Session | undefined;
  #moment: Moment | undefined;
  readonly #taps = new Taps();

  constructor() {
    super();
    // Waits for the second that is shown to be over; after the last there is none.
    new Ticker(this, () => {
      const shown =
        this.#moment && !this.#moment.isPaused ? this.#shown(this.#moment) : 0;
      return shown > 0 ? shown % 1000 || 1000 : undefined;
    });
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

  /** Put the focus on the phase: it is read, and the controls come next. */
  override focus(): void {
    void this.updateComplete.then(() =>
      this.renderRoot
        .querySelector<HTMLElement>(".phase")
        ?.focus({ preventScroll: true }),
    );
  }

  /** What the clock shows: in prepare how long until the mat, then what is left on it. */
  #shown({ phase, phaseRemaining, remaining }: Moment): number {
    return phase === "prepare" ? phaseRemaining : remaining;
  }

  /** Once; no button is disabled meanwhile, for it would lose the focus. */
  #act(action: Action, data?: Record<string, unknown>): Promise<void> {
    const entity_id = this.routine.entities["switch.session"] ?? "";
    return this.#taps.once(
      ONE_BUTTON[action] ?? action,
      () => this.hass.callService(DOMAIN, action, data, { entity_id }),
      // Ten minutes more are two taps, and meant.
      action === "extend_session" ? 0 : undefined,
    );
  }

  protected override render(): TemplateResult | typeof nothing {
    const moment = this.#moment;
    if (!moment || !this.#session) {
      return nothing;
    }
    const { hass } = this;
    const { phase, isPaused } = moment;
    const time = clockFace(this.#shown(moment));
    return html`
      <div class="layout ${phase} ${isPaused ? "paused" : ""}">
        <div class="dial">
          ${ring(stretches(this.#session), moment.progress)}
          ${glow(breathes(phase, isPaused))}
          <div class="face">
            <div class="name">${this.routine.name}</div>
            <div
              class="time"
              role="timer"
              aria-label=${word(hass, "card.remaining", { time })}
            >
              ${time}
            </div>
            ${this.#renderHint(moment)}
            <div class="until">
              ${
                isPaused
                  ? nothing
                  : word(hass, "card.ends", {
                      time: timeOfDay(hass, moment.finishesAt),
                    })
              }
            </div>
          </div>
        </div>
        <div class="guide">
          <div aria-live="polite">
            <h3 class="phase" tabindex="-1">
              ${this.#phaseName(isPaused ? "paused" : phase)}
            </h3>
            <p class="sentence">${word(hass, `card.${isPaused ? "paused" : phase}`)}</p>
          </div>
          ${phase === "prepare" && !this.isAsking ? this.#renderPain() : nothing}
          ${
            this.isAsking
              ? stopQuestion(
                  hass,
                  (reason) => void this.#stop(reason),
                  () => {
                    this.isAsking = false;
                  },
                )
              : this.#renderControls(moment)
          }
        </div>
      </div>
    `;
  }

  #phaseName(name: string): string {
    const sensor = stateOf(this.hass, this.mat, "sensor.phase");
    return sensor
      ? this.hass.formatEntityState(sensor, name)
      : this.hass.localize(`component.${DOMAIN}.entity.sensor.phase.state.${name}`);
  }

  /** What stands below the clock. */
  #renderHint({ phase, isPaused, remaining }: Moment) {
    if (breathes(phase, isPaused)) {
      return breathWords(this.hass);
    }
    const duration = quantity(this.hass, Math.round(remaining / MINUTE), "minute");
    return html`<div class="hint">
      ${phase === "prepare" ? word(this.hass, "card.then", { duration }) : nothing}
    </div>`;
  }

  #renderPain() {
    const pain = stateOf(this.hass, this.mat, "number.pain");
    if (!pain || pain.state === "unavailable") {
      return nothing;
    }
    return scale(
      this.hass,
      SCALES.pain_before,
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
      <button class=${className} @click=${run}>
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

  async #stop(reason: Reason): Promise<void> {
    await this.#act("stop_session", { reason });
    this.isAsking = false;
  }

  static override styles = [
    shared,
    ringStyles,
    scaleStyles,
    breathStyles,
    stopStyles,
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
      .until,
      .hint {
        max-width: 100%;
        overflow: hidden;
        text-overflow: ellipsis;
        white-space: nowrap;
        color: var(--secondary-text-color);
      }
      .hint {
        height: 1.4em;
      }
      .until {
        height: 1.4em;
        margin-block-start: 8px;
        font-size: var(--ha-font-size-s, 12px);
      }
      .time {
        font-size: 20cqi;
        line-height: 1.2;
        font-weight: 300;
        font-variant-numeric: tabular-nums;
        letter-spacing: -0.02em;
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
      /* A word of each language fits into a button of this width, and no less. */
      @container (max-width: 340px) {
        .controls {
          grid-template-columns: 1fr 1fr;
        }
      }
      @container (max-width: 180px) {
        .controls {
          grid-template-columns: 1fr;
        }
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
    `,
  ];
}

declare global {
  interface HTMLElementTagNameMap {
    "acupressure-mat-session": RunningSession;
  }
}
