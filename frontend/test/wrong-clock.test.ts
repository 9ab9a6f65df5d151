/** Alone in its file: the page has one clock, and a wrong one stays wrong. */

import type { LitElement } from "lit";
import { afterEach, expect, test, vi } from "vitest";
import { Home, MINUTE, running } from "./home.ts";
import "../src/index.ts";

afterEach(() => vi.useRealTimers());

test("counts right on a tablet whose clock is an hour ahead", async () => {
  const server = Date.parse("2026-11-22T21:00:00Z");
  vi.useFakeTimers({ now: server });
  const home = new Home()
    .mat("anna", "Anna")
    .routine("bedtime", "Bedtime", "anna", running(10));
  vi.setSystemTime(server + 60 * MINUTE);
  const headers = { Date: new Date(server).toUTCString() };
  home.fetchWithAuth.mockImplementation(
    () => new Promise((done) => setTimeout(done, 80, new Response("", { headers }))),
  );
  const card = document.createElement("acupressure-mat-card");
  card.setConfig({ type: "custom:acupressure-mat-card" });
  card.hass = home.hass;
  document.body.append(card);
  await vi.advanceTimersByTimeAsync(3000);
  const session = card.shadowRoot?.querySelector<LitElement>("acupressure-mat-session");
  const [minutes, seconds] = (
    session?.shadowRoot?.querySelector(".time")?.textContent ?? ""
  )
    .trim()
    .split(":")
    .map(Number);
  expect(
    Math.abs((minutes ?? 0) * 60 + (seconds ?? 0) - (11 * 60 - 3)),
  ).toBeLessThanOrEqual(1);
});
