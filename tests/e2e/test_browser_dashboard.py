"""How people come to the card and the dashboard: by the dialogs of Home Assistant."""

from collections.abc import AsyncIterator

from playwright.async_api import Browser, expect
import pytest
import pytest_asyncio

from .browser import add_dashboard, chromium, visit
from .conftest import Boot
from .home_assistant import HomeAssistant
from .mat import Mat

pytestmark = pytest.mark.browser


@pytest_asyncio.fixture(scope="module")
async def browser() -> AsyncIterator[Browser]:
    """Return a Chromium that the tests share."""
    async with chromium() as running:
        yield running


@pytest_asyncio.fixture(scope="module")
async def home(boot: Boot) -> AsyncIterator[HomeAssistant]:
    """Return a home with the integration and no mat."""
    async with boot({"frontend": {}}) as running:
        yield running


@pytest_asyncio.fixture(scope="module")
async def mat(home: HomeAssistant) -> Mat:
    """Return a mat with one routine."""
    mat = await Mat.add(home.client, "Anna")
    await mat.add_routine("Bedtime", "bedtime", {})
    return mat


async def test_one_click_makes_a_dashboard_that_follows(
    home: HomeAssistant, browser: Browser, mat: Mat
) -> None:
    """A dashboard that is a copy of today's routines would be wrong tomorrow."""
    async with visit(browser, home) as visited:
        page = visited.page
        await visited.go("/config/lovelace/dashboards")
        await visited.open_dialog("Add dashboard")
        await page.get_by_role("button", name="Acupressure mat").click()
        await page.get_by_role("button", name="Create").click()
        await expect(page.get_by_role("row", name="Acupressure mat")).to_be_visible()
        await visited.go("/acupressure-mat")
        await expect(page.get_by_role("button", name="Start Bedtime")).to_be_visible()
        await page.get_by_role("tab", name="Routines").click()
        await expect(page.get_by_role("heading", name="Bedtime")).to_be_visible()
        await expect(page.get_by_role("heading", name="Morning")).to_have_count(0)
        await mat.add_routine("Morning", "morning", {})
        await expect(page.get_by_role("heading", name="Morning")).to_be_visible()


@pytest.mark.parametrize("view", ["tonight", "history", "statistics", "logbook"])
async def test_each_view_has_cards_and_no_error(
    home: HomeAssistant, browser: Browser, mat: Mat, view: str
) -> None:
    """A card with a wrong configuration shows an error only where it is looked at."""
    await home.client.call(
        "lovelace/dashboards/create", url_path=f"mat-{view}", title=view
    )
    await home.client.call(
        "lovelace/config/save",
        url_path=f"mat-{view}",
        config={"strategy": {"type": "custom:acupressure-mat"}},
    )
    async with visit(browser, home) as visited:
        await visited.go(f"/mat-{view}/{view}")
        await expect(visited.page.locator("hui-card ha-card").first).to_be_visible()
        await expect(visited.page.locator("hui-error-card")).to_have_count(0)


async def test_the_card_is_suggested_for_a_routine_and_edited_by_form(
    home: HomeAssistant, browser: Browser, mat: Mat
) -> None:
    """Whoever has to write YAML for a first card does not get to a second."""
    path = await add_dashboard(home.client, "test-pick")
    async with visit(browser, home) as visited:
        page = visited.page
        await visited.go(f"{path}?edit=1")
        await visited.open_dialog("Add card")
        await page.get_by_placeholder("Search entities").fill("Bedtime")
        await page.get_by_text("Session", exact=True).first.click()
        # Over each proposal lies what takes the click.
        proposal = page.locator(".card", has=page.locator("acupressure-mat-card"))
        await expect(
            proposal.get_by_role("button", name="Start Bedtime")
        ).to_be_visible()
        await proposal.locator(".overlay").click()
        await page.locator("hui-card-edit-mode").hover()
        await page.get_by_role("button", name="Edit card").click()
        for label in ("Mat or routine", "Show", "Dim at night"):
            await expect(page.get_by_text(label, exact=True).first).to_be_visible()
        await page.get_by_role("switch", name="Dim at night").press("Space")
        await page.get_by_role("button", name="Save").click()
        await expect(page.get_by_role("button", name="Save")).to_have_count(0)
    saved = await home.client.call("lovelace/config", url_path="test-pick")
    (card,) = saved["views"][0]["sections"][0]["cards"]
    assert card["type"] == "custom:acupressure-mat-card"
    assert card["dim"] is False
