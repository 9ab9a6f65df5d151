import { expect, test } from "vitest";
import { AcupressureMatStrategy } from "../src/strategy.ts";
import { Home } from "./home.ts";

const one = () => new Home().mat("anna", "Anna").routine("bedtime", "Bedtime", "anna");

const view = async (home: Home, path: string) => {
  const { views } = await AcupressureMatStrategy.generate({}, home.hass);
  const found = views.find((each) => each.path === path);
  return found?.sections.map(({ cards }) => cards) ?? [];
};

test("one click makes five views with names", async () => {
  const { views } = await AcupressureMatStrategy.generate({}, one().hass);
  expect(views.map(({ title }) => title)).toEqual([
    "Tonight",
    "Routines",
    "History",
    "Statistics",
    "Activity",
  ]);
});

test("a routine that is added later appears", async () => {
  const home = one();
  const before = await view(home, "routines");
  home.routine("nap", "Nap", "anna");
  const after = await view(home, "routines");
  expect(JSON.stringify(before)).not.toContain("switch.nap");
  expect(JSON.stringify(after)).toContain("switch.nap");
  expect(AcupressureMatStrategy.registryDependencies).toEqual(["entities", "devices"]);
});

test("each mat has its own cards, under its name if there are several", async () => {
  const two = await view(one().mat("ben", "Ben"), "tonight");
  const told = two.map(([card]) => card?.heading ?? card?.device_id).filter(Boolean);
  expect(told).toEqual(["Anna", "anna", "anna", "Ben", "ben", "ben"]);
  expect((await view(one(), "tonight"))[0]?.[0]?.type).toBe(
    "custom:acupressure-mat-card",
  );
});

test("the calendar shows days that are over, not its list of those to come", async () => {
  const home = one().entity("calendar.anna", "journal", "anna", { state: "off" });
  const { views } = await AcupressureMatStrategy.generate({}, home.hass);
  const cards = views.flatMap(({ sections }) => sections.flatMap((each) => each.cards));
  const shown = cards.filter(({ type }) => type === "calendar");
  expect(shown.map(({ initial_view }) => initial_view)).toEqual(["dayGridMonth"]);
});

test("statistics are asked for by the name that they are kept under", async () => {
  const cards = (await view(one(), "statistics")).flat();
  expect(
    cards.map(({ entities }) => (entities as { entity: string }[])[0]?.entity),
  ).toEqual([
    "acupressure_mat:entry_anna_minutes",
    "acupressure_mat:entry_anna_minutes",
    "acupressure_mat:entry_anna_sessions",
  ]);
});

test("an entity that was disabled leaves no hole", async () => {
  const home = one();
  delete home.entities["number.bedtime"];
  delete home.entities["number.anna_pain"];
  const { views } = await AcupressureMatStrategy.generate({}, home.hass);
  expect(JSON.stringify(views)).not.toMatch(/undefined|null|number\./);
});

test("the new dashboard is proposed with a name and an icon", async () => {
  expect(await AcupressureMatStrategy.getCreateSuggestions(one().hass)).toEqual({
    title: "Acupressure mat",
    icon: "mdi:spa",
  });
});

test("without a mat or a routine each page says what to do", async () => {
  const told = async (home: Home) => {
    const { views } = await AcupressureMatStrategy.generate({}, home.hass);
    return views.map(({ sections }) => sections.flatMap((each) => each.cards)[0]);
  };
  const card = { type: "custom:acupressure-mat-card" };
  expect(await told(new Home())).toEqual(Array(5).fill(card));
  const [, routines] = await told(new Home().mat("anna", "Anna"));
  expect(routines).toMatchObject({ ...card, device_id: "anna", show: "session" });
});
