import re
from typing import get_args

import pytest

from accounts.mail import LANGUAGES, Letter, written

FACTS: dict[str, str | int] = {"link": "L", "hours": 72, "minutes": 30, "left": 3, "organisation": "O"}


@pytest.mark.parametrize("letter", get_args(Letter))
def test_every_letter_is_written_in_both_languages_with_the_same_facts(letter: Letter) -> None:
    from importlib.resources import files

    found = set()
    for language in LANGUAGES:
        text = (files("accounts") / "letters" / f"{letter}.{language}.txt").read_text("utf-8")
        found.add(tuple(sorted(re.findall(r"\{(\w+)\}", text))))
        subject, body = written(letter, language, dict(FACTS))
        assert "\n" not in subject
        assert "Colloque" in body
    assert len(found) == 1
    assert set(found.pop()) <= set(FACTS)


def test_an_unknown_language_reads_french() -> None:
    assert written("reset", "de", dict(FACTS)) == written("reset", "fr", dict(FACTS))
