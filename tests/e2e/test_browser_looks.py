"""The card for those whose evening, morning or direction of reading is another."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta

from playwright.async_api import Browser, Locator, Page, expect
import pytest
import pytest_asyncio

from .browser import PHONE, SCHEMES, visit
from .conftest import Boot
from .dashboard import CARD, add_dashboard
from .home_assistant import DOMAIN, HomeAssistant
from .mat import Mat, Routine
from .weeks import add_weeks

pytestmark = pytest.mark.browser


@pytest_asyncio.fixture(scope="module")
async def home(boot: Boot) -> AsyncIterator[HomeAssistant]:
    """Return a home in which the sun is never where the test did not put it."""
    async with boot({"frontend": {}}) as running:
        yield running


@pytest_asyncio.fixture(scope="module")
async def mat(home: HomeAssistant) -> Mat:
    """Return a mat with ten weeks in its journal."""
    mat = await Mat.add(home.client, "Anna")
    await add_weeks(mat)
    return mat


@pytest_asyncio.fixture(scope="module")
async def routine(mat: Mat) -> Routine:
    """Return a routine of the mat."""
    return await mat.add_routine("Bedtime", "bedtime", {})


@pytest_asyncio.fixture
async def bedtime(routine: Routine) -> AsyncIterator[Routine]:
    """Return the routine; whatever a test leaves of a session is over after it."""
    yield routine
    # A start ends what is after a session; one that runs goes on.
    switch = await routine.entity("switch.session")
    await routine.client.action("switch.turn_on", switch)
    await routine.perform("stop_session", reason="mistake")


@asynccontextmanager
async def speaking(home: HomeAssistant, language: str) -> AsyncIterator[None]:
    """Let the user's profile have another language for a while."""

    async def choose(chosen: str) -> None:
        await home.client.call(
            "frontend/set_user_data", key="language", value={"language": chosen}
        )

    await choose(language)
    try:
        yield
    finally:
        await choose("en")


@asynccontextmanager
async def nine_in_the_morning(home: HomeAssistant) -> AsyncIterator[datetime]:
    """Let the home be where it is nine now; return the moment."""
    now = datetime.now(UTC)
    east = (9 - now.hour + 11) % 24 - 11

    async def move_to(zone: str) -> None:
        await home.client.call("config/core/update", time_zone=zone)

    # The names of these zones have their signs the other way round.
    await move_to(f"Etc/GMT{-east:+d}")
    try:
        yield now
    finally:
        await move_to("Europe/Vienna")


async def x(part: Locator) -> float:
    """Return where an element begins, in pixels from the left."""
    box = await part.bounding_box()
    assert box
    return box["x"]


async def test_right_to_left_everything_is_mirrored_and_fits(
    home: HomeAssistant, browser: Browser, mat: Mat, bedtime: Routine
) -> None:
    """A calendar whose newest week is where one begins to read is read backwards."""
    path = await add_dashboard(home.client, "mat-rtl", {"type": f"custom:{CARD}"})
    found: dict[str, list[str]] = {}
    async with (
        speaking(home, "he"),
        visit(browser, home, viewport=PHONE, locale="he") as visited,
    ):
        page = visited.page

        async def check(what: str) -> None:
            # Colours are the same in any direction.
            found.update(await visited.violations_in(SCHEMES[:1], CARD, what))
            width = await page.evaluate("document.documentElement.scrollWidth")
            assert width <= PHONE["width"]
            for button in await page.locator(CARD).get_by_role("button").all():
                box = await button.bounding_box()
                assert box
                assert box["x"] >= 0
                assert box["x"] + box["width"] <= PHONE["width"]

        await visited.go(path)
        card = page.locator(CARD)
        weeks = card.locator(".heat .week")
        await expect(weeks).to_have_count(12)
        days = card.locator(".heat .labels")
        assert await x(weeks.last) < await x(weeks.first) < await x(days)
        trend = card.locator(".trend")
        newest, oldest = trend.locator(".bar").last, trend.locator(".bar").first
        assert await x(newest) < await x(oldest) < await x(trend.locator(".labels"))
        await check("idle")
        await bedtime.start()
        await bedtime.perform("skip_phase")
        await expect(card.get_by_role("timer")).to_be_visible()
        buttons = card.get_by_role("button")
        assert await x(buttons.last) <= await x(buttons.first)
        await check("running")
    assert found == {what: [] for what in found}


# Words that reach beyond the card or are torn in two, as [word, what is wrong].
MISPLACED_WORDS = """(card) => {
    const box = card.getBoundingClientRect();
    const parts = (root) => [...root.querySelectorAll("*")]
        .flatMap((e) => [e, ...(e.shadowRoot ? parts(e.shadowRoot) : [])]);
    return parts(card.shadowRoot)
        .filter((e) => !e.closest("style, .unseen, .heat") && e.checkVisibility())
        .flatMap((e) => [...e.childNodes].filter((node) => node.data?.trim()))
        .flatMap((node) => [...node.data.matchAll(/\\S+/g)].map(({ 0: word, index }) => {
            const range = document.createRange();
            range.setStart(node, index);
            range.setEnd(node, index + word.length);
            const rects = [...range.getClientRects()];
            return rects.some((r) => r.left < box.left || r.right > box.right)
                ? [word, "outside"]
                : new Set(rects.map((r) => r.top)).size > 1
                ? [word, "torn"]
                : [];
        }))
        .filter(({ length }) => length);
}"""


@pytest.mark.parametrize(
    ("screen", "columns"), [(320, 12), (390, 6), (360, 6)], ids=str
)
async def test_in_a_narrow_card_each_word_is_whole_and_in_its_place(
    home: HomeAssistant, browser: Browser, bedtime: Routine, screen: int, columns: int
) -> None:
    """The grid lets a card be half a phone wide, and German words are long."""
    path = await add_dashboard(
        home.client,
        f"mat-narrow-{screen}",
        {"type": f"custom:{CARD}", "grid_options": {"columns": columns}},
    )
    found: dict[str, list[list[str]]] = {}
    async with (
        speaking(home, "de"),
        visit(
            browser, home, viewport={**PHONE, "width": screen}, locale="de"
        ) as visited,
    ):
        page = visited.page
        part = page.locator(CARD)

        async def check(what: str) -> None:
            found[what] = await part.evaluate(MISPLACED_WORDS)
            for button in await part.get_by_role("button").all():
                around = await button.bounding_box()
                assert around
                # What a finger that trembles still hits.
                assert min(around["width"], around["height"]) >= 24

        await visited.go(path)
        await expect(part.locator(".heat .week")).to_have_count(12)
        box = await part.bounding_box()
        assert box
        assert box["width"] < screen * columns / 12
        await check("idle")
        await bedtime.start()
        await expect(part.get_by_role("timer")).to_be_visible()
        await check("prepare")
        await bedtime.perform("skip_phase")
        await bedtime.perform("pause_session")
        await expect(part.get_by_role("button", name="Fortsetzen")).to_be_visible()
        await check("paused")
        await part.get_by_role("button", name="Beenden").click()
        await expect(part.get_by_role("button", name="Weitermachen")).to_be_visible()
        await check("question")
        await part.get_by_role("button", name="Es tut weh").click()
        await expect(part.get_by_text("Lass dir Zeit")).to_be_visible()
        await expect(part.get_by_role("button", name="Jetzt nicht")).to_be_visible()
        await check("after")
    assert found == {what: [] for what in found}


async def brightness(page: Page) -> float:
    """Return how bright the card's ground is once colours have arrived: 0 to 255."""
    await page.wait_for_timeout(1200)
    ground: str = await page.locator(f"{CARD} ha-card").first.evaluate(
        "e => getComputedStyle(e).backgroundColor"
    )
    red, green, blue = (float(part) for part in ground.strip("rgb()").split(",")[:3])
    return (red + green + blue) / 3


async def test_at_night_a_session_does_not_light_the_room(
    home: HomeAssistant, browser: Browser, bedtime: Routine
) -> None:
    """A white card undoes what the dimmed lamps are for, and its words have to be read."""
    card: dict[str, object] = {"type": f"custom:{CARD}", "show": "session"}
    path = await add_dashboard(home.client, "mat-night", card)
    bright = await add_dashboard(home.client, "mat-no-dim", {**card, "dim": False})

    async def sun(where: str) -> None:
        await home.client.request("POST", "/api/states/sun.sun", json={"state": where})

    await sun("above_horizon")
    async with visit(browser, home, color_scheme="light") as visited:
        page = visited.page
        await visited.go(path)
        await expect(page.get_by_role("button", name="Start Bedtime")).to_be_visible()
        await sun("below_horizon")
        # In the evening the house is awake: only a session is a reason.
        assert await brightness(page) == 255
        await bedtime.start()
        await bedtime.perform("skip_phase")
        await expect(page.get_by_role("timer")).to_be_visible()
        assert await brightness(page) < 32
        assert await visited.violations_in(SCHEMES, CARD, "night") == {
            "night, light": [],
            "night, dark": [],
        }
        await page.emulate_media(color_scheme="light")
        await sun("above_horizon")
        assert await brightness(page) == 255
        await sun("below_horizon")
        await visited.go(bright)
        await expect(page.get_by_role("timer")).to_be_visible()
        assert await brightness(page) == 255


async def test_in_the_morning_it_asks_how_the_night_was(
    home: HomeAssistant, browser: Browser, mat: Mat
) -> None:
    """Right after the mat nobody knows; at noon nobody wants to be asked."""
    client = home.client
    other = await Mat.add(client, "Ben")
    (device,) = [
        device["id"]
        for device in await client.call("config/device_registry/list")
        if device["primary_config_entry"] == other.entry_id
    ]
    path = await add_dashboard(
        client, "mat-morning", {"type": f"custom:{CARD}", "device_id": device}
    )
    async with nine_in_the_morning(home) as now, visit(browser, home) as visited:
        await client.action(
            f"{DOMAIN}.add_record",
            config_entry_id=other.entry_id,
            start=(now - timedelta(hours=11)).isoformat(),
            duration={"minutes": 20},
            kind="bedtime",
            pain_after=2,
        )
        page = visited.page
        await visited.go(path)
        await expect(page.get_by_text("How well did you sleep?")).to_be_visible()
        await page.get_by_role("button", name="8 of 10").click()
        await expect(page.get_by_text("Noted.")).to_be_visible()
        await visited.go(path)
        await expect(page.get_by_text("How well did you sleep?")).to_have_count(0)
    answer = await client.action(
        f"{DOMAIN}.get_records", returns=True, config_entry_id=other.entry_id
    )
    (record,) = answer["records"]
    assert record["ratings"] == {"pain_after": 2, "sleep": 8}
    await client.request("DELETE", f"/api/config/config_entries/entry/{other.entry_id}")
