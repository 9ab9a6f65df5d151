"""What a device was told."""

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Command:
    """One command that a device got: when (monotonic seconds) and what."""

    at: float
    payload: Any
