"""What befalls a mat while its card is open, as on a wall for weeks."""

from collections.abc import AsyncIterator

from playwright.async_api import Browser, Page, expect
import pytest
import pytest_asyncio

from .browser import visit
from .conftest import Boot
from .dashboard import CARD, add_dashboard, add_our_dashboard
from .home_assistant import HomeAssistant
from .mat import Mat, Routine

pytestmark = pytest.mark.browser

NO_MAT = "Set up an acupressure mat in Settings, then it appears here."


@pytest_asyncio.fixture
async def home(boot: Boot) -> AsyncIterator[HomeAssistant]:
    """Return a home with a dashboard that has the card."""
    async with boot({"frontend": {}}) as running:
        await add_dashboard(running.client, "test-card", {"type": f"custom:{CARD}"})
        yield running


@pytest_asyncio.fixture
async def mat(home: HomeAssistant) -> Mat:
    """Return a mat."""
    return await Mat.add(home.client, "Anna")


@pytest_asyncio.fixture
async def bedtime(mat: Mat) -> Routine:
    """Return a routine of the mat."""
    return await mat.add_routine("Bedtime", "bedtime", {})


async def test_an_open_card_follows_its_mat(
    home: HomeAssistant, browser: Browser, mat: Mat, bedtime: Routine
) -> None:
    """Nobody reloads the page of a tablet on a wall."""
    client = home.client
    entry = f"/api/config/config_entries/entry/{mat.entry_id}"

    async def disable(by: str | None) -> None:
        await client.call(
            "config_entries/disable", entry_id=mat.entry_id, disabled_by=by
        )

    async with visit(browser, home) as visited:
        page = visited.page
        await visited.go("/test-card/0")
        start = page.get_by_role("button", name="Start Bedtime")
        await expect(start).to_be_visible()

        (device,) = [
            device["id"]
            for device in await client.call("config/device_registry/list")
            if device["name"] == "Bedtime"
        ]
        await client.call(
            "config/device_registry/update", device_id=device, name_by_user="Lullaby"
        )
        await expect(page.get_by_role("button", name="Start Lullaby")).to_be_visible()
        await client.call(
            "config/entity_registry/update",
            entity_id=await bedtime.entity("switch.session"),
            new_entity_id="switch.another",
        )
        await page.get_by_role("button", name="Start Lullaby").click()
        await expect(page.get_by_role("heading", name="Prepare")).to_be_visible()

        # The session goes on over a reload, and so does the card.
        await client.request("POST", f"{entry}/reload")
        await page.get_by_role("button", name="Next phase").click()
        await expect(page.get_by_role("heading", name="Settle")).to_be_visible()

        await disable("user")
        await expect(page.get_by_text(NO_MAT)).to_be_visible()
        await disable(None)
        await expect(page.get_by_role("button", name="Start Lullaby")).to_be_enabled()
        await client.request("DELETE", entry)
        await expect(page.get_by_text(NO_MAT)).to_be_visible()


async def test_the_words_come_back_with_the_language(
    home: HomeAssistant, browser: Browser, bedtime: Routine
) -> None:
    """Home Assistant forgets them with each change, also of those it had before."""

    async def says(page: Page, language: str, text: str) -> None:
        await home.client.call(
            "frontend/set_user_data", key="language", value={"language": language}
        )
        await expect(page.locator(CARD).get_by_text(text).first).to_be_visible()

    async with visit(browser, home) as visited:
        page = visited.page
        await visited.go("/test-card/0")
        await expect(page.get_by_role("button", name="Start Bedtime")).to_be_visible()
        await says(page, "de", "Die letzten 12 Wochen")
        await says(page, "en", "The last 12 weeks")
        await says(page, "de", "Die letzten 12 Wochen")


async def test_a_dashboard_whose_mat_was_removed_says_how_to_get_another(
    home: HomeAssistant, browser: Browser, mat: Mat
) -> None:
    """A page that is blank looks broken."""
    path = await add_our_dashboard(home.client, "mat-none")
    await home.client.request(
        "DELETE", f"/api/config/config_entries/entry/{mat.entry_id}"
    )
    async with visit(browser, home) as visited:
        page = visited.page
        await visited.go(f"{path}/routines")
        await expect(page.get_by_text(NO_MAT)).to_be_visible()
        another = await Mat.add(home.client, "Ben")
        await expect(page.get_by_text("Add a routine to this mat")).to_be_visible()
        await another.add_routine("Bedtime", "bedtime", {})
        await expect(page.get_by_role("heading", name="Bedtime")).to_be_visible()
        await expect(page.get_by_text(NO_MAT)).to_have_count(0)
