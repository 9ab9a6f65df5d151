"""A real Home Assistant in a throw-away folder."""

import asyncio
import base64
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
import json
import os
from pathlib import Path
import re
import shutil
import sys
import tempfile
import time
from types import TracebackType
from typing import Any, Final, Self
from zipfile import ZipFile

import aiohttp

from .client import CallError, Client
from .process import Process, ProcessError, free_port

REPOSITORY: Final = Path(__file__).resolve().parents[2]
DOMAIN: Final = "acupressure_mat"

STAND_IN: Final = REPOSITORY / "tests" / "e2e" / "stand_in"
"""Empty modules for what Home Assistant's voice pipeline imports and has no wheel.

Without them it cannot describe its actions, and its pages stay at "Loading".
"""

USERNAME: Final = "mat"
PASSWORD: Final = "lie down"

BOOT_LIMIT: Final = 60.0
"""Seconds that a start may take; it takes about 3 on two cores."""
STOP_LIMIT: Final = 30.0
"""Seconds that a planned stop may take."""

_RECORD_START = re.compile(
    r"^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.\d+\S* (?P<level>[A-Z]+) \([^)]*\) \[(?P<logger>[^\]]+)\]"
)
_LEVELS_THAT_COUNT = frozenset({"WARNING", "ERROR", "CRITICAL"})
_UNTESTED_WARNING = "We found a custom integration"


@dataclass(frozen=True, slots=True)
class LogRecord:
    """One entry of the log, with the lines of its traceback."""

    level: str
    logger: str
    text: str


class HomeAssistant:
    """Home Assistant as a child process; `async with` boots and onboards it.

    The folder is removed at the end, unless the block fails or `keep` is set.
    """

    def __init__(
        self,
        configuration: Mapping[str, object] | None = None,
        *,
        with_integration: bool = True,
        zipped: Path | None = None,
        beside: Path | None = None,
        port: int | None = None,
    ) -> None:
        """Choose what configuration.yaml has besides the base, by integration.

        The integration is that of this clone, or unpacked from the zip of a release;
        beside it there may be the folder of another custom integration.
        """
        self.folder = Path(tempfile.mkdtemp(prefix="acupressure-mat-"))
        self.port = port or free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.client = Client(self.url)
        self.keep = False
        self.boot_seconds = 0.0
        """How long the last start took until everything was set up."""
        self._process: Process | None = None
        self._log_begin = 0
        self._write_folder(configuration or {})
        if with_integration:
            self._install(zipped)
        if beside is not None:
            folder = self.folder / "custom_components"
            folder.mkdir(exist_ok=True)
            (folder / beside.name).symlink_to(beside)

    def _install(self, zipped: Path | None) -> None:
        folder = self.folder / "custom_components" / DOMAIN
        folder.parent.mkdir()
        if zipped is None:
            folder.symlink_to(REPOSITORY / "custom_components" / DOMAIN)
        else:
            # As the marketplace and HACS do it.
            with ZipFile(zipped) as archive:
                archive.extractall(folder)

    def _write_folder(self, configuration: Mapping[str, object]) -> None:
        base: dict[str, object] = {
            "homeassistant": {
                "name": "Test home",
                "latitude": 48.2,
                "longitude": 16.4,
                "elevation": 180,
                "unit_system": "metric",
                "time_zone": "Europe/Vienna",
                "currency": "EUR",
                "country": "AT",
                "internal_url": self.url,
                "media_dirs": {"local": str(self.folder / "media")},
            },
            # What default_config brings and our users rely on; not its cloud,
            # radios and discovery, which only cost seconds here.
            "automation": "!include automations.yaml",
            "config": {},
            "conversation": {},
            "history": {},
            "logbook": {},
            "media_source": {},
            "recorder": {"commit_interval": 1},
        }
        # JSON is YAML, but for the tag that lets the editor add automations.
        yaml = json.dumps({**base, **configuration}, indent=1)
        (self.folder / "configuration.yaml").write_text(
            yaml.replace('"!include automations.yaml"', "!include automations.yaml"),
            encoding="utf-8",
        )
        self._write("automations.yaml", [])
        (self.folder / "media").mkdir()
        # In YAML this would be a trial that the browser asks to confirm. In the
        # store's first version Home Assistant takes it as confirmed and fills in
        # the rest.
        self._write(
            ".storage/http",
            {
                "version": 1,
                "key": "http",
                "data": {"server_host": ["127.0.0.1"], "server_port": self.port},
            },
        )
        # This step would add a weather service and internet radio.
        self._write(
            ".storage/onboarding",
            {"version": 4, "key": "onboarding", "data": {"done": ["core_config"]}},
        )

    def _write(self, name: str, content: object) -> None:
        path = self.folder / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(json.dumps(content, indent=1), encoding="utf-8")

    # Life

    async def __aenter__(self) -> Self:
        """Boot and onboard."""
        try:
            await self.start()
        except BaseException as error:
            self.keep = isinstance(error, Exception)
            await self.close()
            raise
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        """Stop and clean up."""
        if kind is not None and issubclass(kind, Exception):
            self.keep = True
        await self.close()

    async def start(self) -> None:
        """Boot, onboard the first time, and return when all is set up.

        Raises ProcessError with the end of the log when that fails.
        """
        if self._process and self._process.is_running:
            raise ProcessError("Home Assistant is running already")
        began = time.monotonic()
        self._log_begin = self.log.stat().st_size if self.log.exists() else 0
        self._process = await Process.start(
            "Home Assistant",
            (
                sys.executable,
                *("-m", "homeassistant"),
                *("--config", self.folder),
                *("--skip-pip", "--log-no-color"),
            ),
            log=self.log,
            folder=self.folder,
            environment={
                # Where this is set, each boot would compile for three seconds.
                "PYTHONDONTWRITEBYTECODE": "",
                "PYTHONPATH": os.pathsep.join(
                    filter(None, (str(STAND_IN), os.environ.get("PYTHONPATH")))
                ),
            },
        )
        try:
            async with asyncio.timeout(BOOT_LIMIT):
                if self.client.token is None:
                    await self._onboard()
                else:
                    await self._connect()
                await self._started()
        except TimeoutError:
            raise ProcessError(
                f"Home Assistant was not up within {BOOT_LIMIT:g} s\n"
                f"{self._process.tail()}"
            ) from None
        self.boot_seconds = time.monotonic() - began

    async def stop(self) -> None:
        """Shut down as a planned restart does (SIGTERM); all is written to disk."""
        await self.client.disconnect()
        if self._process and not await self._process.stop(time_limit=STOP_LIMIT):
            self.keep = True
            raise ProcessError(
                f"Home Assistant did not stop within {STOP_LIMIT:g} s\n"
                f"{self._process.tail()}"
            )

    async def kill(self) -> None:
        """Pull the plug (SIGKILL): nothing is written any more.

        Home Assistant itself writes config entries a second late and registries
        ten; a test that needs them after the kill uses `wait_for_storage`.
        """
        assert self._process
        assert self.client.token
        # Without this a kill just after the onboarding would lock us out.
        payload = self.client.token.split(".")[1]
        await self.wait_for_storage(
            "auth", json.loads(base64.urlsafe_b64decode(payload + "=="))["iss"]
        )
        await self._process.kill()
        await self.client.disconnect()

    async def close(self) -> None:
        """End the process if it runs and remove the folder, or say where it is."""
        try:
            await self.client.close()
            if self._process and self._process.is_running:
                # Nothing in a folder that is thrown away is worth a slow goodbye.
                await self._process.kill()
        finally:
            if self.keep:
                print(f"Home Assistant's log is kept: {self.log}", file=sys.stderr)
            else:
                shutil.rmtree(self.folder, ignore_errors=True)

    @property
    def is_running(self) -> bool:
        """Tell whether the process is alive."""
        return self._process is not None and self._process.is_running

    # Onboarding

    async def _onboard(self) -> None:
        """Make the owner and skip the wizard, as the onboarding page does it."""
        client_id = f"{self.url}/"
        await self._wait_for_view("/api/onboarding")
        answer = await self.client.request(
            "POST",
            "/api/onboarding/users",
            {
                "client_id": client_id,
                "name": "Anna",
                "username": USERNAME,
                "password": PASSWORD,
                "language": "en",
            },
            time_limit=BOOT_LIMIT,
        )
        tokens = await self.client.request(
            "POST",
            "/auth/token",
            form={
                "grant_type": "authorization_code",
                "code": answer["auth_code"],
                "client_id": client_id,
            },
        )
        self.client.token = tokens["access_token"]
        await self.client.request("POST", "/api/onboarding/analytics")
        await self.client.request(
            "POST",
            "/api/onboarding/integration",
            {"client_id": client_id, "redirect_uri": f"{self.url}/?auth_callback=1"},
        )
        await self._connect()
        # Tokens of a sign-in end after half an hour; this one outlives restarts.
        self.client.token = await self.client.call(
            "auth/long_lived_access_token", client_name="tests", lifespan=30
        )

    def _check(self) -> None:
        """Raise ProcessError if this start has failed for good."""
        assert self._process
        self._process.check()
        if b"Activating recovery mode" in self.log.read_bytes()[self._log_begin :]:
            raise ProcessError(
                f"Home Assistant did not start properly\n{self._process.tail(60)}"
            )

    async def _wait_for_view(self, path: str) -> None:
        """Return when a view is registered: the port opens before they are."""
        while True:
            self._check()
            with suppress(CallError, aiohttp.ClientConnectionError):
                await self.client.request("GET", path)
                return
            await asyncio.sleep(0.05)

    async def _connect(self) -> None:
        while True:
            self._check()
            try:
                await self.client.connect()
            except aiohttp.WSServerHandshakeError, aiohttp.ClientConnectionError:
                await asyncio.sleep(0.05)
            else:
                return

    async def _started(self) -> None:
        """Return when every integration is set up and automations run."""
        async with self.client.events(event_type="homeassistant_started") as events:
            config = await self.client.call("get_config")
            if config["state"] != "RUNNING":
                await events.wait_for(time_limit=BOOT_LIMIT)

    async def wait_for_storage(
        self, key: str, text: str, *, time_limit: float = 15
    ) -> None:
        """Return when a file of .storage holds a text, for example an id.

        The only place where the harness looks into the folder instead of asking:
        whether something is on disk cannot be asked.
        """
        path = self.folder / ".storage" / key
        try:
            async with asyncio.timeout(time_limit):
                while not (path.exists() and text in path.read_text("utf-8")):
                    await asyncio.sleep(0.05)
        except TimeoutError:
            raise AssertionError(
                f"{text!r} was not in {path} within {time_limit:g} s"
            ) from None

    def stored(self, key: str) -> Any:
        """Return the data of a file of .storage."""
        path = self.folder / ".storage" / key
        return json.loads(path.read_text("utf-8"))["data"]

    # Log

    @property
    def log(self) -> Path:
        """Return the file with all that every start of this folder printed."""
        return self.folder / "console.log"

    def log_tail(self) -> str:
        """Return the last lines of the log."""
        return self._process.tail() if self._process else ""

    def log_records(self) -> Iterator[LogRecord]:
        """Yield the entries of the log."""
        record: LogRecord | None = None
        for line in self.log.read_text("utf-8", errors="replace").splitlines():
            if match := _RECORD_START.match(line):
                if record:
                    yield record
                record = LogRecord(match["level"], match["logger"], line)
            elif record:
                record = LogRecord(
                    record.level, record.logger, f"{record.text}\n{line}"
                )
        if record:
            yield record

    def errors_of_ours(self) -> list[str]:
        """Return warnings and worse that name the integration.

        Without the warning that Home Assistant has for every custom integration.
        """
        return [
            record.text
            for record in self.log_records()
            if record.level in _LEVELS_THAT_COUNT
            and DOMAIN in record.text
            and _UNTESTED_WARNING not in record.text
        ]
