/** What the journal knows of the last weeks: fetched once, again when it has changed. */

import type { ReactiveController, ReactiveControllerHost } from "lit";
import { serverClock } from "./clock.ts";
import { DOMAIN, type Hass } from "./hass.ts";
import { type Mat, stateOf } from "./mat.ts";

export const WEEKS = 12;
const HOUR = 60 * 60 * 1000;
const DAY = 24 * HOUR;
/**
 * Seconds between tries that fail.
 *
 * Home Assistant shows a mat's entities a moment before its journal may be asked for,
 * and nothing tells of that moment. Who may not read it is refused each time.
 */
const TRIES = [1, 2, 4, 8, 16, 32];

/**
 * For so long the record of a session that is just over is waited for.
 *
 * It is written and fetched within a moment. A rehearsal leaves none, though, and not
 * everybody may read the journal.
 */
const RECORDED_WITHIN = 5_000;

/** A finished session. */
export interface JournalRecord {
  id: string;
  /** The day it counts for, by the mat's day boundary: 2026-11-22. */
  day: string;
  endedAt: number;
  minutes: number;
  isBedtime: boolean;
  isLost: boolean;
  /** Ended because it hurt, or the person felt unwell. */
  isHealthStop: boolean;
  painBefore: number | undefined;
  painAfter: number | undefined;
  /** How well the person slept after it. */
  sleep: number | undefined;
}

/** What the card reads of a session that `get_records` tells of. */
interface Told {
  id: string;
  day: string;
  ended_at: string;
  /** Seconds. */
  elapsed: number;
  kind?: string;
  outcome?: "completed" | "stopped" | "lost";
  reason?: string | null;
  ratings?: Partial<Record<"pain_before" | "pain_after" | "sleep", number | null>>;
}

interface Answer {
  today: string;
  /** The latest first. */
  records: Told[];
}

/** Enough for twelve weeks of more than two sessions a day. */
const MOST = 200;

/** Enough to find that of last night behind those of this morning. */
const LATEST = 5;

const HEALTH_REASONS = new Set<unknown>([
  "discomfort",
  "pain",
  "dizziness",
  "numbness",
]);

const recordOf = ({
  id,
  day,
  ended_at,
  elapsed,
  kind,
  outcome,
  reason,
  ratings,
}: Told): JournalRecord => ({
  id,
  day,
  endedAt: Date.parse(ended_at),
  minutes: elapsed / 60,
  isBedtime: kind === "bedtime",
  isLost: outcome === "lost",
  isHealthStop: HEALTH_REASONS.has(reason),
  painBefore: ratings?.pain_before ?? undefined,
  painAfter: ratings?.pain_after ?? undefined,
  sleep: ratings?.sleep ?? undefined,
});

/** One square of the heat map. */
export interface Day {
  day: string;
  minutes: number;
}

export class Journal implements ReactiveController {
  /** The latest last; undefined until they are there. */
  records: readonly JournalRecord[] | undefined;
  /** The day that today's sessions count for. */
  today = "";
  readonly #host: ReactiveControllerHost;
  #version: string | undefined;
  #entryId: string | undefined;
  #timer: ReturnType<typeof setTimeout> | undefined;
  /** When the session began whose record is waited for, or was in vain. */
  #awaited: number | undefined;
  #patience: ReturnType<typeof setTimeout> | undefined;

  constructor(host: ReactiveControllerHost) {
    this.#host = host;
    host.addController(this);
  }

  hostConnected(): void {
    this.#host.requestUpdate();
  }

  hostDisconnected(): void {
    this.#version = undefined;
    clearTimeout(this.#timer);
    this.#giveUp();
    this.#awaited = undefined;
  }

  /** Whether the record of a session that is just over is still to come. */
  awaits(startedAt: number): boolean {
    if ((this.records?.at(-1)?.endedAt ?? 0) >= startedAt) {
      this.#giveUp();
    } else if (startedAt !== this.#awaited) {
      this.#giveUp();
      this.#awaited = startedAt;
      this.#patience = setTimeout(() => {
        this.#giveUp();
        this.#host.requestUpdate();
      }, RECORDED_WITHIN);
    }
    return this.#patience !== undefined;
  }

  #giveUp(): void {
    clearTimeout(this.#patience);
    this.#patience = undefined;
  }

  /** Fetch them, or only the latest, if something happened that may have changed them. */
  update(hass: Hass, mat: Mat, isLatestEnough: boolean): void {
    if (mat.entryId !== this.#entryId) {
      this.#entryId = mat.entryId;
      this.records = undefined;
    }
    const minutes = stateOf(hass, mat, "sensor.minutes_today");
    const version = [
      isLatestEnough,
      mat.entryId,
      minutes?.state,
      minutes?.attributes.journal_changed_at,
      stateOf(hass, mat, "event.practice")?.state,
      stateOf(hass, mat, "binary_sensor.session")?.state,
      // A new day may begin at any hour, and is one also if nothing happened on the last.
      isLatestEnough || Math.floor(serverClock.now() / HOUR),
    ].join();
    if (version !== this.#version) {
      this.#version = version;
      clearTimeout(this.#timer);
      void this.#fetch(hass, mat, isLatestEnough ? LATEST : MOST);
      // What is asked about a session depends on how long it is over.
      void serverClock
        .sync(hass)
        .then((isNews) => isNews && this.#host.requestUpdate());
    }
  }

  async #fetch(hass: Hass, mat: Mat, limit: number, tries = 0): Promise<void> {
    const version = this.#version;
    try {
      const { response } = (await hass.callService(
        DOMAIN,
        "get_records",
        { config_entry_id: mat.entryId, period: "year", limit },
        undefined,
        false,
        true,
      )) as { response?: Answer };
      if (response && version === this.#version) {
        this.today = response.today;
        this.records = response.records.map(recordOf).reverse();
        this.#host.requestUpdate();
      }
    } catch {
      const wait = TRIES[tries];
      if (wait !== undefined && version === this.#version) {
        this.#timer = setTimeout(
          () => void this.#fetch(hass, mat, limit, tries + 1),
          wait * 1000,
        );
      }
    }
  }
}

/** The last twelve weeks by week, each from Monday; days to come are left out. */
export function weeks(records: readonly JournalRecord[], today: string): Day[][] {
  const minutes = new Map<string, number>();
  for (const record of records) {
    minutes.set(record.day, (minutes.get(record.day) ?? 0) + record.minutes);
  }
  const last = Date.parse(today);
  const monday = last - ((new Date(last).getUTCDay() + 6) % 7) * DAY;
  return Array.from({ length: WEEKS }, (_, week) =>
    Array.from({ length: 7 }, (_, weekday) => {
      const at = monday + ((week - WEEKS + 1) * 7 + weekday) * DAY;
      const day = new Date(at).toISOString().slice(0, 10);
      return { at, day, minutes: minutes.get(day) ?? 0 };
    }).filter(({ at }) => at <= last),
  );
}

/** The mean pain before and after the sessions of a week. */
export interface Relief {
  before: number;
  after: number;
}

/** A week's relief; undefined if none of its sessions was rated before and after. */
export function relief(
  records: readonly JournalRecord[],
  week: readonly Day[],
): Relief | undefined {
  const days = new Set(week.map(({ day }) => day));
  let count = 0;
  const sum = { before: 0, after: 0 };
  for (const { day, painBefore, painAfter } of records) {
    if (days.has(day) && painBefore !== undefined && painAfter !== undefined) {
      count += 1;
      sum.before += painBefore;
      sum.after += painAfter;
    }
  }
  return count ? { before: sum.before / count, after: sum.after / count } : undefined;
}

/** For so long after its end a session may be rated here. */
const RATEABLE = 12 * HOUR;
/** Nobody has slept sooner after a session; later it is no longer about last night. */
const SHORTEST_NIGHT = 4 * HOUR;
const NIGHT = 14 * HOUR;

/** The last session if its pain afterwards may still be told and was not. */
export function unrated(
  records: readonly JournalRecord[] | undefined,
  now: number,
): JournalRecord | undefined {
  const last = records?.at(-1);
  return last &&
    !last.isLost &&
    last.painAfter === undefined &&
    now - last.endedAt < RATEABLE
    ? last
    : undefined;
}

/** The bedtime session of last night if nobody has told yet how they slept. */
export function unslept(
  records: readonly JournalRecord[] | undefined,
  today: string,
  now: number,
): JournalRecord | undefined {
  const last = records?.findLast(({ isBedtime }) => isBedtime);
  const since = last ? now - last.endedAt : 0;
  return last &&
    last.day < today &&
    since >= SHORTEST_NIGHT &&
    since < NIGHT &&
    last.sleep === undefined &&
    !last.isLost &&
    // Nobody who was hurt is asked for numbers about that night.
    !last.isHealthStop
    ? last
    : undefined;
}
