"""Google Assistant and Alexa, through Home Assistant's own code for them.

What they send when somebody says «turn on bedtime session» goes in, and what the
assistant is told about the routine comes out. Both make of a switch what it is.
"""

from typing import Any, override

from homeassistant.components.alexa.config import AbstractConfig as AlexaConfig
from homeassistant.components.alexa.smart_home import (
    async_handle_message as alexa_message,
)
from homeassistant.components.google_assistant.helpers import (
    AbstractConfig as GoogleConfig,
)
from homeassistant.components.google_assistant.smart_home import (
    async_handle_message as google_message,
)
from homeassistant.core import HomeAssistant
from homeassistant.setup import async_setup_component
import pytest

from .home import Home, add_mat, coordinator_of, routine

SWITCH = "switch.bedtime_session"
ENDPOINT = SWITCH.replace(".", "#")


class Google(GoogleConfig):
    """A Google account that is told of everything."""

    enabled = True
    entity_config: dict[str, Any] = {}
    secure_devices_pin = None
    should_report_state = False

    @override
    def should_expose(self, state: Any) -> bool:
        return True

    @override
    def should_2fa(self, state: Any) -> bool:
        return False

    @override
    def get_local_user_id(self, webhook_id: str) -> str | None:
        return None

    @override
    def get_local_webhook_id(self, agent_user_id: str) -> str | None:
        return None

    @override
    def get_agent_user_id_from_context(self, context: Any) -> str:
        return "anna"

    @override
    async def async_connect_agent_user(self, agent_user_id: str) -> None:
        """Google reports it to itself."""

    @override
    async def async_disconnect_agent_user(self, agent_user_id: str) -> None:
        """Google reports it to itself."""

    @override
    def async_get_agent_users(self) -> tuple[str, ...]:
        return ("anna",)

    @override
    async def async_report_state(
        self, message: dict[str, Any], agent_user_id: str, event_id: str | None = None
    ) -> None:
        """Report nothing: it is asked."""

    @override
    def get_agent_user_id_from_webhook(self, webhook_id: str) -> str | None:
        return None


class Alexa(AlexaConfig):
    """An Amazon account that is told of everything."""

    endpoint = "https://example.org"
    locale = "en-US"

    @override
    def user_identifier(self) -> str:
        return "anna"

    @override
    def should_expose(self, entity_id: str) -> bool:
        return True


async def ask_google(hass: HomeAssistant, intent: str, payload: Any) -> Any:
    """Send an intent as Google does, and return what it is answered."""
    answer = await google_message(  # type: ignore[no-untyped-call]  # so it is there
        hass,
        Google(hass),
        "anna",
        None,
        {
            "requestId": "1",
            "inputs": [{"intent": f"action.devices.{intent}", "payload": payload}],
        },
        "cloud",
    )
    return answer["payload"]


async def google_switch(hass: HomeAssistant, *, on: bool) -> Any:
    """Say it to Google; return the answer about the routine."""
    command = {
        "devices": [{"id": SWITCH}],
        "execution": [
            {"command": "action.devices.commands.OnOff", "params": {"on": on}}
        ],
    }
    answer = await ask_google(hass, "EXECUTE", {"commands": [command]})
    return answer["commands"][0] if "commands" in answer else answer


async def ask_alexa(hass: HomeAssistant, namespace: str, name: str, **rest: Any) -> Any:
    """Send a directive as Amazon does, and return its answer."""
    header = {
        "namespace": namespace,
        "name": name,
        "messageId": "1",
        "correlationToken": "2",
        "payloadVersion": "3",
    }
    directive = {"header": header, "payload": {}, **rest}
    config = Alexa(hass)
    await config.async_initialize()
    return await alexa_message(hass, config, {"directive": directive})


async def alexa_switch(hass: HomeAssistant, *, on: bool) -> Any:
    """Say it to Alexa; return the answer about the routine."""
    endpoint = {
        "scope": {"type": "BearerToken", "token": "3"},
        "endpointId": ENDPOINT,
        "cookie": {},
    }
    return await ask_alexa(
        hass,
        "Alexa.PowerController",
        "TurnOn" if on else "TurnOff",
        endpoint=endpoint,
    )


@pytest.fixture(autouse=True)
async def ready(hass: HomeAssistant) -> None:
    """Have what both look entities up in."""
    assert await async_setup_component(hass, "homeassistant", {})


async def test_google_knows_the_routine_as_a_switch_by_its_name(
    hass: HomeAssistant, home: Home
) -> None:
    """«Bedtime Session»; a name that nobody says is a device that nobody reaches."""
    await add_mat(hass)
    devices = (await ask_google(hass, "SYNC", {}))["devices"]
    device = next(device for device in devices if device["id"] == SWITCH)
    assert device["name"]["name"] == "Bedtime Session"
    assert device["type"] == "action.devices.types.SWITCH"
    assert device["traits"] == ["action.devices.traits.OnOff"]


async def test_google_switches_a_session_on_and_off(
    hass: HomeAssistant, home: Home
) -> None:
    """Off is the end that is kept, as a tap on the switch is."""
    entry = await add_mat(hass)
    answer = await google_switch(hass, on=True)
    assert answer["status"] == "SUCCESS"
    assert answer["states"]["on"] is True
    await home.wait(minutes=10)
    assert home.is_on(SWITCH)
    answer = await google_switch(hass, on=False)
    assert answer["states"]["on"] is False
    await home.settle()
    assert coordinator_of(entry).session is None
    assert len(await home.records(entry)) == 1
    queried = await ask_google(hass, "QUERY", {"devices": [{"id": SWITCH}]})
    assert queried["devices"][SWITCH]["on"] is False


async def test_alexa_discovers_the_routine_by_its_name(
    hass: HomeAssistant, home: Home
) -> None:
    """With power, and nothing that would ask for a percentage or a colour."""
    await add_mat(hass)
    answer = await ask_alexa(hass, "Alexa.Discovery", "Discover")
    endpoints = answer["event"]["payload"]["endpoints"]
    found = next(e for e in endpoints if e["endpointId"] == ENDPOINT)
    assert found["friendlyName"] == "Bedtime Session"
    assert found["displayCategories"] == ["SWITCH"]
    interfaces = {capability["interface"] for capability in found["capabilities"]}
    assert interfaces == {
        "Alexa",
        "Alexa.ContactSensor",
        "Alexa.EndpointHealth",
        "Alexa.PowerController",
    }


async def test_alexa_switches_a_session_on_and_off(
    hass: HomeAssistant, home: Home
) -> None:
    """Off is the end that is kept, as a tap on the switch is."""
    entry = await add_mat(hass)
    answer = await alexa_switch(hass, on=True)
    assert answer["event"]["header"]["name"] == "Response"
    await home.wait(minutes=10)
    assert home.is_on(SWITCH)
    await alexa_switch(hass, on=False)
    await home.settle()
    assert coordinator_of(entry).session is None
    assert len(await home.records(entry)) == 1


@pytest.mark.parametrize("say", [google_switch, alexa_switch])
async def test_on_while_it_is_on_is_no_second_session(
    hass: HomeAssistant, home: Home, say: Any
) -> None:
    """Said twice, or by two people: the session that runs goes on undisturbed."""
    entry = await add_mat(hass)
    await say(hass, on=True)
    session = coordinator_of(entry).session
    await home.wait(minutes=1)
    await say(hass, on=True)
    assert coordinator_of(entry).session == session


@pytest.mark.parametrize("say", [google_switch, alexa_switch])
async def test_a_mat_that_is_busy_goes_on(
    hass: HomeAssistant, home: Home, say: Any
) -> None:
    """Whatever the assistant makes of the refusal, the other routine is undisturbed."""
    entry = await add_mat(hass, routine("Morning"), routine("Bedtime"))
    await home.start("switch.morning_session")
    await say(hass, on=True)
    await home.settle()
    session = coordinator_of(entry).session
    assert session is not None
    assert session.routine.name == "Morning"
    assert not home.is_on(SWITCH)
