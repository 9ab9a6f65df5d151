"""A diffuser of a room: whose it is, and that it goes off whatever happens."""

import asyncio
from collections.abc import Iterator

from freezegun.api import FrozenDateTimeFactory
from homeassistant.core import HomeAssistant, ServiceCall
from homeassistant.exceptions import HomeAssistantError
from homeassistant.util import dt as dt_util
import pytest

from custom_components.acupressure_mat.environment.diffuser import Diffuser
from custom_components.acupressure_mat.session.routine import Cue
from custom_components.acupressure_mat.session.session import Session

from .holders import PLUG, Holding, hold, session_of, tell


def plug(state: str) -> Cue:
    """Return a plug as it is or should be."""
    return Cue(entity_id=PLUG, state=state)


ON, OFF, GONE = plug("on"), plug("off"), plug("unavailable")


@pytest.fixture
def diffuser(hass: HomeAssistant, freezer: FrozenDateTimeFactory) -> Iterator[Diffuser]:
    """Return a plug that is off."""
    freezer.move_to("2026-11-22T21:00:00+00:00")
    tell(hass, OFF)
    diffuser = Diffuser(hass, PLUG)
    yield diffuser
    for key in list(diffuser.holders):
        diffuser.drop(key)


@pytest.fixture
def asked(hass: HomeAssistant) -> list[str]:
    """Return what the plug is asked; it does that at once."""
    told: list[str] = []

    async def obey(call: ServiceCall) -> None:
        told.append(call.service.removeprefix("turn_"))
        hass.states.async_set(PLUG, told[-1])

    for service in ("turn_on", "turn_off"):
        hass.services.async_register("switch", service, obey)
    return told


def scent() -> Session:
    """Return a session with a diffuser that starts now."""
    return session_of(diffusers=(PLUG,))


# -- what its rooms want -------------------------------------------------------


@pytest.mark.parametrize(
    ("before", "pauses", "sent", "target"),
    [
        pytest.param(OFF, (False,), False, ON, id="on"),
        pytest.param(OFF, (True,), True, OFF, id="paused"),
        pytest.param(OFF, (True,), False, None, id="paused, and never was on"),
        pytest.param(OFF, (True, False), True, ON, id="one of two pauses"),
        pytest.param(OFF, (True, True), True, OFF, id="both pause"),
        pytest.param(ON, (False,), False, None, id="on before"),
        pytest.param(None, (False,), False, None, id="not met yet"),
    ],
)
def test_it_is_on_while_anybody_wants_it(
    diffuser: Diffuser,
    before: Cue | None,
    pauses: tuple[bool, ...],
    sent: bool,
    target: Cue | None,
) -> None:
    """And never touched where it was on before."""
    now = dt_util.utcnow()
    hold(diffuser, *(scent().pause(now) if paused else scent() for paused in pauses))
    diffuser.before, diffuser._was_sent = before, sent
    assert diffuser.target() == target


async def test_while_home_assistant_goes_down_nobody_wants_it(
    diffuser: Diffuser, asked: list[str]
) -> None:
    """Nobody would see it off any more."""
    hold(diffuser, scent())
    await diffuser.send(ON, again=False)
    await diffuser.put_out()
    assert diffuser.target() == OFF


@pytest.mark.parametrize(
    ("state", "cue", "takes"),
    [
        pytest.param("on", OFF, True, id="on"),
        pytest.param("off", ON, True, id="off"),
        pytest.param("unknown", OFF, True, id="does not tell, and may be on"),
        pytest.param("unknown", ON, False, id="does not tell"),
        pytest.param("unavailable", OFF, False, id="away, and may be on"),
        pytest.param("unavailable", ON, False, id="away"),
        pytest.param(None, OFF, False, id="gone"),
    ],
)
def test_an_off_is_sent_to_whoever_may_hear_it(
    hass: HomeAssistant, diffuser: Diffuser, state: str | None, cue: Cue, takes: bool
) -> None:
    """An on only to one that tells how it is."""
    if state is None:
        hass.states.async_remove(PLUG)
    else:
        tell(hass, plug(state))
    assert diffuser.takes(cue) is takes


def test_one_that_was_on_before_is_left_to_the_hand(diffuser: Diffuser) -> None:
    """Nothing is wanted of it, not even that it goes off."""
    hold(diffuser, scent())
    diffuser.before, diffuser.hand = ON, True
    diffuser.follow()
    assert diffuser.hand
    assert diffuser.wanted is None


async def test_asked_a_second_time_it_is_still_ours(
    diffuser: Diffuser, asked: list[str]
) -> None:
    """It is on because we asked: no hand was faster than the disk."""
    hold(diffuser, scent())
    await diffuser.send(ON, again=False)
    await diffuser.send(ON, again=True)
    assert asked == ["on", "on"]
    assert diffuser.final(scent()) == OFF


@pytest.mark.parametrize("saved", [(True, True), (True, False), (False, False)])
async def test_every_file_knows_of_it_before_it_is_on(
    diffuser: Diffuser, asked: list[str], saved: tuple[bool, bool]
) -> None:
    """After a kill either of two mats may be gone for good."""
    for holding, is_saved in zip(hold(diffuser, scent(), scent()), saved, strict=True):
        holding.is_saved = is_saved
    if all(saved):
        await diffuser.send(ON, again=False)
    else:
        with pytest.raises(HomeAssistantError):
            await diffuser.send(ON, again=False)
    assert asked == (["on"] if all(saved) else [])
    assert diffuser.final(scent()) == (OFF if all(saved) else None)


async def test_a_hand_that_was_faster_is_known_to_every_file(
    hass: HomeAssistant,
    diffuser: Diffuser,
    asked: list[str],
    freezer: FrozenDateTimeFactory,
) -> None:
    """Theirs is the on, and theirs the off."""
    (anna,) = hold(diffuser, scent())
    diffuser.wanted = ON
    freezer.tick(3)
    tell(hass, ON)
    anna.told.clear()
    await diffuser.send(ON, again=False)
    assert asked == []
    assert diffuser.before == ON
    assert diffuser.as_dict().keys() == {"hand", "known_at", "before"}
    assert anna.told == ["changed"]
    assert diffuser.known_at == dt_util.utcnow()


async def test_an_off_waits_for_no_file(diffuser: Diffuser, asked: list[str]) -> None:
    """Off is the safe side."""
    (anna,) = hold(diffuser, scent())
    anna.is_saved = False
    await diffuser.send(OFF, again=False)
    assert asked == ["off"]


async def test_called_off_before_it_was_sent_it_is_forgotten(
    diffuser: Diffuser, freezer: FrozenDateTimeFactory
) -> None:
    """What is known by now is newer than a file that has it on."""
    (anna,) = hold(diffuser, scent())
    diffuser.wanted = ON
    freezer.tick(3)
    anna.session = anna.session.pause(dt_util.utcnow())
    diffuser.follow()
    assert "wanted" not in diffuser.as_dict()
    assert diffuser.known_at == dt_util.utcnow()


# -- hands ---------------------------------------------------------------------


@pytest.mark.parametrize(
    ("hand", "paused", "told"),
    [(True, False, []), (True, True, ["off"]), (False, True, ["off"])],
)
async def test_only_its_on_is_a_hand_s(
    hass: HomeAssistant,
    diffuser: Diffuser,
    asked: list[str],
    hand: bool,
    paused: bool,
    told: list[str],
) -> None:
    """What we brought on we see off, whoever had it since."""
    session = scent()
    hold(diffuser, session.pause(dt_util.utcnow()) if paused else session)
    diffuser._was_sent, diffuser.hand = True, hand
    if paused:
        tell(hass, ON)
        diffuser.hand = hand
    diffuser.follow()
    await hass.async_block_till_done()
    assert asked == told
    assert diffuser.hand is hand


@pytest.mark.parametrize(
    ("sent", "before"), [(True, OFF), pytest.param(False, ON, id="theirs")]
)
def test_another_s_session_meets_it_afresh(
    hass: HomeAssistant, diffuser: Diffuser, sent: bool, before: Cue
) -> None:
    """But what we brought on stays ours."""
    hold(diffuser, scent())
    tell(hass, ON)
    diffuser._was_sent, diffuser.hand = sent, True
    diffuser.claim("b", Holding(scent()))
    assert not diffuser.hand
    assert diffuser.before == before


@pytest.mark.parametrize(("found", "hand"), [(OFF, True), (ON, False)])
def test_only_an_off_is_final(diffuser: Diffuser, found: Cue, hand: bool) -> None:
    """Put on by hand it is no more than it was."""
    hold(diffuser, scent())
    diffuser.touched(found)
    assert diffuser.hand is hand


@pytest.mark.parametrize(
    ("hand", "cue", "left"), [(True, ON, True), (True, OFF, False), (False, ON, False)]
)
def test_what_is_left_to_a_hand(
    diffuser: Diffuser, hand: bool, cue: Cue, left: bool
) -> None:
    """Its on; never its off."""
    diffuser.hand = hand
    assert diffuser.is_left_to_hand(cue) is left


# -- off -----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("sent", "before", "wanted", "found", "left"),
    [
        pytest.param(True, OFF, ON, ON, OFF, id="on"),
        pytest.param(True, OFF, ON, OFF, OFF, id="on, and looks off"),
        pytest.param(True, OFF, OFF, ON, OFF, id="still on"),
        pytest.param(True, OFF, OFF, OFF, None, id="off"),
        pytest.param(True, OFF, OFF, GONE, OFF, id="gone"),
        pytest.param(False, OFF, ON, OFF, None, id="never sent"),
        pytest.param(True, ON, ON, ON, None, id="on before, says a damaged file"),
        pytest.param(True, None, ON, ON, None, id="never met"),
    ],
)
def test_how_it_is_left(
    hass: HomeAssistant,
    diffuser: Diffuser,
    sent: bool,
    before: Cue | None,
    wanted: Cue,
    found: Cue,
    left: Cue | None,
) -> None:
    """Off, unless it surely is, or never was ours."""
    hold(diffuser, scent())
    tell(hass, found)
    diffuser._was_sent, diffuser.before, diffuser.wanted = sent, before, wanted
    assert diffuser.final(scent()) == left


async def test_while_its_off_is_under_way_it_is_not_surely_off(
    hass: HomeAssistant, diffuser: Diffuser
) -> None:
    """What it tells may be from before."""
    hold(diffuser, scent())
    diffuser._was_sent = True
    task = diffuser.command(OFF)
    assert diffuser.is_like(OFF)
    assert diffuser.final(scent()) == OFF
    diffuser.drop("a")
    await asyncio.wait([task])


async def test_on_by_hand_after_its_off_it_goes_off_at_the_end(
    hass: HomeAssistant, diffuser: Diffuser, asked: list[str]
) -> None:
    """The off of the pause was done, and says nothing of now."""
    session = scent().pause(dt_util.utcnow())
    hold(diffuser, session)
    tell(hass, ON)
    diffuser._was_sent = True
    await diffuser.command(OFF)
    tell(hass, ON)
    await diffuser.release(session)
    assert asked == ["off", "off"]
    assert diffuser.is_like(OFF)


@pytest.mark.parametrize(
    ("before", "told"), [(OFF, ["off"]), (ON, []), pytest.param(None, [], id="unmet")]
)
async def test_put_out_before_home_assistant_goes_down(
    hass: HomeAssistant,
    diffuser: Diffuser,
    asked: list[str],
    freezer: FrozenDateTimeFactory,
    before: Cue | None,
    told: list[str],
) -> None:
    """If it is ours; the file knows then that it was."""
    hold(diffuser, scent())
    tell(hass, ON)
    freezer.tick(60)
    diffuser._was_sent, diffuser.before, diffuser.wanted = True, before, ON
    await diffuser.put_out()
    assert asked == told
    if told:
        assert diffuser.wanted == OFF
        assert diffuser.known_at == dt_util.utcnow()


async def test_taken_at_somebody_s_word_it_is_nobody_s_duty(
    diffuser: Diffuser, freezer: FrozenDateTimeFactory
) -> None:
    """Whoever pulled the plug is not told of it again, nor after a restart."""
    (anna,) = hold(diffuser, scent())
    diffuser._was_sent, diffuser.wanted = True, OFF
    freezer.tick(60)
    diffuser.give_up()
    assert "wanted" not in diffuser.as_dict()
    assert diffuser.final(scent()) is None
    assert anna.told == ["changed"]
    assert diffuser.known_at == dt_util.utcnow()


def test_each_news_of_it_is_told_once(diffuser: Diffuser) -> None:
    """A notification for each try would be a dozen."""
    (anna,) = hold(diffuser, scent())
    for is_stuck in (True, True, False, False, True):
        diffuser._tell_stuck(is_stuck=is_stuck)
    stays, off = f"{PLUG} stays on", f"{PLUG} is off"
    assert anna.told == [stays, off, stays]
    diffuser.try_again()
    diffuser._tell_stuck(is_stuck=True)
    assert anna.told == [stays, off, stays, stays]
