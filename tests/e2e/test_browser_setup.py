"""Setting up a mat and its routines, as a person does it: by clicks alone."""

from collections.abc import AsyncIterator, Mapping
from datetime import datetime

from playwright.async_api import Browser, expect
import pytest
import pytest_asyncio

from .bedroom import BEDSIDE, CEILING, DEVICES, DIFFUSER, SPEAKER, bedroom, furnish
from .browser import visit
from .client import State
from .conftest import Boot
from .dialog import Dialog
from .home_assistant import DOMAIN, HomeAssistant
from .mat import Mat
from .mpd import Mpd, write_tone
from .set_up import INTEGRATION, add_mat, describe_routine

pytestmark = pytest.mark.browser


@pytest_asyncio.fixture(scope="module")
async def home(boot: Boot) -> AsyncIterator[HomeAssistant]:
    """Return a home with a furnished bedroom and no mat."""
    async with boot({**bedroom(), "frontend": {}}) as running:
        await furnish(running.client)
        yield running


@pytest_asyncio.fixture(autouse=True)
async def an_evening_at_home(home: HomeAssistant) -> AsyncIterator[None]:
    """Light the bedroom, in which nobody has a mat."""
    for lamp, percent in ((BEDSIDE, 80), (CEILING, 60)):
        await home.client.action("light.turn_on", lamp, brightness_pct=percent)
    yield
    for entry in await home.client.call("config_entries/get", domain=DOMAIN):
        await home.client.request(
            "DELETE", f"/api/config/config_entries/entry/{entry['entry_id']}"
        )


def as_a_person_sees_it(states: Mapping[str, State]) -> dict[str, tuple[object, ...]]:
    """Return how each device of the bedroom is, and is to be again."""
    shown = ("brightness", "color_temp_kelvin", "volume_level")
    return {
        entity_id: (
            states[entity_id].state,
            *(states[entity_id].attributes.get(what) for what in shown),
        )
        for entity_id in DEVICES
    }


def length_of(session: State) -> float:
    """Return the seconds from a session's start until the room is released."""
    begin, end = (
        datetime.fromisoformat(moment)
        for moment in (
            session.attributes["started_at"],
            session.attributes["phases"][-1]["ends_at"],
        )
    )
    return (end - begin).total_seconds()


async def test_the_dialog_is_closed_while_it_is_tried(
    home: HomeAssistant, browser: Browser
) -> None:
    """Who tries it sees the room do it, finds it as before, and no record of it."""
    client = home.client
    before = as_a_person_sees_it(client.states)
    async with visit(browser, home) as visited:
        dialog = await add_mat(visited, "Anna's mat")
        await describe_routine(dialog, "After work", "After work")
        await dialog.choose_from_menu("Save and try it")
        await dialog.shows("Success")
        await client.wait_for_state(DIFFUSER, "on")
        await client.wait_for_state(SPEAKER, "playing")
        await dialog.leave()
        tried = client.state(
            next(
                entity_id
                for entity_id, state in client.states.items()
                if state.attributes.get("phases")
            )
        )
        assert tried.state == "on"
        assert length_of(tried) == pytest.approx(20, abs=0.01)
        await client.wait_for(
            "the room is as before",
            lambda states: as_a_person_sees_it(states) == before,
            time_limit=60,
        )
        # It played to its end, not just until the dialog was closed.
        off = client.state(DIFFUSER).last_changed
        assert off > datetime.fromisoformat(tried.attributes["finishes_at"])
        answer = await client.action(f"{DOMAIN}.get_records", returns=True)
        assert answer["records"] == []
        # What was tried is saved, and its switch starts a session.
        await visited.go(INTEGRATION)
        await visited.page.get_by_text("Bedroom •").click()
        await visited.page.get_by_role("switch", name="Session").press("Space")
        await client.wait_for(
            "the routine's switch is on",
            lambda states: any(
                state.state == "on" and "planned_minutes" in state.attributes
                for state in states.values()
            ),
        )


async def test_music_is_found_in_the_media_browser(
    home: HomeAssistant, browser: Browser, mpd: Mpd
) -> None:
    """Nobody knows the id of a song by heart, or wants to choose the player twice."""
    client = home.client
    write_tone(home.folder / "media" / "Calm evening.wav", seconds=60)
    player = await mpd.add_to(client)
    (entity,) = [
        entity
        for entity in await client.call("config/entity_registry/list")
        if entity["entity_id"] == player
    ]
    await client.call(
        "config/device_registry/update",
        device_id=entity["device_id"],
        area_id="living_room",
    )
    await Mat.add(client, "Anna")
    async with visit(browser, home) as visited:
        page = visited.page
        await visited.go(INTEGRATION)
        await page.get_by_role("button", name="Add routine").first.click()
        dialog = Dialog(page)
        await dialog.shows("What is this routine for?")
        await dialog.write("Name", "Bedtime")
        await dialog.choose("Area", "Living Room")
        await dialog.press("Next")
        await dialog.shows("The room")
        await dialog.press("Pick media")
        media = page.locator("dialog-media-player-browse")
        await media.locator(".title", has_text="My media").click()
        await (
            media.get_by_role("listitem")
            .filter(has_text="Calm evening")
            .or_(media.locator(".title", has_text="Calm evening"))
            .first.click()
        )
        await expect(
            dialog.part.get_by_role("button", name="Calm evening.wav")
        ).to_be_visible()
        await dialog.press("Next")
        await dialog.choose_from_menu("Save")
        await dialog.shows("Success")
    await home.wait_for_storage(
        "core.config_entries", "media-source://media_source/local/Calm evening.wav"
    )


async def test_what_is_set_is_shown_again_and_changes(
    home: HomeAssistant, browser: Browser
) -> None:
    """A form that forgets what it was told overwrites it with its defaults."""
    async with visit(browser, home) as visited:
        page = visited.page
        dialog = await add_mat(visited, "Anna's mat")
        await describe_routine(dialog, "Morning", "Sunrise")
        await dialog.choose_from_menu("Save")
        await dialog.finish()
        await visited.go(INTEGRATION)
        await page.get_by_role("button", name="Change routine").click()
        await dialog.shows("What is this routine for?")
        await expect(dialog.part.get_by_role("radio", name="Morning")).to_be_checked()
        name = dialog.part.get_by_role("textbox", name="Name")
        await expect(name).to_have_value("Sunrise")
        await name.fill("Daybreak")
        await dialog.press("Next")
        await dialog.shows("The room")
        await expect(
            dialog.part.get_by_role("button", name="Bedside lamp Bedroom")
        ).to_be_visible()
        await dialog.press("Next")
        await dialog.choose_from_menu("Save")
        await expect(dialog.part.get_by_text("Your changes are saved")).to_be_visible()
        await dialog.close()
        await expect(page.get_by_text("Daybreak").first).to_be_visible()

        await page.get_by_role("button", name="Menu").nth(1).click()
        await page.get_by_role("menuitem", name="Reconfigure").click()
        await dialog.shows("Your mat")
        await expect(dialog.part.get_by_role("textbox", name="Name")).to_have_value(
            "Anna's mat"
        )
        await expect(
            dialog.part.get_by_role("radio", name="Some experience")
        ).to_be_checked()
        await dialog.press("Submit")
        await dialog.close()
    (entry,) = await home.client.call("config_entries/get", domain=DOMAIN)
    assert entry["title"] == "Anna's mat"
