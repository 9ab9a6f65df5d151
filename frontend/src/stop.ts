/** How a session should end: asked once, answered with one tap, closed with Escape. */

import { css, html, type TemplateResult } from "lit";
import type { Hass } from "./hass.ts";
import { type Word, word } from "./words.ts";

/** A reason of the action `stop_session`. */
export type Reason = "enough" | "pain" | "mistake";

const ANSWERS: [Reason, Word, string][] = [
  ["enough", "card.stop_enough", "main"],
  ["pain", "card.stop_hurts", "hurts"],
  ["mistake", "card.stop_mistake", ""],
];

export const stopQuestion = (
  hass: Hass,
  stop: (reason: Reason) => void,
  close: () => void,
): TemplateResult =>
  html`<div
    class="question"
    role="group"
    aria-label=${word(hass, "card.stop_question")}
    @keydown=${(event: KeyboardEvent) => event.key === "Escape" && close()}
  >
    <p>${word(hass, "card.stop_question")}</p>
    ${ANSWERS.map(
      ([reason, text, className]) =>
        html`<button class=${className} @click=${() => stop(reason)}>
          ${word(hass, text)}
        </button>`,
    )}
    <button class="quiet" @click=${close}>${word(hass, "card.stop_not")}</button>
  </div>`;

export const stopStyles = css`
  .question {
    display: grid;
    grid-template-columns: 1fr 1fr;
    gap: 8px;
  }
  .question p {
    grid-column: 1 / -1;
    font-weight: 500;
  }
  @container (max-width: 260px) {
    .question {
      grid-template-columns: 1fr;
    }
  }
  .hurts {
    --tone: var(--error-color);
    background: color-mix(in srgb, var(--tone) 20%, transparent);
  }
`;
