"""What several modules name."""

import logging

DOMAIN = "acupressure_mat"
LOGGER = logging.getLogger(__package__)

SUBENTRY_ROUTINE = "routine"
