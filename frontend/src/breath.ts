/** The breathing guide: a glow that grows and fades, and the words for it. */

import { css, html, type TemplateResult } from "lit";
import type { Hass } from "./hass.ts";
import { word } from "./words.ts";

/** The glow behind the clock; it stands still unless somebody is to follow it. */
export const glow = (breathes: boolean): TemplateResult =>
  html`<div class="breath ${breathes ? "moves" : ""}"></div>`;

/** In and out, each while it is time for it. */
export const breathWords = (hass: Hass): TemplateResult =>
  html`<div class="hint words" aria-hidden="true">
    <span class="in">${word(hass, "card.breathe_in")}</span>
    <span class="out">${word(hass, "card.breathe_out")}</span>
  </div>`;

export const breathStyles = css`
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
  .words {
    display: grid;
  }
  .words span {
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
  @media (prefers-reduced-motion: reduce) {
    /* The sentence below says to breathe slowly; a word that stands would be wrong. */
    .words {
      visibility: hidden;
    }
  }
`;
