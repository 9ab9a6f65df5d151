"""One minute that shows what the integration does, on a throw-away Home Assistant.

Started by scripts/demo. Everything it does goes through the same forms, actions and
states as a person's browser.
"""

import argparse
import asyncio
from contextlib import suppress
from datetime import UTC, datetime, timedelta
import signal
import sys
from typing import Final

from .bedroom import BEDSIDE, CEILING, DEVICES, DIFFUSER, SPEAKER, bedroom, furnish
from .client import CallError, Change, Client, Disconnected, Json, State
from .dashboard import add_our_dashboard
from .flows import FlowRefused
from .home_assistant import PASSWORD, USERNAME, HomeAssistant
from .mat import Mat, Routine
from .mpd import write_tone
from .process import ProcessError
from .timeline import (
    CLOCK_WIDTH,
    DEVICE_WIDTH,
    PHASE_WIDTH,
    DeviceWatch,
    Line,
    Screen,
    Style,
    clock,
    describe,
    minutes,
    progress_bar,
)

DURATION: Final = timedelta(minutes=1)
LIMIT: Final = DURATION + timedelta(minutes=1)
"""When the demo says that something is wrong; prepare and after take 20 s."""
REACTION: Final = timedelta(seconds=2)
"""How long a device may take to begin what the last phase asks of it."""

SONG: Final = "Calm evening.wav"

# What a person would choose; phases and fades are as short as the session.
ROOM: Final[dict[str, object]] = {
    "lights": [BEDSIDE, CEILING],
    "brightness": 15,
    "fade": {"seconds": 8},
    "diffusers": [DIFFUSER],
    "player": SPEAKER,
    "media": {
        "entity_id": SPEAKER,
        "media_content_id": f"media-source://media_source/local/{SONG}",
        "media_content_type": "audio/wav",
    },
    "volume": 25,
    "fade_in": 8,
    "fade_out": 10,
    "prepare": {"seconds": 10},
    "after": {"seconds": 10},
}

PHASES: Final = {
    "prepare": "lie down, have some water at hand, silence the phone",
    "settle": "it prickles most at first, then eases; breathe slowly",
    "rest": "nothing to do",
    "wind_down": "roll to your side",
    "after": "sit up slowly, drink, stretch",
}


class DemoFailed(Exception):
    """The session did not go as it should."""


FAILURES: Final = (
    DemoFailed,
    AssertionError,
    CallError,
    Disconnected,
    FlowRefused,
    OSError,
    ProcessError,
    TimeoutError,
)


class Demo:
    """The session as it happens, told on a screen."""

    def __init__(
        self, screen: Screen, client: Client, mat: Mat, routine: Routine
    ) -> None:
        """Tell about one session of a routine."""
        self._screen = screen
        self._client = client
        self._mat = mat
        self._routine = routine
        self._devices = DeviceWatch(DEVICES)
        self._seen = 0
        self._started_at = datetime.now(UTC)
        self._finishes_at: datetime | None = None
        self._is_completed = False

    async def play(self) -> None:
        """Start a session and tell what happens until the room is released."""
        self._event = await self._routine.entity("event.session")
        self._phase = await self._mat.entity("sensor.phase")
        self._ends = await self._mat.entity("sensor.finishes_at")
        self._seen = len(self._client.changes)
        await self._client.action(
            "acupressure_mat.start_session",
            await self._routine.entity("switch.session"),
            duration={"minutes": DURATION // timedelta(minutes=1)},
        )
        try:
            async with asyncio.timeout(LIMIT.total_seconds()):
                while not self._is_over:
                    with suppress(TimeoutError):
                        async with asyncio.timeout(0.2):
                            await self._client.next_change()
                    self._tell()
        except TimeoutError:
            raise DemoFailed(
                f"the session was not over after {minutes(LIMIT)} minutes; the phase is"
                f" {self._client.state(self._phase).state}"
            ) from None
        finally:
            self._screen.show([])

    @property
    def _is_over(self) -> bool:
        phase = self._client.state(self._phase)
        return (
            self._is_completed
            and phase.state == "idle"
            and datetime.now(UTC) - phase.last_changed > REACTION
            and self._devices.is_quiet
        )

    def _tell(self) -> None:
        now = datetime.now(UTC)
        changes = self._client.changes[self._seen :]
        self._seen += len(changes)
        for change in changes:
            self._tell_change(change, now)
        for text in self._devices.arrived(now):
            self._line(text)
        self._screen.show(self._live(now))

    def _tell_change(self, change: Change, now: datetime) -> None:
        before, after = change.old, change.new
        if before is None or after is None:
            return
        if change.entity_id in DEVICES:
            for text in self._devices.changed(before, after, now):
                self._line(text)
        elif change.entity_id == self._event:
            self._tell_event(after)

    def _tell_event(self, event: State) -> None:
        kind = event.attributes["event_type"]
        if kind == "phase_started":
            self._tell_phase(event.attributes["phase"])
        elif kind == "started":
            self._line("session started", Style.GOOD)
        elif kind == "completed":
            self._is_completed = True
            self._line("session completed", Style.GOOD)
        else:
            told = event.attributes
            raise DemoFailed(
                f"{kind}: reason {told.get('reason')}, failed {told.get('failed')}"
            )

    def _tell_phase(self, phase: str) -> None:
        self._screen.print(
            (f"{clock(datetime.now(UTC)):<{CLOCK_WIDTH}}", Style.DIM),
            (f"{phase.replace('_', ' '):<{PHASE_WIDTH}}", Style.PHASE),
            (PHASES[phase], Style.BOLD),
        )

    def _line(self, text: str, style: Style = Style.PLAIN) -> None:
        self._screen.print(
            (f"{clock(datetime.now(UTC)):<{CLOCK_WIDTH}}", Style.DIM),
            " " * PHASE_WIDTH,
            (text, style),
        )

    def _live(self, now: datetime) -> list[Line]:
        """Return what is shown below the lines: how far, and every device now."""
        phase = self._client.state(self._phase).state
        ends = self._client.state(self._ends).state
        with suppress(ValueError):
            self._finishes_at = datetime.fromisoformat(ends)
        if self._finishes_at is None:
            return []
        left = self._finishes_at - now
        whole = self._finishes_at - self._started_at
        remaining = f"  {minutes(left)} to go" if left > timedelta(0) else "  finished"
        return [
            [("", Style.PLAIN)],
            [
                (f"{clock(now):<{CLOCK_WIDTH}}", Style.BOLD),
                (f"{phase.replace('_', ' '):<{PHASE_WIDTH}}", Style.PHASE),
                *progress_bar(1 - left / whole),
                (remaining, Style.PLAIN),
            ],
            *(
                [
                    (" " * (CLOCK_WIDTH + PHASE_WIDTH), Style.PLAIN),
                    (f"{name:<{DEVICE_WIDTH}}", Style.DIM),
                    (describe(self._client.state(entity_id)), Style.DIM),
                ]
                for entity_id, name in DEVICES.items()
            ),
        ]


async def prepare_home(home: HomeAssistant) -> tuple[Mat, Routine]:
    """Furnish the bedroom and set up mat and routine in the forms."""
    client = home.client
    write_tone(home.folder / "media" / SONG, seconds=120)
    await furnish(client)
    mat = await Mat.add(client, "Anna")
    return mat, await mat.add_routine("Bedtime", "bedtime", ROOM)


def tell_record(screen: Screen, record: Json) -> None:
    """Print what the journal keeps of the session."""
    begin, end = (
        datetime.fromisoformat(record[key]) for key in ("started_at", "ended_at")
    )
    failed = record.get("failed")
    facts = {
        "Routine": record["routine"],
        "Time": f"{begin:%A %d %B %Y, %H:%M:%S} to {end:%H:%M:%S}",
        "On the mat": f"{minutes(timedelta(seconds=record['elapsed']))} of"
        f" {minutes(timedelta(seconds=record['asked']))} minutes asked for",
        "Outcome": record.get("outcome", "completed"),
        "Devices": f"{', '.join(failed)} failed" if failed else "all followed",
    }
    screen.print()
    screen.print(("In the journal", Style.BOLD))
    for name, fact in facts.items():
        screen.print(f"  {name:<{DEVICE_WIDTH}}{fact}")


def tell_room(screen: Screen, client: Client) -> None:
    """Print every device as it is."""
    screen.print()
    screen.print(("The room now", Style.BOLD))
    for entity_id, name in DEVICES.items():
        screen.print(f"  {name:<{DEVICE_WIDTH}}{describe(client.state(entity_id))}")


async def run(screen: Screen, *, stay: bool) -> None:
    """Play the demo; with `stay`, leave Home Assistant running until interrupted."""
    screen.print(("Acupressure mat: one minute before bed", Style.BOLD))
    screen.print(
        "A throw-away Home Assistant with a small bedroom; nothing of yours is touched."
    )
    screen.print()
    async with HomeAssistant({**bedroom(), "frontend": {}}) as home:
        version = (await home.client.call("get_config"))["version"]
        done(screen, f"Home Assistant {version} is up ({home.boot_seconds:.0f} s)")
        done(screen, f"Bedroom: {', '.join(DEVICES.values())}")
        mat, routine = await prepare_home(home)
        done(screen, "Mat and bedtime routine are set up through their forms")
        screen.print()
        await Demo(screen, home.client, mat, routine).play()
        if errors := home.errors_of_ours():
            raise DemoFailed(f"the session ran, but the log has\n{errors[0]}")
        records = mat.records(home)
        if len(records) != 1:
            raise DemoFailed(f"the journal has {len(records)} records instead of one")
        tell_record(screen, records[0])
        tell_room(screen, home.client)
        if stay:
            path = await add_our_dashboard(home.client, "acupressure-mat")
            screen.print()
            screen.print("Have a look: ", (f"{home.url}{path}", Style.BOLD))
            screen.print(f"  user {USERNAME}, password {PASSWORD}")
            screen.print("Ctrl-C ends it and removes everything.")
            with suppress(asyncio.CancelledError):
                await asyncio.Event().wait()


def done(screen: Screen, text: str) -> None:
    """Print that something is ready."""
    screen.print(("✓ ", Style.GOOD), text)


async def run_until_signal(screen: Screen, *, stay: bool) -> bool:
    """Play the demo; return False if a signal ended it, cleaned up either way."""
    task = asyncio.create_task(run(screen, stay=stay))
    loop = asyncio.get_running_loop()

    def stop() -> None:
        # Once only: a second Ctrl-C must not interrupt the cleaning up.
        for number in signals:
            loop.add_signal_handler(number, lambda: None)
        task.cancel()

    signals = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
    for number in signals:
        loop.add_signal_handler(number, stop)
    try:
        await task
    except asyncio.CancelledError:
        return False
    return True


def main() -> int:
    """Run the demo and return the exit code."""
    parser = argparse.ArgumentParser(
        prog="scripts/demo",
        description="Watch a bedtime session of one minute on a throw-away Home Assistant.",
    )
    parser.add_argument(
        "--once",
        action="store_true",
        help="end by itself, even when somebody is at the terminal",
    )
    arguments = parser.parse_args()
    screen = Screen(sys.stdout)
    stay = not arguments.once and sys.stdin.isatty() and sys.stdout.isatty()
    try:
        finished = asyncio.run(run_until_signal(screen, stay=stay))
    except FAILURES as error:
        screen.print()
        screen.print(("✗ The demo failed: ", Style.BAD), str(error) or repr(error))
        return 1
    if not finished:
        screen.print()
        screen.print("Stopped; everything is removed.")
        return 128 + signal.SIGINT
    return 0


if __name__ == "__main__":
    sys.exit(main())
