/** Mats and routines, found in Home Assistant's registries; names play no role. */

import { type DeviceEntry, DOMAIN, type Hass, type HassEntity } from "./hass.ts";

export interface Routine {
  deviceId: string;
  name: string;
  /** Entity ids by domain and translation key: `switch.session`. */
  entities: Readonly<Record<string, string>>;
}

export interface Mat extends Routine {
  entryId: string;
  routines: readonly Routine[];
}

const nameOf = (device: DeviceEntry) => device.name_by_user ?? device.name ?? "";

/** All mats by name, each with its routines by name. */
export function findMats(hass: Hass): Mat[] {
  const entities = new Map<string, Record<string, string>>();
  for (const entry of Object.values(hass.entities)) {
    if (entry.platform !== DOMAIN || !entry.device_id || !entry.translation_key) {
      continue;
    }
    const [domain] = entry.entity_id.split(".");
    const found = entities.get(entry.device_id) ?? {};
    found[`${domain}.${entry.translation_key}`] = entry.entity_id;
    entities.set(entry.device_id, found);
  }
  const mats: Mat[] = [];
  const routines: (Routine & { entryId: string })[] = [];
  for (const [deviceId, found] of entities) {
    const device = hass.devices[deviceId];
    if (!device) {
      continue;
    }
    const item = {
      deviceId,
      name: nameOf(device),
      entryId: device.config_entry_id,
      entities: found,
    };
    if ("switch.session" in found) {
      routines.push(item);
    } else if (!device.config_subentry_id) {
      mats.push({ ...item, routines: [] });
    }
  }
  const byName = (a: Routine, b: Routine) =>
    a.name.localeCompare(b.name, hass.language);
  return mats.sort(byName).map((mat) => ({
    ...mat,
    routines: routines.filter(({ entryId }) => entryId === mat.entryId).sort(byName),
  }));
}

/** The mat that a device belongs to, or the first one; with one routine if it is one. */
export function matOf(mats: readonly Mat[], deviceId?: string): Mat | undefined {
  for (const mat of mats) {
    const routines = mat.routines.filter((routine) => routine.deviceId === deviceId);
    if (routines.length) {
      return { ...mat, routines };
    }
  }
  return deviceId ? mats.find((mat) => mat.deviceId === deviceId) : mats[0];
}

/** The state of the entity with this domain and translation key. */
export const stateOf = (
  hass: Hass,
  { entities }: Routine,
  key: string,
): HassEntity | undefined => hass.states[entities[key] ?? ""];
