"""Routine, Phase, Cue: what was configured, and how it wants the room."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import timedelta
from enum import StrEnum
from typing import Any

from .codec import from_dict, to_dict

MIN_DURATION = timedelta(minutes=1)
MAX_DURATION = timedelta(minutes=60)

# Points of brightness by which the light comes up towards the end and in a pause.
RAISE = 10
# Brightness in percent at which a person who feels unwell can get up safely.
SAFE = 30


class Kind(StrEnum):
    """What a routine is for; decides its defaults."""

    BEDTIME = "bedtime"
    AFTER_WORK = "after_work"
    MORNING = "morning"
    CUSTOM = "custom"


class EndPolicy(StrEnum):
    """What becomes of a device when the room is released."""

    RESTORE = "restore"
    KEEP = "keep"
    OFF = "off"


class PhaseName(StrEnum):
    """The phases, in their order."""

    PREPARE = "prepare"
    SETTLE = "settle"
    REST = "rest"
    WIND_DOWN = "wind_down"
    AFTER = "after"


class Surface(StrEnum):
    """What the mat lies on, mildest first; a T-shirt is milder still."""

    BED = "bed"
    COUCH = "couch"
    FLOOR = "floor"


class BodyArea(StrEnum):
    """Where the mat presses."""

    BACK = "back"
    NECK = "neck"
    SHOULDERS = "shoulders"
    FEET = "feet"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class Phase:
    """A stretch of a session in which the room stays the same."""

    name: PhaseName
    length: timedelta


@dataclass(frozen=True, slots=True, kw_only=True)
class Cue:
    """How one device should be, or how it was found.

    `attributes` are those of Home Assistant's states (brightness 0 to 255,
    color_temp_kelvin, volume_level 0 to 1 and so on).
    """

    entity_id: str
    state: str
    attributes: Mapping[str, Any] = field(default_factory=dict)

    @property
    def is_on(self) -> bool:
        """Whether the device is switched on."""
        return self.state == "on"

    @property
    def points(self) -> int:
        """Brightness in percent: 0 when off, 100 for a light that cannot dim."""
        if not self.is_on:
            return 0
        brightness = self.attributes.get("brightness")
        return 100 if brightness is None else round(brightness / 255 * 100)


@dataclass(frozen=True, slots=True, kw_only=True)
class Media:
    """What the player plays, as Home Assistant's media browser names it."""

    content_id: str
    content_type: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Routine:
    """What a person configured: how long, with which devices, and what they do."""

    id: str
    name: str
    kind: Kind = Kind.CUSTOM
    # None follows the plan.
    duration: timedelta | None = None
    surface: Surface = Surface.BED
    body_area: BodyArea = BodyArea.BACK

    prepare: timedelta = timedelta(seconds=60)
    settle: timedelta = timedelta(minutes=3)
    wind_down: timedelta = timedelta(minutes=2)
    after: timedelta = timedelta(minutes=5)

    lights: tuple[str, ...] = ()
    # In percent; None leaves brightness, or colour, alone.
    brightness: int | None = None
    color_temp: int | None = None
    fade: timedelta = timedelta(seconds=10)
    only_dim: bool = True
    lights_end: EndPolicy = EndPolicy.RESTORE

    diffusers: tuple[str, ...] = ()
    cap: timedelta = timedelta(minutes=30)
    # On for so long, then off for as long; zero keeps it on.
    interval: timedelta = timedelta(0)

    player: str | None = None
    media: Media | None = None
    # From 0 to 1; None leaves the volume alone.
    volume: float | None = None
    fade_in: timedelta = timedelta(seconds=20)
    fade_out: timedelta = timedelta(seconds=60)
    bell: bool = False
    keep_playing: timedelta = timedelta(0)
    music_end: EndPolicy = EndPolicy.RESTORE

    # A voice: a tts entity, which speaks on a player, or an assist_satellite.
    speaker: str | None = None
    # None lets it speak on the player of the music.
    speech_player: str | None = None
    cues: bool = False
    ask_aloud: bool = False

    start_script: str | None = None
    end_script: str | None = None

    def as_dict(self) -> dict[str, Any]:
        """Return the routine as JSON data."""
        return to_dict(self)

    @staticmethod
    def from_dict(data: Mapping[str, Any]) -> Routine:
        """Return the routine of such data; ValueError if it is none."""
        return from_dict(Routine, data)

    def renamed(self, old: str, new: str) -> Routine:
        """Return the routine after something that it names got another entity id."""

        def name[T: (str, str | None)](entity_id: T) -> T:
            return new if entity_id == old else entity_id

        return replace(
            self,
            lights=tuple(map(name, self.lights)),
            diffusers=tuple(map(name, self.diffusers)),
            player=name(self.player),
            speaker=name(self.speaker),
            speech_player=name(self.speech_player),
            start_script=name(self.start_script),
            end_script=name(self.end_script),
        )

    @property
    def devices(self) -> tuple[str, ...]:
        """The room: every device that the routine names, each once."""
        player = () if self.player is None else (self.player,)
        return tuple(dict.fromkeys((*self.lights, *self.diffusers, *player)))

    @property
    def voices(self) -> tuple[str, ...]:
        """What the routine speaks with; none of it belongs to the room."""
        return tuple(name for name in (self.speaker, self.speech_player) if name)

    def phases(self, duration: timedelta) -> tuple[Phase, ...]:
        """Return all five phases of a session of this length, empty ones included.

        Settle and wind_down shrink together to at most half of the session.
        """
        edges = self.settle + self.wind_down
        share = min(1.0, duration / 2 / edges) if edges else 1.0
        settle, wind_down = self.settle * share, self.wind_down * share
        return (
            Phase(PhaseName.PREPARE, self.prepare),
            Phase(PhaseName.SETTLE, settle),
            Phase(PhaseName.REST, duration - settle - wind_down),
            Phase(PhaseName.WIND_DOWN, wind_down),
            Phase(PhaseName.AFTER, self.after),
        )

    def light(
        self, before: Cue, phase: PhaseName, *, paused: bool = False, safe: bool = False
    ) -> Cue | None:
        """Return how a light should be, None to leave it as it is.

        `before` is how it was found. `safe` is the light after a stop for the
        person's health, which alone may be brighter than before.
        """
        if safe:
            return self._lit(before, max(before.points, SAFE))
        if self.brightness is None and self.color_temp is None:
            return None
        level = self.brightness
        if self.only_dim and (
            not before.is_on or (level is not None and before.points <= level)
        ):
            return None
        if level is None:
            return self._lit(before, None)
        raised = phase in (PhaseName.WIND_DOWN, PhaseName.AFTER)
        if paused and not self.only_dim:
            level = min(level + RAISE, 100)
        elif paused or raised:
            level = max(level, min(before.points, level + RAISE))
        return self._lit(before, level)

    def _lit(self, before: Cue, level: int | None) -> Cue:
        if level == 0:
            return Cue(entity_id=before.entity_id, state="off")
        attributes: dict[str, Any] = {}
        if level is not None:
            attributes["brightness"] = round(level * 255 / 100)
        if self.color_temp is not None:
            attributes["color_temp_kelvin"] = self.color_temp
        return Cue(entity_id=before.entity_id, state="on", attributes=attributes)


def switched(cue: Cue, *, on: bool) -> Cue:
    """Return the cue that switches a device on or off and asks nothing more."""
    return replace(cue, state="on" if on else "off", attributes={})
