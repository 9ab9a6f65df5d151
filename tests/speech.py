"""A home that listens, and what people say to it."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from homeassistant.components import conversation
from homeassistant.config_entries import ConfigSubentryDataWithId
from homeassistant.core import Context, HomeAssistant
from homeassistant.setup import async_setup_component
from homeassistant.util.yaml import load_yaml_dict

from custom_components.acupressure_mat.language import Command, Language, languages
from custom_components.acupressure_mat.session.session import Reason

SAID = Path(__file__).parent / "said"
LANGUAGES = sorted(languages())


@dataclass(frozen=True)
class Sentence:
    """What somebody says, and what should be heard in it."""

    text: str
    command: Command
    value: int | None = None
    reason: Reason | None = None


@dataclass(frozen=True)
class Speech:
    """All sentences of a language, and the names that they mention."""

    language: Language
    routine: str
    mat: str
    sentences: tuple[Sentence, ...]


@cache
def speech(code: str) -> Speech:
    """Return what people say in a language."""
    data = load_yaml_dict(str(SAID / f"{code}.yaml"))
    return Speech(
        language=Language.load(code),
        routine=str(data["routine"]),
        mat=str(data["mat"]),
        sentences=tuple(_sentences(data)),
    )


def _sentences(data: Mapping[str, Any]) -> Iterator[Sentence]:
    for command in Command:
        for row in data[command]:
            if isinstance(row, dict):
                ((text, value),) = row.items()
                yield Sentence(text, command, value=value)
            else:
                yield Sentence(row, command)
    for reason, texts in data["hurts"].items():
        for text in texts:
            yield Sentence(text, Command.STOP, reason=Reason(reason))


def bare(title: str, kind: str) -> ConfigSubentryDataWithId:
    """Return a routine of 20 minutes without devices; its id is its kind."""
    return ConfigSubentryDataWithId(
        data={"kind": kind, "session": {"duration": 20}},
        subentry_id=kind,
        subentry_type="routine",
        title=title,
        unique_id=None,
    )


async def listen(hass: HomeAssistant) -> None:
    """Let the home listen, with Home Assistant's own agent."""
    assert await async_setup_component(hass, "homeassistant", {})
    assert await async_setup_component(hass, "conversation", {})
    await hass.async_block_till_done()


async def say(
    hass: HomeAssistant,
    text: str,
    *,
    language: str = "en",
    user_id: str | None = None,
    device_id: str | None = None,
    satellite_id: str | None = None,
) -> str:
    """Return what Home Assistant answers."""
    result = await conversation.async_converse(
        hass,
        text,
        None,
        Context(user_id=user_id),
        language=language,
        device_id=device_id,
        satellite_id=satellite_id,
    )
    await hass.async_block_till_done()
    speech: str = result.response.speech["plain"]["speech"]
    return speech
