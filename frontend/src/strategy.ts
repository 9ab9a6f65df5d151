/** A whole dashboard in one click: Home Assistant's own cards and ours, for each mat. */

import { CARD } from "./card.ts";
import { DOMAIN, type Hass } from "./hass.ts";
import { findMats, type Mat, type Routine } from "./mat.ts";
import { loadWords, type Word, word } from "./words.ts";

export const STRATEGY = "acupressure-mat";

type Card = { type: string } & Record<string, unknown>;

interface Section {
  type: "grid";
  column_span?: number;
  cards: Card[];
}

interface View {
  title: string;
  path: string;
  icon: string;
  type: "sections";
  max_columns: number;
  sections: Section[];
}

const tile = (
  entity: string | undefined,
  more: Record<string, unknown> = {},
): Card[] => (entity ? [{ type: "tile", entity, ...more }] : []);

const heading = (text: string, icon?: string): Card => ({
  type: "heading",
  heading: text,
  ...(icon && { icon }),
});

/** The mat's own card and what one wants within reach on the mat. */
function tonight({ deviceId, entities }: Mat): Card[] {
  const half = { grid_options: { columns: 6 } };
  return [
    { type: `custom:${CARD}`, device_id: deviceId, show: "session" },
    ...tile(entities["sensor.plan"], half),
    ...tile(entities["number.pain"], { ...half, features: [] }),
  ];
}

function routine({ name, entities }: Routine): Card[] {
  return [
    heading(name),
    ...tile(entities["switch.session"], { features: [{ type: "toggle" }] }),
    ...tile(entities["number.duration"], {
      features: [{ type: "numeric-input", style: "buttons" }],
    }),
  ];
}

function past({ deviceId, entities }: Mat): Card[] {
  const calendar = entities["calendar.journal"];
  return [
    { type: `custom:${CARD}`, device_id: deviceId, show: "history" },
    ...(calendar
      ? [
          {
            type: "calendar",
            entities: [calendar],
            grid_options: { columns: 12, rows: 8 },
          },
        ]
      : []),
  ];
}

function statistics(mat: Mat, text: (key: Word) => string): Card[] {
  const id = `${DOMAIN}:${mat.entryId.toLowerCase()}`;
  const graph = (title: Word, what: string, period: string, days_to_show: number) => ({
    type: "statistics-graph",
    title: text(title),
    chart_type: "bar",
    stat_types: ["change"],
    entities: [{ entity: `${id}_${what}`, name: text(title) }],
    hide_legend: true,
    period,
    days_to_show,
  });
  return [
    graph("dashboard.minutes_a_day", "minutes", "day", 30),
    graph("dashboard.minutes_a_week", "minutes", "week", 180),
    graph("dashboard.sessions_a_month", "sessions", "month", 365),
  ];
}

function logbook(mat: Mat): Card[] {
  const ids = [mat, ...mat.routines].flatMap(({ entities }) =>
    ["event.session", "event.practice", "sensor.phase"].flatMap(
      (key) => entities[key] ?? [],
    ),
  );
  return [
    {
      type: "logbook",
      target: { entity_id: ids },
      hours_to_show: 168,
      grid_options: { columns: "full", rows: 10 },
    },
  ];
}

export class AcupressureMatStrategy extends HTMLElement {
  static noEditor = true;
  /** Made again when one of these changes: a routine more, another name. */
  static registryDependencies = ["entities", "devices"];

  static async getCreateSuggestions(hass: Hass) {
    const localize = await loadWords(hass);
    return { title: word({ localize }, "dashboard.name"), icon: "mdi:spa" };
  }

  static async generate(_config: unknown, hass: Hass): Promise<{ views: View[] }> {
    const localize = await loadWords(hass);
    const text = (key: Word) => word({ localize }, key);
    const mats = findMats(hass);
    const view = (
      path: "tonight" | "routines" | "history" | "statistics" | "logbook",
      icon: string,
      cards: (mat: Mat) => Card[],
    ): View => ({
      title: text(`dashboard.${path}`),
      path,
      icon,
      type: "sections",
      max_columns: Math.max(2, mats.length),
      sections: mats.map((mat) => ({
        type: "grid",
        cards: [
          ...(mats.length > 1 ? [heading(mat.name, "mdi:account")] : []),
          ...cards(mat),
        ],
      })),
    });
    return {
      views: [
        view("tonight", "mdi:weather-night", tonight),
        view("routines", "mdi:playlist-star", (mat) => mat.routines.flatMap(routine)),
        view("history", "mdi:calendar-month", past),
        view("statistics", "mdi:chart-bar", (mat) => statistics(mat, text)),
        view("logbook", "mdi:format-list-bulleted-type", logbook),
      ],
    };
  }
}
