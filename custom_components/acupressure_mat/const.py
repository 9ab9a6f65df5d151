"""What several modules name."""

from datetime import UTC, datetime, timedelta
import logging

DOMAIN = "acupressure_mat"
LOGGER = logging.getLogger(__package__)

SUBENTRY_ROUTINE = "routine"
MINUTE = timedelta(minutes=1)
# By how much one press lengthens a session.
EXTENSION = 5 * MINUTE
# Before anything that is stored.
LONG_AGO = datetime(2000, 1, 1, tzinfo=UTC)
