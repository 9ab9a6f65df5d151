"""What every test may rely on."""

import asyncio
from collections.abc import AsyncIterator, Iterator
import logging
import os
from pathlib import Path
from typing import Any

from freezegun.api import FrozenDateTimeFactory
from homeassistant.core import HomeAssistant, ServiceCall
from homeassistant.helpers import entity_registry as er
from homeassistant.helpers.entity import Entity
from hypothesis import settings
import pytest
from pytest_homeassistant_custom_component.syrupy import HomeAssistantSnapshotExtension
from syrupy.assertion import SnapshotAssertion

from custom_components.acupressure_mat import happenings
from custom_components.acupressure_mat.environment.light import Light
from custom_components.acupressure_mat.environment.player import Player

from .holders import BED, BRIGHT, tell
from .home import Evening, Home, Lamp, Plug, Radio, add_mat
from .phone import add_phone
from .radio import silent_radio

# What a recorder asks its database would bury all that a failure has to say.
logging.getLogger("sqlalchemy.engine").setLevel(logging.WARNING)

E2E = Path(__file__).parent / "e2e"

# A deadline for each example measures the machine; the whole test has a time limit.
settings.register_profile("default", deadline=None)
settings.register_profile("ci", deadline=None, derandomize=True, print_blob=True)
settings.register_profile("long", deadline=None, max_examples=5000)
settings.load_profile(
    os.environ.get("HYPOTHESIS_PROFILE", "ci" if "CI" in os.environ else "default")
)


@pytest.fixture(autouse=True)
def find_custom_integrations(request: pytest.FixtureRequest) -> None:
    """Let a test's Home Assistant find the integration.

    Tests of the domain need no Home Assistant and get none, and the end-to-end tests
    start one of their own. The recorder insists on being there before it.
    """
    if "hass" not in request.fixturenames or request.path.is_relative_to(E2E):
        return
    if "recorder_mock" in request.fixturenames:
        request.getfixturevalue("recorder_mock")
    request.getfixturevalue("enable_custom_integrations")


@pytest.fixture(autouse=True)
async def enable_event_loop_debug() -> None:
    """Watch the loop only where PYTHONASYNCIODEBUG asks for it.

    The plug-in always has asyncio write down where each future was made, which is half
    of a test's time.
    """
    asyncio.get_running_loop().set_debug(bool(os.environ.get("PYTHONASYNCIODEBUG")))


@pytest.fixture
async def home(
    request: pytest.FixtureRequest,
    hass: HomeAssistant,
    hass_storage: dict[str, Any],
    freezer: FrozenDateTimeFactory,
    snapshot: SnapshotAssertion,
    monkeypatch: pytest.MonkeyPatch,
) -> AsyncIterator[Home]:
    """Return a bedroom in the evening: a bright lamp, a diffuser, a silent radio.

    Of a story, every command of the evening is compared with its snapshot.
    """
    # The clock jumps here; what looks slow is not.
    hass.loop.slow_callback_duration = float("inf")
    # It stands still, too: who waits for a device that hangs would wait for ever.
    monkeypatch.setattr(happenings, "PATIENCE", 0)
    await hass.config.async_set_time_zone("Europe/Berlin")
    freezer.move_to("2026-11-22T21:00:00+00:00")
    evening = Evening()
    home = Home(
        hass,
        hass_storage,
        freezer,
        evening,
        Lamp("Bed", evening),
        Plug("Diffuser", evening),
        Radio("Radio", evening),
    )
    await home.add(home.lamp, home.plug, home.radio)
    yield home
    if request.path.name.startswith("test_story_"):
        commands = snapshot.use_extension(HomeAssistantSnapshotExtension)
        assert evening.as_lines() == commands


@pytest.fixture
def phone(home: Home) -> list[ServiceCall]:
    """Return what a phone is sent."""
    return add_phone(home.hass)


@pytest.fixture
async def entities(
    hass: HomeAssistant, home: Home, monkeypatch: pytest.MonkeyPatch
) -> list[er.RegistryEntry]:
    """Return every entity of a mat, those disabled at first too."""
    monkeypatch.setattr(Entity, "entity_registry_enabled_default", True)
    entry = await add_mat(hass)
    return er.async_entries_for_config_entry(er.async_get(hass), entry.entry_id)


@pytest.fixture
def light(hass: HomeAssistant, freezer: FrozenDateTimeFactory) -> Iterator[Light]:
    """Return a lamp that is bright, and that nobody holds."""
    freezer.move_to("2026-11-22T21:00:00+00:00")
    tell(hass, BRIGHT)
    light = Light(hass, BED)
    yield light
    for key in list(light.holders):
        light.drop(key)


@pytest.fixture
def player(hass: HomeAssistant, freezer: FrozenDateTimeFactory) -> Iterator[Player]:
    """Return a radio that is silent, and that nobody holds."""
    freezer.move_to("2026-11-22T21:00:00+00:00")
    with silent_radio(hass) as player:
        yield player
