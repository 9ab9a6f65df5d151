/** Defines the card and the dashboard strategy and tells Home Assistant of them. */

import { AcupressureMatCard, CARD } from "./card.ts";
import { currentHass } from "./form.ts";
import { DOMAIN, type Hass } from "./hass.ts";
import { RunningSession } from "./running.ts";
import { AcupressureMatStrategy, STRATEGY } from "./strategy.ts";
import { loadWords, word } from "./words.ts";

interface Offer {
  type: string;
  name: string;
  description: string;
  [more: string]: unknown;
}

const shop = window as { customCards?: Offer[]; customStrategies?: Offer[] };

const card: Offer = {
  type: CARD,
  name: "Acupressure mat",
  description: "",
  preview: true,
  getEntitySuggestion(hass: Hass, entityId: string) {
    const entry = hass.entities[entityId];
    return entry?.platform === DOMAIN
      ? { config: { type: `custom:${CARD}`, device_id: entry.device_id, show: "all" } }
      : null;
  },
};

const strategy: Offer = {
  type: STRATEGY,
  strategyType: "dashboard",
  name: "Acupressure mat",
  description: "",
};

/** The pickers read these at any time and ask nobody, so they are kept translated. */
async function translate(): Promise<void> {
  const hass = currentHass();
  if (hass) {
    const localize = await loadWords(hass);
    card.name = word({ localize }, "card.name") || card.name;
    card.description = word({ localize }, "card.description");
    strategy.name = word({ localize }, "dashboard.name") || strategy.name;
    strategy.description = word({ localize }, "dashboard.description");
  }
}

function define(tag: string, element: CustomElementConstructor): void {
  if (!customElements.get(tag)) {
    customElements.define(tag, element);
  }
}

define("acupressure-mat-session", RunningSession);
define(`ll-strategy-dashboard-${STRATEGY}`, AcupressureMatStrategy);
// A second copy of this file, added by hand as a resource, changes nothing.
if (!customElements.get(CARD)) {
  define(CARD, AcupressureMatCard);
  shop.customCards ??= [];
  shop.customCards.push(card);
  shop.customStrategies ??= [];
  shop.customStrategies.push(strategy);
  window.addEventListener("translations-updated", () => void translate());
  void translate();
}
