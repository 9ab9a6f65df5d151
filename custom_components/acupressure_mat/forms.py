"""The forms of a mat and of a routine: which fields there are, and their limits."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any, override

from homeassistant.data_entry_flow import section
from homeassistant.helpers import selector
import voluptuous as vol

from .session.plan import Experience
from .session.routine import BodyArea, EndPolicy, Kind, Surface
from .session.schedule import Mode
from .subentries import DEFAULT_BOUNDARY, DEFAULT_CAP, DEFAULT_GOAL, WEEKDAYS

DIFFUSER_DOMAINS = ["switch", "fan", "humidifier", "light", "input_boolean"]
# The longest that a phase, a fade, or the time before a sensor's may be set to.
LIMITS = {
    "prepare": timedelta(minutes=5),
    "settle": timedelta(minutes=15),
    "wind_down": timedelta(minutes=15),
    "after": timedelta(minutes=30),
    "fade": timedelta(minutes=10),
    "before": timedelta(hours=12),
}


def _select(options: list[str], key: str) -> selector.SelectSelector:
    return selector.SelectSelector(
        selector.SelectSelectorConfig(options=options, translation_key=key)
    )


def _number(
    low: float, high: float, unit: str, *, box: bool = False
) -> selector.NumberSelector:
    mode = (
        selector.NumberSelectorMode.BOX if box else selector.NumberSelectorMode.SLIDER
    )
    return selector.NumberSelector(
        selector.NumberSelectorConfig(
            min=low, max=high, step=1, unit_of_measurement=unit, mode=mode
        )
    )


def _entities(domains: list[str], *, multiple: bool = True) -> selector.EntitySelector:
    return selector.EntitySelector(
        selector.EntitySelectorConfig(domain=domains, multiple=multiple)
    )


DURATION = selector.DurationSelector(selector.DurationSelectorConfig(enable_day=False))
END_POLICY = _select([policy.value for policy in EndPolicy], "end_policy")
NO_MEDIA = {"media_content_id": "", "media_content_type": ""}


class Media(selector.MediaSelector):
    """Media on a player; without either it is none, and no mistake."""

    @override
    def __call__(self, data: Any) -> dict[str, Any] | list[dict[str, Any]]:
        """Return what was picked. The browser's own cross leaves an empty shell."""
        if isinstance(data, dict) and not any(data.values()):
            return dict(NO_MEDIA)
        return super().__call__(data)


MAT_SCHEMA = vol.Schema(
    {
        vol.Required("name"): selector.TextSelector(),
        vol.Required("experience", default=Experience.NEW.value): _select(
            [experience.value for experience in Experience], "experience"
        ),
        vol.Required("goal", default=DEFAULT_GOAL): _number(1, 7, "d"),
        vol.Optional("person"): _entities(["person"], multiple=False),
    }
)
MAT_SCHEMA_AGAIN = MAT_SCHEMA.extend(
    {
        vol.Required("cap", default=DEFAULT_CAP): _number(5, 60, "min"),
        vol.Required("day_boundary", default=DEFAULT_BOUNDARY): selector.TimeSelector(),
        vol.Required("plan", default=True): selector.BooleanSelector(),
        vol.Required("streak", default=True): selector.BooleanSelector(),
        vol.Optional("vacation_from"): selector.DateSelector(),
        vol.Optional("vacation_until"): selector.DateSelector(),
        vol.Optional("sleep_sensor"): _entities(["sensor"], multiple=False),
        vol.Optional("heart_rate_sensor"): _entities(["sensor"], multiple=False),
        vol.Optional("morning_question"): selector.TimeSelector(),
    }
)
ROUTINE_SCHEMA = vol.Schema(
    {
        vol.Required("kind", default=Kind.BEDTIME.value): _select(
            [kind.value for kind in Kind], "kind"
        ),
        vol.Optional("name"): selector.TextSelector(),
        vol.Optional("area"): selector.AreaSelector(),
    }
)
ROOM_SCHEMA = vol.Schema(
    {
        vol.Required("lights"): section(
            vol.Schema(
                {
                    vol.Optional("lights"): _entities(["light", "group"]),
                    vol.Optional("brightness"): _number(0, 100, "%"),
                    vol.Optional("color_temp"): selector.ColorTempSelector(
                        selector.ColorTempSelectorConfig(
                            unit=selector.ColorTempSelectorUnit.KELVIN,
                            min=2000,
                            max=6500,
                        )
                    ),
                    vol.Optional("fade"): DURATION,
                    vol.Optional("only_dim", default=True): selector.BooleanSelector(),
                    vol.Optional(
                        "lights_end", default=EndPolicy.RESTORE.value
                    ): END_POLICY,
                }
            )
        ),
        vol.Required("diffuser"): section(
            vol.Schema(
                {
                    vol.Optional("diffusers"): _entities([*DIFFUSER_DOMAINS, "group"]),
                    vol.Optional("cap", default=30): _number(0, 60, "min"),
                    vol.Optional("interval", default=0): _number(0, 30, "min"),
                }
            )
        ),
        vol.Required("music"): section(
            vol.Schema(
                {
                    vol.Optional("player"): _entities(["media_player"], multiple=False),
                    vol.Optional("media"): Media(),
                    vol.Optional("volume"): _number(0, 100, "%"),
                    vol.Optional("fade_in", default=20): _number(0, 120, "s"),
                    vol.Optional("fade_out", default=60): _number(0, 300, "s"),
                    vol.Optional("keep_playing", default=0): _number(0, 120, "min"),
                    vol.Optional(
                        "music_end", default=EndPolicy.RESTORE.value
                    ): END_POLICY,
                }
            )
        ),
        vol.Optional("speech"): section(
            vol.Schema(
                {
                    vol.Optional("speaker"): _entities(
                        ["tts", "assist_satellite"], multiple=False
                    ),
                    vol.Optional("speech_player"): _entities(
                        ["media_player"], multiple=False
                    ),
                    vol.Optional("cues", default=False): selector.BooleanSelector(),
                    vol.Optional(
                        "ask_aloud", default=False
                    ): selector.BooleanSelector(),
                }
            ),
            {"collapsed": True},
        ),
        vol.Required("session"): section(
            vol.Schema(
                {
                    vol.Optional("duration"): _number(5, 60, "min", box=True),
                    vol.Optional("surface", default=Surface.BED.value): _select(
                        [surface.value for surface in Surface], "surface"
                    ),
                    vol.Optional("body_area", default=BodyArea.BACK.value): _select(
                        [area.value for area in BodyArea], "body_area"
                    ),
                    vol.Optional("bell", default=False): selector.BooleanSelector(),
                    vol.Optional("start_script"): _entities(
                        ["script", "scene"], multiple=False
                    ),
                    vol.Optional("end_script"): _entities(
                        ["script", "scene"], multiple=False
                    ),
                }
            ),
            {"collapsed": True},
        ),
        vol.Required("phases"): section(
            vol.Schema(
                {
                    vol.Optional("prepare"): DURATION,
                    vol.Optional("settle"): DURATION,
                    vol.Optional("wind_down"): DURATION,
                    vol.Optional("after"): DURATION,
                }
            ),
            {"collapsed": True},
        ),
        vol.Optional("schedule"): section(
            vol.Schema(
                {
                    vol.Optional("mode"): _select(
                        [mode.value for mode in Mode], "schedule_mode"
                    ),
                    vol.Optional("days"): selector.SelectSelector(
                        selector.SelectSelectorConfig(
                            options=list(WEEKDAYS),
                            multiple=True,
                            translation_key="weekday",
                        )
                    ),
                    vol.Optional("time"): selector.TimeSelector(),
                    vol.Optional("sensor"): selector.EntitySelector(
                        selector.EntitySelectorConfig(
                            domain="sensor", device_class="timestamp"
                        )
                    ),
                    vol.Optional("before"): DURATION,
                    vol.Optional("mat_sensor"): _entities(
                        ["binary_sensor"], multiple=False
                    ),
                }
            ),
            {"collapsed": True},
        ),
    }
)


def notify_field(targets: Mapping[str, str]) -> dict[vol.Marker, Any]:
    """Return the field that chooses one of these targets, by their names.

    One that is gone stays in the form, which can then say so.
    """
    options = [
        selector.SelectOptionDict(value=target, label=label)
        for target, label in sorted(targets.items(), key=lambda item: item[1])
    ]
    return {
        vol.Optional("notify"): selector.SelectSelector(
            selector.SelectSelectorConfig(options=options, custom_value=True)
        )
    }


def chooser(part: str | None, field: str) -> selector.EntitySelector:
    """Return what chooses one entity as a field of a routine's section, or a mat, does."""
    whole = MAT_SCHEMA_AGAIN if part is None else ROOM_SCHEMA.schema[part].schema
    chosen = next(choose for name, choose in whole.schema.items() if name == field)
    config: selector.EntitySelectorConfig = chosen.config.copy()
    config["multiple"] = False
    return selector.EntitySelector(config)
