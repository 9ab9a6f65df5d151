"""Nothing that people say to other devices is caught, and nothing of ours is unclear.

Sentence triggers come before everything else in Home Assistant and cannot decline. So
what Home Assistant understands by itself, in the eight languages, is held against our
sentences: by what words there are at all, and by samples of every template.
"""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cache
import json
from pathlib import Path
import random
import re
import runpy
import time
from typing import Any

from hassil import Intents, recognize_all
from hassil.expression import (
    Alternative,
    Expression,
    Group,
    ListReference,
    Permutation,
    RuleReference,
    TextChunk,
)
from hassil.intents import RangeSlotList, SlotList, TextSlotList
from hassil.parse_expression import parse_sentence
import home_assistant_intents
from homeassistant.util.yaml import load_yaml_dict
import pytest

from custom_components.acupressure_mat.language import Meaning, plain

from .speech import LANGUAGES, SAID, speech

BUILT_IN = Path(home_assistant_intents.__file__).parent / "data"
ROOT = Path(__file__).parents[1]
SAMPLES = 8
# Devices and rooms of other people, some of them near to ours.
NAMES = (
    "bedroom lamp",
    "heat mat",
    "bath mat light",
    "robot mat cleaner",
    "yoga session",
    "charging session",
    "bedtime",
    "morning",
    "Heizmatte",
    "Fußmatte",
    "tapis de course",
    "séance photo",
    "esterilla eléctrica",
    "tappeto salotto",
    "verwarmingsmat",
    "dörrmatta",
    "mata grzewcza",
)
AREAS = ("kitchen", "bedroom", "Schlafzimmer", "salon")
# What a wildcard of a built-in sentence is said to be, when it is near to ours.
NEAR = ("my mat", "yoga session", "the bedtime story", "five more minutes")
# And otherwise.
ANYTHING = (
    "milk",
    "dinner in ten minutes",
    "the bedtime story",
    "pizza",
    "turn off tv",
)


@cache
def built_in(code: str) -> Intents:
    """Return what Home Assistant understands in a language."""
    data = json.loads((BUILT_IN / f"{code}.json").read_text())
    intents = Intents.from_dict(data)
    intents.slot_lists["name"] = TextSlotList.from_strings(NAMES, name="name")
    intents.slot_lists["area"] = TextSlotList.from_strings(AREAS, name="area")
    intents.slot_lists["floor"] = TextSlotList.from_strings(("first",), name="floor")
    return intents


def ours(*codes: str) -> tuple[Intents, dict[str, Meaning]]:
    """Return all that may be said to us in some languages while a session runs."""
    meanings: dict[str, Meaning] = {}
    for code in codes:
        said = speech(code)
        names = {plain(n) for n in (said.routine, said.mat, "Bedtime", "Morning")}
        names.add(plain(said.language.short(said.mat)))
        meanings |= said.language.templates(names) | said.language.complaints()
    return _intents(meanings), meanings


def _intents(meanings: dict[str, Meaning]) -> Intents:
    """Return our sentences as Home Assistant registers them."""
    data: dict[str, Any] = {"data": [{"sentences": list(meanings)}]}
    return Intents.from_dict({"language": "en", "intents": {"Trigger": data}})


class Sampler:
    """Says a template in random ways: any branch, any name, any number."""

    def __init__(
        self, rules: dict[str, Any], lists: dict[str, SlotList], seed: str
    ) -> None:
        self.rules, self.lists, self.random = rules, lists, random.Random(seed)

    def say(self, expression: Expression) -> str:
        """Return one of the sentences that the template stands for."""
        text = re.sub(r"\s+", " ", self._part(expression)).strip()
        return re.sub(r"' ", "'", text)

    def _part(self, part: Expression) -> str:
        match part:
            case TextChunk():
                return part.original_text
            case Alternative():
                return self._part(self.random.choice(part.items))
            case Permutation():
                items = self.random.sample(part.items, len(part.items))
                return "".join(map(self._part, items))
            case Group():
                return "".join(map(self._part, part.items))
            case RuleReference():
                return self._part(self.rules[part.rule_name].expression)
            case ListReference():
                return self._value(self.lists.get(part.list_name))
        raise AssertionError(part)

    def _value(self, values: SlotList | None) -> str:
        match values:
            case TextSlotList():
                return self._part(self.random.choice(values.values).text_in)
            case RangeSlotList():
                return str(self.random.randint(values.start, values.stop))
        return self.random.choice(ANYTHING)


@dataclass(frozen=True)
class Template:
    """A sentence that is built in, with what it refers to."""

    intent: str
    expression: Expression
    rules: dict[str, Any]
    lists: dict[str, SlotList]

    def references(self) -> set[str]:
        """Return the lists that the template takes a value from, in any branch."""
        found: set[str] = set()
        seen: set[str] = set()
        parts: list[Expression] = [self.expression]
        while parts:
            match parts.pop():
                case Group() as group:
                    parts += group.items
                case ListReference() as reference:
                    found.add(reference.list_name)
                case RuleReference(rule_name=name) if name not in seen:
                    seen.add(name)
                    parts.append(self.rules[name].expression)
        return found

    def with_only(self, list_name: str, value: str) -> Template:
        """Return the template with one value in the place of a list."""
        one = TextSlotList.from_strings((value,), name=list_name)
        return replace(self, lists={**self.lists, list_name: one})


@cache
def templates(code: str) -> tuple[Template, ...]:
    """Return every template that Home Assistant has in a language."""
    intents = built_in(code)
    return tuple(
        Template(
            intent.name,
            sentence.expression,
            {**intents.expansion_rules, **data.expansion_rules},
            {**intents.slot_lists, **data.slot_lists},
        )
        for intent in intents.intents.values()
        for data in intent.data
        for sentence in data.sentences
    )


def samples(code: str) -> Iterator[str]:
    """Yield samples of every template that is built in.

    Each is said in some random ways, and with each thing in it that is called almost
    like something of ours.
    """
    for number, template in enumerate(templates(code)):
        seed = f"{template.intent} {number}"
        for _, said in zip(range(SAMPLES), endless(template, seed), strict=False):
            yield said
        for name in sorted(template.references()):
            values = template.lists.get(name)
            known = isinstance(values, TextSlotList | RangeSlotList)
            near = NAMES if name == "name" else () if known else NEAR
            for value in near:
                yield next(endless(template.with_only(name, value), f"{seed} {value}"))


def endless(template: Template, seed: str) -> Iterator[str]:
    """Yield one random way after the other to say a template."""
    sampler = Sampler(template.rules, template.lists, seed)
    while True:
        yield sampler.say(template.expression)


@cache
def everything() -> tuple[Intents, dict[str, Meaning]]:
    """Return all that may be said to us in a home where all languages are spoken."""
    return ours(*LANGUAGES)


@pytest.mark.parametrize("code", LANGUAGES)
def test_nothing_that_is_built_in_is_caught(
    code: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """A timer, a lamp or a shopping list that a mat answers for."""
    intents, _ = everything()
    said = set(samples(code))
    caught = [text for text in said if next(iter(recognize_all(text, intents)), None)]
    with capsys.disabled():
        print(
            f"\n{code}: {len(said)} sentences for others from all"
            f" {len(templates(code))} templates, {len(caught)} caught"
        )
    assert not caught
    assert len(said) > 3000


@pytest.mark.parametrize("code", LANGUAGES)
def test_what_is_built_in_is_of_timers_and_players_too(code: str) -> None:
    """A language whose timers came later than this list of templates was read."""
    of_each = Counter(template.intent for template in templates(code))
    data = json.loads((BUILT_IN / f"{code}.json").read_text())
    assert of_each.keys() == {name for name, i in data["intents"].items() if i["data"]}
    assert of_each.keys() >= {
        "HassMediaNext",
        "HassMediaPause",
        "HassStartTimer",
        "HassTimerStatus",
        "HassTurnOff",
        "HassTurnOn",
    }
    assert sum(of_each.values()) > 150


@pytest.mark.parametrize("code", LANGUAGES)
def test_nothing_that_is_near_is_caught(code: str) -> None:
    """A timer, a song, or somebody's device with a mat in its name."""
    intents, _ = everything()
    others = load_yaml_dict(str(SAID / "others.yaml"))[code]
    assert [t for t in others if next(iter(recognize_all(t, intents)), None)] == []
    # The same list would notice: with a word of ours, one of them is ours.
    ours_too = {sentence.text for sentence in speech(code).sentences}
    assert all(next(iter(recognize_all(t, intents)), None) for t in sorted(ours_too))


# The words of which each sentence of ours has one.
OUR_WORDS = {
    "en": r"mat|session",
    "de": r"(akupressur)?(matte|(matten?)?(schmerz|woche|sitzung|session))",
    "fr": r"tapis|séance|session",
    "es": r"esterilla|alfombrilla|tapete|sesión",
    "it": r"tappetino|sessione",
    "nl": r"(spijker|acupressuur)?mat(je|sessie|pijn|week)?|sessie",
    "sv": r"(spik)?(mattan?|(matte?)?(pass|passet|session|sessionen|smärta|vecka))",
    "pl": r"mat(a|ę|y|ą)|macie|sesj(a|ę|i|ą)",
}


def words(expression: Expression) -> Iterator[str]:
    """Yield the words that a template has in any of its branches."""
    match expression:
        case TextChunk():
            yield from plain(expression.text).split()
        case Group():
            for item in expression.items:
                yield from words(item)


@pytest.mark.parametrize("code", LANGUAGES)
def test_each_sentence_has_a_word_that_no_built_in_sentence_has(code: str) -> None:
    """What no number of samples can show: there is nothing between the two."""
    own = re.compile(rf"(?<!\w)({OUR_WORDS[code]}|bedtime)(?!\w)")
    said, sampler = speech(code), Sampler({}, {}, seed=code)
    for template in said.language.templates({"bedtime"}):
        expression = parse_sentence(template).expression
        for _ in range(300):
            text = plain(sampler.say(expression))
            assert own.search(text.replace("bedtime", "bedtime ")), text
    intents = built_in(code)
    theirs: set[str] = set()
    for rule in intents.expansion_rules.values():
        theirs.update(words(rule.expression))
    for name, values in intents.slot_lists.items():
        if isinstance(values, TextSlotList) and name not in ("name", "area"):
            for value in values.values:
                theirs.update(words(value.text_in))
    for intent in intents.intents.values():
        for data in intent.data:
            for sentence in data.sentences:
                theirs.update(words(sentence.expression))
    assert len(theirs) > 200
    assert not {word for word in theirs if own.fullmatch(word)}


@pytest.mark.parametrize("code", LANGUAGES)
def test_what_may_stand_alone_means_nothing_to_others(code: str) -> None:
    """A complaint that another device would have answered."""
    sampler, intents = Sampler({}, {}, seed=code), built_in(code)
    for template in speech(code).language.complaints():
        expression = parse_sentence(template).expression
        for text in {sampler.say(expression) for _ in range(30)}:
            understood = next(iter(recognize_all(text, intents)), None)
            assert understood is None, (text, understood)


@pytest.mark.parametrize("code", LANGUAGES)
def test_a_sentence_means_one_thing_in_all_languages_together(code: str) -> None:
    """What one language pauses and another starts."""
    intents, meanings = everything()
    sampler = Sampler({}, {}, seed=code)
    for template, meaning in meanings.items():
        if meaning.language.code != code:
            continue
        expression = parse_sentence(template).expression
        for text in {sampler.say(expression) for _ in range(60)}:
            heard = {
                (found.command, found.reason)
                for result in recognize_all(text, intents)
                if result.intent_sentence and result.intent_sentence.text
                for found in [meanings[result.intent_sentence.text]]
            }
            assert heard == {(meaning.command, meaning.reason)}, text


@pytest.mark.parametrize("code", LANGUAGES)
def test_every_number_is_understood_in_digits_and_in_words(code: str) -> None:
    """Vingt et une minutes that are twenty, and eenentwintig that are none."""
    said, (intents, _) = speech(code), ours(code)
    language = said.language
    sentence = next(
        s.text
        for s in said.sentences
        if s.command == "start" and re.search(r"\d\d [^\W\d]", s.text)
    )
    for number in range(2, 61):
        for word in (str(number), language.spelled(number)):
            text = re.sub(r"\d\d", word, sentence)
            assert next(iter(recognize_all(text, intents)), None), text
            assert language.minutes(plain(text)) == number, text
        assert language.minutes(plain(language.form("minutes", number))) == number
        assert language.points(plain(language.spelled(number))) == number
    # Of what is too long somebody else would say that it does not exist.
    for number, word in enumerate(language.data["numbers"]["tens"], 2):
        text = re.sub(r"\d\d", word, sentence)
        assert next(iter(recognize_all(text, intents)), None), text
        assert language.minutes(plain(text)) == number * 10, text


@pytest.mark.parametrize(
    ("code", "number", "said"),
    [
        ("en", 1, "one minute"),
        ("en", 45, "forty-five minutes"),
        ("en", 0, "less than a minute"),
        ("en", 75, "75 minutes"),
        ("de", 21, "einundzwanzig Minuten"),
        ("fr", 21, "vingt et une minutes"),
        ("fr", 22, "vingt-deux minutes"),
        ("es", 21, "veintiún minutos"),
        ("es", 35, "treinta y cinco minutos"),
        ("it", 23, "ventitré minuti"),
        ("it", 28, "ventotto minuti"),
        ("nl", 22, "tweeëntwintig minuten"),
        ("nl", 25, "vijfentwintig minuten"),
        ("sv", 25, "tjugofem minuter"),
        ("pl", 1, "jedna minuta"),
        ("pl", 13, "trzynaście minut"),
        ("pl", 22, "dwadzieścia dwie minuty"),
        ("pl", 25, "dwadzieścia pięć minut"),
    ],
)
def test_numbers_are_answered_as_one_counts(code: str, number: int, said: str) -> None:
    """Vingt-une minutes, or dwadzieścia dwa minut."""
    assert speech(code).language.form("minutes", number) == said


# Home Assistant reads all templates anew on its event loop after each change, at about
# 7 microseconds of a fast processor for each word.
MOST_WORDS = 830


@pytest.mark.parametrize("code", LANGUAGES)
def test_home_assistant_reads_a_language_in_an_instant(
    code: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """A list of numbers written out in one place too many."""
    language = speech(code).language
    names = ("bedtime", "morning", "after work", "anna's")
    templates = language.templates(names) | language.complaints()
    from_here = time.process_time()
    parsed = [parse_sentence(template).expression for template in templates]
    reading = time.process_time() - from_here
    intents = _intents(templates)
    assert intents.intents["Trigger"].data[0].sentences
    texts = [sentence.text for sentence in speech(code).sentences]
    for text in texts:
        list(recognize_all(text, intents))
    from_here = time.process_time()
    for text in texts:
        list(recognize_all(text, intents))
    matching = (time.process_time() - from_here) / len(texts)
    others = sorted(set(samples(code)))[::100]
    from_here = time.process_time()
    for text in others:
        list(recognize_all(text, intents))
    passing = (time.process_time() - from_here) / len(others)
    number = sum(_chunks(expression) for expression in parsed)
    with capsys.disabled():
        print(
            f"\n{code}: {number} words read in {reading * 1e3:.1f} ms; ours is found in"
            f" {matching * 1e3:.2f} ms, another's passed in {passing * 1e3:.3f} ms"
        )
    assert number <= MOST_WORDS


def _chunks(expression: Expression) -> int:
    if isinstance(expression, Group):
        return sum(map(_chunks, expression.items))
    return bool(isinstance(expression, TextChunk) and expression.text)


def test_the_page_shows_what_is_said() -> None:
    """A page that promises what was tested once. scripts/lib/voice_page.py writes it."""
    script = runpy.run_path(str(ROOT / "scripts/lib/voice_page.py"))
    assert (ROOT / "docs/voice.md").read_text(encoding="utf-8") == script["page"]()
