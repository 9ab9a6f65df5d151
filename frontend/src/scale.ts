/** Questions answered with a number from 0 to 10 in one tap. */

import { css, html, type TemplateResult } from "lit";
import type { Hass } from "./hass.ts";
import { type Word, word } from "./words.ts";

interface Scale {
  question: Word;
  /** What 0 and 10 mean. */
  ends: readonly [Word, Word];
  /** Whether 10 is the best; of pain it is the worst. */
  isGood?: boolean;
}

const PAIN = ["card.pain_none", "card.pain_worst"] as const;

export const SCALES = {
  pain_before: { question: "card.pain_before", ends: PAIN },
  pain_after: { question: "card.pain_after", ends: PAIN },
  sleep: {
    question: "card.sleep",
    ends: ["card.sleep_none", "card.sleep_best"],
    isGood: true,
  },
} satisfies Record<string, Scale>;

const VALUES = Array.from({ length: 11 }, (_, value) => value);

export const scale = (
  hass: Hass,
  { question, ends, isGood }: Scale,
  chosen: number | undefined,
  choose: (value: number) => void,
): TemplateResult => html`
  <div class="scale" role="group" aria-label=${word(hass, question)}>
    <p class="ask">${word(hass, question)}</p>
    <div class="values">
      ${VALUES.map(
        (value) =>
          html`<button
            aria-label=${word(hass, "card.pain_of_ten", { value })}
            aria-pressed=${value === chosen}
            style="--level: ${isGood ? 10 - value : value}"
            @click=${() => choose(value)}
          >
            ${value}
          </button>`,
      )}
    </div>
    <div class="ends" aria-hidden="true">
      ${ends.map((end) => html`<span>${word(hass, end)}</span>`)}
    </div>
  </div>
`;

export const scaleStyles = css`
  .scale {
    width: 100%;
  }
  .ask {
    margin-block-end: 8px;
    font-weight: 500;
  }
  .values {
    display: grid;
    grid-template-columns: repeat(11, 1fr);
    gap: 4px;
  }
  .values button {
    --tone: color-mix(
      in srgb,
      var(--deep-orange-color, #ff6f22) calc(var(--level) * 10%),
      var(--teal-color, #009688)
    );
    padding: 0;
    font-variant-numeric: tabular-nums;
    background: color-mix(in srgb, var(--tone) 20%, transparent);
  }
  .values button[aria-pressed="true"] {
    background: color-mix(in srgb, var(--tone) 45%, transparent);
    box-shadow: inset 0 0 0 2px var(--tone);
  }
  .ends {
    display: flex;
    justify-content: space-between;
    margin-block-start: 4px;
    font-size: var(--ha-font-size-s, 12px);
    color: var(--secondary-text-color);
  }
  /* Two rows for a finger, and each end of the scale beside its number. */
  @container (max-width: 400px) {
    .values {
      grid-template-columns: repeat(6, 1fr);
      margin-block: 4px;
    }
    .values button:last-child {
      grid-column: span 2;
    }
    .scale {
      display: flex;
      flex-direction: column;
    }
    .ask {
      order: -2;
    }
    .ends {
      display: contents;
    }
    .ends span {
      font-size: var(--ha-font-size-s, 12px);
      color: var(--secondary-text-color);
      align-self: end;
      text-align: end;
    }
    .ends span:first-child {
      order: -1;
      align-self: start;
      text-align: start;
    }
  }
  @container (max-width: 260px) {
    .values {
      grid-template-columns: repeat(4, 1fr);
    }
  }
`;
