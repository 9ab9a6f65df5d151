"""What a released version leaves on disk, kept for the versions that come after it.

`scripts/release --keep` writes it with the version of this clone: a mat with a journal
of two sessions, killed in the middle of a third.
"""

import asyncio
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
import json
from pathlib import Path
import sys
from typing import Any, Final

from .client import Json
from .home_assistant import DOMAIN, REPOSITORY, HomeAssistant
from .mat import Mat
from .mosquitto import Broker
from .mqtt_room import Bulb, MqttRoom, Plug

RELEASES: Final = REPOSITORY / "tests" / "releases"
KNOWN: Final = (
    (datetime(2026, 10, 30, 21, 0, tzinfo=UTC), 20, 6),
    (datetime(2026, 11, 2, 21, 0, tzinfo=UTC), 15, 4),
)
"""The sessions of the journal: start, minutes, pain before."""


@dataclass(frozen=True, slots=True)
class Bedroom:
    """The room of the kept session."""

    lamp: Bulb
    diffuser: Plug

    @staticmethod
    def of(room: MqttRoom) -> Bedroom:
        """Put it into a room."""
        return Bedroom(room.bulb("Bed lamp"), room.plug("Diffuser"))


@dataclass(frozen=True, slots=True)
class Kept:
    """What one version wrote."""

    version: str
    entry: Json
    files: dict[str, Json]
    entities: list[list[str]]
    """Domain and unique id of each of its entities."""

    @staticmethod
    def read(folder: Path) -> Kept:
        """Return what is in a folder."""
        files = {path.stem: json.loads(path.read_text()) for path in _jsons(folder)}
        entry, entities = files.pop("entry"), files.pop("entities")
        return Kept(folder.name, entry, files, entities)

    def write(self) -> Path:
        """Write it and return the folder."""
        folder = RELEASES / self.version
        folder.mkdir(parents=True, exist_ok=True)
        for old in _jsons(folder):
            old.unlink()
        own = {"entry": self.entry, "entities": self.entities}
        for name, content in (self.files | own).items():
            (folder / f"{name}.json").write_text(json.dumps(content, indent=1) + "\n")
        return folder

    @property
    def session(self) -> Json:
        """Return the session that ran."""
        (room,) = self.files[f"{DOMAIN}.{self.entry['entry_id']}"]["data"]["rooms"]
        session: Json = room["session"]
        return session

    @property
    def length(self) -> timedelta:
        """Return how long it takes, all but what comes after."""
        phases = {p["name"]: p["length"] for p in self.session["phases"]}
        del phases["after"]
        return timedelta(seconds=sum(phases.values()))

    def put_into(self, home: HomeAssistant, started_at: datetime) -> None:
        """Lay it on the disk of a Home Assistant that is down.

        The session is moved, together with all that was noted during it, as if it had
        started at that moment. The journal stays where it is, in the past.
        """
        by = started_at - datetime.fromisoformat(self.session["started_at"])
        storage = home.folder / ".storage"
        entries = json.loads((storage / "core.config_entries").read_text("utf-8"))
        entries["data"]["entries"].append(self.entry)
        (storage / "core.config_entries").write_text(json.dumps(entries))
        for name, content in self.files.items():
            written = json.loads(json.dumps(content))
            if "rooms" in (data := written["data"]):
                data["rooms"] = _moved(data["rooms"], by)
                data["saved_at"] = _moved(data["saved_at"], by)
            (storage / name).write_text(json.dumps(written))


def _jsons(folder: Path) -> Iterator[Path]:
    yield from sorted(folder.glob("*.json"))


def _moved(data: Any, by: timedelta) -> Any:
    """Return data with each of its moments moved."""
    if isinstance(data, dict):
        return {key: _moved(value, by) for key, value in data.items()}
    if isinstance(data, list):
        return [_moved(value, by) for value in data]
    if isinstance(data, str) and len(data) > len("2026-11-22"):
        try:
            return (datetime.fromisoformat(data) + by).isoformat()
        except ValueError:
            pass
    return data


def releases() -> list[Kept]:
    """Return what is kept, oldest first."""
    found = [Kept.read(folder) for folder in RELEASES.iterdir() if folder.is_dir()]
    return sorted(found, key=lambda kept: [int(n) for n in kept.version.split(".")])


async def keep() -> Kept:
    """Have this clone write its files, to the middle of a session."""
    async with Broker() as broker, MqttRoom(broker) as room, HomeAssistant() as home:
        bedroom = Bedroom.of(room)
        bedroom.lamp.move(is_on=True, brightness=200, kelvin=4000)
        await broker.add_to(home.client)
        await room.appear_in(home.client)
        mat = await Mat.add(home.client, "Anna")
        routine = await mat.add_routine(
            "Evening",
            "after_work",
            {
                "lights": [bedroom.lamp.entity_id],
                "brightness": 12,
                "color_temp": 2200,
                "fade": {"seconds": 1},
                "diffusers": [bedroom.diffuser.entity_id],
                "prepare": {"seconds": 3},
                "after": {"seconds": 2},
            },
        )
        for started_at, minutes, pain in KNOWN:
            await home.client.action(
                f"{DOMAIN}.add_record",
                config_entry_id=mat.entry_id,
                start=started_at.isoformat(),
                duration={"minutes": minutes},
                pain_before=pain,
            )
        await routine.start(minutes=1)
        await home.client.wait_for_state(
            await mat.entity("sensor.phase"), "rest", time_limit=40
        )
        listed = await home.client.call("config/entity_registry/list")
        await home.wait_for_storage("core.config_entries", routine.id)
        await asyncio.sleep(2)
        await home.kill()
        stored = json.loads(
            (home.folder / ".storage" / "core.config_entries").read_text("utf-8")
        )
        (entry,) = (e for e in stored["data"]["entries"] if e["domain"] == DOMAIN)
        files = {
            path.name: json.loads(path.read_text("utf-8"))
            for path in sorted((home.folder / ".storage").glob(f"{DOMAIN}.*"))
        }
        entities = sorted(
            [item["entity_id"].partition(".")[0], item["unique_id"]]
            for item in listed
            if item["platform"] == DOMAIN
        )
    manifest = REPOSITORY / "custom_components" / DOMAIN / "manifest.json"
    version = json.loads(manifest.read_text())["version"]
    return Kept(version, entry, files, entities)


if __name__ == "__main__":
    print(asyncio.run(keep()).write(), file=sys.stderr)
