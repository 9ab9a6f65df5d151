"""The same pages in each language that the integration has."""

from collections.abc import AsyncIterator, Iterator
import json
import re
from typing import Any, Final

from playwright.async_api import Browser, Page, expect
import pytest
import pytest_asyncio

from .browser import PATIENCE, visit
from .conftest import Boot
from .dashboard import CARD, add_dashboard
from .dialog import Dialog
from .home_assistant import DOMAIN, REPOSITORY, HomeAssistant
from .mat import Mat, Routine

pytestmark = pytest.mark.browser

TRANSLATIONS: Final = REPOSITORY / "custom_components" / DOMAIN / "translations"
LANGUAGES: Final = sorted(path.stem for path in TRANSLATIONS.glob("*.json"))
RAW_KEY: Final = re.compile(r"\w+(\.\w+){2,}|acupressure_mat")

type Words = dict[str, Any]


def words(language: str) -> Words:
    """Return all that is said in a language."""
    text = (TRANSLATIONS / f"{language}.json").read_text(encoding="utf-8")
    loaded: Words = json.loads(text)
    return loaded


def sentences(node: object) -> Iterator[str]:
    """Yield each text of a part of a translation."""
    if isinstance(node, dict):
        for part in node.values():
            yield from sentences(part)
    else:
        yield str(node)


async def texts(page: Page, selector: str) -> set[str]:
    """Return what a person reads in the first such element, also inside its parts."""
    found: list[str] = await page.locator(selector).first.evaluate(
        """(top) => {
            const read = (node) => node.nodeType === Node.TEXT_NODE
                ? [node.data.trim()]
                : node instanceof HTMLElement && !node.checkVisibility?.() &&
                  getComputedStyle(node).display !== "contents"
                ? []
                : ["STYLE", "SCRIPT"].includes(node.nodeName)
                ? []
                : [...(node.shadowRoot?.childNodes ?? []), ...node.childNodes]
                    .flatMap(read);
            return read(top).filter(Boolean);
        }"""
    )
    return set(found)


class Reader:
    """Reads a page for somebody who knows one language."""

    def __init__(self, language: str) -> None:
        """Know what is said in the language, and what only in English."""
        self.words = words(language)
        self._foreign = set(sentences(words("en"))) - set(sentences(self.words))

    async def look(self, page: Page, selector: str, *expected: str) -> None:
        """Read a part of the page once it says what is expected; no raw key, no English."""
        seen: set[str] = set()
        # Help texts are rendered a little after their fields.
        for _ in range(PATIENCE // 100):
            seen = await texts(page, selector)
            if seen.issuperset(expected):
                break
            await page.wait_for_timeout(100)
        assert set(expected) - seen == set()
        assert seen & self._foreign == set()
        assert [text for text in seen if RAW_KEY.search(text)] == []


@pytest_asyncio.fixture(scope="module")
async def home(boot: Boot) -> AsyncIterator[HomeAssistant]:
    """Return a home with a dashboard that has the card."""
    async with boot({"frontend": {}}) as running:
        await add_dashboard(running.client, "test-card", {"type": f"custom:{CARD}"})
        yield running


@pytest_asyncio.fixture(scope="module")
async def mat(home: HomeAssistant) -> Mat:
    """Return a mat without routines."""
    return await Mat.add(home.client, "Anna")


@pytest_asyncio.fixture(scope="module")
async def routine(mat: Mat) -> Routine:
    """Return a routine with a name of no language."""
    return await mat.add_routine("Zzz", "custom", {})


@pytest.mark.parametrize("language", LANGUAGES)
async def test_a_language_is_complete_on_the_page(
    home: HomeAssistant, browser: Browser, mat: Mat, routine: Routine, language: str
) -> None:
    """Files that are complete are of no use if a page asks for something else."""
    client = home.client
    await client.call("config/core/update", language=language)
    await client.call(
        "frontend/set_user_data", key="language", value={"language": language}
    )
    # Names of entities are those of the language at the start.
    await client.request(
        "POST", f"/api/config/config_entries/entry/{mat.entry_id}/reload"
    )
    switch = await routine.entity("switch.session")
    await client.wait_for_state(switch, "off")
    reader = Reader(language)
    form = reader.words["config_subentries"]["routine"]
    card = reader.words["config_panel"]["card"]
    phases = reader.words["entity"]["sensor"]["phase"]["state"]
    async with visit(browser, home, locale=language) as visited:
        page = visited.page
        await visited.go("/test-card/0")
        await expect(page.locator(CARD).get_by_text("Zzz")).to_be_visible()
        await reader.look(page, CARD)
        await routine.start()
        for phase in ("prepare", "settle"):
            await reader.look(
                page, CARD, phases[phase], card[phase], card["pause"], card["stop"]
            )
            await routine.perform("skip_phase")
        await routine.perform("pause_session")
        await reader.look(page, CARD, phases["paused"], card["paused"], card["resume"])
        await page.get_by_role("button", name=card["stop"], exact=True).click()
        choices = [card[f"stop_{why}"] for why in ("enough", "mistake", "not")]
        await reader.look(page, CARD, card["stop_question"], *choices)
        await page.get_by_role("button", name=card["stop_hurts"]).click()
        await reader.look(
            page,
            CARD,
            card["after_title"],
            card["after"],
            card["pain_after"],
            card["rate_skip"],
        )

        await visited.go_on(f"/config/integrations/integration/{DOMAIN}")
        await page.get_by_role("button", name=form["initiate_flow"]["user"]).click()
        dialog = Dialog(page)
        await dialog.shows(form["step"]["user"]["title"])
        about = form["step"]["user"]
        await reader.look(
            page,
            "dialog-data-entry-flow",
            about["description"],
            *about["data_description"].values(),
        )
        await dialog.part.get_by_role("textbox").first.fill("Mmm")
        await dialog.part.locator("ha-dialog-footer ha-button").click()
        await dialog.shows(form["step"]["room"]["title"])
        for section in form["step"]["room"]["sections"].values():
            part = dialog.part.get_by_role("button", name=section["name"], exact=True)
            if await part.get_attribute("aria-expanded") != "true":
                # Without waiting for the one before to have unfolded.
                await part.dispatch_event("click")
        helps = [
            text
            for section in form["step"]["room"]["sections"].values()
            for text in (section["name"], *section["data_description"].values())
        ]
        await reader.look(page, "dialog-data-entry-flow", *helps)
    # The next session ends what is after this one.
    await routine.start()
    await routine.perform("stop_session", reason="mistake")
