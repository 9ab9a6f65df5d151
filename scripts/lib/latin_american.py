"""Writes translations/es-419.json: the Spanish texts as they are said in Latin America.

.venv/bin/python scripts/lib/latin_american.py

Home Assistant has Spanish twice, es and es-419, looks for a file of exactly that name
and shows English if there is none. Most texts are good for both, so there is one to
care for: es.json. Where people in Latin America say it otherwise, it stands below.

Whoever changes a Spanish text runs this, and reads what became of it. It says *tú*:
what is written for es-419 alone in Home Assistant says *usted* more often, but that is
one text in eight there; all others are those of es, as is all that is said aloud.
"""

import json
from pathlib import Path
import re
from typing import Any

FOLDER = Path(__file__).parents[2] / "custom_components/acupressure_mat/translations"

# As in es.json, whole words only; of two that fit, the longer one counts. A capital at
# the beginning stays one.
WORDS = {
    # What one does, and with what.
    "alarga": "extiende",
    "alargada": "extendida",
    "alargar": "extender",
    "añade": "agrega",
    "añadir": "agregar",
    "espira": "exhala",
    "inspira": "inhala",
    "introduce": "ingresa",
    "panel de control": "tablero",
    "producto sanitario": "dispositivo médico",
    "se dispara": "se activa",
    "suelo": "piso",
    "tumbaba": "acostaba",
    "tumbarse": "acostarse",
    "tumbarte": "acostarte",
    "tumbas": "acuestas",
    "túmbate": "acuéstate",
    "valorada": "calificada",
    "valoran": "califican",
    "valorar": "calificar",
    # What is going on.
    "en marcha": "en curso",
    "no estaba en marcha": "no estaba funcionando",
    "sigue en marcha": "sigue encendido",
    # What is over, be it a moment ago.
    "ha acabado": "terminó",
    "ha alcanzado": "alcanzó",
    "ha conservado": "conservó",
    "ha crecido": "creció",
    "ha eliminado": "eliminó",
    "ha eliminado o desactivado": "eliminó o se desactivó",
    "ha empezado": "empezó",
    "ha estado": "estuvo",
    "ha guardado": "guardó",
    "ha hecho": "hizo",
    "ha importado": "importó",
    "ha podido": "pudo",
    "ha practicado": "practicó",
    "ha respondido": "respondió",
    "ha tenido": "tuvo",
    "ha terminado": "terminó",
    "ha valorado": "calificó",
    "has dormido": "dormiste",
    "has llegado": "llegaste",
}
QUOTES = str.maketrans("«»", "“”")
PHRASE = re.compile(
    rf"(?<!\w)(?:{'|'.join(sorted(WORDS, key=len, reverse=True))})(?!\w)",
    re.IGNORECASE,
)


def said(text: str) -> str:
    """Return a Spanish text as it is said in Latin America."""
    return PHRASE.sub(_word, text).translate(QUOTES)


def _word(found: re.Match[str]) -> str:
    word = WORDS[found[0].lower()]
    return word.capitalize() if found[0][0].isupper() else word


def translated(texts: dict[str, Any]) -> dict[str, Any]:
    """Return the same for all texts of a translation."""
    return {
        key: translated(text) if isinstance(text, dict) else said(text)
        for key, text in texts.items()
    }


def page() -> str:
    """Return what has to stand in es-419.json."""
    spanish = json.loads((FOLDER / "es.json").read_text(encoding="utf-8"))
    return json.dumps(translated(spanish), ensure_ascii=False, indent=2) + "\n"


if __name__ == "__main__":
    (FOLDER / "es-419.json").write_text(page(), encoding="utf-8")
