"""Writes the sentences that the tests say into docs/voice.md.

.venv/bin/python scripts/lib/voice_page.py
"""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import yaml

REPO = Path(__file__).parents[2]
PAGE = REPO / "docs/voice.md"
SAID = REPO / "tests/said"
SENTENCES = REPO / "custom_components/acupressure_mat/sentences"
HEADING = "## What you can say\n"
# English first, as the page around it is.
LANGUAGES = sorted(
    (p.stem for p in SENTENCES.glob("*.yaml")), key=lambda c: (c != "en", c)
)
COMMANDS = {
    "start": "Start",
    "pause": "Pause",
    "resume": "Go on",
    "extend": "More minutes",
    "left": "How long is left",
    "skip": "Next phase",
    "stop": "Stop",
    "pain": "Pain",
    "week": "The week",
}


def page() -> str:
    """Return the page with the sentences as they are now."""
    written, _, rest = PAGE.read_text(encoding="utf-8").partition(HEADING)
    introduction = rest.split("\n### ", maxsplit=1)[0].rstrip()
    tables = "\n".join("\n".join(_language(code)) for code in LANGUAGES)
    return f"{written}{HEADING}{introduction}\n\n{tables}"


def _language(code: str) -> Iterator[str]:
    """Yield the lines of one language."""
    said = _read(SAID / f"{code}.yaml")
    yield f"### {_read(SENTENCES / f'{code}.yaml')['language']}"
    yield ""
    yield f"With a routine *{said['routine']}* and a mat *{said['mat']}*."
    yield ""
    yield "| | |"
    yield "|---|---|"
    for command, title in COMMANDS.items():
        yield f"| {title} | {_listed(said[command])} |"
    hurts = [text for texts in said["hurts"].values() for text in texts]
    yield f"| It hurts | {_listed(hurts)} |"
    yield ""


def _listed(rows: list[str | dict[str, int]]) -> str:
    texts = [next(iter(row)) if isinstance(row, dict) else row for row in rows]
    return "<br>".join(text[0].upper() + text[1:] for text in texts)


def _read(path: Path) -> dict[str, Any]:
    data: dict[str, Any] = yaml.safe_load(path.read_text(encoding="utf-8"))
    return data


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
