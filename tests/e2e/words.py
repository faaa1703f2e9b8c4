"""What the screens say, read from the product's own French catalogue: no test repeats a sentence of it."""

import re
from functools import cache

from tests.services import ROOT

_CATALOGUE = ROOT / "frontend" / "src" / "ui" / "i18n"
_LINE = re.compile(r'^\s*"([a-z0-9_.]+)":\s*\n?\s*"((?:[^"\\]|\\.)*)",', re.MULTILINE)


def say(key: str, **filled: object) -> str:
    text = catalogue()[key]
    for name, value in filled.items():
        text = text.replace("{" + name + "}", str(value))
    return text


@cache
def catalogue() -> dict[str, str]:
    found = {
        key: _typeset(words.replace('\\"', '"'))
        for name in ("fr.entry.ts", "fr.home.ts")
        for key, words in _LINE.findall((_CATALOGUE / name).read_text("utf-8"))
    }
    assert len(found) > 200, "the catalogue is written in another way than this module reads"
    return found


def _typeset(text: str) -> str:
    text = text.replace("'", "’")
    text = re.sub(r" (?=[:%»])", "\u00a0", text)
    text = re.sub(r"(?<=«) ", "\u00a0", text)
    return re.sub(r" (?=[;?!])", "\u202f", text)
