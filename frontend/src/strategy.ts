/** A whole dashboard in one click: Home Assistant's own cards and ours, for each mat. */

import { CARD } from "./card.ts";
import { DOMAIN, type Hass } from "./hass.ts";
import { iconOf } from "./idle.ts";
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
  type: "sections";
  max_columns: number;
  sections: Section[];
}

const tile = (
  entity: string | undefined,
  more: Record<string, unknown> = {},
): Card[] => (entity ? [{ type: "tile", entity, ...more }] : []);

const heading = (text: string, deviceId?: string): Card => ({
  type: "heading",
  heading: text,
  ...(deviceId && {
    tap_action: {
      action: "navigate",
      navigation_path: `/config/devices/device/${deviceId}`,
    },
  }),
});

const named = { name: { type: "entity" } };

const calendar = ({ entities }: Mat): Card[] => {
  const journal = entities["calendar.journal"];
  return journal
    ? [
        {
          type: "calendar",
          entities: [journal],
          initial_view: "dayGridMonth",
          grid_options: { columns: 12, rows: 8 },
        },
      ]
    : [];
};

const card = ({ deviceId }: Mat, show: "session" | "history"): Card => ({
  type: `custom:${CARD}`,
  device_id: deviceId,
  show,
});

/** The mat's own card, and beside it how long is planned and how the weeks went. */
const tonight = (mat: Mat): Card[][] => [
  [card(mat, "session")],
  [
    ...tile(mat.entities["sensor.plan"], { ...named, grid_options: { columns: 12 } }),
    // Not the calendar: its list shows the days to come, where a journal is empty.
    card(mat, "history"),
  ],
];

function routine(hass: Hass, routine: Routine): Card[] {
  const { name, deviceId, entities } = routine;
  const icon = iconOf(hass, routine);
  return [
    heading(name, deviceId),
    ...tile(entities["switch.session"], {
      ...named,
      ...(icon && { icon }),
      features: [{ type: "toggle" }],
    }),
    ...tile(entities["number.duration"], {
      ...named,
      features: [{ type: "numeric-input", style: "buttons" }],
    }),
  ];
}

const past = (mat: Mat): Card[][] => [[card(mat, "history")], calendar(mat)];

function statistics(mat: Mat, text: (key: Word) => string): Card[][] {
  const id = `${DOMAIN}:${mat.entryId.toLowerCase()}`;
  const graph = (title: Word, what: string, period: string, days_to_show: number) => [
    {
      type: "statistics-graph",
      title: text(title),
      chart_type: "bar",
      stat_types: ["change"],
      entities: [{ entity: `${id}_${what}`, name: text(title) }],
      hide_legend: true,
      period,
      days_to_show,
    },
  ];
  return [
    graph("dashboard.minutes_a_day", "minutes", "day", 30),
    graph("dashboard.minutes_a_week", "minutes", "week", 180),
    graph("dashboard.sessions_a_month", "sessions", "month", 365),
  ];
}

function logbook(mat: Mat): Card[][] {
  // The integration's sentences belong to it: "Anna finished Bedtime: 20 min".
  const told = mat.entities["binary_sensor.session"];
  if (!told) return [];
  const card = {
    type: "logbook",
    target: { entity_id: [told] },
    hours_to_show: 168,
    grid_options: { columns: "full", rows: 10 },
  };
  return [[card]];
}

const COLUMNS = 3;

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
      sections: (mat: Mat) => Card[][],
    ): View => ({
      title: text(`dashboard.${path}`),
      path,
      type: "sections",
      max_columns: COLUMNS,
      sections: (mats.length ? mats : [undefined]).flatMap((mat): Section[] => {
        if (!mat) {
          // It says how to come to a mat.
          return [{ type: "grid", cards: [{ type: `custom:${CARD}` }] }];
        }
        const full = sections(mat).filter(({ length }) => length);
        const title: Section = {
          type: "grid",
          column_span: COLUMNS,
          cards: [heading(mat.name, mat.deviceId)],
        };
        return [
          ...(mats.length > 1 ? [title] : []),
          ...full.map((cards): Section => ({
            type: "grid",
            column_span: full.length === 1 ? COLUMNS : 1,
            cards,
          })),
        ];
      }),
    });
    return {
      views: [
        view("tonight", tonight),
        view("routines", (mat) =>
          mat.routines.length
            ? mat.routines.map((each) => routine(hass, each))
            : [[card(mat, "session")]],
        ),
        view("history", past),
        view("statistics", (mat) => statistics(mat, text)),
        view("logbook", logbook),
      ],
    };
  }
}
