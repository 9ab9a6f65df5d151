"""What makes a translation good that no count of keys can tell.

That all languages have the same keys and placeholders is proved in test_translations.
"""

import re
import runpy

import pytest

from .source import INTEGRATION, read_json
from .test_translations import LANGUAGES, OTHERS, flat

SCRIPT = runpy.run_path(str(INTEGRATION.parents[1] / "scripts/lib/latin_american.py"))

TEXTS = {
    language: flat(read_json(f"translations/{language}.json")) for language in LANGUAGES
}

# What English cannot do without. A language is excused from words that are its own.
ENGLISH_WORDS = {
    *("and", "by", "from", "have", "how", "its", "not", "of", "should", "that", "the"),
    *("their", "they", "this", "what", "when", "which", "while", "who", "will", "with"),
    *("would", "you", "your"),
}
OWN_WORDS = {
    "nl": {"of"},  # or
    "pl": {"by"},  # would
}


def english_words(language: str, text: str) -> set[str]:
    """Return the English words that stand in a text of another language."""
    words = set(re.findall(r"\w+", re.sub(r"\{\w+\}", "", text).lower()))
    return words & ENGLISH_WORDS - OWN_WORDS.get(language, set())


def test_everybody_is_spoken_to_in_the_eight_languages() -> None:
    """A language that is heard but not read, or the other way round, is half done.

    Spanish is read in two files, as Home Assistant has it; its speakers hear it alike.
    """
    heard = {path.stem for path in (INTEGRATION / "sentences").glob("*.yaml")}
    assert heard == {"de", "en", "es", "fr", "it", "nl", "pl", "sv"}
    assert set(LANGUAGES) == heard | {"es-419"}


@pytest.mark.parametrize("language", OTHERS)
def test_no_english_word_stands_among_others(language: str) -> None:
    """A sentence that is half translated differs from the English one, too."""
    found = {
        path: words
        for path, text in TEXTS[language].items()
        if (words := english_words(language, text))
    }
    assert found == {}


def test_an_english_word_is_noticed() -> None:
    """As a word of its own only, in any case, and not as a placeholder's name."""
    assert english_words("de", "Die Matte and The Raum") == {"and", "the"}
    assert not english_words("de", "Am Strand, {this}")
    assert not english_words("nl", "Mat of routine")
    assert english_words("de", "Matte of Routine") == {"of"}


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_apostrophe_hides_a_placeholder(language: str) -> None:
    """The frontend reads `'{` as a quoted brace and shows the name in braces."""
    found = [
        path for path, text in TEXTS[language].items() if re.search(r"'[{}]", text)
    ]
    assert found == []


# -- one thing, one word -------------------------------------------------------


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("phase", ["prepare", "settle", "rest", "wind_down", "after"])
def test_a_phase_has_one_name(language: str, phase: str) -> None:
    """The form, the card and an automation mean the same; rest is in no form."""
    form = f"config_subentries.routine.step.room.sections.phases.data.{phase}"
    names = [
        TEXTS[language].get(path)
        for path in (
            f"entity.sensor.phase.state.{phase}",
            f"selector.phase.options.{phase}",
            *([form] if phase != "rest" else []),
        )
    ]
    assert None not in names
    assert len(set(names)) == 1


@pytest.mark.parametrize("language", LANGUAGES)
def test_phases_have_different_names(language: str) -> None:
    """Two that are called the same cannot be told apart in an automation."""
    states = "entity.sensor.phase.state."
    names = [text for path, text in TEXTS[language].items() if path.startswith(states)]
    assert len(set(names)) == len(names)


# Texts that mention another one, in the words that people see there.
MENTIONED = {
    "config.step.reconfigure.description": "services.export_records.name",
    "config_subentries.routine.step.room.sections.music.data_description.music_end": (
        "selector.end_policy.options.keep"
    ),
    "config_subentries.routine.step.room.sections.schedule.data_description.mode": (
        "selector.schedule_mode.options.start"
    ),
    "exceptions.record_not_found.message": "services.get_records.name",
    "services.delete_record.fields.record_id.description": "services.get_records.name",
    "services.update_record.fields.record_id.description": "services.get_records.name",
}


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("path", MENTIONED)
def test_what_is_mentioned_can_be_found(language: str, path: str) -> None:
    """Nobody finds an action that the text calls otherwise."""
    assert TEXTS[language][MENTIONED[path]] in TEXTS[language][path]


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("phase", ["prepare", "settle", "wind_down", "after"])
def test_a_phase_that_is_too_long_is_named(language: str, phase: str) -> None:
    """By the name of its field; an article before it may make it small."""
    field = f"config_subentries.routine.step.room.sections.phases.data.{phase}"
    error = f"config_subentries.routine.error.{phase}_too_long"
    texts = TEXTS[language]
    assert texts[field].casefold() in texts[error].casefold()


@pytest.mark.parametrize("language", LANGUAGES)
def test_columns_of_a_table_keep_their_names(language: str) -> None:
    """The table is read by these, whatever language its owner speaks."""
    text = TEXTS[language]["services.import_records.fields.csv.description"]
    assert {"start", "minutes"} <= set(re.findall(r"\w+", text))


# -- Spanish in Latin America --------------------------------------------------


def test_latin_america_reads_the_same_texts_in_its_words() -> None:
    """If not: .venv/bin/python scripts/lib/latin_american.py."""
    file = INTEGRATION / "translations/es-419.json"
    assert file.read_text(encoding="utf-8") == SCRIPT["page"]()


def test_each_word_of_latin_america_is_for_one_that_is_there() -> None:
    """A word that no Spanish text has any more is upkeep for nothing."""
    found = {
        word.lower()
        for text in TEXTS["es"].values()
        for word in SCRIPT["PHRASE"].findall(text)
    }
    assert found == set(SCRIPT["WORDS"])


@pytest.mark.parametrize(
    ("spanish", "said"),
    [
        ("Túmbate en el suelo", "Acuéstate en el piso"),
        ("No ha hecho nada", "No hizo nada"),
        ("Se ha eliminado o desactivado.", "Se eliminó o se desactivó."),
        ("«Empezar» sirve de consuelo", "“Empezar” sirve de consuelo"),
    ],
)
def test_a_text_is_said_as_in_latin_america(spanish: str, said: str) -> None:
    """Whole words only, the longest first, a capital where there was one."""
    assert SCRIPT["said"](spanish) == said
