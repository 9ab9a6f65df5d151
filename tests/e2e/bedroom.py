"""A bedroom without hardware: lamps that fade, a diffuser plug, a speaker.

All of it is what a person could write into configuration.yaml: template entities over
helpers. The lamps tell every step of a fade as good bulbs do.
"""

from typing import Final

from .client import Client

BEDSIDE: Final = "light.bedside_lamp"
CEILING: Final = "light.ceiling_light"
DIFFUSER: Final = "switch.diffuser"
SPEAKER: Final = "media_player.speaker"

DEVICES: Final = {
    BEDSIDE: "Bedside lamp",
    CEILING: "Ceiling light",
    DIFFUSER: "Diffuser",
    SPEAKER: "Speaker",
}

_STEPS_A_SECOND: Final = 4

type Yaml = dict[str, object]


async def furnish(client: Client) -> None:
    """Put the devices into the bedroom of a Home Assistant that has them."""
    for entity_id in DEVICES:
        await client.call(
            "config/entity_registry/update", entity_id=entity_id, area_id="bedroom"
        )


def bedroom() -> Yaml:
    """Return the configuration: bedside lamp at 80 %, ceiling light at 60 %, the rest off."""
    lamps = {
        "bedside_lamp": ("Bedside lamp", 204, 3500),
        "ceiling_light": ("Ceiling light", 153, 4000),
    }
    booleans: Yaml = {"diffuser": {"name": "Diffuser plug", "initial": False}}
    numbers: Yaml = {"speaker_volume": _number("Speaker volume", 0, 100, 45)}
    scripts: Yaml = {}
    lights: list[Yaml] = []
    for id_, (name, brightness, kelvin) in lamps.items():
        booleans[id_] = {"name": f"{name} power", "initial": True}
        numbers[f"{id_}_brightness"] = _number(f"{name} level", 1, 255, brightness)
        numbers[f"{id_}_kelvin"] = _number(f"{name} warmth", 2000, 6500, kelvin)
        scripts[f"{id_}_fade"] = _fade(id_, name)
        lights.append(_light(id_, name))
    return {
        "input_boolean": booleans,
        "input_number": numbers,
        "input_text": {"speaker_media": {"name": "Speaker media", "initial": ""}},
        "input_select": {
            "speaker": {
                "name": "Speaker state",
                "options": ["off", "idle", "playing", "paused"],
                "initial": "off",
            }
        },
        "script": scripts,
        "template": [
            {"light": lights, "switch": [_plug()], "media_player": [_speaker()]}
        ],
    }


def _number(name: str, low: int, high: int, initial: int) -> Yaml:
    return {"name": name, "min": low, "max": high, "step": 1, "initial": initial}


def _light(id_: str, name: str) -> Yaml:
    # One way in for everything: the fade goes on by itself, and a new command
    # restarts it, so the action returns at once as a real bulb's does.
    fade: list[Yaml] = [
        {
            "action": "script.turn_on",
            "target": {"entity_id": f"script.{id_}_fade"},
            "data": {
                "variables": {
                    "switch_on": True,
                    "level": f"{{{{ brightness | default(states('input_number.{id_}_brightness') | int) }}}}",
                    "warmth": f"{{{{ color_temp_kelvin | default(states('input_number.{id_}_kelvin') | int) }}}}",
                    "seconds": "{{ transition | default(0) }}",
                }
            },
        }
    ]
    off: list[Yaml] = [
        {
            "action": "script.turn_on",
            "target": {"entity_id": f"script.{id_}_fade"},
            "data": {
                "variables": {
                    "switch_on": False,
                    "level": 1,
                    "warmth": f"{{{{ states('input_number.{id_}_kelvin') | int }}}}",
                    "seconds": "{{ transition | default(0) }}",
                }
            },
        }
    ]
    return {
        "name": name,
        "unique_id": id_,
        "default_entity_id": f"light.{id_}",
        "state": f"{{{{ is_state('input_boolean.{id_}', 'on') }}}}",
        "level": f"{{{{ states('input_number.{id_}_brightness') | int }}}}",
        # In mireds; the half kelvin keeps 2200 K from coming back as 2199.
        "temperature": f"{{{{ 1000000 / (states('input_number.{id_}_kelvin') | int + 0.5) }}}}",
        "supports_transition": "{{ true }}",
        "turn_on": fade,
        "set_level": fade,
        "set_temperature": fade,
        "turn_off": off,
    }


def _fade(id_: str, name: str) -> Yaml:
    power = {"target": {"entity_id": f"input_boolean.{id_}"}}

    def step(helper: str, before: str, target: str) -> Yaml:
        return {
            "action": "input_number.set_value",
            "target": {"entity_id": f"input_number.{id_}_{helper}"},
            "data": {
                "value": f"{{{{ ({before} + ({target} - {before}) * repeat.index / steps) | round }}}}"
            },
        }

    return {
        "alias": f"{name} fades",
        "mode": "restart",
        "sequence": [
            {
                "variables": {
                    "before": f"{{{{ states('input_number.{id_}_brightness') | int }}}}",
                    "start": f"{{{{ before if is_state('input_boolean.{id_}', 'on') else 1 }}}}",
                    "warmth_before": f"{{{{ states('input_number.{id_}_kelvin') | int }}}}",
                    "steps": f"{{{{ [1, (seconds | float * {_STEPS_A_SECOND}) | int] | max }}}}",
                }
            },
            {
                "if": "{{ switch_on }}",
                "then": [{"action": "input_boolean.turn_on", **power}],
            },
            {
                "repeat": {
                    "count": "{{ steps }}",
                    "sequence": [
                        step("brightness", "start", "level"),
                        step("kelvin", "warmth_before", "warmth"),
                        {
                            "if": "{{ not repeat.last }}",
                            "then": [
                                {"delay": {"milliseconds": 1000 // _STEPS_A_SECOND}}
                            ],
                        },
                    ],
                }
            },
            {
                "if": "{{ not switch_on }}",
                "then": [
                    {"action": "input_boolean.turn_off", **power},
                    {
                        # As bulbs do: the next time it comes on as bright as before.
                        "action": "input_number.set_value",
                        "target": {"entity_id": f"input_number.{id_}_brightness"},
                        "data": {"value": "{{ before }}"},
                    },
                ],
            },
        ],
    }


def _plug() -> Yaml:
    helper = {"target": {"entity_id": "input_boolean.diffuser"}}
    return {
        "name": "Diffuser",
        "unique_id": "diffuser",
        "default_entity_id": DIFFUSER,
        "state": "{{ is_state('input_boolean.diffuser', 'on') }}",
        "turn_on": [{"action": "input_boolean.turn_on", **helper}],
        "turn_off": [{"action": "input_boolean.turn_off", **helper}],
    }


def _speaker() -> Yaml:
    def becomes(state: str) -> Yaml:
        return {
            "action": "input_select.select_option",
            "target": {"entity_id": "input_select.speaker"},
            "data": {"option": state},
        }

    return {
        "name": "Speaker",
        "unique_id": "speaker",
        "default_entity_id": SPEAKER,
        "device_class": "speaker",
        "state": "{{ states('input_select.speaker') }}",
        "volume_level": "{{ states('input_number.speaker_volume') | int / 100 }}",
        "media_content_id": "{{ states('input_text.speaker_media') }}",
        "media_content_type": "music",
        "media_title": "{{ states('input_text.speaker_media').split('/') | last }}",
        "turn_on": [becomes("idle")],
        "turn_off": [becomes("off")],
        "media_play": [becomes("playing")],
        "media_pause": [becomes("paused")],
        "media_stop": [becomes("idle")],
        "play_media": [
            {
                "action": "input_text.set_value",
                "target": {"entity_id": "input_text.speaker_media"},
                "data": {"value": "{{ media_content_id }}"},
            },
            becomes("playing"),
        ],
        "volume_set": [
            {
                "action": "input_number.set_value",
                "target": {"entity_id": "input_number.speaker_volume"},
                "data": {"value": "{{ (volume_level * 100) | round }}"},
            }
        ],
    }
