"""From *Add integration* to the first record, as a person does it: by clicks alone."""

import asyncio
from collections.abc import AsyncIterator

from playwright.async_api import Browser, Page, expect
import pytest
import pytest_asyncio

from .bedroom import DIFFUSER, bedroom, furnish
from .browser import visit
from .client import Client
from .conftest import Boot
from .dashboard import CARD
from .home_assistant import DOMAIN, HomeAssistant
from .set_up import add_mat, describe_routine, make_dashboard

pytestmark = pytest.mark.browser


@pytest_asyncio.fixture(scope="module")
async def home(boot: Boot) -> AsyncIterator[HomeAssistant]:
    """Return a home with a furnished bedroom and no mat."""
    async with boot({**bedroom(), "frontend": {}}) as running:
        await furnish(running.client)
        yield running


async def lie_down(page: Page, routine: str) -> None:
    """Have a session by taps on the card, to its end and long enough to be no mistake."""
    card = page.locator(CARD).first
    await card.get_by_role("button", name=f"Start {routine}").click()
    for phase in ("Prepare", "Settle", "Rest", "Wind down"):
        await expect(card.get_by_role("heading", name=phase)).to_be_visible()
        # Whoever presses twice at once skips one phase, not two.
        await asyncio.sleep(61 if phase == "Wind down" else 0.6)
        await card.get_by_role("button", name="Next phase").click()
    await expect(card.get_by_role("heading", name="Take your time")).to_be_visible()
    await expect(card.get_by_text("How much does it hurt now?")).to_be_visible()


async def the_record(client: Client) -> dict[str, object]:
    """Return the only record of the journal."""
    answer = await client.action(f"{DOMAIN}.get_records", returns=True)
    (record,) = answer["records"]
    return dict(record)


@pytest.mark.timeout(300)
async def test_save_and_the_first_session(
    home: HomeAssistant, browser: Browser
) -> None:
    """Each part may work and the way through all of them still break."""
    async with visit(browser, home) as visited:
        dialog = await add_mat(visited, "Anna's mat")
        await describe_routine(dialog, "Bedtime", "Bedtime")
        await dialog.choose_from_menu("Save")
        await dialog.shows("Success")
        await expect(
            dialog.part.get_by_role("link", name="add a dashboard")
        ).to_have_attribute("href", "/config/lovelace/dashboards")
        await dialog.finish()
        await make_dashboard(visited)
        await lie_down(visited.page, "Bedtime")
        await visited.page.get_by_role("button", name="2 of 10").click()
        await expect(visited.page.get_by_text("Noted.")).to_be_visible()
    record = await the_record(home.client)
    assert (record["routine"], record["outcome"]) == ("Bedtime", "completed")
    assert record["ratings"] == {"pain_after": 2}
    await home.client.wait_for_state(DIFFUSER, "off")
