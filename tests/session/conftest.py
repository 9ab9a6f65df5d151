"""The domain needs no event loop: these fixtures of the plug-in are switched off."""

import pytest


@pytest.fixture(autouse=True)
def configure_event_loop() -> None:
    """Leave the loop alone."""


@pytest.fixture(autouse=True)
def configure_session_event_loop() -> None:
    """Leave the loop alone."""


@pytest.fixture(autouse=True)
def enable_event_loop_debug() -> None:
    """Leave the loop alone."""


@pytest.fixture(autouse=True)
def verify_cleanup() -> None:
    """Nothing is left behind by pure functions."""
