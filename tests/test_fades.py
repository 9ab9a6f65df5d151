"""Fades that are made of steps: which, when, and that they arrive in time."""

from collections.abc import Callable
from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest

from custom_components.acupressure_mat.environment import fades
from custom_components.acupressure_mat.session.routine import Cue

# Second, brightness, white.
type Step = tuple[float, int, int | None]


class Clock:
    """A clock that goes on while a fade sleeps, and while a bulb takes its time."""

    def __init__(self) -> None:
        self.second = 1000.0
        self.oversleeps = 0.0

    def monotonic(self) -> float:
        return self.second

    async def sleep(self, seconds: float) -> None:
        assert seconds >= 0
        self.second += seconds + self.oversleeps


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    """Return the clock that fades follow."""
    clock = Clock()
    monkeypatch.setattr(fades, "asyncio", SimpleNamespace(sleep=clock.sleep))
    monkeypatch.setattr(fades, "time", clock)
    return clock


def lamp(state: str = "on", **attributes: Any) -> Cue:
    """Return a lamp as it is or should be."""
    return Cue(entity_id="light.step", state=state, attributes=attributes)


async def steps(
    clock: Clock,
    origin: Cue,
    goal: Cue,
    seconds: float,
    meanwhile: Callable[[], None] = lambda: None,
) -> list[Step]:
    """Return each step of a fade; `meanwhile` is what happens after each."""
    begun, found = clock.second, []
    async for cue in fades.stepped(origin, goal, timedelta(seconds=seconds)):
        assert cue.is_on
        assert cue.entity_id == goal.entity_id
        white = cue.attributes.get("color_temp_kelvin")
        second = round(clock.second - begun, 3)
        found.append((second, cue.attributes["brightness"], white))
        meanwhile()
    return found


@pytest.mark.parametrize(
    ("origin", "goal", "seconds", "expected"),
    [
        pytest.param(
            lamp(brightness=51),
            lamp(brightness=41),
            8,
            [(2.0, 48, None), (4.0, 46, None), (6.0, 44, None), (8.0, 41, None)],
            id="one for each point of a hundred",
        ),
        pytest.param(
            lamp(brightness=0),
            lamp(brightness=255),
            2,
            [(0.5, 64, None), (1.0, 128, None), (1.5, 191, None), (2.0, 255, None)],
            id="no more than two a second",
        ),
        pytest.param(
            lamp("off"),
            lamp(brightness=8),
            3,
            [(1.0, 3, None), (2.0, 5, None), (3.0, 8, None)],
            id="up from darkness",
        ),
        pytest.param(
            lamp("off"),
            lamp(brightness=3),
            1,
            [(1.0, 3, None)],
            id="a single point in one",
        ),
        pytest.param(
            lamp(),
            lamp(brightness=245),
            4,
            [(1.0, 252, None), (2.0, 250, None), (3.0, 248, None), (4.0, 245, None)],
            id="from a lamp that tells no level, as if it were full",
        ),
        pytest.param(
            lamp(brightness=3),
            lamp(brightness=3),
            4,
            [(4.0, 3, None)],
            id="to the level that it has",
        ),
        pytest.param(
            lamp(brightness=5, color_temp_kelvin=5000),
            lamp(brightness=10, color_temp_kelvin=2500),
            2,
            # 200, 300 and 400 mireds.
            [(1.0, 8, 3333), (2.0, 10, 2500)],
            id="colour in mireds",
        ),
        pytest.param(
            lamp(brightness=5, hs_color=(30, 80)),
            lamp(brightness=10, color_temp_kelvin=2500),
            2,
            [(1.0, 8, 2500), (2.0, 10, 2500)],
            id="from a colour at once to the white",
        ),
        pytest.param(
            lamp(brightness=5, color_temp_kelvin=5000),
            lamp(brightness=10),
            2,
            [(1.0, 8, None), (2.0, 10, None)],
            id="without a white of the routine",
        ),
    ],
)
async def test_a_fade(
    clock: Clock, origin: Cue, goal: Cue, seconds: float, expected: list[Step]
) -> None:
    """As evenly as an eye sees, the goal at its second and last."""
    assert await steps(clock, origin, goal, seconds) == expected


@pytest.mark.parametrize(("level", "points"), [(255, 100), (206, 81), (4, 2)])
async def test_more_steps_than_points_nobody_would_see(
    clock: Clock, level: int, points: int
) -> None:
    """Each is a command on the radio that all bulbs of the home share."""
    found = await steps(clock, lamp("off"), lamp(brightness=level), points)
    assert [second for second, *_ in found] == list(range(1, points + 1))


async def test_a_lamp_is_never_put_out_on_its_way(clock: Clock) -> None:
    """Brightness 0 is off for a lamp; the first step of a slow dawn may round to it."""
    found = await steps(clock, lamp("off"), lamp(brightness=4), 600)
    assert [level for _, level, _ in found] == [2, 4]


async def test_a_slow_bulb_gets_fewer_steps_and_arrives_in_time(clock: Clock) -> None:
    """Late steps would pile up, and the fade end minutes after its time."""

    def answer() -> None:
        clock.second += 3

    found = await steps(clock, lamp(brightness=0), lamp(brightness=255), 10, answer)
    assert [second for second, *_ in found] == [0.5, 4.0, 7.5, 10.5]
    assert [level for _, level, _ in found] == [13, 102, 191, 255]


async def test_a_busy_home_assistant_overshoots_nothing(clock: Clock) -> None:
    """What sleeps too long wakes after the end, and is at most there."""
    clock.oversleeps = 30.0
    found = await steps(clock, lamp(brightness=0), lamp(brightness=100), 10)
    assert [level for _, level, _ in found] == [100, 100]
