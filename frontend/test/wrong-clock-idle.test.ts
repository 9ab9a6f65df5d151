/** Alone in its file: the page has one clock, and a wrong one stays wrong. */

import { expect, test, vi } from "vitest";
import { all, home, journal, NOW, settle, show } from "./page.ts";

const HOUR = 3_600_000;

test("asks in time on a tablet whose clock is a day ahead, before any session", async () => {
  const headers = { Date: new Date(NOW).toUTCString() };
  home.fetchWithAuth.mockImplementation(async () => new Response("", { headers }));
  vi.setSystemTime(NOW + 24 * HOUR);
  journal({ id: "last" });
  await show();
  await settle();
  expect(all()).toContain("How much does it hurt now?");
});
