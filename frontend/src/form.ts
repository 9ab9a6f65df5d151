/** The card's visual editor, described for Home Assistant's own form. */

import { DOMAIN, type Hass, type Localize } from "./hass.ts";
import { loadWords, type Word, word } from "./words.ts";

/** Home Assistant asks for the form without saying for which `hass`. */
export const currentHass = (): Hass | undefined =>
  document.querySelector<HTMLElement & { hass?: Hass }>("home-assistant")?.hass;

export async function cardForm() {
  const hass = currentHass();
  const localize: Localize = hass ? await loadWords(hass) : () => "";
  const text = (key: string) => word({ localize }, `card.editor_${key}` as Word);
  return {
    schema: [
      { name: "device_id", selector: { device: { filter: { integration: DOMAIN } } } },
      {
        name: "show",
        default: "all",
        selector: {
          select: {
            mode: "dropdown",
            options: ["all", "session", "history"].map((value) => ({
              value,
              label: text(`show_${value}`),
            })),
          },
        },
      },
      { name: "dim", default: true, selector: { boolean: {} } },
    ],
    computeLabel: ({ name }: { name: string }) => text(name),
    computeHelper: ({ name }: { name: string }) => text(`${name}_help`) || undefined,
  };
}
