/**
 * What a running session's attributes say about a moment.
 *
 * The same answers as session/session.py gives, from what the routine's switch
 * publishes: the end of each phase, with all finished pauses in it. Moments are
 * milliseconds since the epoch on Home Assistant's clock.
 */

import type { HassEntity } from "./hass.ts";

export const PHASES = ["prepare", "settle", "rest", "wind_down", "after"] as const;
export type Phase = (typeof PHASES)[number];

export interface PhaseEnd {
  phase: Phase;
  endsAt: number;
}

export interface Session {
  startedAt: number;
  pausedAt: number | null;
  /** False during `after`: the session is over, the room is not released yet. */
  isOn: boolean;
  phases: readonly PhaseEnd[];
}

/** A stretch of the time on the mat, both ends as shares of it, 0 to 1. */
export interface Stretch {
  phase: Phase;
  from: number;
  to: number;
}

export interface Moment {
  phase: Phase;
  isPaused: boolean;
  /** Milliseconds on the mat that are left; prepare is not on the mat. */
  remaining: number;
  /** When the time on the mat is over, unless the clock stands still. */
  finishesAt: number;
  /** Milliseconds of this phase that are left. */
  phaseRemaining: number;
  /** How much of the time on the mat is over, 0 to 1. */
  progress: number;
}

interface SessionAttributes {
  started_at?: string | null;
  paused_at?: string | null;
  phases?: readonly { phase: Phase; ends_at: string }[];
}

/** The session that a routine's switch tells of; undefined while there is none. */
export function sessionOf(entity: HassEntity | undefined): Session | undefined {
  const { started_at, paused_at, phases } = (entity?.attributes ??
    {}) as SessionAttributes;
  if (!entity || !started_at || !phases?.length) {
    return undefined;
  }
  return {
    startedAt: Date.parse(started_at),
    pausedAt: paused_at ? Date.parse(paused_at) : null,
    isOn: entity.state === "on",
    phases: phases.map(({ phase, ends_at }) => ({
      phase,
      endsAt: Date.parse(ends_at),
    })),
  };
}

/** When the time on the mat begins and ends, if nobody pauses any more. */
function onTheMat({ phases, startedAt }: Session): { begin: number; end: number } {
  const begin = phases.find(({ phase }) => phase === "prepare")?.endsAt ?? startedAt;
  const end = phases.findLast(({ phase }) => phase !== "after")?.endsAt ?? begin;
  return { begin, end };
}

/**
 * The answers for a moment; undefined once the room is released.
 *
 * While the switch is on the session has not ended, whatever the clock here says.
 */
export function at(session: Session, now: number): Moment | undefined {
  const { phases, isOn, pausedAt } = session;
  const time = pausedAt ?? now;
  const { begin, end } = onTheMat(session);
  const possible = phases.filter(({ phase }) => isOn === (phase !== "after"));
  const current =
    possible.find(({ endsAt }) => endsAt > time) ??
    (isOn ? possible.at(-1) : undefined);
  if (!current) {
    return undefined;
  }
  const remaining = isOn ? Math.max(0, end - Math.max(time, begin)) : 0;
  return {
    phase: current.phase,
    isPaused: pausedAt !== null,
    remaining,
    finishesAt: end,
    phaseRemaining: Math.max(0, current.endsAt - time),
    progress: end > begin ? 1 - remaining / (end - begin) : 1,
  };
}

/** The phases on the mat as shares of it. */
export function stretches(session: Session): Stretch[] {
  const { begin, end } = onTheMat(session);
  let from = 0;
  return session.phases
    .filter(({ phase }) => phase !== "prepare" && phase !== "after")
    .map(({ phase, endsAt }) => {
      const stretch = { phase, from, to: (endsAt - begin) / (end - begin) };
      from = stretch.to;
      return stretch;
    });
}
