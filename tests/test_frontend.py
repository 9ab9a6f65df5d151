"""The card reaches the browser without anybody adding a resource."""

from hashlib import sha256
from http import HTTPStatus

from homeassistant.components.frontend import DATA_EXTRA_MODULE_URL
from homeassistant.core import HomeAssistant
from homeassistant.setup import async_setup_component
import pytest
from pytest_homeassistant_custom_component.typing import ClientSessionGenerator

from custom_components.acupressure_mat.const import DOMAIN
from custom_components.acupressure_mat.frontend import CARD, async_setup_frontend

from .source import read_json

MANIFEST = read_json("manifest.json")


@pytest.fixture
async def url(hass: HomeAssistant) -> str:
    """Return where every page loads the card from."""
    assert await async_setup_component(hass, "frontend", {})
    assert await async_setup_component(hass, DOMAIN, {})
    (url,) = (u for u in hass.data[DATA_EXTRA_MODULE_URL].urls if DOMAIN in u)
    return url


async def test_every_page_loads_the_card(
    hass: HomeAssistant, hass_client_no_auth: ClientSessionGenerator, url: str
) -> None:
    """A module script sends no token and insists on a JavaScript type."""
    client = await hass_client_no_auth()
    answer = await client.get(url)
    assert answer.status == HTTPStatus.OK
    assert answer.content_type == "text/javascript"
    assert await answer.read() == CARD.read_bytes()
    assert "max-age" in answer.headers["Cache-Control"]


async def test_another_card_has_another_address(url: str) -> None:
    """A browser that keeps files for a month would show the old card after an update."""
    version = url.partition("?v=")[2]
    digest = sha256(CARD.read_bytes()).hexdigest()
    assert version == f"{MANIFEST['version']}-{digest[:8]}"


async def test_a_home_without_a_frontend_needs_no_card(hass: HomeAssistant) -> None:
    """There is no web server either that could serve it."""
    await async_setup_frontend(hass)
    assert DATA_EXTRA_MODULE_URL not in hass.data
