"""Every sentence that a person reads: there is one for all that the code says, no more.

What hassfest checks of a custom integration's translations, and what it cannot know:
whether code and text still mean each other.
"""

import ast
from collections.abc import Iterator, Mapping
import re
from string import Formatter
from typing import Any

from homeassistant.const import Platform
from homeassistant.core import HomeAssistant
from homeassistant.data_entry_flow import section
from homeassistant.helpers import entity_registry as er, selector
from homeassistant.util.yaml import load_yaml_dict
import pytest
import voluptuous as vol
import yaml

from custom_components.acupressure_mat import forms as form_schemas

from .source import INTEGRATION, Module, called, keyword, matches, modules, read_json

ENGLISH: dict[str, Any] = read_json("translations/en.json")
LANGUAGES = sorted(path.stem for path in (INTEGRATION / "translations").glob("*.json"))
OTHERS = [language for language in LANGUAGES if language != "en"]

# Words that are spelt the same in another language, though they are no English there.
SAME = {
    "de": {"Format", "Name", "Person", "Phase", "Plan", "Routine"},
    "es": {"+5 min", "Plan"},
    "es-419": {"+5 min", "Plan"},
    "fr": {
        *("+5 min", "Format", "Journal", "Minutes", "Notes", "Notifications", "Pause"),
        *("Phase", "Phases", "Plan", "Routine", "Routines", "Surface", "Tension"),
        *("Volume", "points"),
    },
    "it": {"+5 min", "Area", "Routine", "Volume"},
    "nl": {
        *("+5 min", "Bed", "Diffuser", "Diffusers", "Interval", "Mat", "Plan"),
        *("Routine", "Routines", "Tip", "Volume"),
    },
    "pl": {"+5 min", "Format", "Limit", "Plan"},
    "sv": {"+5 min", "Format", "Period", "Person", "Plan"},
}


def flat(texts: Mapping[str, Any], prefix: str = "") -> dict[str, str]:
    """Return every text by its path: `exceptions.not_running.message`."""
    found: dict[str, str] = {}
    for key, value in texts.items():
        path = f"{prefix}{key}"
        found |= flat(value, f"{path}.") if isinstance(value, dict) else {path: value}
    return found


def under(path: str) -> Any:
    """Return the English texts there, {} if there are none."""
    found: Any = ENGLISH
    for key in path.split("."):
        found = found.get(key, {})
    return found


def placeholders(text: str) -> set[str]:
    """Return the names that a text wants filled in."""
    return {name for _, name, _, _ in Formatter().parse(text) if name is not None}


# -- each text by itself -------------------------------------------------------

URL = re.compile(r"(https?|ftp|mqtts?|socks5?)://|www\.", re.IGNORECASE)
# Paths whose texts Home Assistant shows as they are.
BARE = re.compile(r"entity\..*\.(state|state_attributes)\b|.*\.unit_of_measurement")
KEY = re.compile(r"(?!.+[_-]{2})(?![_-])[a-z0-9_-]+(?<![_-])")


def flaws(path: str, text: str) -> list[str]:
    """Return what hassfest, or a reader, would not like about a text."""
    found = []
    if re.search(r"<[^>]*>", text):
        found.append("HTML")
    if URL.search(text):
        found.append("a link: links are placeholders")
    if text != text.strip():
        found.append("spaces around it")
    if not text:
        found.append("nothing")
    if re.search(r"'\{\w+\}'", text):
        found.append("a placeholder in single quotes")
    if re.search(r"\[%|%\]", text):
        found.append("a reference: those are for core")
    names = placeholders(text)
    if not all(name.isidentifier() for name in names):
        found.append("a placeholder that is no name")
    if names and BARE.match(path):
        found.append("a placeholder where none is filled in")
    return found


@pytest.mark.parametrize("language", LANGUAGES)
def test_texts_are_as_hassfest_wants_them(language: str) -> None:
    """All of them, in all languages."""
    texts = flat(read_json(f"translations/{language}.json"))
    assert {path: f for path, text in texts.items() if (f := flaws(path, text))} == {}


@pytest.mark.parametrize("language", LANGUAGES)
def test_keys_are_as_hassfest_wants_them(language: str) -> None:
    """Small letters, digits and single underscores."""
    paths = flat(read_json(f"translations/{language}.json"))
    keys = {key for path in paths for key in path.split(".")}
    assert {key for key in keys if not KEY.fullmatch(key)} == set()


@pytest.mark.parametrize(
    "text",
    [
        "<b>Stop</b>",
        "See https://example.org",
        "Stop ",
        "",
        "'{name}' is gone",
        "[%key:common::stop%]",
        "{} is gone",
    ],
)
def test_a_flaw_is_noticed(text: str) -> None:
    """A proof that accepts everything proves nothing."""
    assert flaws("exceptions.gone.message", text)


def test_a_placeholder_in_a_state_is_noticed() -> None:
    """It would be shown with its braces."""
    assert flaws("entity.sensor.phase.state.idle", "{name} rests")
    assert not flaws("entity.sensor.phase.name", "Phase of {name}")


# -- languages -----------------------------------------------------------------


def differences(texts: Mapping[str, str], others: Mapping[str, str]) -> list[str]:
    """Return what another language has too much, too little, or otherwise."""
    return [
        *(f"{path} is missing" for path in texts.keys() - others.keys()),
        *(f"{path} is in no English text" for path in others.keys() - texts.keys()),
        *(
            f"{path} fills in other names"
            for path in texts.keys() & others.keys()
            if placeholders(texts[path]) != placeholders(others[path])
        ),
    ]


def untranslated(
    language: str, texts: Mapping[str, str], others: Mapping[str, str]
) -> list[str]:
    """Return what was left in English; a number or a name may be the same."""
    return [
        path
        for path, text in texts.items()
        if others.get(path) == text
        and re.search(r"[^\W\d_]{2}", re.sub(r"\{\w+\}", "", text))
        and text not in SAME.get(language, ())
    ]


@pytest.mark.parametrize("language", OTHERS)
def test_all_languages_say_the_same(language: str) -> None:
    """The same keys, and the same names filled in."""
    others = flat(read_json(f"translations/{language}.json"))
    assert differences(flat(ENGLISH), others) == []


@pytest.mark.parametrize("language", OTHERS)
def test_nothing_is_left_in_english(language: str) -> None:
    """Words that are rightly the same are named above."""
    others = flat(read_json(f"translations/{language}.json"))
    assert untranslated(language, flat(ENGLISH), others) == []


@pytest.mark.parametrize("language", SAME)
def test_words_of_two_languages_are_used(language: str) -> None:
    """A word that is nowhere the same any more has no excuse."""
    others = flat(read_json(f"translations/{language}.json"))
    same = {text for path, text in flat(ENGLISH).items() if others.get(path) == text}
    assert SAME[language] <= same


def test_a_difference_is_noticed() -> None:
    """Each sort of it."""
    english = {"a": "Stop {name}", "b": "Go"}
    assert differences(english, {"a": "Halt {name}", "b": "Los"}) == []
    assert len(differences(english, {"a": "Halt {name}"})) == 1
    assert len(differences(english, {**english, "c": "Was"})) == 1
    assert len(differences(english, {"a": "Halt", "b": "Los"})) == 1


def test_english_that_was_left_is_noticed() -> None:
    """A placeholder alone is no English."""
    english = {"a": "Stop", "b": "{name}", "c": "5 %"}
    assert untranslated("de", english, english) == ["a"]
    assert untranslated("de", english, {**english, "a": "Halt"}) == []


# -- forms ---------------------------------------------------------------------

FLOWS = {"MatConfigFlow": "config", "RoutineFlow": "config_subentries.routine"}


def flow_module(name: str) -> Module:
    """Return the class of a flow with the functions it calls, as a module."""
    file = "config_flow" if name == "MatConfigFlow" else "routine_flow"
    body = ast.parse((INTEGRATION / f"{file}.py").read_text()).body
    flow = next(n for n in body if isinstance(n, ast.ClassDef) and n.name == name)
    known = {n.id for n in ast.walk(flow) if isinstance(n, ast.Name)}
    functions = [n for n in body if isinstance(n, ast.FunctionDef) and n.name in known]
    return Module(file, "\n".join(map(ast.unparse, (flow, *functions))))


def forms(flow: Module) -> dict[str, list[vol.Schema]]:
    """Return the steps that show something, with the schemas of their forms."""
    found: dict[str, list[vol.Schema]] = {}
    for call in flow.calls("async_show_form", "async_show_menu"):
        for step in flow.texts(keyword(call, "step_id")):
            names = [n.id for n in ast.walk(call) if isinstance(n, ast.Name)]
            for name in names:
                value = getattr(form_schemas, name, None)
                if name.endswith("_field") and callable(value):
                    value = vol.Schema(value({}))
                schemas = [value] if isinstance(value, vol.Schema) else []
                found.setdefault(step, []).extend(schemas)
            found.setdefault(step, [])
    return found


def fields(schema: vol.Schema) -> dict[str, Any]:
    """Return what a form asks for: selectors, and sections of them."""
    return {
        marker.schema: fields(value.schema) if isinstance(value, section) else value
        for marker, value in schema.schema.items()
    }


def mistakes(flow: Module) -> set[str]:
    """Return the error keys that a flow can show, `*` for what is known later."""
    found: set[str] = set()
    for node in ast.walk(flow.tree):
        match node:
            case ast.FunctionDef(name=name) if name.startswith("_mistake"):
                for inner in ast.walk(node):
                    if isinstance(inner, ast.Return) and inner.value is not None:
                        value = inner.value
                        values = (
                            value.values if isinstance(value, ast.Dict) else [value]
                        )
                        for each in values:
                            found |= flow.texts(each)
            case ast.Assign(targets=[ast.Subscript(value=ast.Name(id="errors"))]):
                found |= flow.texts(node.value)
    return found


@pytest.mark.parametrize("flow", FLOWS)
def test_steps_and_fields(flow: str) -> None:
    """Each form has a title, each field a name and a description, and none is left."""
    steps = forms(flow_module(flow))
    translated = under(f"{FLOWS[flow]}.step")
    assert set(steps) == set(translated)
    for step, schemas in steps.items():
        asked = {k: v for schema in schemas for k, v in fields(schema).items()}
        texts = translated[step]
        assert texts["title"]
        plain = {key for key, value in asked.items() if not isinstance(value, dict)}
        assert set(texts.get("data", {})) == plain, step
        assert set(texts.get("data_description", {})) == plain, step
        sections = {key: value for key, value in asked.items() if key not in plain}
        assert set(texts.get("sections", {})) == set(sections), step
        for name, inner in sections.items():
            assert texts["sections"][name]["name"]
            assert set(texts["sections"][name]["data"]) == set(inner), name
            assert set(texts["sections"][name]["data_description"]) == set(inner), name


def test_menus() -> None:
    """Each choice has a name, and none is left."""
    menus = [
        (module, FLOWS[flow], call)
        for flow in FLOWS
        for module in (flow_module(flow),)
        for call in module.calls("async_show_menu")
    ]
    assert menus
    for module, path, call in menus:
        options = keyword(call, "menu_options")
        assert isinstance(options, ast.List)
        choices = {text for each in options.elts for text in module.texts(each)}
        (step,) = module.texts(keyword(call, "step_id"))
        texts = under(f"{path}.step.{step}")
        assert set(texts["menu_options"]) == choices
        assert set(texts.get("menu_option_descriptions", choices)) == choices


@pytest.mark.parametrize("flow", FLOWS)
def test_mistakes(flow: str) -> None:
    """Each has its sentence, and no sentence is for a mistake that nobody can make."""
    made = mistakes(flow_module(flow))
    translated = set(under(f"{FLOWS[flow]}.error"))
    assert made
    assert {
        key for key in made if not any(matches(key, t) for t in translated)
    } == set()
    assert {t for t in translated if not any(matches(key, t) for key in made)} == set()


@pytest.mark.parametrize("flow", FLOWS)
def test_aborts(flow: str) -> None:
    """Those that Home Assistant does not word itself."""
    module = flow_module(flow)
    reasons = {
        text
        for call in module.calls("async_abort", "async_update_and_abort")
        for text in module.texts(keyword(call, "reason"))
    }
    assert set(under(f"{FLOWS[flow]}.abort")) == reasons


def test_mistakes_mention_only_what_the_form_tells() -> None:
    """A form passes its names always, so that no brace is ever shown."""
    module = flow_module("RoutineFlow")
    told = {
        str(key.value)
        for node in ast.walk(module.tree)
        if isinstance(node, ast.Assign)
        and ast.unparse(node.targets[0]) == "placeholders"
        and isinstance(node.value, ast.Dict)
        for key in node.value.keys
        if isinstance(key, ast.Constant)
    }
    mentioned = {
        name
        for text in under("config_subentries.routine.error").values()
        for name in placeholders(text)
    }
    assert mentioned == told
    for path, text in flat(under("config")).items():
        assert not placeholders(text), path


def test_routines_can_be_added_and_changed() -> None:
    """The buttons beside a mat."""
    texts = under("config_subentries.routine")
    assert texts["entry_type"]
    assert set(texts["initiate_flow"]) == {"user", "reconfigure"}


# -- selectors -----------------------------------------------------------------


def selects_of_forms() -> Iterator[tuple[str, list[str]]]:
    """Yield key and options of each list to choose from in the forms."""

    def walk(asked: Mapping[str, Any]) -> Iterator[tuple[str, list[str]]]:
        for value in asked.values():
            if isinstance(value, dict):
                yield from walk(value)
            elif (
                isinstance(value, selector.SelectSelector)
                and "translation_key" in value.config
            ):
                options = [str(option) for option in value.config["options"]]
                yield value.config["translation_key"], options

    for flow in FLOWS:
        for schemas in forms(flow_module(flow)).values():
            for schema in schemas:
                yield from walk(fields(schema))


def selects_of_yaml() -> Iterator[tuple[str, list[str]]]:
    """Yield key and options of each list in services, triggers and conditions."""
    for name in ("services", "triggers", "conditions"):
        for described in load_yaml_dict(str(INTEGRATION / f"{name}.yaml")).values():
            for field in ((described or {}).get("fields") or {}).values():
                select = (field.get("selector") or {}).get("select")
                if select:
                    yield select["translation_key"], list(select["options"])


def test_choices() -> None:
    """Each list has a name for each choice, wherever it is shown, and no more."""
    shown: dict[str, set[str]] = {}
    for key, options in (*selects_of_forms(), *selects_of_yaml()):
        shown.setdefault(key, set()).update(options)
    translated = {
        key: set(texts["options"]) for key, texts in under("selector").items()
    }
    assert translated == shown


# -- entities ------------------------------------------------------------------

# Attributes that Home Assistant itself adds and names.
BASE_ATTRIBUTES = {
    "device_class",
    "event_type",
    "event_types",
    "friendly_name",
    "max",
    "min",
    "mode",
    "options",
    "state_class",
    "step",
    "supported_features",
    "unit_of_measurement",
}
# Domains whose entities show nothing but an event of a calendar.
NO_ATTRIBUTES = {Platform.CALENDAR}


async def test_entities_have_names(entities: list[er.RegistryEntry]) -> None:
    """Each by its key, and no name is left of one that is gone."""
    used: dict[str, set[str]] = {}
    for entity in entities:
        assert entity.translation_key is not None, entity.entity_id
        used.setdefault(entity.domain, set()).add(entity.translation_key)
    assert {domain: set(texts) for domain, texts in under("entity").items()} == used
    for domain, texts in under("entity").items():
        for key, described in texts.items():
            assert described["name"], (domain, key)


async def test_entities_have_names_for_states_and_attributes(
    hass: HomeAssistant, entities: list[er.RegistryEntry]
) -> None:
    """Each phase, each happening, each attribute: nobody reads a bare key.

    What an entity shows at times only stands in the source at least.
    """
    words = {
        node.value
        for module in modules()
        for node in ast.walk(module.tree)
        if isinstance(node, ast.Constant)
    }
    for entity in entities:
        state = hass.states.get(entity.entity_id)
        assert state is not None, entity.entity_id
        texts = under(f"entity.{entity.domain}.{entity.translation_key}")
        if options := state.attributes.get("options"):
            assert set(texts["state"]) == {str(option) for option in options}
        named = texts.get("state_attributes", {})
        if types := state.attributes.get("event_types"):
            assert set(named["event_type"]["state"]) == set(types)
        if entity.domain not in NO_ATTRIBUTES and "event_types" not in state.attributes:
            shown = set(state.attributes) - BASE_ATTRIBUTES
            assert shown <= set(named), entity.entity_id
            left = set(named) - shown - words
            assert not left, entity.entity_id


# -- errors and issues ---------------------------------------------------------

# Calls that make an error with a translated sentence of ours. The first argument is
# its key, what it passes by name stands in the sentence.
KEYED = ("SessionError", "_mistake")


def errors() -> Iterator[tuple[Module, ast.Call, set[str]]]:
    """Yield where an error of ours is made, with its possible keys."""
    for module in modules():
        for call in module.calls(*KEYED):
            if isinstance(call.func, ast.Name) and call.args:
                yield module, call, module.texts(call.args[0])
        for node in ast.walk(module.tree):
            if (
                isinstance(node, ast.Call)
                and keyword(node, "translation_domain") is not None
                and keyword(node, "translation_key") is not None
            ):
                yield module, node, module.texts(keyword(node, "translation_key"))


def issues() -> Iterator[tuple[Module, ast.Call, set[str]]]:
    """Yield where an issue is raised, with its possible keys."""
    for module in modules():
        for call in module.calls("async_create_issue"):
            yield module, call, module.texts(keyword(call, "translation_key"))


def filled_in(call: ast.Call) -> set[str] | None:
    """Return the names that a call fills into its sentence; None if it passes them on."""
    if called(call) in KEYED:
        return {word.arg for word in call.keywords if word.arg is not None}
    given = keyword(call, "translation_placeholders")
    if given is None:
        return set()
    if not isinstance(given, ast.Dict):
        return None
    return {str(k.value) for k in given.keys if isinstance(k, ast.Constant)}


def answered_by_voice() -> set[str]:
    """Return the refusals that voice words itself, in each of its languages."""
    languages = sorted((INTEGRATION / "sentences").glob("*.yaml"))
    answers = [set(yaml.safe_load(path.read_text())["answers"]) for path in languages]
    return set.intersection(*answers)


def where(module: Module, call: ast.Call) -> str:
    return f"{module.name}:{call.lineno}"


def test_errors_have_sentences() -> None:
    """One that has none would be shown as its bare key; one too many misleads."""
    made: set[str] = set()
    spoken = answered_by_voice()
    for module, call, keys in errors():
        made |= keys
        unknown = keys - set(under("exceptions")) - spoken
        assert not unknown, where(module, call)
    assert set(under("exceptions")) <= made
    assert all("message" in texts for texts in under("exceptions").values())


def test_errors_fill_in_what_their_sentences_mention() -> None:
    """Neither a brace is shown, nor is anything told that nobody reads."""
    texts = under("exceptions")
    for module, call, keys in errors():
        for key in keys & set(texts):
            mentioned = placeholders(texts[key]["message"])
            assert filled_in(call) in (mentioned, None), (where(module, call), key)


def test_issues_have_sentences() -> None:
    """The same for what waits under Repairs."""
    made: set[str] = set()
    texts = under("issues")
    for module, call, keys in issues():
        assert keys, f"{where(module, call)}: which issue is it?"
        assert keys <= set(texts), where(module, call)
        made |= keys
        for key in keys:
            mentioned = {
                name
                for text in flat(texts[key]).values()
                for name in placeholders(text)
            }
            assert filled_in(call) == mentioned, (where(module, call), key)
    assert set(texts) == made
    for key, described in texts.items():
        assert described["title"], key
        assert ("description" in described) != ("fix_flow" in described), key


# -- the proof would notice ----------------------------------------------------


@pytest.mark.parametrize(
    ("source", "keys"),
    [
        ("raise SessionError('gone')", {"gone"}),
        ("raise SessionError('a' if x else 'b')", {"a", "b"}),
        ("GONE = 'gone'\ndef f():\n    raise SessionError(GONE)", {"gone"}),
        ("A, B = 'a', 'b'\ndef f():\n    raise SessionError(B)", {"b"}),
        (
            "def f(key):\n    raise SessionError(key)\nf('one')\nf(key='two')",
            {"one", "two"},
        ),
        ("raise SessionError(f'{field}_too_long')", {"*_too_long"}),
        ("raise SessionError(err.key)", set()),
    ],
)
def test_a_key_is_found(source: str, keys: set[str]) -> None:
    """However it gets there."""
    module = Module("x", source)
    (call,) = module.calls("SessionError")
    assert called(call) == "SessionError"
    assert module.texts(call.args[0]) == keys


def test_what_is_filled_in_is_found() -> None:
    """By name, or as a table."""
    module = Module(
        "x",
        "_mistake('a', entity=e)\n"
        "HomeAssistantError(translation_key='b', translation_domain=D,"
        " translation_placeholders={'file': f})\n"
        "HomeAssistantError(translation_key='c', translation_domain=D)\n"
        "HomeAssistantError(translation_key='d', translation_domain=D,"
        " translation_placeholders=err.placeholders)",
    )
    calls = list(module.calls("_mistake", "HomeAssistantError"))
    assert [filled_in(call) for call in calls] == [{"entity"}, {"file"}, set(), None]


def test_the_english_file_is_where_home_assistant_looks() -> None:
    """A custom integration ships translations, not strings."""
    assert "en" in LANGUAGES
    assert not (INTEGRATION / "strings.json").exists()


@pytest.mark.parametrize("language", LANGUAGES)
def test_whoever_removes_a_mat_was_told_how_to_keep_its_records(language: str) -> None:
    """Under the name that the action has in their language."""
    texts = read_json(f"translations/{language}.json")
    told = texts["config"]["step"]["reconfigure"]["description"]
    assert f"*{texts['services']['export_records']['name']}*" in told
