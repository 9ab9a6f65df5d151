/** The last weeks at a glance: minutes by day, and the pain before and after. */

import { css, html, nothing, type TemplateResult } from "lit";
import type { Hass } from "./hass.ts";
import { type Day, type JournalRecord, type Relief, relief, weeks } from "./journal.ts";
import { quantity, word } from "./words.ts";

/** From so many minutes a day on the colour is one step stronger. */
const STEPS = [1, 10, 20, 30];

const level = (minutes: number) => STEPS.filter((step) => minutes >= step).length;

/** Days are dates without a time: their own names, in no time zone. */
const dateOf = (hass: Hass, day: string, options: Intl.DateTimeFormatOptions) =>
  new Intl.DateTimeFormat(hass.language, { ...options, timeZone: "UTC" }).format(
    new Date(day),
  );

const longDay = (hass: Hass, day: string) =>
  dateOf(hass, day, { weekday: "short", day: "numeric", month: "short" });

function heatMap(hass: Hass, columns: readonly Day[][]): TemplateResult {
  const month = (week: readonly Day[] | undefined) => week?.[0]?.day.slice(0, 7);
  const isNamed = (week: readonly Day[], index: number) =>
    month(week) !== month(columns[index - 1]) &&
    // The end of a month, alone in the first column, has no room for its name.
    (index > 0 || month(week) === month(columns[1]));
  const square = ({ day, minutes }: Day) =>
    html`<i
      class="level-${level(minutes)}"
      title="${longDay(hass, day)}: ${quantity(hass, minutes, "minute")}"
    ></i>`;
  return html`<div class="weeks heat" aria-hidden="true">
    <div class="labels">
      <span></span>
      ${columns[0]?.map(({ day }) => html`<span>${dateOf(hass, day, { weekday: "narrow" })}</span>`)}
    </div>
    ${columns.map(
      (week, index) =>
        html`<div class="week">
          <span class="month"
            >${
              isNamed(week, index)
                ? dateOf(hass, week[0]?.day ?? "", { month: "short" })
                : nothing
            }</span
          >
          ${week.map(square)}
        </div>`,
    )}
  </div>`;
}

function trend(hass: Hass, columns: readonly (Relief | undefined)[]): TemplateResult {
  const bar = ({ before, after }: Relief) =>
    html`<i
        class="bar ${after > before ? "worse" : ""}"
        style="inset-block-end: ${Math.min(before, after) * 10}%; block-size: ${Math.abs(before - after) * 10}%"
      ></i
      ><i class="point before" style="inset-block-end: ${before * 10}%"></i
      ><i class="point" style="inset-block-end: ${after * 10}%"></i>`;
  return html`<h4>
      <span>${word(hass, "card.relief")}</span>
      <span class="legend"
        ><i class="point before"></i>${word(hass, "card.before")}
        <i class="point"></i>${word(hass, "card.after_it")}</span
      >
    </h4>
    <div class="weeks trend" aria-hidden="true">
      <div class="labels"><span>10</span><span>5</span><span>0</span></div>
      ${columns.map((week) => html`<div class="week">${week ? bar(week) : nothing}</div>`)}
    </div>`;
}

/** The same for those who do not see it: each session, the newest first. */
function table(hass: Hass, records: readonly JournalRecord[]): TemplateResult {
  // A table has the size of its rows, whatever it is told, and the page grew by them.
  return html`<div class="unseen">
    <table>
      <caption>
        ${word(hass, "card.history")}
      </caption>
      <thead>
        <tr>
          <th scope="col">${word(hass, "card.day")}</th>
          <th scope="col">${word(hass, "card.minutes")}</th>
          <th scope="col">${word(hass, "card.pain_before_short")}</th>
          <th scope="col">${word(hass, "card.pain_after_short")}</th>
        </tr>
      </thead>
      <tbody>
        ${records.toReversed().map(
          ({ day, minutes, painBefore, painAfter }) =>
            html`<tr>
              <th scope="row">${longDay(hass, day)}</th>
              <td>${Math.round(minutes)}</td>
              <td>${painBefore ?? nothing}</td>
              <td>${painAfter ?? nothing}</td>
            </tr>`,
        )}
      </tbody>
    </table>
  </div>`;
}

export function history(
  hass: Hass,
  records: readonly JournalRecord[],
  today: string,
): TemplateResult {
  const columns = weeks(records, today);
  const reliefs = columns.map((week) => relief(records, week));
  return html`<section class="history" aria-label=${word(hass, "card.history")}>
    <h4>
      <span>${word(hass, "card.history")}</span>
      <span class="legend" aria-hidden="true"
        >${word(hass, "card.less")}${[0, ...STEPS].map(
          (step) => html`<i class="level-${level(step)}"></i>`,
        )}${word(hass, "card.more")}</span
      >
    </h4>
    ${heatMap(hass, columns)} ${reliefs.some(Boolean) ? trend(hass, reliefs) : nothing}
    ${
      records.length
        ? table(hass, records)
        : html`<p class="empty">${word(hass, "card.history_empty")}</p>`
    }
  </section>`;
}

export const historyStyles = css`
  .history {
    position: relative;
  }
  h4 {
    display: flex;
    flex-wrap: wrap;
    justify-content: space-between;
    gap: 4px 12px;
    margin: 0 0 8px;
    font-weight: 500;
  }
  .weeks + h4 {
    margin-block-start: 16px;
  }
  .legend,
  .labels,
  .month {
    font-size: var(--ha-font-size-xs, 10px);
    font-weight: 400;
    color: var(--secondary-text-color);
  }
  .legend {
    display: flex;
    align-items: center;
    gap: 4px;
  }
  .legend .point:not(:first-child) {
    margin-inline-start: 8px;
  }
  .weeks {
    display: grid;
    grid-template-columns: 16px repeat(12, 1fr);
    gap: 3px;
  }
  .heat > div {
    display: grid;
    grid-auto-rows: 16px;
    gap: 3px;
    min-width: 0;
  }
  .heat .labels span {
    line-height: 16px;
  }
  .month {
    overflow: visible;
    white-space: nowrap;
    line-height: 16px;
    width: 0;
  }
  .heat i,
  .legend i:not(.point) {
    border-radius: 4px;
    background: color-mix(
      in srgb,
      var(--primary-color) var(--share, 0%),
      var(--level-0)
    );
    --level-0: color-mix(in srgb, var(--primary-text-color) 7%, transparent);
  }
  .legend i:not(.point) {
    width: 10px;
    height: 10px;
    border-radius: 3px;
  }
  .history .level-1 {
    --share: 30%;
  }
  .history .level-2 {
    --share: 52%;
  }
  .history .level-3 {
    --share: 76%;
  }
  .history .level-4 {
    --share: 100%;
  }
  .trend {
    height: 88px;
    padding-block: 4px;
    background: linear-gradient(
        var(--divider-color) 1px,
        transparent 1px calc(50% - 1px),
        var(--divider-color) calc(50% - 1px) 50%,
        transparent 50% calc(100% - 1px),
        var(--divider-color) calc(100% - 1px)
      )
      content-box;
  }
  .trend .labels {
    display: flex;
    flex-direction: column;
    justify-content: space-between;
    margin-block: -6px;
    background: var(--ha-card-background, var(--card-background-color, #fff));
  }
  .trend .week {
    position: relative;
  }
  .bar {
    position: absolute;
    inset-inline-start: calc(50% - 2px);
    width: 4px;
    border-radius: 2px;
    background: color-mix(in srgb, var(--teal-color, #009688) 45%, transparent);
  }
  .bar.worse {
    background: color-mix(in srgb, var(--deep-orange-color, #ff6f22) 45%, transparent);
  }
  .point {
    --size: 9px;
    width: var(--size);
    height: var(--size);
    border: 2px solid var(--teal-color, #009688);
    border-radius: 50%;
    background: var(--teal-color, #009688);
  }
  .point.before {
    background: var(--ha-card-background, var(--card-background-color, #fff));
  }
  .trend .point {
    position: absolute;
    inset-inline-start: calc(50% - var(--size) / 2);
    margin-block-end: calc(var(--size) / -2);
  }
`;
