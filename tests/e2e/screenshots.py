"""The pictures of README and docs, taken of a real Home Assistant.

Started by scripts/screenshots. Sessions of ten weeks are added to the journal, and the
browser's clock is moved on where a session has to be well under way.
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Final

from playwright.async_api import Browser, FloatRect, Locator, Page, ViewportSize, expect

from .bedroom import bedroom
from .browser import PHONE, Visit, chromium, visit
from .dashboard import CARD, add_dashboard, add_our_dashboard
from .demo import ROOM, prepare_home
from .dialog import Dialog
from .home_assistant import DOMAIN, REPOSITORY, HomeAssistant
from .mat import Mat, Routine
from .weeks import HOME, add_weeks

IMAGES: Final = REPOSITORY / "docs" / "images"

COLUMN: Final[ViewportSize] = {"width": 460, "height": 1000}
"""As wide as a column of a dashboard on a wall, or a large phone."""
DESK: Final[ViewportSize] = {"width": 1280, "height": 720}
MARGIN: Final = 8
"""Pixels of the page around a card."""

LENGTH: Final = timedelta(minutes=20)
INTO_IT: Final = timedelta(minutes=8, seconds=20)
"""How long the session of the pictures has been going on: in rest, the ring half gone."""


@dataclass(frozen=True, slots=True)
class Studio:
    """A browser before a furnished home."""

    browser: Browser
    home: HomeAssistant
    mat: Mat
    bedtime: Routine

    @asynccontextmanager
    async def page(
        self, path: str, size: ViewportSize = COLUMN, **options: Any
    ) -> AsyncIterator[Visit]:
        """Open a page with sharp pixels, its animations standing still."""
        async with visit(
            self.browser,
            self.home,
            viewport=size,
            device_scale_factor=2,
            **{"color_scheme": "light", "timezone_id": HOME.key, **options},
        ) as visited:
            # Where time runs as it does, but may be moved on.
            await visited.page.clock.install()
            await visited.go(path)
            yield visited

    async def card(self, name: str, path: str, waits_for: str, **options: Any) -> None:
        """Take a picture of the card once it shows a text."""
        async with self.page(path, **options) as visited:
            card = visited.page.locator(CARD).first
            await expect(card.get_by_text(waits_for).first).to_be_visible()
            await take(visited.page, name, card)


async def take(page: Page, name: str, part: Locator | None = None) -> None:
    """Save a picture of the page, or of a part with a little of what is around it."""
    # Colours and dialogs take a moment to arrive.
    await asyncio.sleep(2)
    clip: FloatRect | None = None
    if part is not None:
        box = await part.bounding_box()
        assert box
        clip = {
            "x": box["x"] - MARGIN,
            "y": box["y"] - MARGIN,
            "width": box["width"] + 2 * MARGIN,
            "height": box["height"] + 2 * MARGIN,
        }
    path = IMAGES / f"{name}.png"
    await page.screenshot(path=path, clip=clip)
    print(path.relative_to(REPOSITORY))


async def take_all(studio: Studio) -> None:
    """Take every picture."""
    client = studio.home.client
    await client.call(
        "frontend/set_user_data",
        key="language",
        value={"language": "en", "first_weekday": "monday"},
    )
    session = await add_dashboard(
        client, "mat-now", {"type": f"custom:{CARD}", "show": "session"}
    )
    history = await add_dashboard(
        client, "mat-past", {"type": f"custom:{CARD}", "show": "history"}
    )
    await take_setup(studio)
    await studio.card("card-idle", session, "Bedtime")
    await studio.card("card-history", history, "Pain")
    whole = await add_our_dashboard(client, "mat-whole")
    async with studio.page(f"{whole}/tonight", DESK) as visited:
        await expect(visited.page.get_by_text("Bedtime").first).to_be_visible()
        await take(visited.page, "dashboard")

    await studio.bedtime.start(minutes=LENGTH // timedelta(minutes=1))
    await studio.bedtime.perform("skip_phase")
    looks: dict[str, dict[str, Any]] = {
        "card-running": {},
        "card-phone": {"size": PHONE},
        "card-night": {},
    }
    for name, options in looks.items():
        sun = "below_horizon" if name == "card-night" else "above_horizon"
        await client.request("POST", "/api/states/sun.sun", json={"state": sun})
        async with studio.page(session, **options) as visited:
            page = visited.page
            await expect(page.get_by_role("timer")).to_be_visible()
            await page.clock.fast_forward(int(INTO_IT.total_seconds() * 1000))
            await expect(page.get_by_role("heading", name="Rest")).to_be_visible()
            await take(page, name, None if name == "card-phone" else page.locator(CARD))
    await client.request("DELETE", "/api/states/sun.sun")
    # For a stop within the first minute any other reason means that it was a mistake.
    await studio.bedtime.perform("stop_session", reason="pain")
    await studio.card("card-after", session, "Sit up slowly")


async def take_setup(studio: Studio) -> None:
    """Take a picture of the form of a routine."""
    path = f"/config/integrations/integration/{DOMAIN}"
    async with studio.page(path, DESK) as visited:
        await visited.page.get_by_role("button", name="Add routine").click()
        dialog = Dialog(visited.page)
        await dialog.shows("What is this routine for?")
        await dialog.write("Name", "Sunday evening")
        await dialog.choose("Area", "Bedroom")
        await dialog.press("Next")
        await dialog.shows("The room")
        await take(visited.page, "setup-room")


async def main() -> None:
    """Furnish a home and take the pictures."""
    IMAGES.mkdir(parents=True, exist_ok=True)
    async with HomeAssistant({**bedroom(), "frontend": {}}) as home:
        mat, bedtime = await prepare_home(home)
        await mat.add_routine("After work", "after_work", ROOM)
        await mat.add_routine("Morning", "morning", {})
        await add_weeks(mat)
        async with chromium() as browser:
            await take_all(Studio(browser, home, mat, bedtime))


if __name__ == "__main__":
    asyncio.run(main())
