/** A home with a mat in it, as Home Assistant's frontend would hand it to the card. */

import { vi } from "vitest";
import en from "../../custom_components/acupressure_mat/translations/en.json";
import type { DeviceEntry, EntityEntry, Hass, HassEntity } from "../src/hass.ts";

type State = Omit<HassEntity, "entity_id" | "attributes"> & {
  attributes?: Record<string, unknown>;
};

const PREFIX = "component.acupressure_mat.";

const localize: Hass["localize"] = (key, values = {}) => {
  if (!key.startsWith(PREFIX)) {
    return "";
  }
  const text = key
    .slice(PREFIX.length)
    .split(".")
    .reduce<unknown>((part, name) => (part as Record<string, unknown>)[name], en);
  return (text as string).replace(/\{(\w+)\}/g, (_, value: string) =>
    String(values[value]),
  );
};

export class Home {
  readonly entities: Record<string, EntityEntry> = {};
  readonly devices: Record<string, DeviceEntry> = {};
  readonly states: Record<string, HassEntity> = {};
  readonly callService = vi.fn<Hass["callService"]>(async () => ({}));
  readonly fetchWithAuth = vi.fn<Hass["fetchWithAuth"]>(
    async () => new Response("", { headers: { Date: new Date().toUTCString() } }),
  );

  device(
    id: string,
    name: string,
    entry: string,
    subentry: string | null = null,
  ): this {
    this.devices[id] = {
      id,
      name,
      name_by_user: null,
      config_entry_id: entry,
      config_subentry_id: subentry,
    };
    return this;
  }

  entity(
    entity_id: string,
    translation_key: string,
    device_id: string,
    { state, attributes = {} }: State,
    platform = "acupressure_mat",
  ): this {
    this.entities[entity_id] = { entity_id, translation_key, device_id, platform };
    this.states[entity_id] = { entity_id, state, attributes };
    return this;
  }

  mat(id: string, name: string): this {
    return this.device(id, name, `ENTRY_${id}`)
      .entity(`sensor.${id}_phase`, "phase", id, { state: "idle" })
      .entity(`sensor.${id}_today`, "minutes_today", id, { state: "12" })
      .entity(`sensor.${id}_week`, "days_this_week", id, {
        state: "3",
        attributes: { goal: 5 },
      })
      .entity(`sensor.${id}_streak`, "streak", id, { state: "4" })
      .entity(`number.${id}_pain`, "pain", id, { state: "unknown" });
  }

  routine(id: string, name: string, mat: string, switched?: State): this {
    return this.device(id, name, `ENTRY_${mat}`, `sub_${id}`)
      .entity(`switch.${id}`, "session", id, switched ?? { state: "off" })
      .entity(`number.${id}`, "duration", id, { state: "20" });
  }

  /** What the frontend hands out after each change: a new object. */
  get hass(): Hass {
    return {
      entities: { ...this.entities },
      devices: { ...this.devices },
      states: { ...this.states },
      language: "en",
      locale: { time_format: "language", time_zone: "local" },
      config: { time_zone: "Europe/Vienna" },
      localize,
      loadBackendTranslation: async () => localize,
      formatEntityState: (entity, state) => `<${state ?? entity.state}>`,
      formatEntityName: (entity) => `<name of ${entity.entity_id}>`,
      callService: this.callService,
      fetchWithAuth: this.fetchWithAuth,
    };
  }
}

export const MINUTE = 60_000;

/** The attributes of a 20 minute session that began so many minutes ago. */
export function running(minutesAgo: number, more: Record<string, unknown> = {}): State {
  const start = Date.now() - minutesAgo * MINUTE;
  const iso = (minutes: number) => new Date(start + minutes * MINUTE).toISOString();
  return {
    state: "on",
    attributes: {
      started_at: iso(0),
      finishes_at: iso(21),
      paused_at: null,
      planned_minutes: 20,
      phases: [
        { phase: "prepare", ends_at: iso(1) },
        { phase: "settle", ends_at: iso(4) },
        { phase: "rest", ends_at: iso(19) },
        { phase: "wind_down", ends_at: iso(21) },
        { phase: "after", ends_at: iso(26) },
      ],
      ...more,
    },
  };
}
