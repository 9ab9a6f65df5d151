"""A real MQTT broker that can be dropped."""

import os
from pathlib import Path
import shutil
import tempfile
from types import TracebackType
from typing import Final, Self

from .client import Client
from .flows import Finished, config_flow
from .process import Process, find_program, free_port

BROKER_LIMIT: Final = 10.0
"""Seconds that the broker may take to start or to stop."""


class Broker:
    """A mosquitto on a free port of 127.0.0.1; it forgets all when it is stopped."""

    def __init__(self) -> None:
        """Choose a folder and a port."""
        self.port = free_port()
        self._folder = Path(tempfile.mkdtemp(prefix="acupressure-mat-broker-"))
        self._process: Process | None = None

    async def __aenter__(self) -> Self:
        """Start."""
        await self.start()
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        """Stop and clean up."""
        try:
            await self.stop()
        finally:
            shutil.rmtree(self._folder, ignore_errors=True)

    async def start(self) -> None:
        """Start, the second time on the same port."""
        lines = [
            f"listener {self.port} 127.0.0.1",
            "allow_anonymous true",
            "persistence false",
            "log_dest stdout",
            # Else a second message waits up to 40 ms for the receipt of the first.
            "set_tcp_nodelay true",
        ]
        if os.geteuid() == 0:
            # A change of user would undo that the broker ends when we do.
            lines.append("user root")
        configuration = self._folder / "mosquitto.conf"
        configuration.write_text("\n".join(lines), encoding="utf-8")
        self._process = await Process.start(
            "mosquitto",
            (find_program("mosquitto"), "-c", configuration),
            log=self._folder / "mosquitto.log",
            folder=self._folder,
        )
        await self._process.wait_for_port(self.port, time_limit=BROKER_LIMIT)

    async def stop(self) -> None:
        """Drop all connections and forget every retained message."""
        if self._process:
            await self._process.stop(time_limit=BROKER_LIMIT)

    async def add_to(self, client: Client) -> Finished:
        """Set up MQTT in Home Assistant with its own config flow."""
        return await config_flow(
            client,
            "mqtt",
            {"broker": "127.0.0.1", "port": self.port, "set_ca_cert": "off"},
        )
