"""What cannot be done is said in words, in a German home, in the channel that asked."""

from typing import Any

from homeassistant.core import ServiceCall
from homeassistant.data_entry_flow import FlowResultType
from homeassistant.exceptions import ServiceValidationError
from homeassistant.helpers import entity_registry as er, issue_registry as ir
from homeassistant.helpers.translation import async_get_translations
import pytest

from custom_components.acupressure_mat.const import DOMAIN
from custom_components.acupressure_mat.issues import async_check_named

from .forms import MAT, begin_change, fill_in
from .home import Home, add_mat, coordinator_of, routine
from .phone import NAME, PHONE, press
from .speech import listen, say
from .test_llm import Agent

BUSY = "Bedtime läuft auf dieser Matte. Beende diese Sitzung, bevor du eine andere startest."
BUSY_ALOUD = "Bedtime läuft schon."
RANGE = "Eine Sitzung dauert 1 bis 60 Minuten. Wähle eine Dauer dazwischen."
RANGE_ALOUD = "Eine Sitzung dauert 1 bis 60 Minuten."


@pytest.fixture
async def phone(home: Home, phone: list[ServiceCall]) -> list[ServiceCall]:
    """Return what a phone is sent in a German home."""
    await home.hass.config.async_update(language="de")
    await listen(home.hass)
    return phone


def switch(home: Home, routine_id: str) -> str:
    """Return the switch of a routine, whatever it is called in German."""
    unique_id = f"{routine_id}_session"
    found = er.async_get(home.hass).async_get_entity_id("switch", DOMAIN, unique_id)
    assert found is not None
    return found


async def shown(home: Home, action: str, entity_id: str, **data: Any) -> str:
    """Return what a page shows of an action that is refused."""
    domain, _, name = action.partition(".")
    with pytest.raises(ServiceValidationError) as refused:
        await home.hass.services.async_call(
            domain, name, {"entity_id": entity_id, **data}, blocking=True
        )
    error = refused.value
    words = await async_get_translations(home.hass, "de", "exceptions", {DOMAIN})
    key = f"component.{error.translation_domain}.exceptions.{error.translation_key}"
    return words[f"{key}.message"].format(**(error.translation_placeholders or {}))


async def title(home: Home, key: str) -> str:
    """Return what the page Repairs says of the only issue with this key."""
    words = await async_get_translations(home.hass, "de", "issues", {DOMAIN})
    (issue,) = [
        issue
        for issue in ir.async_get(home.hass).issues.values()
        if issue.domain == DOMAIN and issue.translation_key == key
    ]
    text = words[f"component.{DOMAIN}.issues.{key}.title"]
    return text.format(**(issue.translation_placeholders or {}))


async def test_the_mat_is_busy(home: Home, phone: list[ServiceCall]) -> None:
    """By switch, action, voice, agent, and the button of a question."""
    await add_mat(
        home.hass,
        routine(),
        routine(
            "Dehnen",
            kind="custom",
            schedule={"days": ["sun"], "time": "22:01:00"},
        ),
        notify=PHONE,
    )
    await home.wait(minutes=1)
    question = phone[0]
    await home.start(switch(home, "bedtime"))
    other = switch(home, "dehnen")
    assert await shown(home, "switch.turn_on", other) == BUSY
    assert await shown(home, f"{DOMAIN}.start_session", other) == BUSY
    assert (
        await say(home.hass, "starte die Dehnen-Sitzung", language="de") == BUSY_ALOUD
    )
    agent = Agent(home.hass, "de")
    assert await agent.fail("start_session", routine="Dehnen") == BUSY_ALOUD
    await press(home, question, "Starten")
    assert phone[-1].data["message"] == f"{BUSY} Es ist Zeit für deine Sitzung."


async def test_minutes_are_out_of_range(home: Home, phone: list[ServiceCall]) -> None:
    """By action, voice, agent, and the button of a session that runs."""
    entry = await add_mat(home.hass, notify=PHONE)
    bedtime = switch(home, "bedtime")
    for minutes in (0, 61):
        assert (
            await shown(
                home, f"{DOMAIN}.start_session", bedtime, duration={"minutes": minutes}
            )
            == RANGE
        )
    spoken = "starte die Bedtime-Sitzung für neunzig Minuten"
    assert await say(home.hass, spoken, language="de") == RANGE_ALOUD
    assert coordinator_of(entry).session is None
    await home.do("start_session", bedtime, duration={"minutes": 58})
    agent = Agent(home.hass, "de")
    assert await agent.fail("extend_session", minutes=5) == RANGE_ALOUD
    await press(home, phone[-1], "+5 Min.")
    assert phone[-1].data["message"].startswith(f"{RANGE} Bis ")


async def test_two_may_be_meant(home: Home, phone: list[ServiceCall]) -> None:
    """By action, voice and agent; each names what there is to choose."""
    await add_mat(home.hass, routine("Abend"), routine("Nacht"))
    both = [switch(home, "abend"), switch(home, "nacht")]
    with pytest.raises(ServiceValidationError) as refused:
        await home.hass.services.async_call(
            DOMAIN, "start_session", {"entity_id": both}, blocking=True
        )
    assert refused.value.translation_key == "several_routines"
    assert await say(home.hass, "starte meine Mattensitzung", language="de") == (
        "Abend oder Nacht? Sag zum Beispiel: Starte Abend Sitzung."
    )
    told = await Agent(home.hass, "de").call("start_session")
    assert told.data["choices"] == ["Abend", "Nacht"]


async def test_no_such_routine(home: Home, phone: list[ServiceCall]) -> None:
    """One that was never there; and a switch by its name of before."""
    await add_mat(home.hass)
    gone = "switch.siesta_session"
    words = (
        "ist nicht der Sitzungsschalter einer Routine. Wähle einen solchen als Ziel."
    )
    assert await shown(home, f"{DOMAIN}.start_session", gone) == f"{gone} {words}"
    old = switch(home, "bedtime")
    er.async_get(home.hass).async_update_entity(old, new_entity_id="switch.abend")
    await home.settle()
    assert await shown(home, f"{DOMAIN}.start_session", old) == f"{old} {words}"
    assert (await Agent(home.hass, "de").call("start_session", routine="Siesta")).error
    await home.do("start_session", "switch.abend")
    assert home.is_on("switch.abend")


async def test_what_a_mat_names_is_gone(home: Home, phone: list[ServiceCall]) -> None:
    """A lamp that was thrown away, and a phone that was sold: where one repairs."""
    entry = await add_mat(home.hass, notify=PHONE)
    er.async_get(home.hass).async_remove("light.bed")
    home.hass.services.async_remove("notify", NAME)
    await home.settle()
    async_check_named(home.hass, entry)
    assert "light.bed" in await title(home, "device_missing")
    assert PHONE in await title(home, "mat_misses")
    form = await begin_change(home.hass, entry)
    form = await fill_in(home.hass, form, {**MAT, "notify": PHONE})
    assert form["type"] is FlowResultType.FORM
    words = await async_get_translations(home.hass, "de", "config", {DOMAIN})
    assert words[f"component.{DOMAIN}.config.error.{form['errors']['notify']}"] == (
        "Dieses Ziel gibt es nicht mehr. Wähle ein anderes oder lass das Feld leer."
    )
