/** The card on a page, and what a person does there. */

import type { LitElement } from "lit";
import { afterEach, beforeEach, vi } from "vitest";
import type { AcupressureMatCard, CardConfig } from "../src/card.ts";
import { Home } from "./home.ts";
import "../src/index.ts";

export const NOW = Date.parse("2026-11-22T21:00:00Z");
export let home: Home;
export let card: AcupressureMatCard;
let today: string;

/** Let it be this day on the mat. */
export function setToday(day: string): void {
  today = day;
}

beforeEach(() => {
  setToday("2026-11-22");
  vi.useFakeTimers({ now: NOW });
  localStorage.clear();
  home = new Home().mat("anna", "Anna");
});

afterEach(() => {
  document.body.replaceChildren();
  vi.useRealTimers();
});

export async function settle(): Promise<void> {
  await vi.advanceTimersByTimeAsync(0);
  await card.updateComplete;
  await inner()?.updateComplete;
}

export async function show(config: Partial<CardConfig> = {}): Promise<void> {
  card = document.createElement("acupressure-mat-card");
  card.setConfig({ type: "custom:acupressure-mat-card", ...config });
  card.hass = home.hass;
  document.body.append(card);
  await settle();
}

export async function refresh(): Promise<void> {
  card.hass = home.hass;
  await settle();
}

/** Let `get_records` answer with these, the latest first, as the action does. */
export function journal(...records: object[]): void {
  const whole = records.map((record, index) => ({
    id: `record ${index}`,
    day: "2026-11-22",
    started_at: "2026-11-22T20:38:00+00:00",
    ended_at: "2026-11-22T20:59:00+00:00",
    elapsed: 1200,
    ...record,
  }));
  home.callService.mockImplementation(async (_, service) =>
    service === "get_records"
      ? { response: { today, total: whole.length, records: whole } }
      : {},
  );
}

export const inner = () =>
  card.shadowRoot?.querySelector<LitElement>("acupressure-mat-session") ?? undefined;
export const root = () => inner()?.shadowRoot ?? card.shadowRoot;
export const all = () =>
  `${card.shadowRoot?.textContent} ${inner()?.shadowRoot?.textContent ?? ""}`;
export const time = () => root()?.querySelector(".time")?.textContent.trim();
export const heading = () => root()?.querySelector("h3")?.textContent.trim();

export function button(text: string): HTMLButtonElement {
  const found = [...(root()?.querySelectorAll("button") ?? [])].find((each) =>
    `${each.textContent} ${each.getAttribute("aria-label")}`.includes(text),
  );
  if (!found) {
    throw new Error(`no button "${text}"`);
  }
  return found;
}

export async function press(text: string): Promise<void> {
  button(text).click();
  await settle();
}

export const actions = () =>
  home.callService.mock.calls
    .filter(([, service]) => service !== "get_records")
    .map(([domain, service, data, target]) => [`${domain}.${service}`, data, target]);
