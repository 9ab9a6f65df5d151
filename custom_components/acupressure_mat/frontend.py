"""Serves the bell and the card; announces the card, so that it needs no resource."""

from hashlib import sha256
from pathlib import Path

from homeassistant.components.frontend import add_extra_js_url
from homeassistant.components.http import StaticPathConfig
from homeassistant.core import HomeAssistant
from homeassistant.loader import async_get_integration

from .const import DOMAIN

BELL = Path(__file__).parent / "www" / "bell.wav"
CARD = Path(__file__).parent / "www" / "acupressure-mat.js"
URL = f"/{DOMAIN}/{CARD.name}"


async def async_setup_frontend(hass: HomeAssistant) -> None:
    """Let every page load the card; call it once, for a path stays registered.

    Browsers keep the file for a month, so its address changes with its content.
    """
    if "http" not in hass.config.components:
        return
    await hass.http.async_register_static_paths(
        [StaticPathConfig(f"/{DOMAIN}/{BELL.name}", str(BELL))]
    )
    if "frontend" not in hass.config.components:
        return
    integration = await async_get_integration(hass, DOMAIN)
    content = await hass.async_add_executor_job(CARD.read_bytes)
    version = f"{integration.version}-{sha256(content).hexdigest()[:8]}"
    await hass.http.async_register_static_paths([StaticPathConfig(URL, str(CARD))])
    add_extra_js_url(hass, f"{URL}?v={version}")
