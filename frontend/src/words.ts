/**
 * Words: Home Assistant's for units and numbers, the integration's for the rest.
 *
 * The card has none of its own, so a language is complete in one place. The category
 * `config_panel` is the one that Home Assistant keeps for an integration's frontend.
 */

import type en from "../../custom_components/acupressure_mat/translations/en.json";
import { DOMAIN, type Hass, type Localize } from "./hass.ts";

const CATEGORY = "config_panel";

type Words = Pick<(typeof en)[typeof CATEGORY], "card" | "dashboard">;
export type Word = {
  [Group in keyof Words]: `${Group}.${keyof Words[Group] & string}`;
}[keyof Words];

let loading: { language: string; words: Promise<Localize> } | undefined;

/**
 * Load the words in the user's language and return what reads them.
 *
 * Home Assistant answers a second request at once, before the first one's words are
 * there; so everybody here waits for the same request. It forgets them with a change of
 * language, also when the user comes back to this one.
 */
export function loadWords(hass: Hass): Promise<Localize> {
  const { language } = hass;
  if (loading?.language !== language) {
    const words = hass.loadBackendTranslation(CATEGORY, DOMAIN);
    words.catch(() => (loading = undefined));
    loading = { language, words };
  }
  return loading.words;
}

/** The text in the user's language; empty, never a key, while it is not there. */
export function word(
  { localize }: { localize: Localize },
  key: Word,
  values?: Record<string, string | number>,
): string {
  return localize(`component.${DOMAIN}.${CATEGORY}.${key}`, values);
}

/** A number with its unit, as the user's language writes it: "20 min", "4 days". */
export function quantity(
  hass: Hass,
  value: number,
  unit: "minute" | "day",
  unitDisplay: "short" | "long" = "short",
): string {
  return new Intl.NumberFormat(hass.language, {
    style: "unit",
    unit,
    unitDisplay,
    maximumFractionDigits: 0,
  }).format(value);
}

/** A moment as the clock on the wall shows it, in the zone and the way the user chose. */
export function timeOfDay({ language, locale, config }: Hass, moment: number): string {
  const { time_format, time_zone } = locale;
  const hourCycle = { "12": "h12", "24": "h23" }[time_format as string];
  return new Intl.DateTimeFormat(time_format === "system" ? undefined : language, {
    hour: hourCycle === "h23" ? "2-digit" : "numeric",
    minute: "2-digit",
    ...(hourCycle && { hourCycle: hourCycle as "h12" | "h23" }),
    ...(time_zone === "server" && { timeZone: config.time_zone }),
  }).format(moment);
}

/** Minutes and seconds as on a clock, "14:05"; a second is shown until it is over. */
export function clockFace(milliseconds: number): string {
  const seconds = Math.max(0, Math.ceil(milliseconds / 1000));
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
}
