"""«It blew at full blast all evening, and afterwards it was on another setting».

Diffusers that are fans or humidifiers have more than on and off; that is the person's.
"""

from typing import Any

import pytest

from .home import Fan, Home, Humidifier, add_mat, routine

SCENTS = ["fan.scent", "humidifier.scent"]


async def with_scent(home: Home, entity_id: str, *, on: bool) -> Fan | Humidifier:
    """Add a diffuser, on at 30 % or in sleep mode, and a routine with it."""
    scent = (
        Fan(home.evening, percentage=30 if on else 0)
        if entity_id.startswith("fan.")
        else Humidifier(home.evening, on=on)
    )
    await home.add(scent)
    await add_mat(home.hass, routine(diffuser={"diffusers": [entity_id]}))
    return scent


def how(home: Home, entity_id: str) -> dict[str, Any]:
    """Return what of its state is the person's."""
    state = home.hass.states.get(entity_id)
    assert state is not None
    kept = ("percentage", "mode", "humidity")
    return {key: state.attributes.get(key) for key in kept} | {"state": state.state}


@pytest.mark.parametrize("entity_id", SCENTS)
async def test_it_goes_on_as_the_person_left_it_and_off(
    home: Home, entity_id: str
) -> None:
    """No speed and no mode of ours."""
    await with_scent(home, entity_id, on=False)
    before = how(home, entity_id)
    await home.start()
    assert home.is_on(entity_id)
    await home.wait(minutes=30)
    assert home.evening.commands(entity_id) == ["on", "off"]
    assert how(home, entity_id) == before


@pytest.mark.parametrize("entity_id", SCENTS)
async def test_one_that_was_on_keeps_speed_and_mode(home: Home, entity_id: str) -> None:
    """Neither a pause nor the end is a reason to touch it."""
    await with_scent(home, entity_id, on=True)
    before = how(home, entity_id)
    await home.start()
    await home.wait(minutes=3)
    await home.do("pause_session")
    await home.do("resume_session")
    await home.wait(minutes=30)
    assert home.evening.commands(entity_id) == []
    assert how(home, entity_id) == before


@pytest.mark.parametrize("entity_id", SCENTS)
async def test_how_it_was_found_is_on_disk(home: Home, entity_id: str) -> None:
    """The snapshot has the values that matter, and not only on and off."""
    await with_scent(home, entity_id, on=True)
    await home.start()
    (file,) = [
        file["data"]
        for key, file in home.storage.items()
        if key.startswith("acupressure_mat.") and file["data"].get("rooms")
    ]
    (room,) = file["rooms"]
    found = room["devices"][entity_id]["before"]
    assert found["state"] == "on"
    wanted = (
        {"percentage": 30}
        if entity_id.startswith("fan.")
        else {"mode": "sleep", "humidity": 40}
    )
    assert found["attributes"] == wanted


@pytest.mark.parametrize("entity_id", SCENTS)
async def test_another_speed_or_mode_by_hand_is_no_off(
    home: Home, entity_id: str
) -> None:
    """They like it that way: it comes back after a pause, and still goes off."""
    scent = await with_scent(home, entity_id, on=False)
    await home.start()
    await home.wait(minutes=3)
    if isinstance(scent, Fan):
        scent.by_hand(80)
    else:
        scent.by_hand("normal")
    await home.settle()
    assert home.is_on(entity_id)
    await home.do("pause_session")
    assert not home.is_on(entity_id)
    await home.do("resume_session")
    assert home.is_on(entity_id)
    await home.wait(minutes=30)
    assert home.evening.commands(entity_id) == ["on", "off", "on", "off"]
