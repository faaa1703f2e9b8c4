"""What the screens say, read from the product's own catalogues: no test repeats a sentence of them."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from typing import Literal

from tests import scale
from tests.services import ROOT

Language = Literal["fr", "en"]
LOCALES: dict[Language, str] = {"fr": "fr-FR", "en": "en-GB"}
# A merge looks at every screen in French, the night in both languages.
LOOKED_AT: tuple[Language, ...] = ("fr", "en") if scale.chosen().name == "long" else ("fr",)
_CATALOGUE = ROOT / "frontend" / "src" / "ui" / "i18n"
_LINE = re.compile(r'^\s*"([a-z0-9_.]+)":\s*\n?\s*"((?:[^"\\]|\\.)*)",', re.MULTILINE)
_spoken: list[Language] = ["fr"]


def spoken() -> Language:
    return _spoken[-1]


@contextmanager
def speaking(language: Language) -> Iterator[None]:
    """What `say` says and what new browsers ask for, as long as this lasts."""
    _spoken.append(language)
    try:
        yield
    finally:
        _spoken.pop()


def say(key: str, **filled: object) -> str:
    text = catalogue(spoken())[key]
    for name, value in filled.items():
        text = text.replace("{" + name + "}", str(value))
    return text


@cache
def catalogue(language: Language) -> dict[str, str]:
    found = {
        key: _typeset(words.replace('\\"', '"'), language)
        for file in sorted(_CATALOGUE.glob(f"{language}.*.ts"))
        for key, words in _LINE.findall(file.read_text("utf-8"))
    }
    assert len(found) > 200, "the catalogue is written in another way than this module reads"
    return found


def _typeset(text: str, language: Language) -> str:
    text = text.replace("'", "’")
    if language == "en":
        return text
    text = re.sub(r" (?=[:%»])", "\u00a0", text)
    text = re.sub(r"(?<=«) ", "\u00a0", text)
    return re.sub(r" (?=[;?!])", "\u202f", text)
