"""What the dialogs of repairs say: a text for each step, choice, mistake and way out.

What hassfest checks of `issues`, and whether code and text still mean each other.
"""

import ast

import pytest

from custom_components.acupressure_mat import issues, system_health
from custom_components.acupressure_mat.files import SET_ASIDE, UNREAD

from .source import INTEGRATION, Module, keyword, module, read_json
from .test_translations import ENGLISH, mistakes, under

FLOWS = {
    "DiffuserOnFlow": (issues.STUCK,),
    "MissingFlow": (issues.ROUTINE_MISSES, issues.MAT_MISSES),
    "SetAsideFlow": (SET_ASIDE,),
}
# Home Assistant's own, which asks for nothing but a click.
CONFIRM = UNREAD
EACH = [(flow, issue) for flow, issues in FLOWS.items() for issue in issues]
# The parts of a translation file that hassfest knows and a custom integration may use.
KNOWN = {
    *("title", "config", "config_subentries", "options", "selector", "entity"),
    *("entity_component", "device", "device_automation", "exceptions", "issues"),
    *("services", "triggers", "conditions", "system_health", "config_panel"),
    *("application_credentials", "preview_features"),
}


def flow_of(name: str) -> Module:
    """Return the class of a flow as a module."""
    body = module("repairs").tree.body
    flow = next(n for n in body if isinstance(n, ast.ClassDef) and n.name == name)
    return Module("repairs", ast.unparse(flow))


def test_every_flow_is_known_here() -> None:
    """A new one is compared, too."""
    body = module("repairs").tree.body
    classes = {n.name for n in body if isinstance(n, ast.ClassDef)}
    assert {name for name in classes if not name.startswith("_")} == set(FLOWS)


def test_every_issue_that_can_be_fixed_has_a_flow() -> None:
    """And only those: the others say what to do and go away by themselves."""
    fixable = {key for key, issue in ENGLISH["issues"].items() if "fix_flow" in issue}
    assert fixable == {issue for _, issue in EACH} | {CONFIRM}
    assert set(under(f"issues.{CONFIRM}.fix_flow.step")) == {"confirm"}


@pytest.mark.parametrize(("flow", "issue"), EACH)
def test_steps_have_texts(flow: str, issue: str) -> None:
    """Each form and menu, each choice and field, and none is left."""
    source = flow_of(flow)
    steps = under(f"issues.{issue}.fix_flow.step")
    shown = {
        step: call
        for call in source.calls("async_show_form", "async_show_menu")
        for step in source.texts(keyword(call, "step_id"))
    }
    assert set(steps) == set(shown)
    for step, call in shown.items():
        assert steps[step]["title"]
        assert steps[step]["description"]
        options = keyword(call, "menu_options")
        listed = options.elts if isinstance(options, ast.List) else []
        choices = {text for each in listed for text in source.texts(each)}
        assert set(steps[step].get("menu_options", {})) == choices
        for choice in choices:
            assert f"async_step_{choice}(" in source.source
        asked = {
            text
            for marker in ast.walk(call)
            if isinstance(marker, ast.Call)
            and ast.unparse(marker.func) == "vol.Optional"
            for text in source.texts(marker.args[0])
        }
        assert set(steps[step].get("data", {})) == asked


@pytest.mark.parametrize(("flow", "issue"), EACH)
def test_mistakes_and_ways_out_have_texts(flow: str, issue: str) -> None:
    """And none is left of one that cannot happen any more."""
    source = flow_of(flow)
    texts = under(f"issues.{issue}.fix_flow")
    assert set(texts.get("error", {})) == mistakes(source)
    reasons = {
        text
        for call in source.calls("async_abort")
        for text in source.texts(keyword(call, "reason"))
    }
    assert set(texts.get("abort", {})) == reasons


@pytest.mark.parametrize(
    "language", [path.stem for path in (INTEGRATION / "translations").glob("*.json")]
)
def test_parts_are_those_that_hassfest_knows(language: str) -> None:
    """Anything else is an error there."""
    assert set(read_json(f"translations/{language}.json")) <= KNOWN


def test_system_health_has_a_name_for_each_figure() -> None:
    """And for no figure that is gone."""
    source = module(system_health.__name__.rpartition(".")[2])
    told = {
        key.value
        for node in ast.walk(source.tree)
        if isinstance(node, ast.Return) and isinstance(node.value, ast.Dict)
        for key in node.value.keys
        if isinstance(key, ast.Constant)
    }
    assert told == set(under("system_health.info"))
