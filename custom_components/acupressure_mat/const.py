"""What several modules name."""

import logging

from homeassistant.const import Platform

DOMAIN = "acupressure_mat"
LOGGER = logging.getLogger(__package__)

SUBENTRY_ROUTINE = "routine"

PLATFORMS = [
    Platform.BINARY_SENSOR,
    Platform.BUTTON,
    Platform.EVENT,
    Platform.NUMBER,
    Platform.SENSOR,
    Platform.SWITCH,
]
