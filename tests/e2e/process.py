"""Programs that a test starts and that never outlive it."""

import asyncio
from collections.abc import Mapping, Sequence
from contextlib import suppress
import os
from pathlib import Path
import shutil
import signal
import socket
from typing import Self


class ProcessError(Exception):
    """A program is missing, ended by itself or did not become ready in time."""


def free_port() -> int:
    """Return a TCP port of 127.0.0.1 that nobody listens on right now."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        port: int = listener.getsockname()[1]
        return port


def find_program(name: str) -> str:
    """Return the path of a program, also of one that Debian keeps in sbin.

    Raises ProcessError with the way to get it if it is not installed.
    """
    search = os.pathsep.join(
        (os.environ.get("PATH", ""), "/usr/sbin", "/usr/local/sbin")
    )
    if path := shutil.which(name, path=search):
        return path
    raise ProcessError(f"{name} is not installed; scripts/setup says how to get it")


class Process:
    """A running program with a process group and a log file of its own."""

    def __init__(
        self, name: str, process: asyncio.subprocess.Process, log: Path
    ) -> None:
        """Wrap a started program; use `start`."""
        self.name = name
        self.log = log
        self._process = process

    @classmethod
    async def start(
        cls,
        name: str,
        command: Sequence[str | Path],
        *,
        log: Path,
        folder: Path,
        environment: Mapping[str, str] | None = None,
    ) -> Self:
        """Start a command in a folder and append all that it prints to a log."""
        if setpriv := shutil.which("setpriv"):
            # Ends the program with us even when we are killed outright.
            command = (setpriv, "--pdeathsig", "KILL", "--", *command)
        with log.open("ab") as output:
            process = await asyncio.create_subprocess_exec(
                *command,
                stdin=asyncio.subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                cwd=folder,
                env={**os.environ, **(environment or {})},
                start_new_session=True,
            )
        return cls(name, process, log)

    @property
    def pid(self) -> int:
        """Return the id of the process, which is also that of its group."""
        return self._process.pid

    @property
    def is_running(self) -> bool:
        """Tell whether the program has not ended yet."""
        return self._process.returncode is None

    async def wait_for_port(self, port: int, *, time_limit: float) -> None:
        """Return once something answers on a port of 127.0.0.1.

        Raises ProcessError with the end of the log if the program ends first or
        takes longer than the limit in seconds.
        """
        try:
            async with asyncio.timeout(time_limit):
                while True:
                    self.check()
                    with suppress(OSError):
                        _, writer = await asyncio.open_connection("127.0.0.1", port)
                        writer.close()
                        await writer.wait_closed()
                        return
                    await asyncio.sleep(0.02)
        except TimeoutError:
            raise ProcessError(
                f"{self.name} did not listen on port {port} within"
                f" {time_limit:g} s\n{self.tail()}"
            ) from None

    def check(self) -> None:
        """Raise ProcessError with the end of the log if the program has ended."""
        if not self.is_running:
            raise ProcessError(
                f"{self.name} ended with code {self._process.returncode}\n{self.tail()}"
            )

    def tail(self, lines: int = 30) -> str:
        """Return the last lines of the log."""
        text = self.log.read_text(encoding="utf-8", errors="replace")
        return "\n".join(text.splitlines()[-lines:])

    async def stop(self, *, time_limit: float) -> bool:
        """Ask the program to end; return False if it had to be killed."""
        if not self.is_running:
            return True
        with suppress(ProcessLookupError):
            self._process.terminate()
        try:
            async with asyncio.timeout(time_limit):
                await self._process.wait()
        except TimeoutError:
            await self.kill()
            return False
        self._kill_group()
        return True

    async def kill(self) -> None:
        """End the program and all that it started at once (kill -9)."""
        self._kill_group()
        await self._process.wait()

    def _kill_group(self) -> None:
        with suppress(ProcessLookupError, PermissionError):
            os.killpg(self.pid, signal.SIGKILL)
