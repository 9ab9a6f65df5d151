"""The card in a real Chromium, on a real Home Assistant."""

from collections.abc import AsyncIterator
from datetime import datetime, timedelta
from itertools import pairwise
import re
from typing import Any

from playwright.async_api import Browser, Page, ViewportSize, expect
import pytest
import pytest_asyncio

from .browser import DESKTOP, PHONE, SCHEMES, Visit, visit
from .conftest import Boot
from .dashboard import CARD, add_dashboard
from .home_assistant import HomeAssistant
from .mat import Mat, Routine

pytestmark = pytest.mark.browser


@pytest_asyncio.fixture(scope="module")
async def home(boot: Boot) -> AsyncIterator[HomeAssistant]:
    """Return a home with one mat, two routines and a dashboard with the card."""
    async with boot({"frontend": {}, "sun": {}}) as running:
        await add_dashboard(running.client, "test-card", {"type": f"custom:{CARD}"})
        yield running


@pytest_asyncio.fixture(scope="module")
async def bedtime(home: HomeAssistant) -> Routine:
    """Return a routine of the mat."""
    mat = await Mat.add(home.client, "Anna")
    routine = await mat.add_routine("Bedtime", "bedtime", {})
    await mat.add_routine("Morning", "morning", {})
    return routine


@pytest_asyncio.fixture(autouse=True)
async def nobody_on_the_mat(
    home: HomeAssistant, bedtime: Routine
) -> AsyncIterator[None]:
    """Leave the mat as the next test wants to find it."""
    yield
    switch = await bedtime.entity("switch.session")
    if home.client.state(switch).state == "on":
        await bedtime.perform("stop_session", reason="mistake")
    elif home.client.state(switch).attributes["phases"]:
        await bedtime.start()
        await bedtime.perform("stop_session", reason="mistake")


async def wait_for_switch(home: HomeAssistant, routine: Routine, state: str) -> None:
    """Return when the routine's switch has this state."""
    await home.client.wait_for_state(await routine.entity("switch.session"), state)


def press(page: Page, name: str) -> Any:
    """Press the button with this name, as a person would."""
    return page.get_by_role("button", name=name).click()


async def seconds_shown(page: Page) -> int:
    """Return what the countdown shows, in seconds."""
    text = await page.get_by_role("timer").inner_text()
    minutes, seconds = text.strip().split(":")
    return int(minutes) * 60 + int(seconds)


async def open_card(visited: Visit) -> Page:
    """Open the dashboard and wait for the card to say something."""
    await visited.go("/test-card/0")
    await expect(visited.page.locator(CARD).get_by_role("button").first).to_be_visible()
    return visited.page


async def test_a_session_by_taps(
    home: HomeAssistant, browser: Browser, bedtime: Routine
) -> None:
    """Every control has to reach the session that the card shows."""
    async with visit(browser, home) as visited:
        page = await open_card(visited)
        await press(page, "Start Bedtime")
        await wait_for_switch(home, bedtime, "on")
        await expect(page.get_by_role("heading", name="Prepare")).to_be_visible()
        await press(page, "Next phase")
        await expect(page.get_by_role("heading", name="Settle")).to_be_visible()
        before = await seconds_shown(page)
        await press(page, "5 min more")
        await expect(page.get_by_role("timer")).to_contain_text(
            re.compile(f"^\\s*{before // 60 + 4}:|^\\s*{before // 60 + 5}:")
        )
        await press(page, "Pause")
        await expect(page.get_by_role("heading", name="Paused")).to_be_visible()
        await press(page, "Resume")
        await press(page, "Stop")
        await press(page, "Keep going")
        await wait_for_switch(home, bedtime, "on")
        await press(page, "Stop")
        await press(page, "It hurts")
        await wait_for_switch(home, bedtime, "off")
        told = await bedtime.wait_for("stopped")
        assert told.data["reason"] == "pain"
        await expect(page.get_by_text("Sit up slowly")).to_be_visible()
        await press(page, "3 of 10")
        await expect(page.get_by_text("Noted.")).to_be_visible()
    answer = await home.client.action(
        "acupressure_mat.get_records", returns=True, limit=1
    )
    assert answer["records"][0]["reason"] == "pain"
    assert answer["records"][0]["ratings"]["pain_after"] == 3


async def test_it_counts_down_without_being_told(
    home: HomeAssistant, browser: Browser, bedtime: Routine
) -> None:
    """A state each second would fill the database, so there is none to follow."""
    await bedtime.start()
    await bedtime.perform("skip_phase")
    async with visit(browser, home) as visited:
        page = await open_card(visited)
        updated = home.client.state(await bedtime.entity("switch.session"))
        first = await seconds_shown(page)
        began = datetime.now().astimezone()
        await page.wait_for_timeout(3000)
        passed = (datetime.now().astimezone() - began).total_seconds()
        assert first - await seconds_shown(page) == pytest.approx(passed, abs=1.1)
        assert home.client.state(await bedtime.entity("switch.session")) == updated


@pytest.mark.parametrize("hours", [-3, 5])
async def test_a_device_with_a_wrong_clock_counts_right(
    home: HomeAssistant, browser: Browser, bedtime: Routine, hours: int
) -> None:
    """A wall tablet that lost its time would show a session long over."""
    await bedtime.start(minutes=20)
    await bedtime.perform("skip_phase")
    state = home.client.state(await bedtime.entity("switch.session"))
    end = datetime.fromisoformat(state.attributes["finishes_at"])
    async with visit(browser, home) as visited:
        wrong = datetime.now().astimezone() + timedelta(hours=hours)
        await visited.page.clock.install(time=wrong)
        page = await open_card(visited)
        await page.wait_for_timeout(1500)
        shown = await seconds_shown(page)
        left = (end - datetime.now().astimezone()).total_seconds()
        assert shown == pytest.approx(left, abs=2)


async def test_it_works_by_keyboard(
    home: HomeAssistant, browser: Browser, bedtime: Routine
) -> None:
    """Who cannot tap has to be able to start, and above all to stop."""
    async with visit(browser, home) as visited:
        page = await open_card(visited)
        await page.get_by_role("button", name="Start Bedtime").focus()
        await page.keyboard.press("Enter")
        await wait_for_switch(home, bedtime, "on")
        await expect(page.get_by_role("heading", name="Prepare")).to_be_focused()
        for name in ("Pause", "Resume"):
            await page.get_by_role("button", name=name).focus()
            await page.keyboard.press("Enter")
            other = page.get_by_role(
                "button", name={"Pause": "Resume"}.get(name, "Pause")
            )
            await expect(other).to_be_focused()
            # A second press at once counts as the same.
            await page.wait_for_timeout(600)
        await page.get_by_role("button", name="Stop").focus()
        await page.keyboard.press("Enter")
        await expect(page.get_by_role("button", name="Enough")).to_be_focused()
        await page.keyboard.press("Escape")
        await expect(page.get_by_role("button", name="Stop")).to_be_focused()
        await page.keyboard.press("Enter")
        await page.keyboard.press("Tab")
        await page.keyboard.press("Enter")
        await wait_for_switch(home, bedtime, "off")
        await expect(page.get_by_role("heading", name="Take your time")).to_be_focused()


# Each tenth of a second of a minute: how large the glow is, and which word is read.
A_MINUTE_OF_BREATH = """(glow) => {
    const words = ["in", "out"].map((word) =>
        glow.parentElement.querySelector(`.words .${word}`)).filter(Boolean);
    const [breath, ...fades] = [glow, ...words].flatMap((e) => e.getAnimations());
    if (!breath) {
        return [];
    }
    const rate = breath.playState === "running" ? breath.playbackRate : 0;
    return Array.from({ length: 600 }, (_, tenth) => {
        for (const animation of [breath, ...fades]) {
            animation.currentTime = 100 * tenth * rate;
        }
        return [
            new DOMMatrix(getComputedStyle(glow).transform).a,
            ...words.map((word) => Number(getComputedStyle(word).opacity)),
        ];
    });
}"""


async def test_it_breathes_six_times_a_minute(
    home: HomeAssistant, browser: Browser, bedtime: Routine
) -> None:
    """Who follows a guide that is too quick gets dizzy; who reads *in* breathes in."""
    async with visit(browser, home) as visited:
        page = await open_card(visited)
        breath = page.locator(".breath")
        await bedtime.start()
        await expect(page.get_by_role("heading", name="Prepare")).to_be_visible()
        assert await breath.evaluate(A_MINUTE_OF_BREATH) == []
        for phase in ("Settle", "Rest"):
            await bedtime.perform("skip_phase")
            await expect(page.get_by_role("heading", name=phase)).to_be_visible()
            minute = await breath.evaluate(A_MINUTE_OF_BREATH)
            grows = [
                after > before
                for (before, *_), (after, *_) in pairwise([*minute, minute[0]])
            ]
            turns = [
                before and not after for before, after in pairwise([*grows, grows[0]])
            ]
            assert turns.count(True) == 6
            # A little longer out than in.
            assert grows.count(True) == 6 * 40
            with_words = list(zip(grows, minute, strict=True))
            assert all(grew for grew, (_, word_in, _) in with_words if word_in > 0.6)
            assert not any(grew for grew, (_, _, word_out) in with_words if word_out)
            assert max(word_in for _, word_in, _ in minute) == 1
            assert max(word_out for _, _, word_out in minute) == 1
        await press(page, "Pause")
        await expect(page.get_by_role("heading", name="Paused")).to_be_visible()
        assert await breath.evaluate(A_MINUTE_OF_BREATH) == []


async def test_with_reduced_motion_nothing_moves(
    home: HomeAssistant, browser: Browser, bedtime: Routine
) -> None:
    """A breathing circle makes some people sick."""
    await bedtime.start()
    await bedtime.perform("skip_phase")
    for motion, moves in (("no-preference", True), ("reduce", False)):
        async with visit(browser, home, reduced_motion=motion) as visited:
            page = await open_card(visited)
            running = await page.locator("acupressure-mat-session").evaluate(
                "e => e.shadowRoot.getAnimations({subtree: true}).length"
            )
            assert (running > 0) is moves
            # A word that stands would tell to breathe in all the time.
            await expect(page.locator(".words .in")).to_be_visible(visible=moves)


@pytest.mark.parametrize("size", [DESKTOP, PHONE], ids=["desktop", "phone"])
async def test_it_is_accessible_in_each_state(
    home: HomeAssistant, browser: Browser, bedtime: Routine, size: ViewportSize
) -> None:
    """Colours, names and roles, where they are hardest: in the browser."""
    found: dict[str, list[str]] = {}
    async with visit(browser, home, viewport=size) as visited:
        page = await open_card(visited)

        async def check(what: str) -> None:
            # Colours are the same at any width.
            schemes = SCHEMES if size == DESKTOP else SCHEMES[:1]
            found.update(await visited.violations_in(schemes, CARD, what))
            wide = await page.evaluate("document.documentElement.scrollWidth")
            assert wide <= size["width"]

        await check("idle")
        await press(page, "Start Bedtime")
        await expect(page.get_by_role("timer")).to_be_visible()
        await check("prepare")
        await press(page, "Next phase")
        await expect(page.get_by_role("heading", name="Settle")).to_be_visible()
        await check("settle")
        await press(page, "Pause")
        await expect(page.get_by_role("heading", name="Paused")).to_be_visible()
        await check("paused")
        await press(page, "Stop")
        await check("question")
        await press(page, "It hurts")
        await expect(page.get_by_text("Sit up slowly")).to_be_visible()
        await expect(page.get_by_role("button", name="Not now")).to_be_visible()
        await check("after")
        await press(page, "Not now")
        question = page.get_by_text("How much does it hurt now?")
        await expect(question).to_have_count(0)
        await page.reload()
        await expect(page.get_by_role("button", name="Start Bedtime")).to_be_visible()
        await expect(question).to_have_count(0)
    assert found == {what: [] for what in found}
