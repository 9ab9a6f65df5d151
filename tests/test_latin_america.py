"""A home whose language is es-419: Spanish wherever somebody reads or listens.

Home Assistant looks for the texts of exactly that language, and shows the English ones
if there are none; what is said aloud comes from the sentences in Spanish.
"""

from homeassistant.core import HomeAssistant, ServiceCall
from homeassistant.setup import async_setup_component
import pytest
from pytest_homeassistant_custom_component.common import async_capture_events
from pytest_homeassistant_custom_component.typing import WebSocketGenerator

from custom_components.acupressure_mat.activity import EVENT
from custom_components.acupressure_mat.const import DOMAIN

from .forms import EMPTY_ROOM, answer, begin_routine
from .home import Home, add_mat
from .phone import PHONE, buttons, said
from .speech import bare, listen, say
from .test_logbook import lines

LANGUAGE = "es-419"


async def speak_spanish(hass: HomeAssistant) -> None:
    """Let the home speak Spanish as in Latin America from now on."""
    await hass.config.async_update(language=LANGUAGE)


@pytest.mark.parametrize(
    ("key", "text"),
    [
        ("config.step.safety.title", "Antes de acostarte"),
        ("config_subentries.routine.initiate_flow.user", "Agregar rutina"),
        ("config_panel.card.breathe_in", "Inhala"),
        ("exceptions.not_running.message", "No hay ninguna sesión en curso."),
        ("issues.not_saved.title", "No se puede guardar el diario"),
        ("triggers.session_rated.name", "Sesión calificada"),
    ],
)
async def test_pages_are_in_spanish(
    hass: HomeAssistant, hass_ws_client: WebSocketGenerator, key: str, text: str
) -> None:
    """Forms, the card, refusals and editors ask Home Assistant for their words."""
    assert await async_setup_component(hass, "frontend", {})
    ws = await hass_ws_client(hass)
    asked = {
        "type": "frontend/get_translations",
        "language": LANGUAGE,
        "category": key.partition(".")[0],
        "integration": [DOMAIN],
    }
    await ws.send_json_auto_id(asked)
    words = (await ws.receive_json())["result"]["resources"]
    assert words[f"component.{DOMAIN}.{key}"].startswith(text)


async def test_entities_have_spanish_names(hass: HomeAssistant, home: Home) -> None:
    """They have the language of the home when they are added."""
    await speak_spanish(hass)
    await add_mat(hass)
    names = {
        str(state.attributes["friendly_name"]) for state in hass.states.async_all()
    }
    assert "Bedtime Sesión" in names
    assert "Anna's mat Racha" in names


async def test_a_routine_is_called_by_a_spanish_name(
    hass: HomeAssistant, home: Home
) -> None:
    """The one of its kind, if it is given none."""
    await speak_spanish(hass)
    entry = await add_mat(hass, bare("Siesta", "custom"))
    form = await answer(hass, await begin_routine(hass, entry), {"kind": "bedtime"})
    result = await answer(hass, form, EMPTY_ROOM)
    assert result["title"] == "Hora de dormir"


async def test_a_phone_shows_spanish(home: Home, phone: list[ServiceCall]) -> None:
    """Sentence and buttons."""
    await add_mat(home.hass, notify=PHONE)
    await speak_spanish(home.hass)
    await home.start()
    await home.wait(minutes=6)
    assert said(phone) == ["Hasta las 22:21."]
    assert list(buttons(phone[0])) == ["Pausar", "+5 min", "Terminar"]


async def test_activity_is_told_in_spanish(hass: HomeAssistant, home: Home) -> None:
    """As of what was, not of what has been."""
    told = async_capture_events(hass, EVENT)
    await add_mat(hass)
    await speak_spanish(hass)
    await home.start()
    await home.wait(minutes=22)
    assert await lines(hass, told) == [
        "Anna's mat empezó Bedtime: 20 min",
        "Anna's mat terminó Bedtime: 20 min",
    ]


@pytest.mark.parametrize("assistant", ["es", LANGUAGE])
async def test_who_speaks_spanish_is_answered(
    hass: HomeAssistant, home: Home, assistant: str
) -> None:
    """An assistant speaks either Spanish; both are understood."""
    await speak_spanish(hass)
    await listen(hass)
    await add_mat(hass, bare("Noche", "bedtime"), title="Esterilla de Ana")
    heard = await say(hass, "inicia la esterilla por diez minutos", language=assistant)
    assert heard == "Diez minutos."
    heard = await say(hass, "cuánto queda de la sesión", language=assistant)
    assert heard == "Tiempo restante: diez minutos."
