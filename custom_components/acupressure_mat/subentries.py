"""Stored data of mats and routines, and what it means: the only reader of its keys."""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from homeassistant.config_entries import ConfigEntry, ConfigSubentry
from homeassistant.core import HomeAssistant
from homeassistant.helpers import area_registry as ar, config_validation as cv

from .session.plan import START, Experience, Plan
from .session.practice import Vacation
from .session.routine import BodyArea, EndPolicy, Kind, Media, Routine, Surface
from .session.schedule import Mode, Schedule

type Data = Mapping[str, Any]
type Entry = ConfigEntry[Any]

DEFAULT_CAP = 40
DEFAULT_GOAL = 5
DEFAULT_BOUNDARY = "04:00:00"
WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


def _seconds(number: float) -> dict[str, int]:
    """Return a duration as its selector shows it."""
    minutes, seconds = divmod(int(number), 60)
    hours, minutes = divmod(minutes, 60)
    return {"hours": hours, "minutes": minutes, "seconds": seconds}


_PHASES = {
    "prepare": _seconds(60),
    "settle": _seconds(180),
    "wind_down": _seconds(120),
    "after": _seconds(300),
}
_SESSION = {"surface": Surface.BED, "body_area": BodyArea.BACK, "bell": False}
_DIFFUSER = {"diffusers": [], "cap": 30, "interval": 0}

# What the form proposes for each kind of routine.
PROPOSALS: dict[Kind, dict[str, Any]] = {
    Kind.BEDTIME: {
        "lights": {
            "lights": [],
            "brightness": 12,
            "color_temp": 2200,
            "fade": _seconds(30),
            "only_dim": True,
            "lights_end": EndPolicy.OFF,
        },
        "music": {
            "volume": 20,
            "fade_in": 20,
            "fade_out": 60,
            "music_end": EndPolicy.OFF,
        },
    },
    Kind.AFTER_WORK: {
        "lights": {
            "lights": [],
            "brightness": 35,
            "color_temp": 2700,
            "fade": _seconds(10),
            "only_dim": True,
            "lights_end": EndPolicy.RESTORE,
        },
        "music": {
            "volume": 30,
            "fade_in": 20,
            "fade_out": 60,
            "music_end": EndPolicy.RESTORE,
        },
    },
    Kind.MORNING: {
        "lights": {
            "lights": [],
            "brightness": 80,
            "color_temp": 4500,
            "fade": _seconds(20),
            "only_dim": False,
            "lights_end": EndPolicy.RESTORE,
        },
        "music": {
            "volume": 30,
            "fade_in": 20,
            "fade_out": 10,
            "music_end": EndPolicy.RESTORE,
        },
    },
}
PROPOSALS[Kind.CUSTOM] = dict(PROPOSALS[Kind.AFTER_WORK])
for _proposal in PROPOSALS.values():
    _proposal |= {"phases": _PHASES, "session": _SESSION, "diffuser": _DIFFUSER}
for _kind, _proposal in PROPOSALS.items():
    # Whoever is falling asleep wants to hear nothing.
    _proposal["speech"] = {"cues": _kind is not Kind.BEDTIME, "ask_aloud": False}


def _duration(value: Any, default: timedelta) -> timedelta:
    return cv.time_period_dict(dict(value)) if isinstance(value, Mapping) else default


def routine_from(data: Data, *, id: str, name: str) -> Routine:
    """Return the routine that a filled-in form means."""
    session, phases = data.get("session", {}), data.get("phases", {})
    lights, music = data.get("lights", {}), data.get("music", {})
    diffuser, media = data.get("diffuser", {}), music.get("media")
    speech = data.get("speech", {})
    bare = Routine(id=id, name=name)
    minutes, volume = session.get("duration"), music.get("volume")
    return Routine(
        id=id,
        name=name,
        kind=Kind(data.get("kind", bare.kind)),
        duration=timedelta(minutes=minutes) if minutes else None,
        surface=Surface(session.get("surface", bare.surface)),
        body_area=BodyArea(session.get("body_area", bare.body_area)),
        prepare=_duration(phases.get("prepare"), bare.prepare),
        settle=_duration(phases.get("settle"), bare.settle),
        wind_down=_duration(phases.get("wind_down"), bare.wind_down),
        after=_duration(phases.get("after"), bare.after),
        lights=tuple(lights.get("lights", ())),
        brightness=_whole(lights.get("brightness")),
        color_temp=_whole(lights.get("color_temp")),
        fade=_duration(lights.get("fade"), bare.fade),
        only_dim=lights.get("only_dim", bare.only_dim),
        lights_end=EndPolicy(lights.get("lights_end", bare.lights_end)),
        diffusers=tuple(diffuser.get("diffusers", ())),
        cap=_minutes_of(diffuser.get("cap"), bare.cap),
        interval=_minutes_of(diffuser.get("interval"), bare.interval),
        # The media browser knows the player, too, on which something was found.
        player=music.get("player") or (media or {}).get("entity_id"),
        media=Media(
            content_id=media["media_content_id"],
            content_type=media["media_content_type"],
        )
        if media
        else None,
        volume=None if volume is None else volume / 100,
        fade_in=_seconds_of(music.get("fade_in"), bare.fade_in),
        fade_out=_seconds_of(music.get("fade_out"), bare.fade_out),
        bell=session.get("bell", bare.bell),
        keep_playing=_minutes_of(music.get("keep_playing"), bare.keep_playing),
        speaker=speech.get("speaker"),
        speech_player=speech.get("speech_player"),
        cues=speech.get("cues", bare.cues),
        ask_aloud=speech.get("ask_aloud", bare.ask_aloud),
        start_script=session.get("start_script"),
        end_script=session.get("end_script"),
        music_end=EndPolicy(music.get("music_end", bare.music_end)),
    )


def _minutes_of(number: float | None, default: timedelta) -> timedelta:
    return default if number is None else timedelta(minutes=number)


def _seconds_of(number: float | None, default: timedelta) -> timedelta:
    return default if number is None else timedelta(seconds=number)


def _whole(number: float | None) -> int | None:
    return None if number is None else round(number)


def routine(subentry: ConfigSubentry) -> Routine:
    """Return a routine as it is configured now."""
    return routine_from(subentry.data, id=subentry.subentry_id, name=subentry.title)


def schedule(subentry: ConfigSubentry) -> Schedule:
    """Return when a routine is due, and what happens then."""
    data = subentry.data.get("schedule", {})
    days, time, sensor = data.get("days", ()), data.get("time"), data.get("sensor")
    is_set = bool(sensor or time)
    return Schedule(
        mode=Mode(data.get("mode", Mode.ASK)) if is_set else Mode.OFF,
        days=tuple(number for number, day in enumerate(WEEKDAYS) if day in days),
        at=None if time is None else _after_midnight(time),
        sensor=sensor,
        before=_duration(data.get("before"), timedelta(0)),
    )


def mat_sensor(subentry: ConfigSubentry) -> str | None:
    """Return the sensor that tells whether somebody lies on the mat."""
    sensor: str | None = subentry.data.get("schedule", {}).get("mat_sensor")
    return sensor


def _after_midnight(clock: str) -> timedelta:
    at = cv.time(clock)
    return timedelta(hours=at.hour, minutes=at.minute, seconds=at.second)


def cap(entry: ConfigEntry[Any]) -> timedelta:
    """Return the longest session that this person's plan ever proposes."""
    return timedelta(minutes=entry.data.get("cap", DEFAULT_CAP))


def plan(entry: ConfigEntry[Any]) -> Plan | None:
    """Return what the person chose for the plan; None if they want none."""
    if not entry.data.get("plan", True):
        return None
    return Plan(experience=experience(entry), cap=cap(entry), boundary=boundary(entry))


def default_duration(entry: ConfigEntry[Any]) -> timedelta:
    """Return how long a session is when neither routine nor plan says so."""
    return min(START[experience(entry)], cap(entry))


def experience(entry: ConfigEntry[Any]) -> Experience:
    """Return how well the person knew the mat at set-up."""
    return Experience(entry.data.get("experience", Experience.NEW))


def wants_streak(entry: ConfigEntry[Any]) -> bool:
    """Return whether the person wants to see a streak."""
    return bool(entry.data.get("streak", True))


def goal(entry: ConfigEntry[Any]) -> int:
    """Return on how many days a week the person wants to practise."""
    return int(entry.data.get("goal", DEFAULT_GOAL))


def vacations(entry: ConfigEntry[Any]) -> tuple[Vacation, ...]:
    """Return the days that the person excused in advance."""
    first, last = entry.data.get("vacation_from"), entry.data.get("vacation_until")
    if first is None:
        return ()
    return (
        Vacation(
            first=date.fromisoformat(first),
            last=None if last is None else date.fromisoformat(last),
        ),
    )


def boundary(entry: ConfigEntry[Any]) -> timedelta:
    """Return the time after midnight at which a day begins."""
    return _after_midnight(entry.data.get("day_boundary", DEFAULT_BOUNDARY))


def area_name(hass: HomeAssistant, subentry: ConfigSubentry) -> str | None:
    """Return the name of the area that a routine was set up for."""
    area_id = subentry.data.get("area")
    area = ar.async_get(hass).async_get_area(area_id) if area_id else None
    return area.name if area else None


def sleep_sensor(entry: ConfigEntry[Any]) -> str | None:
    """Return the sensor that tells how the person slept."""
    sensor: str | None = entry.data.get("sleep_sensor")
    return sensor


def heart_rate_sensor(entry: ConfigEntry[Any]) -> str | None:
    """Return the sensor that tells the person's heart rate."""
    sensor: str | None = entry.data.get("heart_rate_sensor")
    return sensor


def morning_question(entry: ConfigEntry[Any]) -> timedelta | None:
    """Return when a bedtime session is asked about, as the time after midnight.

    None: at once, as any other.
    """
    at = entry.data.get("morning_question")
    return None if at is None else _after_midnight(at)


def person(entry: ConfigEntry[Any]) -> str | None:
    """Return the person who practises on the mat, if one is linked."""
    person_id: str | None = entry.data.get("person")
    return person_id


def notify(entry: ConfigEntry[Any]) -> str | None:
    """Return where notifications go: a notify action or entity, as `notify.name`."""
    target: str | None = entry.data.get("notify")
    return target


# Where entities are chosen: by section and field in a routine, by field in a mat.
_CHOSEN = (
    ("lights", "lights"),
    ("diffuser", "diffusers"),
    ("music", "player"),
    ("speech", "speaker"),
    ("speech", "speech_player"),
    ("session", "start_script"),
    ("session", "end_script"),
    ("schedule", "sensor"),
    ("schedule", "mat_sensor"),
)
_CHOSEN_IN_MAT = ("person", "sleep_sensor", "heart_rate_sensor", "notify")


def named(data: Data) -> dict[str, tuple[str, str]]:
    """Return each entity that a routine names, with the field it was chosen in."""
    found: dict[str, tuple[str, str]] = {}
    for part, field in _CHOSEN:
        chosen = data.get(part, {}).get(field) or ()
        for entity_id in [chosen] if isinstance(chosen, str) else chosen:
            found.setdefault(entity_id, (part, field))
    music = data.get("music", {})
    media = music.get("media") or {}
    # Beside a player that was chosen, the one of the media browser plays no part.
    if not music.get("player") and (player := media.get("entity_id")):
        found.setdefault(player, ("music", "player"))
    return found


def named_by_mat(entry: ConfigEntry[Any]) -> dict[str, str]:
    """Return what a mat itself names, with the field it was chosen in."""
    return {entry.data[f]: f for f in _CHOSEN_IN_MAT if entry.data.get(f)}


def replaced(data: Data, old: str, new: str | None) -> dict[str, Any]:
    """Return a routine's data with another entity, or none, in place of one."""
    changed = {
        part: dict(value) if isinstance(value, Mapping) else value
        for part, value in data.items()
    }
    for part, field in _CHOSEN:
        chosen = changed.get(part, {}).get(field)
        if chosen == old:
            changed[part] = _with(changed[part], field, new)
        elif isinstance(chosen, list) and old in chosen:
            kept = [new if entity_id == old else entity_id for entity_id in chosen]
            changed[part][field] = [e for e in dict.fromkeys(kept) if e]
    media = changed.get("music", {}).get("media")
    if media and media.get("entity_id") == old:
        other = {**media, "entity_id": new} if new else None
        changed["music"] = _with(changed["music"], "media", other)
    return changed


def replaced_in_mat(data: Data, old: str, new: str | None) -> dict[str, Any]:
    """Return a mat's data with something else, or nothing, in place of what it names."""
    changed = dict(data)
    for field in _CHOSEN_IN_MAT:
        if changed.get(field) == old:
            changed = _with(changed, field, new)
    return changed


def _with(data: Data, field: str, value: Any) -> dict[str, Any]:
    """Return data with another value in a field, or without the field."""
    rest = {key: kept for key, kept in data.items() if key != field}
    return rest if value is None else {**rest, field: value}
