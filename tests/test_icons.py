"""Icons, and what services, triggers and conditions say of themselves.

Four files speak of each action, trigger and condition: code, YAML, translations and
icons. None may know one that another does not.
"""

import json
from pathlib import Path
import re
from typing import Any

import hass_frontend
from homeassistant.core import HomeAssistant
from homeassistant.helpers import entity_registry as er, selector, service
from homeassistant.util.yaml import load_yaml_dict
import pytest
import voluptuous as vol

from custom_components.acupressure_mat.condition import CONDITIONS
from custom_components.acupressure_mat.const import DOMAIN
from custom_components.acupressure_mat.trigger import TRIGGERS

from .home import Home, add_mat
from .source import INTEGRATION, read_json

ICONS: dict[str, Any] = read_json("icons.json")
ENGLISH: dict[str, Any] = read_json("translations/en.json")


def described(name: str) -> dict[str, dict[str, Any]]:
    """Return what a YAML file describes, its anchors aside."""
    found = load_yaml_dict(str(INTEGRATION / f"{name}.yaml"))
    return {key: value or {} for key, value in found.items() if key[0] != "."}


def icons_in(value: Any) -> list[str]:
    if isinstance(value, dict):
        return [icon for inner in value.values() for icon in icons_in(inner)]
    return [value]


# -- icons ---------------------------------------------------------------------


def test_icons_exist() -> None:
    """A slip of the pen is an empty square, which no test of logic sees."""
    where = Path(hass_frontend.where()) / "static" / "mdi" / "iconList.json"
    known = {f"mdi:{icon['name']}" for icon in json.loads(where.read_text())}
    assert len(known) > 5000
    assert set(icons_in(ICONS)) <= known


def test_icons_have_the_sections_that_hassfest_knows() -> None:
    """Anything else would be ignored in silence."""
    assert set(ICONS) <= {"conditions", "entity", "services", "triggers"}
    for domain, entities in ICONS["entity"].items():
        for key, icons in entities.items():
            allowed = {"default", "state", "range", "state_attributes"}
            assert set(icons) <= allowed, (domain, key)


async def test_entities_have_icons(entities: list[er.RegistryEntry]) -> None:
    """Each by its key, and no icon is left of one that is gone."""
    used: dict[str, set[str | None]] = {}
    for entity in entities:
        used.setdefault(entity.domain, set()).add(entity.translation_key)
    assert {domain: set(icons) for domain, icons in ICONS["entity"].items()} == used
    for icons in ICONS["entity"].values():
        assert all("default" in each for each in icons.values())


async def test_icons_of_states_are_of_states_that_exist(
    hass: HomeAssistant, entities: list[er.RegistryEntry]
) -> None:
    """A phase that was renamed must not lose its icon unseen."""
    for entity in entities:
        assert entity.translation_key is not None
        icons = ICONS["entity"][entity.domain][entity.translation_key]
        state = hass.states.get(entity.entity_id)
        assert state is not None
        options = state.attributes.get("options", ("on", "off"))
        assert set(icons.get("state", ())) <= {str(option) for option in options}


@pytest.mark.parametrize(
    ("part", "inner"),
    [("services", "service"), ("triggers", "trigger"), ("conditions", "condition")],
)
def test_each_action_trigger_and_condition_has_one(part: str, inner: str) -> None:
    """Under the name that Home Assistant looks for."""
    assert set(ICONS[part]) == set(described(part))
    assert all(set(icons) == {inner} for icons in ICONS[part].values())


# -- code, YAML and translations -----------------------------------------------


def allowed_fields(schema: Any) -> set[str]:
    """Return the fields that the schema of an action or trigger takes."""
    if isinstance(schema, vol.Schema):
        return allowed_fields(schema.schema)
    if isinstance(schema, vol.All):
        return {f for each in schema.validators for f in allowed_fields(each)}
    if isinstance(schema, dict):
        return {str(getattr(marker, "schema", marker)) for marker in schema}
    return set()


def options_of(described: type) -> set[str]:
    """Return the options that a trigger or condition takes."""
    schemas = [v for k, v in vars(described).items() if k.endswith("_schema")]
    schema = schemas[0] if schemas else described._schema  # type: ignore[attr-defined]
    return next(allowed_fields(v) for k, v in schema.schema.items() if k == "options")


TARGET = {"entity_id", "device_id", "area_id", "floor_id", "label_id", "metadata"}


async def test_actions_are_described_as_they_are(
    hass: HomeAssistant, home: Home
) -> None:
    """Each action that there is, each field that it takes, each target."""
    await add_mat(hass)
    registered = hass.services.async_services_for_domain(DOMAIN)
    yaml = described("services")
    assert set(yaml) == set(registered)
    for name, action in registered.items():
        taken = allowed_fields(action.schema)
        assert taken - TARGET == set(yaml[name].get("fields", ())), name
        assert ("target" in yaml[name]) == ("device_id" in taken), name


@pytest.mark.parametrize(
    ("part", "classes"), [("triggers", TRIGGERS), ("conditions", CONDITIONS)]
)
def test_triggers_and_conditions_are_described_as_they_are(
    part: str, classes: dict[str, Any]
) -> None:
    """Each that there is, each option that it takes."""
    yaml = described(part)
    assert set(yaml) == set(classes)
    for key, each in classes.items():
        assert options_of(each) == set(yaml[key].get("fields", ())), key
        assert "target" in yaml[key], key


@pytest.mark.parametrize("part", ["services", "triggers", "conditions"])
def test_each_is_translated(part: str) -> None:
    """Name and description, for itself and each of its fields; none is left."""
    yaml, texts = described(part), ENGLISH[part]
    assert set(texts) == set(yaml)
    for key, each in yaml.items():
        assert texts[key]["name"], key
        assert texts[key]["description"], key
        fields = texts[key].get("fields", {})
        assert set(fields) == set(each.get("fields", ())), key
        for field, text in fields.items():
            assert text["name"], (key, field)
            # Home Assistant words these two itself, in its own editor.
            if field not in ("behavior", "for"):
                assert text["description"], (key, field)


# -- YAML as hassfest wants it -------------------------------------------------

FIELD = vol.Schema(
    {
        vol.Optional("example"): vol.NotIn([None]),
        vol.Optional("default"): vol.NotIn([None]),
        vol.Optional("required"): bool,
        vol.Optional("selector"): selector.validate_selector,
        vol.Optional("context"): {str: str},
    }
)
TARGETED = {
    **FIELD.schema,
    vol.Optional("filter"): {
        vol.Exclusive("attribute", "filter"): {
            str: [vol.All(str, service.validate_attribute_option)]
        },
        vol.Exclusive("supported_features", "filter"): [
            vol.All(str, service.validate_supported_feature)
        ],
    },
}
DESCRIPTION = vol.Schema(
    {
        vol.Optional("target"): selector.TargetSelector.CONFIG_SCHEMA,
        vol.Optional("fields"): {str: vol.Schema(TARGETED)},
    }
)


@pytest.mark.parametrize("part", ["services", "triggers", "conditions"])
def test_yaml_has_the_shape_that_hassfest_wants(part: str) -> None:
    """Selectors are checked by Home Assistant itself."""
    for each in described(part).values():
        DESCRIPTION(each)


@pytest.mark.parametrize("part", ["services", "triggers", "conditions"])
def test_home_assistant_reads_it_without_a_warning(
    part: str, caplog: pytest.LogCaptureFixture
) -> None:
    """A key that overrides one of an anchor is a duplicate in every user's log."""
    assert load_yaml_dict(str(INTEGRATION / f"{part}.yaml"))
    assert caplog.records == []


def test_services_have_no_anchor_of_their_own() -> None:
    """Hassfest takes a key with a dot in triggers and conditions only."""
    found = load_yaml_dict(str(INTEGRATION / "services.yaml"))
    assert all(re.fullmatch(r"[a-z][a-z0-9_]*", key) for key in found)


@pytest.mark.parametrize("part", ["services", "triggers", "conditions"])
def test_only_our_own_entities_are_offered(part: str) -> None:
    """The picker shows what the action, trigger or condition accepts."""
    targets = {
        key: each["target"]["entity"]
        for key, each in described(part).items()
        if "target" in each
    }
    assert targets
    for key, entities in targets.items():
        # A filter that is empty offers everything.
        assert entities, key
        assert {entity["integration"] for entity in entities} == {DOMAIN}, key


@pytest.mark.parametrize(
    "path", sorted(INTEGRATION.rglob("*.json")), ids=lambda path: path.name
)
def test_json_is_written_as_home_assistant_writes_it(path: Path) -> None:
    """Two spaces, a line at the end: a translation tool must not change every line."""
    text = path.read_text()
    assert text == json.dumps(json.loads(text), indent=2, ensure_ascii=False) + "\n"
