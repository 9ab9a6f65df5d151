"""Watches over a home: what may be commanded, and how everything must be left."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from homeassistant.components.media_player import MediaPlayerState
from homeassistant.const import EVENT_CALL_SERVICE
from homeassistant.core import Event, HomeAssistant, callback
from homeassistant.helpers import issue_registry as ir
from homeassistant.util import dt as dt_util

from custom_components.acupressure_mat.const import DOMAIN
from custom_components.acupressure_mat.environment import DEVICES

from .bedrooms import Bedroom, Light, Music, OddLamp, OddPlug, OddRadio
from .session.stopwatch import Stopwatch

# The retries of a device are over, and a late one has done the last of them.
RETRIED = timedelta(seconds=110)
# Rounding, as bulbs and players do.
LEVEL, VOLUME = 4, 0.02
# Nobody would notice within this.
SOON = timedelta(seconds=2)
# The longest fade of any routine, the grace after it, and some more.
FADED = timedelta(seconds=60)
# A room that ended longer ago than this, more or less, is only cleaned up after a
# restart.
STALE, MARGIN = timedelta(minutes=30), timedelta(minutes=1)
ZERO = timedelta(0)


@dataclass(frozen=True, kw_only=True)
class RoomOf:
    """What a routine names, and what it wants of it."""

    lights: tuple[str, ...]
    diffusers: tuple[str, ...]
    player: str | None
    only_dim: bool
    lights_end: str
    music_end: str
    plays_media: bool
    volume: float | None
    brightness: int | None

    @property
    def devices(self) -> tuple[str, ...]:
        player = () if self.player is None else (self.player,)
        return (*self.lights, *self.diffusers, *player)

    def keeps_music(self, session: Stopwatch) -> bool:
        """Return whether what plays at the end of a session plays on."""
        return self.music_end == "keep" and not session.is_undone


@dataclass(kw_only=True)
class Span:
    """A device from its first holder until its last lets go, as it truly was."""

    # How it was found; None until it is.
    before: Light | Music | bool | None
    # The rooms that held it, in order.
    rooms: list[RoomOf]
    # A hand changed it, without doubt; nothing may command it any more.
    touched: bool = False
    volume_touched: bool = False
    # It was told a volume.
    is_volume_told: bool = False
    # How a hand left a player.
    by_hand: Music | None = None
    # Whether music was wanted of it last; None while that never was decided.
    wants_music: bool | None = None
    # The routines that held it when a hand changed it: they have no say any more.
    overruled: frozenset[str] = frozenset()
    # The same of its volume alone.
    unheeded: frozenset[str] = frozenset()
    # Something befell it that was no hand: it may have missed a command.
    is_troubled: bool = False
    # How it was found, too late to put it back.
    left_as: Light | None = None
    # An automation changed it, and Home Assistant is still to be told of that.
    is_changing: bool = False
    # Something happened to it that could be read in two ways: nothing is expected.
    vague: bool = False
    # It was told to be off, or may have been.
    may_be_off: bool = False
    # What it was told last, if anything, and when that or a restart was.
    told: Light | None = None
    told_at: datetime | None = None
    # A session wanted it on, and since then its file was read again: that may say so of
    # a plug that never heard of it, and an off is the safe side.
    wanted: bool = False
    reread: bool = False
    # A plug that is not ours was put off by hand: who starts next meets it so.
    put_off: bool = False
    # Nobody needed light to get up by.
    healthy: bool = True
    # The session that let go of it last, once all have; of two that did at one moment
    # either may be the last.
    left_by: tuple[tuple[RoomOf, Stopwatch], ...] = ()


@dataclass(frozen=True)
class Known:
    """What a file knows of a device."""

    span: Span
    # Whether it was told anything by then, and whether a hand had changed it.
    is_told: bool
    touched: bool


class Watch:
    """Raises AssertionError when something happens that must not."""

    def __init__(self, hass: HomeAssistant, bedroom: Bedroom) -> None:
        self.hass = hass
        self.bedroom = bedroom
        self.rooms: dict[str, RoomOf] = {}
        self.spans: dict[str, Span] = {}
        self.sessions: list[Stopwatch] = []
        # A hand is at work: what is called now is not ours.
        self.is_hand = False
        # What went wrong where an exception would have been swallowed.
        self.wrong: list[str] = []
        # Plugs that were switched on by us and not seen off since, and since when
        # each has no reason to be on, or only now would obey.
        self._ours: set[str] = set()
        self._overdue: dict[str, datetime] = {}
        # What was let go of last of each device, and whether it had been ours: a disk
        # that fails does not know of that, and lets it happen once more.
        self._past: dict[str, tuple[Span, bool]] = {}
        # Since when the volume is not what is due.
        self._off_level: datetime | None = None
        # A mat is disabled: a device that did not follow in time waits for its return.
        self.is_one_away = False
        # Plugs that a hand switched on while a session holds them.
        self._kept_on: set[str] = set()
        self._unsub = hass.bus.async_listen(EVENT_CALL_SERVICE, self._on_call)

    def stop(self) -> None:
        self._unsub()

    def holding(self, entity_id: str) -> list[tuple[RoomOf, Stopwatch]]:
        """Return the rooms and sessions that hold a device."""
        return [
            (self.rooms[session.plan.routine], session)
            for session in self.sessions
            if session.holds and entity_id in self.rooms[session.plan.routine].devices
        ]

    # -- what happens ----------------------------------------------------------

    def enter(self, routine: str) -> None:
        """A session of this routine is about to start."""
        room = self.rooms[routine]
        for entity_id in room.devices:
            device = self.bedroom[entity_id]
            span = self.spans.get(entity_id)
            if (
                span is None
                or span.touched
                or span.volume_touched
                or span.left_as is not None
                or (span.put_off and entity_id not in self._ours)
            ):
                self.spans[entity_id] = Span(
                    before=device.truth if device.present else None,
                    rooms=[room],
                    vague=device.is_telling or (span is not None and span.vague),
                    healthy=span is None or span.healthy,
                )
                if span is not None and isinstance(device, OddRadio):
                    self._met_anew(self.spans[entity_id], span)
                self._kept_on.discard(entity_id)
            else:
                span.rooms.append(room)
                span.left_by = ()
            span = self.spans[entity_id]
            span.overruled -= {routine}
            span.unheeded -= {routine}

    def _met_anew(self, span: Span, past: Span) -> None:
        """A player that a hand changed is met by one more: what of it begins anew."""
        span.is_volume_told = past.is_volume_told and not past.volume_touched
        span.overruled, span.unheeded = past.overruled, past.unheeded
        span.wants_music = past.wants_music
        span.is_troubled = past.is_troubled
        holders = {
            session.plan.routine
            for _, session in self.holding(self.bedroom.radio.entity_id)
        }
        if past.touched:
            span.overruled |= holders
        span.unheeded |= holders
        before, was = span.before, past.before
        if not isinstance(before, Music) or not isinstance(was, Music):
            # What it did when nobody could see it is not known of ours or theirs.
            span.vague = True
            return
        span.before = Music(
            state=before.state if past.touched else was.state,
            # A hand on the music is none on the volume.
            volume=was.volume if span.is_volume_told else before.volume,
        )

    def follow(self, sessions: Iterable[Stopwatch], left: Iterable[Stopwatch]) -> None:
        """These sessions there are now; these let go of their rooms."""
        self.sessions = list(sessions)
        for session in self.sessions:
            if session.is_health_stop:
                for entity_id in self.rooms[session.plan.routine].lights:
                    if entity_id in self.spans:
                        self.spans[entity_id].healthy = False
        together: set[str] = set()
        for session in left:
            room = self.rooms[session.plan.routine]
            for entity_id in room.devices:
                span = self.spans.get(entity_id)
                if span is not None and not self.holding(entity_id):
                    earlier = span.left_by if entity_id in together else ()
                    span.left_by = (*earlier, (room, session))
                    together.add(entity_id)
                    span.vague |= not self.bedroom[entity_id].is_healthy
        for entity_id, span in self.spans.items():
            if holding := self.holding(entity_id):
                span.left_by = ()
                span.wanted |= any(session.diffuses for _, session in holding)
                span.wants_music = self._wants_music(span, holding)

    def troubled(self, entity_id: str) -> None:
        """Something happened to a device that is no hand."""
        span = self.spans.get(entity_id)
        if span is not None:
            span.is_troubled = True
        if span is not None and (span.left_by or span.is_changing):
            # Back from unavailable nothing is known to be a hand's.
            span.vague, span.is_changing = True, False
        if entity_id in self._overdue:
            self._overdue[entity_id] = dt_util.utcnow()

    def back(self, entity_id: str) -> None:
        """A device answers again."""
        span, device = self.spans.get(entity_id), self.bedroom[entity_id]
        if span is not None and span.before is None:
            span.before = device.truth
            span.vague |= bool(device.echo)

    def reread(self) -> None:
        """Files were read again, after a kill or a reload, and all is tried anew."""
        now = dt_util.utcnow()
        self._overdue = dict.fromkeys(self._overdue, now)
        for entity_id, span in self.spans.items():
            span.reread |= span.wanted
            # Who was away when it was told of learns of no cause.
            span.vague |= span.is_changing
            span.is_changing = False
            device = self.bedroom[entity_id]
            truth = device.truth
            if span.told_at is not None:
                span.told_at = now
            if (
                isinstance(truth, Light)
                and not truth.on
                and span.may_be_off
                and (
                    span.told is None
                    or span.told.on
                    or not device.is_healthy
                    or any(_brightens(s) for _, s in self.holding(entity_id))
                )
            ):
                # It may have been about to come up again, and what is found off is a
                # hand's after a restart.
                span.vague = True

    def known(self, number_of: Callable[[str], int], number: int) -> dict[str, Known]:
        """Return what the file of a mat is about to know of the devices it holds."""
        return {
            entity_id: Known(span, is_told=span.told is not None, touched=span.touched)
            for entity_id, span in self.spans.items()
            if any(
                number_of(session.plan.routine) == number
                for _, session in self.holding(entity_id)
            )
        }

    def forgotten(
        self, session: Stopwatch | None, known: dict[str, Known], devices: set[str]
    ) -> None:
        """A write of a mat was lost: its session is again what its file knows of.

        So is what is known of these devices, which are all that the mat ever holds.
        """
        if session is not None:
            for entity_id in self.rooms[session.plan.routine].devices:
                if entity_id in self._past and entity_id not in self.spans:
                    self.spans[entity_id], was_ours = self._past[entity_id]
                    if was_ours:
                        self._ours.add(entity_id)
        for entity_id in devices & self.spans.keys():
            span, truth = self.spans[entity_id], self.bedroom[entity_id].truth
            on_disk = known.get(entity_id)
            if (
                on_disk is not None
                and on_disk.span is span
                and on_disk.is_told
                and on_disk.touched == span.touched
                and isinstance(truth, Light)
                and truth.on
            ):
                # How it was found, and that it is ours, was written.
                continue
            span.vague = True
            # Nor does it know of a hand.
            span.touched = span.volume_touched = False

    def too_old(self) -> None:
        """Of what ended too long ago the lamps are left as they are."""
        for lamp in self.bedroom.lamps:
            span = self.spans.get(lamp.entity_id)
            if span is None or not span.left_by:
                continue
            ended_for = [session.ended_for or ZERO for _, session in span.left_by]
            if max(ended_for) < STALE - MARGIN:
                continue
            if min(ended_for) < STALE + MARGIN or not lamp.is_healthy:
                span.vague = True
            else:
                span.left_as = lamp.truth

    def dimmed_by_hand(
        self, lamp: OddLamp, was: Light, known: Light | None, *, by_automation: bool
    ) -> None:
        """A hand or an automation changed a lamp, which was so, and known as that."""
        span = self.spans.get(lamp.entity_id)
        if span is None or lamp.truth == was:
            return
        # Read by value it is a hand's, wherever our own commands may have led; what
        # nobody was told of is not known to be one.
        if known is None or known == replace(lamp.truth, colour=None):
            span.vague = True
        elif by_automation and lamp.is_telling:
            span.is_changing = True
        elif by_automation or self.is_beyond(lamp, span, known):
            span.touched = True
        else:
            span.vague = True

    def is_beyond(self, lamp: OddLamp, span: Span, was: Light) -> bool:
        """Return whether no command of ours can have left a lamp like this.

        `was` is how it was known just before.
        """
        before, told = span.before, span.told
        if not isinstance(before, Light):
            return False
        if not was.on:
            # A bulb that comes on may show any level.
            return told is None and span.healthy and all(r.only_dim for r in span.rooms)
        if not lamp.truth.on:
            has_followed = (
                told is not None
                and span.told_at is not None
                and dt_util.utcnow() - span.told_at > FADED
                and lamp.is_healthy
                and _near(was, told)
            )
            return has_followed or (before.on and not span.may_be_off)
        return before.level < 230 and all(
            (room.brightness or 0) < 80 for room in span.rooms
        )

    @staticmethod
    def _wants_music(
        span: Span, holding: list[tuple[RoomOf, Stopwatch]]
    ) -> bool | None:
        """Return whether a player is to play by now; None if it never was told."""
        running = [
            session
            for _, session in holding
            if session.runs and session.plan.routine not in span.overruled
        ]
        if running:
            return any(not session.is_paused for session in running)
        if span.wants_music is None or any(
            room.keeps_music(session) for room, session in holding
        ):
            return span.wants_music
        return False

    def used_by_hand(self, was: Music) -> None:
        """An automation of the person's used the player."""
        radio = self.bedroom.radio
        span, now = self.spans.get(radio.entity_id), radio.truth
        if span is None or now == was:
            return
        if now.volume != was.volume:
            if now.state is MediaPlayerState.OFF:
                # A player that is off tells of no volume.
                span.vague = True
            elif span.is_volume_told:
                span.volume_touched = True
            elif isinstance(span.before, Music):
                # It is theirs alone so far.
                span.before = replace(span.before, volume=now.volume)
        elif span.wants_music is None:
            span.vague = True
        elif now.plays != span.wants_music or now.state is MediaPlayerState.OFF:
            span.touched = True
        span.by_hand = now

    def switched_by_hand(self, plug: OddPlug) -> None:
        """A hand used the button of a plug, which tells of it if it is there."""
        span = self.spans.get(plug.entity_id)
        if span is None:
            return
        if plug.truth:
            self._kept_on.add(plug.entity_id)
        else:
            span.put_off = True

    # -- what may be commanded -------------------------------------------------

    @callback
    def _on_call(self, event: Event[Any]) -> None:
        domain, service = event.data["domain"], event.data["service"]
        if self.is_hand or domain not in ("light", "switch", "media_player"):
            return
        data = event.data["service_data"]
        entity_ids = data["entity_id"]
        for entity_id in [entity_ids] if isinstance(entity_ids, str) else entity_ids:
            if entity_id not in {d.entity_id for d in self.bedroom.devices}:
                continue
            span = self.spans.get(entity_id)
            if span is None:
                self.wrong.append(f"{entity_id} {service}: nobody holds it")
            else:
                wrong = self._judge(entity_id, span, service, data)
                if wrong:
                    self.wrong.append(f"{entity_id} {service} {data}: {wrong}")

    def _judge(
        self, entity_id: str, span: Span, service: str, data: dict[str, Any]
    ) -> str | None:
        """Return what is wrong with a command."""
        match entity_id.split(".", maxsplit=1)[0]:
            case "switch":
                return self._judge_plug(entity_id, span, service)
            case "light":
                # Ours came about before anybody knew of theirs.
                span.vague |= span.is_changing
                span.is_changing = False
                was = span.told.level if span.told is not None else 0
                span.told = Light(
                    on=service == "turn_on", level=data.get("brightness", was)
                )
                span.told_at = dt_util.utcnow()
                span.may_be_off |= not span.told.on
                return "a hand changed it" if span.touched else None
            case _:
                return self._judge_radio(span, service, data)

    def _judge_plug(self, entity_id: str, span: Span, service: str) -> str | None:
        if span.before is True:
            return "it was on before"
        if service == "turn_on":
            if not any(session.diffuses for _, session in self.holding(entity_id)):
                return "no session wants it on"
            if span.touched and not span.vague:
                return "a hand switched it off"
            self._ours.add(entity_id)
        elif entity_id not in self._ours and not span.reread:
            return "it is not ours"
        self._kept_on.discard(entity_id)
        return None

    def _judge_radio(
        self, span: Span, service: str, data: dict[str, Any]
    ) -> str | None:
        span.is_volume_told |= service == "volume_set"
        if span.vague:
            return None
        if span.touched and (service != "volume_set" or self.bedroom.radio.truth.plays):
            return "a hand has it"
        if service != "volume_set":
            return None
        if span.volume_touched:
            return "a hand set the volume"
        before = span.before.volume if isinstance(span.before, Music) else 1.0
        loudest = max([before, *(room.volume or 0.0 for room in span.rooms)])
        if data["volume_level"] > loudest + VOLUME:
            return f"louder than {loudest}"
        return None

    # -- how everything must be ------------------------------------------------

    def check(self) -> None:
        """Look at everything."""
        assert not self.wrong, self.wrong
        for lamp in self.bedroom.lamps:
            self._check_lamp(lamp)
        for plug in self.bedroom.plugs:
            self._check_plug(plug)
        self._check_volume()
        held = self.hass.data.get(DEVICES, {})
        for entity_id in [e for e in self.spans if e not in held]:
            if self.is_one_away and not self.bedroom[entity_id].is_healthy:
                continue
            span = self.spans.pop(entity_id)
            self._past[entity_id] = span, entity_id in self._ours
            self._check_end(entity_id, span)

    def _check_lamp(self, lamp: OddLamp) -> None:
        span = self.spans.get(lamp.entity_id)
        if span is not None and span.is_changing and not lamp.is_telling:
            span.is_changing, span.touched = False, True
        if (
            span is None
            or span.is_changing
            or span.touched
            or span.vague
            or not span.healthy
            or not isinstance(span.before, Light)
            or not all(room.only_dim for room in span.rooms)
        ):
            return
        if not span.before.on:
            assert not lamp.truth.on, f"{lamp.entity_id} was off, {span}"
        elif lamp.truth.on:
            limit = max(span.before.level, lamp.floor) + LEVEL
            assert lamp.truth.level <= limit, f"{lamp.entity_id} {lamp.truth}, {span}"

    def _check_volume(self) -> None:
        """What plays for a session is as loud as its routine has it by now."""
        radio = self.bedroom.radio
        was_off, self._off_level = self._off_level, None
        span = self.spans.get(radio.entity_id)
        if (
            span is None
            or not span.wants_music
            or not span.is_volume_told
            or span.volume_touched
            or span.touched
            or span.vague
            or span.is_troubled
            or not radio.is_healthy
            or not radio.truth.plays
        ):
            return
        holding = self.holding(radio.entity_id)
        heeded = [
            (room, session)
            for room, session in holding
            if session.plan.routine not in span.unheeded
        ]
        due = [
            (volume * session.loudness(keeps=room.music_end == "keep"), volume)
            for room, session in heeded
            if session.runs and (volume := room.volume) is not None
        ]
        if (
            (heeded and not due)
            or any(session.rehearsal for _, session in heeded)
            or not any(session.runs for _, session in holding)
        ):
            return
        if not heeded and isinstance(span.before, Music):
            # As it was left by the hand that overruled all who are here.
            due = [(span.before.volume, 0.0)]
        now, full = map(max, zip(*due, strict=True))
        # One step a second, of which the shortest fade has but a few.
        step = full * 1.2 / 15
        if abs(radio.truth.volume - now) <= VOLUME + step:
            return
        # A timer that is due at this very moment may fire a hair later.
        since = self._off_level = was_off or dt_util.utcnow()
        assert dt_util.utcnow() - since < SOON, f"{radio.truth}, due {now}, {span}"

    def _check_plug(self, plug: OddPlug) -> None:
        entity_id, now = plug.entity_id, dt_util.utcnow()
        owned = any(session.diffuses for _, session in self.holding(entity_id))
        if (
            not plug.truth
            or owned
            or entity_id not in self._ours
            or entity_id in self._kept_on
        ):
            self._overdue.pop(entity_id, None)
            return
        since = self._overdue.setdefault(entity_id, now)
        if now - since > RETRIED:
            issue = (DOMAIN, f"diffuser_on_{entity_id}")
            assert issue in ir.async_get(self.hass).issues, (
                f"{entity_id} is on, nobody wants it, and nobody is told"
            )

    def _check_end(self, entity_id: str, span: Span) -> None:
        """The last has let go of a device."""
        device = self.bedroom[entity_id]
        if isinstance(device, OddPlug):
            assert not (device.truth and entity_id in self._ours), f"{entity_id} is on"
            self._ours.discard(entity_id)
            self._kept_on.discard(entity_id)
            return
        if span.left_as is not None:
            assert device.truth == span.left_as, f"{entity_id} {device.truth}, {span}"
            return
        if span.vague or span.before is None or not span.left_by:
            return
        truth = device.truth
        wrong = [
            self._wrong_music(truth, span, room, session)
            if isinstance(truth, Music)
            else self._wrong_light(truth, span, room, session)
            for room, session in span.left_by
        ]
        assert not all(wrong), f"{entity_id} {truth}, {wrong}, {span}"

    @staticmethod
    def _wrong_light(
        light: Light, span: Span, room: RoomOf, session: Stopwatch
    ) -> str | None:
        if span.touched or not isinstance(span.before, Light):
            return None
        policy = "restore" if session.is_undone else room.lights_end
        if policy == "restore" and not _alike(light, span.before):
            return "it is not as before"
        if policy == "off" and light.on:
            return "it is on"
        return None

    @staticmethod
    def _wrong_music(
        music: Music, span: Span, room: RoomOf, session: Stopwatch
    ) -> str | None:
        before, by_hand = span.before, span.by_hand
        assert isinstance(before, Music)
        is_kept = room.keeps_music(session)
        if by_hand and (
            span.volume_touched or (span.touched and (is_kept or music.plays))
        ):
            if music.volume != by_hand.volume:
                return "its volume is not as a hand left it"
        elif not is_kept and abs(music.volume - before.volume) > VOLUME:
            return "its volume is not as before"
        if by_hand and span.touched:
            return None if music.state == by_hand.state else "not as a hand left it"
        if is_kept:
            return None
        if music.plays and not before.plays:
            return "it plays"
        if before.state == "off" and music.state != "off":
            return "it was off"
        return None


def _brightens(session: Stopwatch) -> bool:
    """Return whether there is more light now than for whoever lies there and rests."""
    is_resting = session.runs and not session.is_paused
    return not (is_resting and session.phase in ("prepare", "settle", "rest"))


def _near(one: Light, other: Light) -> bool:
    """Return whether two are the same, give or take what bulbs round."""
    return one.on == other.on and (not one.on or abs(one.level - other.level) <= LEVEL)


def _alike(one: Light, other: Light) -> bool:
    return _near(one, other) and (not one.on or one.colour == other.colour)
