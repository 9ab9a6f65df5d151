/** A mat that nobody lies on: its routines, and how the week goes. */

import { css, html, nothing, type TemplateResult } from "lit";
import { DOMAIN, type Hass, type HassEntity, isKnown } from "./hass.ts";
import { type Mat, type Routine, stateOf } from "./mat.ts";
import type { Taps } from "./taps.ts";
import { quantity, word } from "./words.ts";

/** A day's dot beyond this many says nothing more. */
const MOST_DOTS = 7;

const KINDS = new Map<unknown, string>([
  ["bedtime", "mdi:weather-night"],
  ["after_work", "mdi:sofa-outline"],
  ["morning", "mdi:weather-sunny"],
  ["custom", "mdi:spa-outline"],
]);

const number = (value: unknown): number => {
  const result = Number(value);
  return Number.isFinite(result) ? result : 0;
};

/** So many minutes; in another unit if a person chose one for the entity. */
const minutes = (hass: Hass, entity: HassEntity): string =>
  (entity.attributes.unit_of_measurement ?? "min") === "min"
    ? quantity(hass, number(entity.state), "minute")
    : hass.formatEntityState(entity);

function start(hass: Hass, routine: Routine, taps: Taps): void {
  const entity_id = routine.entities["switch.session"] ?? "";
  // Refused as "runs already", a second tap would look as if the first had done nothing.
  void taps.once(entity_id, () =>
    hass.callService(DOMAIN, "start_session", {}, { entity_id }),
  );
}

/** A routine's icon: what a person gave its switch, or that of its kind. */
export function iconOf(hass: Hass, { entities }: Routine): string | undefined {
  const id = entities["switch.session"] ?? "";
  const kind = hass.states[id]?.attributes.kind;
  return hass.entities[id]?.icon ?? KINDS.get(kind);
}

function routineButton(hass: Hass, routine: Routine, taps: Taps): TemplateResult {
  const entity = stateOf(hass, routine, "switch.session");
  const next = stateOf(hass, routine, "number.duration");
  const duration = isKnown(next) ? minutes(hass, next) : "";
  const isReady = isKnown(entity);
  return html`<button
    class="routine"
    ?disabled=${!isReady}
    aria-label=${
      isReady ? word(hass, "card.start", { routine: routine.name, duration }) : nothing
    }
    @click=${() => start(hass, routine, taps)}
  >
    <span class="badge"
      ><ha-state-icon
        .hass=${hass}
        .stateObj=${entity}
        .icon=${iconOf(hass, routine)}
      ></ha-state-icon
    ></span>
    <span class="what">
      <span class="title">${routine.name}</span>
      <span class="duration">${isReady ? duration : word(hass, "card.not_ready")}</span>
    </span>
    <ha-icon icon="mdi:play"></ha-icon>
  </button>`;
}

function dots(hass: Hass, done: number, goal: number): TemplateResult {
  return html`<span
    class="dots"
    role="img"
    aria-label=${word(hass, "card.goal", { done, goal })}
    >${Array.from(
      { length: Math.min(Math.max(goal, done), MOST_DOTS) },
      (_, day) => html`<i class=${day < done ? "done" : ""}></i>`,
    )}</span
  >`;
}

function figures(hass: Hass, mat: Mat): TemplateResult {
  const figure = (
    key: string,
    show: (state: number, entity: HassEntity) => unknown,
    note = "",
  ) => {
    const entity = stateOf(hass, mat, key);
    return isKnown(entity)
      ? html`<div>
          <dt>${note || hass.formatEntityName(entity, { type: "entity" })}</dt>
          <dd>${show(number(entity.state), entity)}</dd>
        </div>`
      : nothing;
  };
  const streak = stateOf(hass, mat, "sensor.streak")?.attributes;
  const goal = number(stateOf(hass, mat, "sensor.days_this_week")?.attributes.goal);
  return html`<dl class="figures">
    ${figure("sensor.minutes_today", (_, entity) => minutes(hass, entity))}
    ${figure("sensor.days_this_week", (done) => dots(hass, done, goal))}
    ${figure(
      "sensor.streak",
      (days) =>
        html`<ha-icon class=${days ? "flame" : ""} icon="mdi:fire"></ha-icon
          >${quantity(hass, days, "day", "long")}`,
      streak?.at_risk ? word(hass, "card.at_risk") : "",
    )}
  </dl>`;
}

export const idle = (hass: Hass, mat: Mat, taps: Taps): TemplateResult => html`
  ${
    mat.routines.length
      ? html`<div class="routines">
          ${mat.routines.map((routine) => routineButton(hass, routine, taps))}
        </div>`
      : html`<p class="empty">${word(hass, "card.no_routine")}</p>`
  }
  ${figures(hass, mat)}
`;

export const idleStyles = css`
  .routines {
    display: grid;
    grid-template-columns: repeat(auto-fit, minmax(min(100%, 260px), 1fr));
    gap: 8px;
  }
  .routine {
    --tone: var(--primary-color);
    justify-content: start;
    gap: 12px;
    min-height: 64px;
    text-align: start;
    background: color-mix(in srgb, var(--tone) 9%, transparent);
  }
  .badge {
    display: grid;
    flex: none;
    place-items: center;
    width: 40px;
    height: 40px;
    border-radius: 50%;
    color: var(--primary-color);
    background: color-mix(in srgb, var(--primary-color) 16%, transparent);
  }
  .what {
    display: grid;
    flex: 1;
    min-width: 0;
  }
  .title {
    overflow-wrap: anywhere;
    font-size: var(--ha-font-size-l, 16px);
  }
  .duration {
    font-weight: 400;
    color: var(--secondary-text-color);
  }
  .routine > ha-icon {
    color: var(--primary-color);
  }
  .figures {
    display: grid;
    grid-auto-flow: column;
    grid-auto-columns: 1fr;
    margin: 0;
    text-align: center;
  }
  .figures > div {
    display: flex;
    flex-direction: column-reverse;
    justify-content: flex-end;
    gap: 2px;
    padding: 0 4px;
  }
  .figures > div + div {
    border-inline-start: 1px solid var(--divider-color);
  }
  .figures dd {
    display: flex;
    align-items: center;
    justify-content: center;
    gap: 4px;
    min-height: 28px;
    margin: 0;
    font-size: var(--ha-font-size-l, 16px);
    font-weight: 500;
  }
  .figures dt {
    font-size: var(--ha-font-size-s, 12px);
    color: var(--secondary-text-color);
  }
  .figures ha-icon {
    --mdc-icon-size: 20px;
    color: var(--disabled-text-color);
  }
  @container (max-width: 260px) {
    .badge {
      display: none;
    }
    .figures {
      grid-auto-flow: row;
      gap: 8px;
    }
    .figures > div + div {
      border-inline-start: none;
    }
  }
  @container (max-width: 180px) {
    .routine > ha-icon {
      display: none;
    }
  }
  .figures .flame {
    color: var(--deep-orange-color, #ff6f22);
  }
  .dots {
    display: flex;
    gap: 4px;
  }
  .dots i {
    width: 10px;
    height: 10px;
    border-radius: 50%;
    background: color-mix(in srgb, var(--primary-text-color) 14%, transparent);
  }
  .dots .done {
    background: var(--primary-color);
  }
`;
