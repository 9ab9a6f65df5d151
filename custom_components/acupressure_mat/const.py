"""What several modules name."""

from datetime import timedelta
import logging

DOMAIN = "acupressure_mat"
LOGGER = logging.getLogger(__package__)

SUBENTRY_ROUTINE = "routine"
MINUTE = timedelta(minutes=1)
