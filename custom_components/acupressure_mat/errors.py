"""Refusals of the domain in the words of the person's language."""

from collections.abc import Iterator
from contextlib import contextmanager

from homeassistant.exceptions import ServiceValidationError

from .const import DOMAIN
from .session.session import SessionError


@contextmanager
def translated() -> Iterator[None]:
    """Turn a SessionError into an error that Home Assistant shows translated."""
    try:
        yield
    except SessionError as err:
        raise ServiceValidationError(
            translation_domain=DOMAIN,
            translation_key=err.key,
            translation_placeholders=err.placeholders,
        ) from err
