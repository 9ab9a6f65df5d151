"""What the end-to-end tests share; complete without tests/conftest.py."""

from collections.abc import AsyncIterator, Callable, Generator
from contextlib import AbstractAsyncContextManager, asynccontextmanager

from playwright.async_api import Browser
import pytest
import pytest_asyncio

from .browser import chromium
from .home_assistant import HomeAssistant
from .mosquitto import Broker
from .mpd import Mpd
from .mqtt_room import MqttRoom

type Boot = Callable[..., AbstractAsyncContextManager[HomeAssistant]]

# With several tests at a time the whole takes as long as the last: these come first.
_LONGEST = (
    "test_phone",
    "test_bedtime",
    "test_speech",
    "test_demo",
    "test_blueprints",
    "test_automations",
    "test_practice",
    "test_benchmark",
    "test_release",
    "test_restart",
    "test_chaos",
    "test_try_it",
    "test_sessions",
    # Those in a browser keep both cores busy, but for these two, which wait for a minute.
    "test_browser_first_session",
    "test_browser_setup",
    "test_browser_dashboard",
    "test_browser_languages",
    "test_browser_card",
    "test_browser_looks",
    "test_browser_automations",
)

_RUNNING = pytest.StashKey[list[HomeAssistant]]()
_KEPT = pytest.StashKey[list[str]]()


def pytest_configure(config: pytest.Config) -> None:
    """Remember which Home Assistants there are."""
    config.stash[_RUNNING] = []
    config.stash[_KEPT] = []


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with what takes longest."""
    rank = {name: place for place, name in enumerate(_LONGEST)}

    def place(item: pytest.Item) -> int:
        name = item.path.stem
        # The one in a browser is a short one of a long file.
        is_part = bool(item.get_closest_marker("browser")) and name == "test_benchmark"
        return len(rank) if is_part else rank.get(name, len(rank))

    items.sort(key=place)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item, call: pytest.CallInfo[None]
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Show the end of Home Assistant's log with a failed test, and keep its folder."""
    report = yield
    if report.failed:
        for home_assistant in item.config.stash[_RUNNING]:
            home_assistant.keep = True
            report.sections.append(
                (f"end of {home_assistant.log}", home_assistant.log_tail())
            )
    return report


def pytest_terminal_summary(
    terminalreporter: pytest.TerminalReporter, config: pytest.Config
) -> None:
    """Say where the folders of failed tests are."""
    for folder in config.stash[_KEPT]:
        terminalreporter.write_line(f"kept for a look: {folder}")


@pytest.fixture(scope="session")
def boot(request: pytest.FixtureRequest) -> Boot:
    """Return a way to have a Home Assistant for the length of an `async with`.

    It takes what HomeAssistant takes.
    """
    stash = request.config.stash

    @asynccontextmanager
    async def _boot(*args: object, **kwargs: object) -> AsyncIterator[HomeAssistant]:
        home_assistant = HomeAssistant(*args, **kwargs)  # type: ignore[arg-type]
        stash[_RUNNING].append(home_assistant)
        try:
            async with home_assistant:
                yield home_assistant
        finally:
            stash[_RUNNING].remove(home_assistant)
            if home_assistant.keep:
                stash[_KEPT].append(str(home_assistant.folder))

    return _boot


@pytest_asyncio.fixture(scope="module")
async def browser() -> AsyncIterator[Browser]:
    """Return a Chromium that the tests of a module share."""
    async with chromium() as running:
        yield running


@pytest_asyncio.fixture(scope="module")
async def broker() -> AsyncIterator[Broker]:
    """Return a broker that the tests of a module share."""
    async with Broker() as running:
        yield running


@pytest_asyncio.fixture
async def room(broker: Broker) -> AsyncIterator[MqttRoom]:
    """Return an empty room; a device's name is its identity on the broker."""
    async with MqttRoom(broker) as empty:
        yield empty
        empty.clear()


@pytest_asyncio.fixture
async def mpd() -> AsyncIterator[Mpd]:
    """Return a silent music player."""
    async with Mpd() as player:
        yield player
