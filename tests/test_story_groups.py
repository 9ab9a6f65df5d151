"""«After the scene all bulbs of the group had one colour».

Home Assistant #46492: a group remembers one state for many lamps.
"""

from homeassistant.core import HomeAssistant
from homeassistant.setup import async_setup_component
from pytest_homeassistant_custom_component.common import MockConfigEntry

from .home import Home, Lamp, add_mat, routine


async def with_groups(hass: HomeAssistant, home: Home) -> tuple[Lamp, Lamp]:
    """Add a lamp group inside an old-style group, beside the bed lamp."""
    left = Lamp("Left", home.evening, brightness=255)
    right = Lamp("Right", home.evening, on=False)
    await home.add(left, right)
    assert await async_setup_component(
        hass, "group", {"group": {"room": {"entities": ["light.both", "light.bed"]}}}
    )
    group = MockConfigEntry(
        domain="group",
        title="Both",
        options={
            "group_type": "light",
            "name": "Both",
            "entities": ["light.left", "light.right"],
            "hide_members": False,
            "all": False,
        },
    )
    group.add_to_hass(hass)
    assert await hass.config_entries.async_setup(group.entry_id)
    await home.settle()
    return left, right


async def test_each_member_goes_back_to_what_it_was(
    hass: HomeAssistant, home: Home
) -> None:
    """Bright, off and dim as they were found, through groups in groups."""
    left, right = await with_groups(hass, home)
    left._attr_hs_color = (30.0, 80.0)
    left._attr_color_mode = "hs"  # type: ignore[assignment]
    left.tell()
    await add_mat(hass, routine(lights={"lights": ["group.room"]}))
    await home.start()
    assert home.level("light.left") == 12
    assert home.level("light.bed") == 12
    assert not home.is_on("light.right")
    await home.wait(minutes=30)
    assert home.level("light.left") == 100
    assert left.hs_color == (30.0, 80.0)
    assert home.level("light.bed") == 80
    assert right.is_on is False
    assert home.evening.commands("light.right") == []


async def test_a_hand_on_one_member_is_that_member_s_alone(
    hass: HomeAssistant, home: Home
) -> None:
    """The others follow on and are put back."""
    left, _ = await with_groups(hass, home)
    await add_mat(hass, routine(lights={"lights": ["light.both", "light.bed"]}))
    await home.start()
    await home.wait(minutes=3)
    left.by_hand(on=False)
    await home.wait(minutes=30)
    assert not home.is_on("light.left")
    assert home.level("light.bed") == 80


async def test_a_group_that_was_gone_at_the_start_is_still_no_single_lamp(
    hass: HomeAssistant, home: Home
) -> None:
    """With all of its members offline it does not tell that it has any."""
    left, right = await with_groups(hass, home)
    right.by_hand(on=True, brightness=102)
    for lamp in (left, right):
        lamp.vanish()
    await home.settle()
    await add_mat(hass, routine(lights={"lights": ["light.both"]}))
    await add_mat(
        hass, routine("Ben", lights={"lights": ["light.both"]}), title="Ben's mat"
    )
    await home.start()
    await home.start("switch.ben_session")
    await home.wait(minutes=2)
    for lamp in (left, right):
        lamp.appear()
        await home.wait(seconds=30)
    assert home.level("light.left") == 12
    assert home.level("light.right") == 12
    await home.wait(minutes=30)
    assert home.level("light.left") == 100
    assert home.level("light.right") == 40
