import { expect, test } from "vitest";
import { findMats, matOf, stateOf } from "../src/mat.ts";
import { Home } from "./home.ts";

const home = () =>
  new Home()
    .mat("anna", "Anna")
    .mat("ben", "Ben")
    .routine("bedtime", "Bedtime", "anna")
    .routine("after_work", "After work", "anna")
    .routine("nap", "Nap", "ben");

const shape = (two: Home) =>
  findMats(two.hass).map(({ name, routines }) => [
    name,
    ...routines.map((r) => r.name),
  ]);

test("each mat has its own routines, by name", () => {
  expect(shape(home())).toEqual([
    ["Anna", "After work", "Bedtime"],
    ["Ben", "Nap"],
  ]);
});

test("entities are found whatever they are called", () => {
  const two = home().entity("switch.xyz", "session", "after_work", { state: "on" });
  delete two.entities["switch.after_work"];
  const [anna] = findMats(two.hass);
  const routine = anna?.routines[0];
  expect(routine && stateOf(two.hass, routine, "switch.session")?.state).toBe("on");
});

test("a device that the user renamed has that name", () => {
  const two = home();
  two.devices.nap = { ...two.devices.nap, name_by_user: "Siesta" } as never;
  expect(shape(two)[1]).toEqual(["Ben", "Siesta"]);
});

test("another integration's session switch is no routine", () => {
  const two = home()
    .device("sauna", "Sauna", "OTHER")
    .entity("switch.sauna", "session", "sauna", { state: "off" }, "sauna");
  expect(shape(two)).toHaveLength(2);
});

test("a routine whose switch is disabled is not offered and is no mat", () => {
  const two = home();
  delete two.entities["switch.nap"];
  expect(shape(two)).toEqual([["Anna", "After work", "Bedtime"], ["Ben"]]);
});

test("the card's device may be a mat, a routine of it, or left to us", () => {
  const mats = findMats(home().hass);
  expect(matOf(mats)?.name).toBe("Anna");
  expect(matOf(mats, "ben")?.name).toBe("Ben");
  expect(matOf(mats, "bedtime")?.routines.map(({ name }) => name)).toEqual(["Bedtime"]);
  expect(matOf(mats, "gone")).toBeUndefined();
});
