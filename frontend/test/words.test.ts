/** Words that a language lacks would leave holes in the card, and nobody would notice. */

import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test, vi } from "vitest";
import en from "../../custom_components/acupressure_mat/translations/en.json";
import { clockFace, loadWords, quantity, timeOfDay } from "../src/words.ts";
import { Home } from "./home.ts";

const folder = join(
  import.meta.dirname,
  "../../custom_components/acupressure_mat/translations",
);

const source = readdirSync(join(import.meta.dirname, "../src"))
  .map((file) => readFileSync(join(import.meta.dirname, "../src", file), "utf8"))
  .join("\n");

const ours = ({ card, dashboard }: typeof en.config_panel) => flat({ card, dashboard });

const flat = (words: Record<string, Record<string, string>>) =>
  Object.fromEntries(
    Object.entries(words).flatMap(([group, texts]) =>
      Object.entries(texts).map(([key, text]) => [`${group}.${key}`, text]),
    ),
  );

const placeholders = (text = "") => (text.match(/\{\w+\}/g) ?? []).sort();

test.each(readdirSync(folder))("%s has every word with its placeholders", (file) => {
  const words = ours(
    (JSON.parse(readFileSync(join(folder, file), "utf8")) as typeof en).config_panel,
  );
  const english = ours(en.config_panel);
  expect(Object.keys(words).sort()).toEqual(Object.keys(english).sort());
  for (const [key, text] of Object.entries(english)) {
    expect(words[key], key).not.toBe("");
    expect(placeholders(words[key]), key).toEqual(placeholders(text));
  }
});

test.each(Object.keys(ours(en.config_panel)))("%s is used", (key) => {
  const [group, name = ""] = key.split(".");
  // The phases' sentences and the form's words are looked up by their last part.
  const parts = name.replace(/^editor_(show_)?|_help$/g, "");
  expect(source.includes(`"${group}.${name}"`) || source.includes(`"${parts}"`)).toBe(
    true,
  );
});

test("a language writes its own units", () => {
  const { hass } = new Home();
  const said = (language: string) => [
    quantity({ ...hass, language }, 20.4, "minute"),
    quantity({ ...hass, language }, 1, "day", "long"),
    quantity({ ...hass, language }, 4, "day", "long"),
  ];
  expect(said("en")).toEqual(["20 min", "1 day", "4 days"]);
  expect(said("pl")).toEqual(["20 min", "1 dzień", "4 dni"]);
});

test.each([
  ["en", "language", "4:05 PM"],
  ["de", "language", "16:05"],
  ["en", "24", "16:05"],
  ["pl", "12", "4:05 PM"],
] as const)("a moment in %s, written as %s, is %s", (language, time_format, time) => {
  const { hass } = new Home();
  const locale = { time_format, time_zone: "server" } as const;
  const moment = Date.parse("2026-11-22T15:05:59Z");
  expect(timeOfDay({ ...hass, language, locale }, moment).replace("\u202f", " ")).toBe(
    time,
  );
});

test.each([
  [0, "0:00"],
  [-5000, "0:00"],
  [1, "0:01"],
  [59_001, "1:00"],
  [3_600_000, "60:00"],
])("%i ms is %s", (milliseconds, face) => {
  expect(clockFace(milliseconds)).toBe(face);
});

test("words are asked for again when the user comes back to a language", async () => {
  const { hass } = new Home();
  const loadBackendTranslation = vi.fn(async () => hass.localize);
  for (const language of ["en", "en", "de", "de", "en"]) {
    await loadWords({ ...hass, language, loadBackendTranslation });
  }
  expect(loadBackendTranslation).toHaveBeenCalledTimes(3);
});
