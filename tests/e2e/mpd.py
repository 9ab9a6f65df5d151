"""A real music player that nobody hears."""

import array
import asyncio
from contextlib import suppress
import math
from pathlib import Path
import shutil
import sys
import tempfile
import time
from types import TracebackType
from typing import Any, Final, Self
import wave

from .client import Client
from .command import Command
from .flows import config_flow
from .process import Process, find_program, free_port

MPD_LIMIT: Final = 10.0
"""Seconds that the player may take to start, to stop or to answer."""

SONG: Final = "calm.wav"
"""The one song of the music folder, as `media_content_id` of play_media."""
ENTITY_ID: Final = "media_player.music_player_daemon"


def write_tone(path: Path, *, seconds: int, hertz: int = 220) -> None:
    """Write a quiet sine tone as a WAV file of 8 kHz, mono, 16 bits."""
    rate = 8000
    second = array.array(
        "h",
        (round(900 * math.sin(2 * math.pi * hertz * n / rate)) for n in range(rate)),
    )
    if sys.byteorder == "big":
        second.byteswap()
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(rate)
        for _ in range(seconds):
            file.writeframes(second.tobytes())


_QUESTIONS: Final = frozenset(
    {b"status", b"currentsong", b"commands", b"listplaylists", b"close"}
    | {b"readpicture", b"albumart", b"noidle"}
)


async def _pass_on(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Write all that is read until one side hangs up."""
    with suppress(ConnectionError):
        while data := await reader.read(65536):
            writer.write(data)
    writer.close()


class Mpd:
    """An mpd on a free port with a null output and a volume of its own.

    Home Assistant talks to it through a relay that writes down what it says.
    """

    def __init__(self) -> None:
        """Choose a folder and a port."""
        self.commands: list[Command] = []
        """Each line that Home Assistant sent, questions such as status left out."""
        self.delay = 0.0
        """Seconds that each of Home Assistant's lines takes to arrive."""
        self._port = free_port()
        # Once Home Assistant has hung up, nothing else holds what is still passed on.
        self._talks: set[asyncio.Task[Any] | None] = set()
        self._relay: asyncio.Server | None = None
        self._folder = Path(tempfile.mkdtemp(prefix="acupressure-mat-mpd-"))
        self._process: Process | None = None

    async def __aenter__(self) -> Self:
        """Start with one song of ten minutes, silent and at half volume."""
        music = self._folder / "music"
        music.mkdir()
        (self._folder / "playlists").mkdir()
        write_tone(music / SONG, seconds=600)
        await self.start()
        await self.ask("update")
        async with asyncio.timeout(MPD_LIMIT):
            while "updating_db" in await self.status():
                await asyncio.sleep(0.05)
        await self.set_volume(50)
        self._relay = await asyncio.start_server(self._on_connection, "127.0.0.1")
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        """Stop and clean up."""
        try:
            if self._relay:
                self._relay.close()
            await self.stop()
        finally:
            shutil.rmtree(self._folder, ignore_errors=True)

    async def start(self) -> None:
        """Start, the second time on the same port and where it was."""
        configuration = self._folder / "mpd.conf"
        configuration.write_text(
            "\n".join(
                (
                    f'music_directory "{self._folder}/music"',
                    f'playlist_directory "{self._folder}/playlists"',
                    f'db_file "{self._folder}/database"',
                    f'state_file "{self._folder}/state"',
                    'bind_to_address "127.0.0.1"',
                    f'port "{self._port}"',
                    'zeroconf_enabled "no"',
                    "audio_output {",
                    '  type "null"',
                    '  name "silence"',
                    '  mixer_type "software"',
                    "}",
                )
            ),
            encoding="utf-8",
        )
        self._process = await Process.start(
            "mpd",
            (find_program("mpd"), "--no-daemon", "--stderr", configuration),
            log=self._folder / "mpd.log",
            folder=self._folder,
        )
        await self._process.wait_for_port(self._port, time_limit=MPD_LIMIT)

    async def stop(self) -> None:
        """Stop as a power cut would: the player is gone from the network."""
        if self._process:
            await self._process.stop(time_limit=MPD_LIMIT)

    async def add_to(self, client: Client) -> str:
        """Set up the player in Home Assistant with its config flow.

        Returns its entity id.
        """
        await config_flow(client, "mpd", {"host": "127.0.0.1", "port": self.port})
        await client.wait_for_state(ENTITY_ID)
        return ENTITY_ID

    @property
    def port(self) -> int:
        """Return the port that Home Assistant is given."""
        assert self._relay
        port: int = self._relay.sockets[0].getsockname()[1]
        return port

    async def _on_connection(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        """Pass on what is said between Home Assistant and the player."""
        talk = asyncio.current_task()
        self._talks.add(talk)
        try:
            await self._pass_on(reader, writer)
        finally:
            self._talks.discard(talk)

    async def _pass_on(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        try:
            player = await asyncio.open_connection("127.0.0.1", self._port)
        except OSError:
            writer.close()
            return
        answers = asyncio.create_task(_pass_on(player[0], writer))
        try:
            while line := await reader.readline():
                if line.split()[0] not in _QUESTIONS:
                    self.commands.append(
                        Command(time.monotonic(), line.decode().strip())
                    )
                await asyncio.sleep(self.delay)
                player[1].write(line)
        except ConnectionError:
            pass
        finally:
            player[1].close()
            await answers

    async def ask(self, command: str) -> dict[str, str]:
        """Send a command to the player itself and return the fields of its answer."""
        async with asyncio.timeout(MPD_LIMIT):
            reader, writer = await asyncio.open_connection("127.0.0.1", self._port)
            try:
                await reader.readline()
                writer.write(f"{command}\n".encode())
                answer: dict[str, str] = {}
                while (line := (await reader.readline()).decode().strip()) != "OK":
                    if line.startswith("ACK") or not line:
                        raise AssertionError(f"mpd on {command!r}: {line or 'hung up'}")
                    key, _, value = line.partition(": ")
                    answer[key] = value
                return answer
            finally:
                writer.close()
                await writer.wait_closed()

    async def status(self) -> dict[str, str]:
        """Return the player's own word: state play, pause or stop, volume ..."""
        return await self.ask("status")

    async def state(self) -> str:
        """Return play, pause or stop."""
        return (await self.status())["state"]

    async def volume(self) -> int:
        """Return the volume in percent."""
        return int((await self.status())["volume"])

    async def set_volume(self, percent: int) -> None:
        """Turn the knob by hand."""
        await self.ask(f"setvol {percent}")
