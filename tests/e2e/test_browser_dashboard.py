"""How people come to the card and the dashboard: by the dialogs of Home Assistant."""

from collections.abc import AsyncIterator
import re

from playwright.async_api import Browser, expect
import pytest
import pytest_asyncio

from .browser import DESKTOP, PHONE, SCHEMES, visit
from .conftest import Boot
from .dashboard import CARD, add_dashboard, add_our_dashboard
from .home_assistant import HomeAssistant
from .mat import Mat
from .set_up import make_dashboard
from .weeks import add_weeks

pytestmark = pytest.mark.browser


@pytest_asyncio.fixture(scope="module")
async def home(boot: Boot) -> AsyncIterator[HomeAssistant]:
    """Return a home with the integration and no mat."""
    async with boot({"frontend": {}}) as running:
        yield running


@pytest_asyncio.fixture(scope="module")
async def mat(home: HomeAssistant) -> Mat:
    """Return a mat with one routine, and ten weeks in its journal."""
    mat = await Mat.add(home.client, "Anna")
    await mat.add_routine("Bedtime", "bedtime", {})
    await add_weeks(mat)
    return mat


async def test_one_click_makes_a_dashboard_that_follows(
    home: HomeAssistant, browser: Browser, mat: Mat
) -> None:
    """A dashboard that is a copy of today's routines would be wrong tomorrow."""
    async with visit(browser, home) as visited:
        page = visited.page
        await make_dashboard(visited)
        await expect(page.get_by_role("button", name="Start Bedtime")).to_be_visible()
        await page.get_by_role("tab", name="Routines").click()
        await expect(page.get_by_role("heading", name="Bedtime")).to_be_visible()
        await expect(page.get_by_role("heading", name="Morning")).to_have_count(0)
        await mat.add_routine("Morning", "morning", {})
        await expect(page.get_by_role("heading", name="Morning")).to_be_visible()


async def test_each_view_has_cards_and_no_error(
    home: HomeAssistant, browser: Browser, mat: Mat
) -> None:
    """A card with a wrong configuration shows an error only where it is looked at."""
    path = await add_our_dashboard(home.client, "mat-views")
    async with visit(browser, home) as visited:
        for view in ("tonight", "routines", "history", "statistics", "logbook"):
            await visited.go(f"{path}/{view}")
            await expect(visited.page.locator("hui-card ha-card").first).to_be_visible()
            await expect(visited.page.locator("hui-error-card")).to_have_count(0)


async def test_weeks_of_history_are_accessible(
    home: HomeAssistant, browser: Browser, mat: Mat
) -> None:
    """An empty journal has neither colours nor a table that could be wrong."""
    path = await add_dashboard(
        home.client, "mat-past", {"type": f"custom:{CARD}", "show": "history"}
    )
    found: dict[str, list[str]] = {}
    async with visit(browser, home) as visited:
        page = visited.page
        await visited.go(path)
        card = page.locator(CARD)
        await expect(card.locator(".heat .level-3").first).to_be_visible()
        await expect(card.locator(".trend .bar").first).to_be_visible()
        # Who does not see it is told the same, session by session.
        table = card.get_by_role("table", name="The last 12 weeks")
        answer = await home.client.action(
            "acupressure_mat.get_records", returns=True, period="year", limit=200
        )
        rows = table.get_by_role("row")
        await expect(rows).to_have_count(1 + len(answer["records"]))
        last = answer["records"][0]
        told = last["ratings"]["pain_before"], last["ratings"]["pain_after"]
        for cell, shown in zip(
            await rows.nth(1).get_by_role("cell").all(),
            (last["elapsed"] / 60, *told),
            strict=True,
        ):
            await expect(cell).to_have_text(f"{shown:.0f}")
        for name, size in (("desktop", DESKTOP), ("phone", PHONE)):
            await page.set_viewport_size(size)
            found.update(await visited.violations_in(SCHEMES, CARD, name))
            wide, tall = await page.evaluate(
                """[document.documentElement.scrollWidth,
                    document.documentElement.scrollHeight]"""
            )
            assert wide <= size["width"]
            # What is only heard takes no room.
            assert tall <= size["height"]
    assert found == {look: [] for look in found}


async def test_the_card_is_found_among_cards_with_a_preview(
    home: HomeAssistant, browser: Browser, mat: Mat
) -> None:
    """A card that shows nothing of itself there is not picked."""
    path = await add_dashboard(home.client, "test-find")
    async with visit(browser, home) as visited:
        page = visited.page
        await visited.go(f"{path}?edit=1")
        await visited.open_dialog("Add card")
        await page.get_by_role("tab", name="By card").click()
        await page.get_by_placeholder("Search cards").fill("Acupressure")
        found = page.locator("hui-card-picker .card", has=page.locator(CARD))
        await expect(found.get_by_role("button", name="Start Bedtime")).to_be_visible()
        await expect(found.get_by_text("Acupressure mat", exact=True)).to_be_visible()
        await found.locator(".overlay").click()
        await page.get_by_role("button", name="Save").click()
        await expect(page.get_by_role("button", name="Save")).to_have_count(0)
    saved = await home.client.call("lovelace/config", url_path="test-find")
    (card,) = saved["views"][0]["sections"][0]["cards"]
    assert card["type"] == f"custom:{CARD}"


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
        proposal = page.locator(".card", has=page.locator(CARD))
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
    assert card["type"] == f"custom:{CARD}"
    assert card["dim"] is False


@pytest.mark.timeout(300)
async def test_twenty_cold_loads_show_the_card_each_time(
    home: HomeAssistant, browser: Browser, mat: Mat
) -> None:
    """Modules that a page loads by itself used to lose a race against its registry."""
    path = await add_dashboard(home.client, "mat-cold", {"type": f"custom:{CARD}"})
    for _ in range(20):
        async with visit(browser, home) as visited:
            await visited.go(path)
            # Its words are loaded apart from it.
            await expect(
                visited.page.get_by_role(
                    "button", name=re.compile(r"Start Bedtime, \d+ min")
                )
            ).to_be_visible()
