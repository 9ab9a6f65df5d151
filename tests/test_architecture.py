"""The arrows of the design: who may know whom, and who commands the home."""

import ast
from collections.abc import Iterator

import pytest

from .source import INTEGRATION, Module, modules

ROOT = INTEGRATION.parents[1]

# From the inside out. A layer knows itself and those before it; what stands nowhere
# here is the outside, which may know all.
LAYERS: tuple[frozenset[str], ...] = (
    frozenset({"session"}),
    frozenset({"const", "daily", "later"}),
    frozenset(
        {"subentries", "environment", "journal", "files", "past", "statistics", "turns"}
    ),
    # Raising an issue or an error is told outwards, but needs nobody there.
    frozenset({"issues", "errors"}),
    frozenset({"comeback", "rooms", "practice", "told", "happenings", "set_aside"}),
    frozenset({"coordinator"}),
)
ENTITIES = {
    "entity",
    "binary_sensor",
    "button",
    "calendar",
    "event",
    "number",
    "sensor",
    "switch",
}
# Only these command what stands in the room.
COMMANDERS = ("environment/",)
# These speak and notify, which is no command to a device of the room.
SPEAKERS = {"announce", "phone", "reminders"}

# Those that read stored keys: ours, to show them in forms, and the companion app's.
READERS = {"subentries", "config_flow", "routine_flow", "phone"}

LONGEST = 400
# Over it, and why that is one thing still.
LONG = {
    "session/session": "all answers and changes of one immutable thing",
    "environment/device": "what every device has in common: a base class",
    "environment/player": "volume, content and state of a player wait for each other",
    "coordinator": "the one path of every change, and what lies along it",
    "journal": "one file format, its reading and its writing",
}


def layer_of(name: str) -> int:
    """Return how far out a module is."""
    first = name.partition("/")[0]
    return next((n for n, layer in enumerate(LAYERS) if first in layer), len(LAYERS))


def imported(module: Module) -> Iterator[tuple[str, int]]:
    """Yield the integration's modules that one imports, with the line."""
    folder = module.name.split("/")[:-1]
    for node in ast.walk(module.tree):
        if not isinstance(node, ast.ImportFrom) or not node.level:
            continue
        base = folder[: len(folder) - node.level + 1]
        path = [*base, *(node.module or "").split(".")] if node.module else base
        if node.module:
            yield "/".join(path), node.lineno
        else:
            for alias in node.names:
                yield "/".join([*path, alias.name]), node.lineno


def wrong_arrows(module: Module) -> list[str]:
    """Return the imports of a module that point outwards."""
    return [
        f"{module.name}:{line} knows {other}"
        for other, line in imported(module)
        if layer_of(other) > layer_of(module.name)
    ]


def by_its_full_name(module: Module) -> list[str]:
    """Return where a module imports another of ours past the arrows."""
    found = []
    for node in ast.walk(module.tree):
        match node:
            case ast.Import(names=aliases):
                names = [alias.name for alias in aliases]
            case ast.ImportFrom(module=str(name), level=0):
                names = [name]
            case _:
                continue
        found += [
            f"{module.name}:{node.lineno} imports {name}"
            for name in names
            if name.startswith("custom_components")
        ]
    return found


def commands(module: Module) -> list[str]:
    """Return where a module calls an action of Home Assistant."""
    found = [
        f"{module.name}:{call.lineno} calls an action"
        for call in module.calls("async_call")
        if "services" in ast.unparse(call.func)
    ]
    return found + [
        f"{module.name}:{call.lineno} sets states"
        for call in module.calls("async_reproduce_state", "async_reproduce_states")
    ]


def reaches_into_storage(module: Module) -> list[str]:
    """Return where a module reads stored keys or opens a file."""
    found = [
        f"{module.name}:{call.lineno} opens a Store"
        for call in module.calls("Store", "File", "Journal")
    ]
    for node in ast.walk(module.tree):
        match node:
            case (
                ast.Call(func=ast.Attribute(attr="get", value=value))
                | ast.Subscript(value=value)
            ) if _is_stored(value):
                found.append(f"{module.name}:{node.lineno} reads stored keys")
    return found


def _is_stored(value: ast.expr) -> bool:
    """Return whether an expression is the data of an entry or subentry."""
    return (
        isinstance(value, ast.Attribute)
        and value.attr in ("data", "options")
        and any(
            word in ast.unparse(value.value)
            for word in ("entry", "subentry", "entries")
        )
    )


MODULES = modules()


@pytest.mark.parametrize("module", MODULES, ids=lambda module: module.name)
def test_arrows_point_inwards(module: Module) -> None:
    """The domain knows nobody; a room knows no entity; the coordinator no action."""
    assert wrong_arrows(module) == []


@pytest.mark.parametrize("module", MODULES, ids=lambda module: module.name)
def test_ours_is_imported_by_dots(module: Module) -> None:
    """Its full name would hide an arrow, and break where somebody renames the folder."""
    assert by_its_full_name(module) == []


def test_every_layer_exists() -> None:
    """A module that was renamed must not leave its place in the table empty."""
    names = {module.name.partition("/")[0] for module in MODULES}
    assert set().union(*LAYERS) <= names
    named = ENTITIES | SPEAKERS | READERS | {name.strip("/") for name in COMMANDERS}
    assert named <= names


@pytest.mark.parametrize(
    "module",
    [
        m
        for m in MODULES
        if not m.name.startswith(COMMANDERS) and m.name not in SPEAKERS
    ],
    ids=lambda module: module.name,
)
def test_only_the_environment_commands_the_home(module: Module) -> None:
    """One place that knows what was found, what was changed and by whom."""
    assert commands(module) == []


@pytest.mark.parametrize(
    "module", [m for m in MODULES if m.name in ENTITIES], ids=lambda module: module.name
)
def test_entities_neither_read_stored_keys_nor_open_files(module: Module) -> None:
    """They show what the coordinator says; what is stored is subentries' business."""
    assert reaches_into_storage(module) == []


@pytest.mark.parametrize(
    "module",
    [m for m in MODULES if m.name not in READERS],
    ids=lambda module: module.name,
)
def test_only_subentries_reads_stored_keys(module: Module) -> None:
    """A key that is renamed is renamed in one place; forms alone write it."""
    assert [f for f in reaches_into_storage(module) if "keys" in f] == []


def test_files_stay_short() -> None:
    """Over 400 lines a file is asking to be two; the answer stands in the table."""
    long = {module.name for module in MODULES if module.lines > LONGEST}
    assert long == set(LONG)


def test_files_of_the_workshop_stay_short() -> None:
    """None of them has a reason to be longer."""
    found = [
        path
        for pattern in ("scripts/**/*.py", "benchmarks/**/*.py", "frontend/src/*.ts")
        for path in ROOT.glob(pattern)
    ]
    assert len(found) > 30
    assert [p for p in found if len(p.read_text().splitlines()) > LONGEST] == []


# -- the proof would notice ----------------------------------------------------


@pytest.mark.parametrize(
    ("name", "source"),
    [
        ("session/plan", "from ..const import DOMAIN"),
        ("const", "from .coordinator import SessionCoordinator"),
        ("environment/light", "from ..coordinator import SessionCoordinator"),
        ("environment/light", "from .. import switch"),
        ("environment/light", "from ..rooms import Rooms"),
        ("coordinator", "from .entity import MatEntity"),
        ("journal", "def late():\n    from .services import act"),
    ],
)
def test_an_arrow_outwards_is_noticed(name: str, source: str) -> None:
    """A proof that accepts everything proves nothing."""
    assert len(wrong_arrows(Module(name, source))) == 1


@pytest.mark.parametrize(
    "source",
    [
        "import custom_components.acupressure_mat.switch",
        "from custom_components.acupressure_mat import switch",
        "def late():\n    from custom_components.acupressure_mat.switch import X",
    ],
)
def test_a_full_name_is_noticed(source: str) -> None:
    """However deep it stands."""
    assert len(by_its_full_name(Module("coordinator", source))) == 1


@pytest.mark.parametrize(
    ("name", "source"),
    [
        ("session/plan", "from .record import Record"),
        ("environment/light", "from ..session.routine import Cue"),
        ("environment/light", "from .device import Device"),
        ("coordinator", "from . import subentries"),
        ("switch", "from .coordinator import SessionCoordinator"),
        ("rooms", "from homeassistant.core import HomeAssistant"),
    ],
)
def test_an_arrow_inwards_is_fine(name: str, source: str) -> None:
    """And one that forbids everything would be no better."""
    assert wrong_arrows(Module(name, source)) == []


@pytest.mark.parametrize(
    "source",
    [
        "await hass.services.async_call('light', 'turn_on', {})",
        "await self.hass.services.async_call('light', 'turn_on', {})",
        "await async_reproduce_state(hass, states)",
    ],
)
def test_a_command_is_noticed(source: str) -> None:
    """However it is written."""
    function = f"async def act():\n    {source}"
    assert len(commands(Module("coordinator", function))) == 1


@pytest.mark.parametrize(
    "source",
    [
        "minutes = self.coordinator.config_entry.data['cap']",
        "minutes = entry.data.get('cap')",
        "area = subentry.data['area']",
        "volume = entry.subentries[routine].data.get('volume')",
        "store = Store(hass, 1, 'mat')",
    ],
)
def test_a_stored_key_is_noticed(source: str) -> None:
    """However it is written."""
    assert len(reaches_into_storage(Module("sensor", source))) == 1


def test_what_looks_alike_is_none() -> None:
    """The session of a coordinator is its data, too."""
    source = "session = self.coordinator.data\nvalue = call.data.get('duration')"
    assert reaches_into_storage(Module("sensor", source)) == []
