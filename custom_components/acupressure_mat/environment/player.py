"""A player that sessions play calm music on."""

import asyncio
from collections import deque
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any, override

from homeassistant.components.media_player import (
    ATTR_INPUT_SOURCE,
    ATTR_MEDIA_CONTENT_ID,
    ATTR_MEDIA_CONTENT_TYPE,
    ATTR_MEDIA_VOLUME_LEVEL,
    ATTR_MEDIA_VOLUME_MUTED,
    DOMAIN as MEDIA_PLAYER_DOMAIN,
    SERVICE_PLAY_MEDIA,
    SERVICE_SELECT_SOURCE,
    MediaPlayerEntityFeature as Feature,
    MediaPlayerState,
    MediaType,
    async_process_play_media_url,
)
from homeassistant.const import (
    ATTR_SUPPORTED_FEATURES,
    SERVICE_MEDIA_PAUSE,
    SERVICE_MEDIA_PLAY,
    SERVICE_MEDIA_STOP,
    SERVICE_TURN_OFF,
    SERVICE_TURN_ON,
    SERVICE_VOLUME_MUTE,
    SERVICE_VOLUME_SET,
)
from homeassistant.core import Context, HomeAssistant
from homeassistant.helpers.entity_component import DATA_INSTANCES
from homeassistant.util import dt as dt_util

from ..const import DOMAIN, LOGGER
from ..session.routine import Cue, EndPolicy, Routine
from ..session.session import Session
from .cues import is_there, number
from .device import CALL_LIMIT, GRACE, RETRIES, Device, Holder, is_undone, keys_of
from .fades import POINT
from .sounds import Sound, Voice
from .volume import Volume, met_anew

PLAYING = frozenset({MediaPlayerState.PLAYING, MediaPlayerState.BUFFERING})
# After so many rounds of the event loop whoever speaks at an end has heard of it: the
# volume goes back only after what is said in the silence.
HEARD_OF = 3
# A step of volume a second is smooth to the ear and easy on the player.
PACE = timedelta(seconds=1)


class Player(Device):
    """A player of a room; it plays while any of its holders wants music."""

    # Whether the routine's media was asked for, so that it is not begun again.
    begun = False
    # Whether the music came to its end by itself; it is not begun again.
    ended = False
    # Whether it was found muted and is no more; who mutes it after that means it.
    unmuted = False

    @override
    def __init__(self, hass: HomeAssistant, entity_id: str) -> None:
        super().__init__(hass, entity_id)
        self.volume = Volume()
        # What is to be heard in the silence at the end, before the volume is put back.
        self._sounds: deque[Sound] = deque()
        self._voice: Voice | None = None
        # The volume that is due may have jumped.
        self._jumped = asyncio.Event()

    @override
    def as_dict(self) -> dict[str, Any]:
        return {
            **super().as_dict(),
            "begun": self.begun,
            "ended": self.ended,
            "unmuted": self.unmuted,
            "own_volume": self.volume.is_ours or self._sets_volume,
            "hand_on_volume": self.volume.hand,
            "volume_overruled": sorted(self.volume.overruled),
        }

    @override
    def _take_over(self, data: Mapping[str, Any]) -> None:
        super()._take_over(data)
        self.begun = data.get("begun") is True
        self.ended = data.get("ended") is True
        self.unmuted = data.get("unmuted") is True
        self.volume.hand = data.get("hand_on_volume") is True
        self.volume.was_ours = data.get("own_volume") is True
        self.volume.overruled = keys_of(data.get("volume_overruled"))

    @override
    def claim(self, key: str, holder: Holder, *, recalled: bool = False) -> None:
        now = dt_util.utcnow()
        if not recalled and not any(
            h.session.ended_at(now) is None for h in self.holders.values()
        ):
            self.begun = self.ended = self.unmuted = False
        if not recalled and not self.volume.is_ours:
            self._meet_volume_anew()
        was = self._was
        super().claim(key, holder, recalled=recalled)
        if self.before is not None and not recalled:
            self.before = self._with_volume(self.before)
            if ATTR_MEDIA_VOLUME_LEVEL in was:
                # A hand on the music is none on the volume: that is where our fade was.
                level = {ATTR_MEDIA_VOLUME_LEVEL: was[ATTR_MEDIA_VOLUME_LEVEL]}
                self.before = replace(
                    self.before, attributes={**self.before.attributes, **level}
                )

    def _meet_volume_anew(self) -> None:
        """Find the volume as it is by now; whose sessions a hand met has no say in it."""
        found = self.found
        if self.before is not None and (self.volume.hand or found is not None):
            self.before = met_anew(self.before, found)
            self.learned()
        if self.volume.hand:
            self.volume = Volume(self.volume.overruled | self.holders.keys())

    @override
    def drop(self, key: str) -> None:
        super().drop(key)
        self.volume.overruled -= {key}

    @override
    def _meet(self, found: Cue) -> None:
        if self.before is None:
            found = self._with_volume(found)
        super()._meet(found)

    def _with_volume(self, before: Cue) -> Cue:
        """Return how it was found, with a volume that its state does not tell while off.

        Unless the player keeps it to itself, it is the level to come back to; else
        that is the routine's, which is better than the silence that a fade ends in.
        """
        if ATTR_MEDIA_VOLUME_LEVEL in before.attributes:
            return before
        players = self.hass.data.get(DATA_INSTANCES, {}).get(MEDIA_PLAYER_DOMAIN)
        entity = players.get_entity(self.entity_id) if players else None
        level = None
        # While a player is off, Home Assistant itself does not ask it.
        with suppress(Exception):
            level = number(getattr(entity, "volume_level", None))
        if level is None:
            level = self._routine.volume
        if level is None:
            return before
        attributes = {**before.attributes, ATTR_MEDIA_VOLUME_LEVEL: level}
        return replace(before, attributes=attributes)

    @property
    def _was(self) -> Mapping[str, Any]:
        """Its attributes as it was found; none of one that was not there."""
        return self.before.attributes if self.before else {}

    # -- what is due -----------------------------------------------------------

    @override
    def target(self) -> Cue | None:
        if self.before is None or not self.holders:
            return None
        now = dt_util.utcnow()
        sessions = [holder.session for holder in self.holders.values()]
        running = [h.session for h in self.heeded if _wants_music(h.session, now)]
        if any(not session.is_paused for session in running):
            if self.ended:
                return None
            state = MediaPlayerState.PLAYING
        elif running:
            state = MediaPlayerState.PAUSED
        elif self.wanted is None or any(_keeps(session) for session in sessions):
            return None
        else:
            state = MediaPlayerState.IDLE
        return Cue(entity_id=self.entity_id, state=state)

    def _due(self) -> float | None:
        """Return the volume that is due now; None to leave it alone."""
        if self.volume.hand:
            return None
        now = dt_util.utcnow()
        heeded = [
            holder.session
            for key, holder in self.holders.items()
            if key not in self._overruled | self.volume.overruled
        ]
        wanted = [
            (volume * session.loudness(now), volume)
            for session in heeded
            if (volume := session.routine.volume) is not None
            and _wants_music(session, now)
        ]
        if not heeded and self.volume.is_ours:
            # As it was left by the hand that overruled all who are here.
            level = self._was.get(ATTR_MEDIA_VOLUME_LEVEL)
            wanted = [] if level is None else [(level, level)]
        if not wanted:
            return None
        due, voice = max(level for level, _ in wanted), self._voice
        if voice is None or now >= voice.until:
            return due
        return voice.level(due, max(full for _, full in wanted))

    @property
    def _sets_volume(self) -> bool:
        """Whether a level is to be set: the disk knows of it before the player does."""
        is_on = (
            self.wanted is not None and self.wanted.state == MediaPlayerState.PLAYING
        )
        return is_on and self._due() is not None

    @property
    def _routine(self) -> Routine:
        """The routine whose music plays: of several the one that began last."""
        return next(h.session.routine for h in reversed(self.holders.values()))

    # -- commands --------------------------------------------------------------

    @override
    def follow(self) -> None:
        """Command it anew at every change: the volume that is due may have jumped."""
        if self.before is None:
            self.miss()
            return
        target = self.target()
        if target is not None and not self.hand:
            self.command(target)

    @override
    def still_passing(self, cue: Cue) -> tuple[Cue, ...]:
        """What it is asked once more, since its volume may have jumped, is no detour."""
        passing = super().still_passing(cue)
        return self._passing if passing and cue == self.wanted else passing

    @override
    async def send(self, cue: Cue, *, again: bool) -> None:
        match cue.state:
            case MediaPlayerState.PLAYING:
                await self._play(again=again)
            case MediaPlayerState.PAUSED:
                await self._hush(Feature.PAUSE)
            case _:
                await self._fall_silent()

    async def _play(self, *, again: bool) -> None:
        """Set the volume, then play; never the other way round.

        Many players that are off only wait for something to play, and being switched
        on would make them play what they had: that is left for a second try.
        """
        self._sounds.clear()
        if again and self._is(MediaPlayerState.OFF) and self._can(Feature.TURN_ON):
            await self.call(SERVICE_TURN_ON)
            with suppress(TimeoutError):
                await self._hear(lambda: not self._is(MediaPlayerState.OFF))
        if self._is(MediaPlayerState.OFF):
            # Not every player that is off takes a volume.
            with suppress(Exception):
                await self._set_due_volume()
        else:
            await self._set_due_volume()
        await self._unmute()
        media = self._routine.media
        if media is not None and (again or not self.begun or not self._is_loaded):
            self.begun = True
            await self.call(
                SERVICE_PLAY_MEDIA,
                **{
                    ATTR_MEDIA_CONTENT_ID: media.content_id,
                    ATTR_MEDIA_CONTENT_TYPE: media.content_type,
                },
            )
            self.kept()
        elif not self._is(*PLAYING):
            await self.call(SERVICE_MEDIA_PLAY)

    async def _unmute(self) -> None:
        """Let what is played be heard, at the level that was set before."""
        if self._was_muted and not self.unmuted:
            if self._heard(ATTR_MEDIA_VOLUME_MUTED):
                await self._mute(muted=False)
            self.unmuted = True
            self.kept()

    async def _mute(self, *, muted: bool) -> None:
        await self.call(SERVICE_VOLUME_MUTE, **{ATTR_MEDIA_VOLUME_MUTED: muted})

    @property
    def _was_muted(self) -> bool:
        """Whether it was found muted, and the volume is ours to change."""
        return (
            self._was.get(ATTR_MEDIA_VOLUME_MUTED) is True
            and self.volume.is_ours
            and self._can(Feature.VOLUME_MUTE)
        )

    @property
    def _is_loaded(self) -> bool:
        """Whether it has something to go on with."""
        return self._is(*PLAYING, MediaPlayerState.PAUSED)

    async def _hush(self, by: Feature) -> None:
        if not self._is(*PLAYING):
            return
        if by is Feature.PAUSE and self._can(Feature.PAUSE):
            await self.call(SERVICE_MEDIA_PAUSE)
        elif self._can(Feature.STOP):
            await self.call(SERVICE_MEDIA_STOP)
        elif self._can(Feature.PAUSE):
            await self.call(SERVICE_MEDIA_PAUSE)
        else:
            await self.call(SERVICE_TURN_OFF)

    async def _fall_silent(self) -> None:
        """Stop, and only in the silence put volume and mute back."""
        mine = self._routine.media is not None
        await self._hush(Feature.STOP if mine else Feature.PAUSE)
        await self._hear(lambda: not self._is(*PLAYING))
        await self._play_in_silence()
        level = self._was.get(ATTR_MEDIA_VOLUME_LEVEL)
        if level is not None and self.volume.is_ours:
            await self._set_volume(level)
        if self._was_muted and self._heard(ATTR_MEDIA_VOLUME_MUTED) is False:
            await self._mute(muted=True)

    # -- sounds ----------------------------------------------------------------

    def play(self, sound: Sound) -> None:
        """Let a sound be heard: over the music where the player can announce.

        Where it cannot, only at the end, when the music is silent; in the middle it
        would have to end the music.
        """
        # Music that is kept, or came to its end by itself, is left as it is.
        target = self.target() or self.wanted
        if self.hand or target is None or not self._can(Feature.PLAY_MEDIA):
            return
        if target.state == MediaPlayerState.IDLE:
            # The music has faded out by now, and all that is heard with it.
            self._sounds.append(sound)
            if self.wanted == target and not self._is_busy:
                self.command(target)
        elif target.state == MediaPlayerState.PLAYING and self._can(
            Feature.MEDIA_ANNOUNCE
        ):
            self.hass.async_create_background_task(
                self._announce(sound), f"{DOMAIN} {self.entity_id} sound"
            )

    async def _announce(self, sound: Sound) -> None:
        self.make_way(Voice(dt_util.utcnow() + sound.length, on_player=True))
        await self._try(sound, announce=True)

    async def _play_in_silence(self) -> None:
        level = self._routine.volume
        while self._sounds:
            sound = self._sounds.popleft()
            if level is not None and self.volume.is_ours:
                with suppress(Exception):
                    await self._set_volume(level)
            if await self._try(sound):
                await asyncio.sleep(sound.length.total_seconds())
                with suppress(Exception):
                    await self._hush(Feature.STOP)

    async def _try(self, sound: Sound, **data: Any) -> bool:
        """Play a sound; one that cannot be heard spoils nothing."""
        try:
            content_id = sound.content_id
            if content_id.startswith("/"):
                content_id = async_process_play_media_url(self.hass, content_id)
            await self.call(
                SERVICE_PLAY_MEDIA,
                **{
                    ATTR_MEDIA_CONTENT_ID: content_id,
                    ATTR_MEDIA_CONTENT_TYPE: MediaType.MUSIC,
                },
                **data,
            )
        except Exception as err:  # noqa: BLE001 - whatever a player raises, the session goes on
            LOGGER.debug("%s did not play a sound: %r", self.entity_id, err)
            if sound.entity_id is not None:
                for holder in list(self.holders.values()):
                    holder.report(sound.entity_id)
            return False
        return True

    def make_way(self, voice: Voice) -> None:
        """Let the music be as loud as it may be while somebody speaks."""
        self._voice = voice
        self._jumped.set()
        wants_music = self.wanted and self.wanted.state == MediaPlayerState.PLAYING
        if wants_music and not self.hand and not self._is_busy:
            self._task = self.hass.async_create_background_task(
                self._ride(), f"{DOMAIN} {self.entity_id}"
            )

    async def _hear(self, condition: Callable[[], bool]) -> None:
        """Wait until the player tells of a change, or does not in time."""
        async with asyncio.timeout(CALL_LIMIT):
            while not condition():
                self.heard.clear()
                await self.heard.wait()

    @override
    async def _see_to(self, cue: Cue) -> None:
        if cue.state == MediaPlayerState.IDLE:
            for _ in range(HEARD_OF):
                await asyncio.sleep(0)
        await super()._see_to(cue)
        # One that was so already has nothing to tell.
        self._arrived |= self.is_like(cue)
        if cue.state == MediaPlayerState.PLAYING:
            await self._ride()
        elif self._sounds:
            # It came when the others had been played.
            await self._send(cue, again=False)

    async def _ride(self) -> None:
        """Let the volume follow the clock until it has nothing more to follow."""
        while (wait := self._until_step()) is not None:
            with suppress(TimeoutError):
                async with asyncio.timeout(wait.total_seconds()):
                    await self._jumped.wait()
            self._jumped.clear()
            if self.volume.hand:
                return
            # A step that fails is made up for by the next.
            with suppress(Exception):
                await self._set_due_volume()

    def _until_step(self) -> timedelta | None:
        """Return how long the volume stays as it is; None for the rest of the session."""
        now = dt_util.utcnow()
        waits = []
        if self._voice is not None and self._due() is not None:
            # Once more when it is over.
            if now < self._voice.until:
                waits.append(self._voice.until - now)
            else:
                self._voice = None
        for holder in self.holders.values():
            session = holder.session
            end = session.silent_at(now)
            if session.routine.volume is None or end is None or now >= end:
                continue
            if session.loudness(now) < 1:
                return PACE
            if session.fade_out:
                waits.append(max(end - session.fade_out - now, PACE))
        return min(waits, default=None)

    async def _set_due_volume(self) -> None:
        level = self._due()
        if level is not None:
            await self._set_volume(level)

    async def _set_volume(self, level: float) -> None:
        level = round(level, 3)
        if not self._can(Feature.VOLUME_SET):
            return
        heard = number(self._heard(ATTR_MEDIA_VOLUME_LEVEL))
        self.volume.set(level, heard, dt_util.utcnow())
        if heard is None or abs(heard - level) >= POINT / 2:
            await self.call(SERVICE_VOLUME_SET, **{ATTR_MEDIA_VOLUME_LEVEL: level})

    # -- what it tells ---------------------------------------------------------

    def _heard(self, attribute: str) -> Any:
        return self.state.attributes.get(attribute) if self.state else None

    def _is(self, *states: MediaPlayerState) -> bool:
        return self.state is not None and self.state.state in states

    def _can(self, feature: Feature) -> bool:
        return bool((self._heard(ATTR_SUPPORTED_FEATURES) or 0) & feature)

    @override
    def is_like(self, cue: Cue) -> bool:
        return self._is(*PLAYING) == (cue.state == MediaPlayerState.PLAYING)

    @override
    def is_between(self, found: Cue, origin: Cue, wanted: Cue) -> bool:
        return found.state in (origin.state, wanted.state) or found.state in PLAYING

    @override
    def is_left(self, found: Cue, wanted: Cue) -> bool:
        return wanted.state == MediaPlayerState.PLAYING and found.state in (
            MediaPlayerState.PAUSED,
            MediaPlayerState.OFF,
        )

    @override
    def _judge(self, found: Cue, previous: Cue, context: Context) -> None:
        if self.wanted is None:
            return
        foreign = self.is_foreign(context)
        level = found.attributes.get(ATTR_MEDIA_VOLUME_LEVEL)
        if (
            level is not None
            and level != previous.attributes.get(ATTR_MEDIA_VOLUME_LEVEL)
            and self.volume.is_hand(level, foreign=foreign, now=dt_util.utcnow())
        ):
            self.volume.hand = True
            self.kept()
        wants_music = self.wanted.state == MediaPlayerState.PLAYING
        plays = found.state in PLAYING
        self._arrived |= plays == wants_music
        if self.hand or found.state == previous.state:
            return
        # Many players go to sleep by themselves when they are silent.
        put_off = foreign and found.state == MediaPlayerState.OFF
        if plays == wants_music and not put_off:
            return
        # Music that comes to its end by itself goes idle; a pause is a hand's.
        ended = wants_music and found.state not in (
            MediaPlayerState.PAUSED,
            MediaPlayerState.OFF,
        )
        late = dt_util.utcnow() <= self._until
        if ended and not foreign and not late:
            self.ended = True
            self._cancel()
            self.kept()
        elif foreign or not late:
            self.touched(found)

    # -- putting it back -------------------------------------------------------

    @override
    def final(self, session: Session) -> Cue | None:
        return None if self.wanted is None or _keeps(session) else self.before

    @override
    async def release(self, session: Session) -> None:
        """Silence, then volume, source and power as they were.

        Music goes on only where it was interrupted and not replaced by ours.
        """
        await self._sleep(session)
        before = self.final(session)
        if before is None or self.is_shared:
            return
        self._cancel()
        self._task = self.hass.async_create_background_task(
            self._put_back(before, session),
            f"{DOMAIN} {self.entity_id}",
        )
        await asyncio.wait([self._task])

    async def _sleep(self, session: Session) -> None:
        """Let the music play on for as long as the sleep timer says."""
        self.follow()
        now = dt_util.utcnow()
        until = session.silent_at(now)
        if until is not None and _wants_music(session, now) and not self.hand:
            await asyncio.sleep((until - now).total_seconds())

    async def _put_back(self, before: Cue, session: Session) -> None:
        theirs = self.hand and self._is(*PLAYING)
        if theirs:
            return
        silence = Cue(entity_id=self.entity_id, state=MediaPlayerState.IDLE)
        for wait in (0, *RETRIES):
            await asyncio.sleep(wait)
            if not is_there(self.state):
                break
            self.wanted, self._until = silence, dt_util.utcnow() + GRACE
            done = await self._send(silence, again=False)
            if not self.hand:
                done = await self._as_before(before, session) and done
            if done:
                return
        self.report()

    async def _as_before(self, before: Cue, session: Session) -> bool:
        undo = is_undone(session)
        source = before.attributes.get(ATTR_INPUT_SOURCE)
        turn_off = session.routine.music_end is EndPolicy.OFF and not undo
        try:
            if (
                source is not None
                and not self._is(MediaPlayerState.OFF)
                and source != self._heard(ATTR_INPUT_SOURCE)
                and self._can(Feature.SELECT_SOURCE)
            ):
                await self.call(SERVICE_SELECT_SOURCE, source=source)
            if turn_off or before.state == MediaPlayerState.OFF:
                if not self._is(MediaPlayerState.OFF) and self._can(Feature.TURN_OFF):
                    await self.call(SERVICE_TURN_OFF)
            elif (
                before.state in PLAYING
                and session.routine.media is None
                and self._can(Feature.PLAY)
            ):
                self.wanted = before
                await self.call(SERVICE_MEDIA_PLAY)
        except Exception as err:  # noqa: BLE001 - whatever a player raises, the session ends
            LOGGER.debug("%s could not be put back: %r", self.entity_id, err)
            return False
        return True


def _keeps(session: Session) -> bool:
    return (
        session.routine.music_end is EndPolicy.KEEP
        and not session.routine.keep_playing
        and not is_undone(session)
    )


def _wants_music(session: Session, now: datetime) -> bool:
    """Return whether it is still to play: the sleep timer goes on after the end."""
    if session.ended_at(now) is None:
        return True
    silent_at = session.silent_at(now)
    return silent_at is not None and now < silent_at and not is_undone(session)
