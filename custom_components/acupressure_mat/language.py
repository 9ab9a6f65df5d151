"""What people say and hear in a language: its templates, its numbers, its answers."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cache, cached_property
from pathlib import Path
import re
from typing import Any
import unicodedata

from homeassistant.core import HomeAssistant
from homeassistant.util.yaml import load_yaml_dict

from .session.routine import BodyArea, PhaseName
from .session.session import Reason

FOLDER = Path(__file__).parent / "sentences"
RULE = re.compile(r"<(\w+)>")
# What templates give a meaning of their own, and what nobody pronounces.
UNSPOKEN = re.compile(r"[^\w']+")
DIGIT = "(0|1|2|3|4|5|6|7|8|9)"


class Command(StrEnum):
    """What somebody wants when they say a sentence."""

    START = "start"
    PAUSE = "pause"
    RESUME = "resume"
    EXTEND = "extend"
    LEFT = "left"
    SKIP = "skip"
    STOP = "stop"
    PAIN = "pain"
    WEEK = "week"


@dataclass(frozen=True, slots=True)
class Meaning:
    """What a template stands for; with a reason when something hurts."""

    language: Language
    command: Command
    reason: Reason | None = None


@cache
def languages() -> frozenset[str]:
    """Return the languages that have sentences; reads the disk."""
    return frozenset(path.stem for path in FOLDER.glob("*.yaml"))


def base(code: str) -> str:
    """Return a language without its country, as files are named: "de" of "de-CH"."""
    return code.replace("_", "-").split("-", maxsplit=1)[0].lower()


async def async_language(hass: HomeAssistant, code: str | None) -> Language:
    """Return the language that comes closest to what somebody speaks."""

    def load() -> Language:
        wanted = base(code or hass.config.language)
        return Language.load(wanted if wanted in languages() else "en")

    return await hass.async_add_executor_job(load)


def plain(text: str) -> str:
    """Return a text or a name as it sounds: no capitals, no punctuation."""
    text = unicodedata.normalize("NFC", text).replace("’", "'").casefold()
    return UNSPOKEN.sub(" ", text).strip()


def alike(name: str, other: str) -> bool:
    """Return whether names sound alike; those that nobody can say, if they are equal."""
    return (plain(name) or name) == (plain(other) or other)


def find(
    phrases: Iterable[str], text: str, joined_to: Iterable[str] = ()
) -> str | None:
    """Return the longest of these plain phrases that a plain text contains.

    A phrase may be `joined_to` a noun: "evening" in "eveningsession".
    """
    end = "|".join([r"(?!\w)", *(rf"(?={noun}\b)" for noun in joined_to)])
    for phrase in sorted(phrases, key=len, reverse=True):
        if re.search(rf"(?<!\w){re.escape(phrase)}(?:{end})", text):
            return phrase
    return None


@dataclass(frozen=True, eq=False)
class Language:
    """The sentences of one language, from its file."""

    code: str
    data: Mapping[str, Any]

    @staticmethod
    @cache
    def load(code: str) -> Language:
        """Return a language; reads the disk."""
        return Language(code, load_yaml_dict(str(FOLDER / f"{code}.yaml")))

    # -- what people say -------------------------------------------------------

    def templates(self, names: Iterable[str]) -> dict[str, Meaning]:
        """Return what may be said to mats and routines of these plain names."""
        rules = self._rules(names)
        return {
            self._written_out(sentence, rules): Meaning(self, command)
            for command in Command
            for sentence in self.data["commands"][command]["sentences"]
        }

    def complaints(self) -> dict[str, Meaning]:
        """Return what may be said, without naming the mat, by who lies on it."""
        return {
            self._written_out(sentence, {}): Meaning(self, Command.STOP, Reason(reason))
            for reason, sentences in self.data["hurts"].items()
            for sentence in sentences
        }

    def _written_out(self, sentence: str, rules: Mapping[str, str]) -> str:
        while "<" in sentence:
            sentence = RULE.sub(lambda rule: rules[rule[1]], sentence)
        please = self.data["please"]
        # Where a template has a space, people may write a hyphen; not the reverse.
        return f"[{please} ]{sentence}[ {please}]".replace("-", " ")

    def _rules(self, names: Iterable[str]) -> dict[str, str]:
        numbers = self.data["numbers"]
        # Up to 99, as in digits: what is too long is refused by us, in words.
        units, tens = _any(numbers["units"]), _any(numbers["tens"])
        joins = _any(numbers["joins"])
        if numbers.get("units_first"):
            compound = f"[{units}{joins}]{tens}"
        else:
            compound = f"{tens}[{joins}{units}]"
        words = "|".join([*numbers["units"], *numbers["words"]])
        points = "|".join(word for word, value in self._values.items() if value <= 10)
        return {
            **self.data["rules"],
            "name": _any(sorted(names)),
            "number": f"([1|2|3|4|5|6|7|8|9]{DIGIT}|{compound}|{words})",
            "points": f"([1]{DIGIT}|{points})",
            "minutes": f"(<number>[ ]{_any(self.data['minute'])}|<span>)",
            "span": "|".join(self.data["spans"]),
            "of_ten": f"[{'|'.join(self.data['of_ten'])}]",
        }

    # -- what they mean by it --------------------------------------------------

    def name_in(self, text: str, names: Iterable[str]) -> str | None:
        """Return which of these plain names a plain text says."""
        return find(names, text, self.data.get("nouns", ()))

    def short(self, title: str) -> str:
        """Return what a mat is called beside the word mat: "Anna's" of "Anna's mat"."""
        words = "|".join(map(re.escape, self.data["mats"]))
        short = re.sub(rf"(?<!\w)(?:{words})(?!\w)", "", title, flags=re.IGNORECASE)
        return " ".join(short.split()) or title

    def minutes(self, text: str) -> int | None:
        """Return how many minutes a plain text names; None if none.

        Only a number before the word counts, right before it or as in "five more
        minutes": "eine" in "eine Sitzung" is none.
        """
        spans = {plain(span): value for span, value in self.data["spans"].items()}
        if span := find(spans, text):
            return int(spans[span])
        minute = "|".join(map(plain, self.data["minute"]))
        for between in ("", r"\w+ "):
            said = rf"{self._number} ?{between}(?:{minute})(?!\w)"
            if found := re.search(said, text):
                return self._value(found[1])
        return None

    def points(self, text: str) -> int | None:
        """Return the last number of a plain text, "out of ten" aside; None if none."""
        for phrase in map(plain, self.data["of_ten"]):
            text = re.sub(rf"(?<!\w){phrase}(?!\w)", "", text)
        found = re.findall(self._number, text)
        return self._value(found[-1]) if found else None

    def _value(self, word: str) -> int:
        return int(word) if word.isdecimal() else self._values[word]

    @cached_property
    def _number(self) -> str:
        words = sorted(self._values, key=len, reverse=True)
        return rf"(?<!\w)(\d+|{'|'.join(map(re.escape, words))})(?!\w)"

    @cached_property
    def _values(self) -> dict[str, int]:
        """Each number that can be said, 0 to 99, in every way to say it."""
        numbers = self.data["numbers"]
        values = {plain(str(word)): value for word, value in numbers["words"].items()}
        for value, word in enumerate(numbers["units"], 1):
            values[plain(word)] = value
        for ten in range(2, 10):
            values[plain(numbers["tens"][ten - 2])] = 10 * ten
            for unit in range(1, 10):
                for join in numbers["joins"]:
                    values[plain(self._joined(ten, unit, join))] = 10 * ten + unit
        return values

    def _joined(self, ten: int, unit: int, join: str) -> str:
        numbers = self.data["numbers"]
        words = [numbers["tens"][ten - 2], numbers["units"][unit - 1]]
        return join.join(reversed(words) if numbers.get("units_first") else words)

    # -- what they hear --------------------------------------------------------

    def spelled(self, number: int) -> str:
        """Return a number as it is counted with; in digits beyond an hour's minutes."""
        numbers = self.data["numbers"]
        if 0 < number < 10:
            return str(numbers["units"][number - 1])
        for word, value in numbers["words"].items():
            if value == number:
                return str(word)
        ten, unit = divmod(number, 10)
        if not 2 <= ten <= 6:
            return str(number)
        if not unit:
            return str(numbers["tens"][ten - 2])
        return self._joined(ten, unit, numbers["joins"][0])

    def form(self, key: str, number: int, **values: str) -> str:
        """Return a number with its noun: "one minute", "eight minutes"."""
        forms = self.data["forms"][key]
        kind = "other"
        if number < 2:
            kind = ("zero", "one")[number]
        elif number % 10 in (2, 3, 4) and number % 100 not in (12, 13, 14):
            kind = "few"
        form = str(forms.get(kind, forms["other"]))
        return form.format(number=self.spelled(number), digits=number, **values)

    def listed(self, names: Iterable[str]) -> str:
        """Return names as one says a choice of them: "a, b or c"."""
        *first, last = names
        return str(self.data["forms"]["or"]).format(first=", ".join(first), last=last)

    def cue(self, phase: PhaseName) -> str:
        """Return what is said when a phase begins."""
        return str(self.data["cues"][phase])

    def question(self, area: BodyArea, *, again: bool = False) -> str:
        """Return how to ask for pain where the mat presses; `again` is shorter."""
        return str(self.data["asks"]["again" if again else area])

    def example(self, command: Command, name: str) -> str:
        """Return what to say to mean this mat or routine."""
        return str(self.data["commands"][command]["example"]).format(name=name)

    def answer(
        self, key: str, values: Mapping[str, str], *, night: bool = False
    ) -> str:
        """Return an answer that mentions these; the one for the night is shorter."""
        answer = self.data["answers"][key]
        if isinstance(answer, list):
            answer = answer[night]
        text = str(answer).format_map(values)
        return text[:1].upper() + text[1:]


def _any(phrases: Iterable[str]) -> str:
    """Return a template of any one of these; of nothing if there is only that."""
    text = "|".join(phrases)
    return f"({text})" if text else ""
