/** The ring: what is left of each phase on the mat, clockwise from the top. */

import { css, html, nothing, svg, type TemplateResult } from "lit";
import type { Stretch } from "./session.ts";

const RADIUS = 92;
const WIDTH = 10;
const LENGTH = 2 * Math.PI * RADIUS;
/** Round ends reach beyond a stroke by half its width, and a gap shows between two. */
const INSET = (WIDTH / 2 + 2) / LENGTH;

const arc = (className: string, from: number, to: number) => svg`<circle
  class=${className}
  cx="100" cy="100" r=${RADIUS}
  stroke-dasharray="${Math.max(to - from, 0.001) * LENGTH} ${LENGTH}"
  stroke-dashoffset=${-from * LENGTH}
></circle>`;

function stretch({ phase, from, to }: Stretch, progress: number, isWhole: boolean) {
  const begin = isWhole ? from : from + INSET;
  const end = Math.max(isWhole ? to : to - INSET, begin);
  const left = Math.max(begin, progress);
  return svg`
    ${arc("track", begin, end)}
    ${left < end ? arc(phase, left, end) : nothing}
  `;
}

export const ring = (stretches: Stretch[], progress: number): TemplateResult => html`
  <svg class="ring" viewBox="0 0 200 200" aria-hidden="true">
    ${stretches
      // What was skipped at once is shorter than its own round ends.
      .filter(({ from, to }) => to - from > 2 * INSET)
      .map((each) => stretch(each, progress, stretches.length === 1))}
  </svg>
`;

export const ringStyles = css`
  .ring {
    position: absolute;
    inset: 0;
    width: 100%;
    height: 100%;
    transform: rotate(-90deg);
  }
  .ring circle {
    fill: none;
    stroke-width: ${WIDTH};
    stroke-linecap: round;
    stroke: var(--rest-color);
    transition:
      stroke-dasharray 1s linear,
      stroke-dashoffset 1s linear,
      stroke 600ms;
  }
  .ring .settle {
    stroke: var(--settle-color);
  }
  .ring .wind_down {
    stroke: var(--wind-down-color);
  }
  .ring .track {
    stroke: color-mix(in srgb, var(--primary-text-color) 10%, transparent);
  }
`;
