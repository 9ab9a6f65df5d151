"""Describe a routine by forms, to add one and to change it alike."""

from collections.abc import Iterator, Mapping
from datetime import timedelta
from itertools import chain, count
from typing import Any

from homeassistant.components.media_player import MediaPlayerEntityFeature
from homeassistant.config_entries import (
    SOURCE_RECONFIGURE,
    ConfigSubentryFlow,
    SubentryFlowResult,
)
from homeassistant.const import ATTR_SUPPORTED_FEATURES
from homeassistant.helpers import (
    config_validation as cv,
    device_registry as dr,
    entity_registry as er,
)
from homeassistant.helpers.entity import get_supported_features
from homeassistant.helpers.translation import async_get_translations

from .const import DOMAIN
from .forms import LIMITS, NO_MEDIA, ROOM_SCHEMA, ROUTINE_SCHEMA
from .language import alike
from .proposals import propose
from .session.routine import Kind
from .session.schedule import Mode
from .subentries import named
from .try_it import async_try_soon

# AssistSatelliteEntityFeature.START_CONVERSATION, without which a satellite asks
# nothing. Its component is only there where somebody has one.
START_CONVERSATION = 2


class RoutineFlow(ConfigSubentryFlow):
    """Describe a routine: what for, in which room, with which devices."""

    def __init__(self) -> None:
        """Begin with nothing filled in."""
        self._about: dict[str, Any] = {}
        self._room: dict[str, Any] = {}
        self._offered: str | None = None

    async def async_step_user(
        self, user_input: dict[str, Any] | None = None
    ) -> SubentryFlowResult:
        """Ask for kind, name and room."""
        if self._is_gone:
            return self.async_abort(reason="gone")
        errors: dict[str, str] = {}
        shown: Mapping[str, Any] | None = user_input
        if user_input is not None:
            name = user_input.get("name", "").strip()
            name = user_input["name"] = name or await self._name_of(user_input["kind"])
            if not name:
                errors["name"] = "name_empty"
            elif self._is_taken(name):
                errors["name"] = "name_taken"
                shown = {**user_input, "name": await self._free_name(name)}
            else:
                self._about = user_input
                return await self.async_step_room()
        elif self.source == SOURCE_RECONFIGURE:
            subentry = self._get_reconfigure_subentry()
            shown = {**subentry.data, "name": subentry.title}
        return self.async_show_form(
            step_id="user",
            data_schema=self.add_suggested_values_to_schema(ROUTINE_SCHEMA, shown),
            errors=errors,
            last_step=False,
        )

    async def async_step_reconfigure(
        self, user_input: dict[str, Any] | None = None
    ) -> SubentryFlowResult:
        """Show what is set, in the same forms."""
        return await self.async_step_user()

    async def async_step_room(
        self, user_input: dict[str, Any] | None = None
    ) -> SubentryFlowResult:
        """Ask for devices and what they do; every field is optional."""
        if self._is_gone:
            return self.async_abort(reason="gone")
        errors: dict[str, str] = {}
        placeholders = {"entity": "", "limit": ""}
        if user_input is not None:
            if self._is_taken(self._about["name"]):
                return await self.async_step_user(self._about)
            self._without_empty_media(user_input["music"])
            errors = self._mistakes(user_input, placeholders)
            if not errors:
                self._room = user_input
                return await self.async_step_done()
            shown: Mapping[str, Any] = user_input
        elif self.source == SOURCE_RECONFIGURE:
            shown = self._get_reconfigure_subentry().data
        else:
            shown = propose(
                self.hass, Kind(self._about["kind"]), self._about.get("area")
            )
        return self.async_show_form(
            step_id="room",
            data_schema=self.add_suggested_values_to_schema(
                ROOM_SCHEMA, self._with_browsable_player(shown)
            ),
            errors=errors,
            description_placeholders=placeholders,
            last_step=False,
        )

    def _with_browsable_player(self, shown: Mapping[str, Any]) -> Mapping[str, Any]:
        """Return what is shown, with the player open to be browsed.

        The field for media has a player of its own, and a form of Home Assistant's
        cannot tell it which one was chosen above. Nobody is to choose it twice.
        """
        music = shown.get("music", {})
        self._offered = music.get("player")
        state = self.hass.states.get(self._offered) if self._offered else None
        if (
            "media" in music
            or state is None
            or not state.attributes.get(ATTR_SUPPORTED_FEATURES, 0)
            & MediaPlayerEntityFeature.BROWSE_MEDIA
        ):
            return shown
        media = {"entity_id": self._offered, **NO_MEDIA}
        return {**shown, "music": {**music, "media": media}}

    def _without_empty_media(self, music: dict[str, Any]) -> None:
        """Take away media of which only the player is known; keep that if it is new."""
        if (media := music.get("media")) and not media["media_content_id"]:
            del music["media"]
            player = media.get("entity_id")
            if player is not None and player != self._offered:
                music.setdefault("player", player)

    async def async_step_done(
        self, user_input: dict[str, Any] | None = None
    ) -> SubentryFlowResult:
        """Ask whether to try it."""
        return self.async_show_menu(step_id="done", menu_options=["save", "try_it"])

    async def async_step_save(
        self, user_input: dict[str, Any] | None = None
    ) -> SubentryFlowResult:
        """Save the routine."""
        return self._finish({**self._about, **self._room}, "", "first")

    async def async_step_try_it(
        self, user_input: dict[str, Any] | None = None
    ) -> SubentryFlowResult:
        """Save the routine, then let the room play it for a moment.

        It plays on its own: closing the dialog, or a restart, still puts all back.
        """
        if not self._is_gone:
            async_try_soon(self.hass, self._get_entry(), self._about["name"])
        return self._finish({**self._about, **self._room}, "tried", "first_tried")

    def _finish(
        self, data: dict[str, Any], told: str, told_first: str
    ) -> SubentryFlowResult:
        """Save, and tell how to go on if it is the first routine of its mat."""
        if self._is_gone:
            return self.async_abort(reason="gone")
        title = data.pop("name")
        if self.source != SOURCE_RECONFIGURE:
            is_first = not self._get_entry().subentries
            return self.async_create_entry(
                title=title, data=data, description=told_first if is_first else told
            )
        subentry = self._get_reconfigure_subentry()
        if data.get("area") != subentry.data.get("area"):
            self._move(subentry.subentry_id, data.get("area"))
        return self.async_update_and_abort(
            self._get_entry(),
            subentry,
            title=title,
            data=data,
            # Home Assistant's own sentence does not mention the running session.
            reason="reconfigure_successful",
        )

    @property
    def _is_gone(self) -> bool:
        """Whether the mat, or the routine, was deleted while the form was open."""
        entry = self.hass.config_entries.async_get_entry(self._entry_id)
        if entry is None or self.source != SOURCE_RECONFIGURE:
            return entry is None
        return self._reconfigure_subentry_id not in entry.subentries

    def _move(self, routine_id: str, area_id: str | None) -> None:
        """Move the device of a routine; a suggested area counts for new ones only."""
        registry = dr.async_get(self.hass)
        for device in dr.async_entries_for_config_entry(registry, self._entry_id):
            if device.config_subentry_id == routine_id:
                registry.async_update_device(device.id, area_id=area_id)

    async def _name_of(self, kind: str) -> str:
        """Return what a routine is called that was given no name."""
        if kind == Kind.CUSTOM:
            # "Something else" says nothing, least of all aloud.
            return ""
        texts = await async_get_translations(
            self.hass, self.hass.config.language, "selector", {DOMAIN}
        )
        return texts[f"component.{DOMAIN}.selector.kind.options.{kind}"]

    def _is_taken(self, name: str) -> bool:
        """Return whether a routine of any mat sounds like this: voice could not tell."""
        own = (
            self._get_reconfigure_subentry().subentry_id
            if self.source == SOURCE_RECONFIGURE
            else None
        )
        return any(
            alike(subentry.title, name)
            for entry in self.hass.config_entries.async_entries(DOMAIN)
            for subentry in entry.subentries.values()
            if subentry.subentry_id != own
        )

    async def _free_name(self, name: str) -> str:
        """Return what a routine could be called instead, as people there say it."""
        texts = await async_get_translations(
            self.hass, self.hass.config.language, "config_panel", {DOMAIN}
        )
        of_mat = texts[f"component.{DOMAIN}.config_panel.routine.of_mat"]
        proposals = chain(
            [of_mat.format(mat=self._get_entry().title, name=name)],
            (f"{name} {number}" for number in count(2)),
        )
        return next(name for name in proposals if not self._is_taken(name))

    def _mistakes(
        self, room: dict[str, Any], placeholders: dict[str, str]
    ) -> dict[str, str]:
        """Return what is wrong by section; `placeholders` names it."""
        for entity_id, (part, _) in named(room).items():
            if mistake := self._mistake(entity_id):
                placeholders["entity"] = entity_id
                return {part: mistake}
        for part, data in room.items():
            for field, limit in LIMITS.items():
                if field in data and cv.time_period_dict(data[field]) > limit:
                    placeholders["limit"] = f"{limit / timedelta(minutes=1):.0f}"
                    return {part: f"{field}_too_long"}
        if room["diffuser"].get("diffusers") and room["diffuser"]["cap"] == 0:
            return {"diffuser": "cap_zero"}
        if mistake := _mistake_in_schedule(room.get("schedule", {})):
            return {"schedule": mistake}
        if mistake := self._mistake_in_speech(room):
            return {"speech": mistake}
        return {}

    def _mistake_in_speech(self, room: Mapping[str, Any]) -> str | None:
        """Return what is wrong with who is to speak."""
        speech = room.get("speech", {})
        speaker: str = speech.get("speaker", "")
        has_player = any((speech.get("speech_player"), *_players(room["music"])))
        if speaker.startswith("tts.") and not has_player:
            return "speech_nowhere"
        listens = speaker.startswith("assist_satellite.") and (
            get_supported_features(self.hass, speaker) & START_CONVERSATION
        )
        if speech.get("ask_aloud") and not listens:
            return "cannot_listen"
        return None

    def _mistake(self, entity_id: str) -> str | None:
        """Return what is wrong with a device that was chosen."""
        entity = er.async_get(self.hass).async_get(entity_id)
        if entity is not None and entity.platform == DOMAIN:
            return "entity_is_ours"
        if entity is None and self.hass.states.get(entity_id) is None:
            return "entity_not_found"
        return None


def _mistake_in_schedule(data: Mapping[str, Any]) -> str | None:
    """Return what is wrong with a schedule that was filled in."""
    days, time, sensor = (data.get(field) for field in ("days", "time", "sensor"))
    if sensor and time:
        return "schedule_both"
    wanted = data.get("mode", Mode.ASK if days or time else Mode.OFF)
    if wanted != Mode.OFF and not sensor and not (days and time):
        return "schedule_incomplete"
    return None


def _players(music: Mapping[str, Any]) -> Iterator[str]:
    """Yield the player of the music, if one was chosen or comes with the music."""
    player = music.get("player") or music.get("media", {}).get("entity_id")
    if player is not None:
        yield player
