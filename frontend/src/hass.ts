/** The part of Home Assistant's frontend that the card uses. */

export interface HassEntity {
  entity_id: string;
  state: string;
  attributes: Record<string, unknown>;
}

export interface EntityEntry {
  entity_id: string;
  device_id?: string;
  platform?: string;
  translation_key?: string;
  /** What a person chose instead of the integration's. */
  icon?: string;
}

export interface DeviceEntry {
  id: string;
  name: string | null;
  name_by_user: string | null;
  config_entry_id: string;
  config_subentry_id: string | null;
}

export type Localize = (
  key: string,
  values?: Record<string, string | number>,
) => string;

export interface Hass {
  states: Record<string, HassEntity>;
  entities: Record<string, EntityEntry>;
  devices: Record<string, DeviceEntry>;
  language: string;
  locale: {
    time_format: "language" | "system" | "12" | "24";
    time_zone: "local" | "server";
  };
  config: { time_zone: string };
  localize: Localize;
  loadBackendTranslation(category: string, integration: string): Promise<Localize>;
  formatEntityState(entity: HassEntity, state?: string): string;
  formatEntityName(entity: HassEntity, type: { type: "entity" | "device" }): string;
  callService(
    domain: string,
    service: string,
    data?: Record<string, unknown>,
    target?: { entity_id: string },
    notifyOnError?: boolean,
    returnResponse?: boolean,
  ): Promise<{ response?: unknown }>;
  fetchWithAuth(path: string, init?: RequestInit): Promise<Response>;
}

export const DOMAIN = "acupressure_mat";

/** Whether there is a state to show: not unavailable, not unknown, not missing. */
export const isKnown = (entity: HassEntity | undefined): entity is HassEntity =>
  entity !== undefined && entity.state !== "unavailable" && entity.state !== "unknown";
