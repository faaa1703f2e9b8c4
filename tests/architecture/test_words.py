"""One word an idea, no room without a name, and no unfinished thing."""

import re

import pytest

from tests.architecture.sources import APPS, ROOT, client_files, name_of, python_files, tracked

_ROOMS = {"utils", "util", "helpers", "helper", "common", "core", "manager", "managers", "misc"}
_UNFINISHED = re.compile(r"\b(TO" + r"DO|FIX" + r"ME|X" + r"XX|HA" + r"CK)\b")
_ROOT_FOLDERS = {"project", "messaging", "accounts", "frontend", "tests", "docs", ".ci"}
_DOCUMENTS = {"README.md", "ARCHITECTURE.md", "PROTOCOL.md", "SECURITY.md", "CHANGELOG.md"}
_TOOLS = {"manage.py", "requirements.txt", "pyproject.toml", ".gitignore", ".gitattributes", ".editorconfig"}
_DEVELOPERS_PATH = re.compile(r"(?<![\w./*])/(home|Users|root|wo" + r"rk|fa" + r"rm)/")
_TEXT = {".py", ".ts", ".svelte", ".md", ".json", ".toml", ".css", ".html", ".js", ".txt", ".yml", ""}


def test_no_room_is_called_by_what_it_is_not() -> None:
    named = [
        name_of(path)
        for path in tracked()
        if {part.split(".")[0] for part in path.relative_to(ROOT).parts} & _ROOMS
    ]
    assert named == []


def test_nothing_lies_at_the_top_without_a_decision() -> None:
    assert {path.relative_to(ROOT).parts[0] for path in tracked()} <= _ROOT_FOLDERS | _DOCUMENTS | _TOOLS


def test_nothing_is_left_unfinished() -> None:
    files = [*python_files(*APPS, "tests"), *client_files()]
    assert [name_of(path) for path in files if _UNFINISHED.search(path.read_text())] == []


def test_nothing_names_the_machine_it_was_written_on() -> None:
    not_ours = ("package-lock.json", "test_words.py")
    texts = [path for path in tracked() if path.suffix in _TEXT and path.name not in not_ours]
    assert [name_of(path) for path in texts if _DEVELOPERS_PATH.search(path.read_text())] == []


@pytest.mark.parametrize("word", ["skip", "xfail", "skipif", "todo", "only"])
def test_no_test_is_skipped_or_narrowed(word: str) -> None:
    call = re.compile(rf"(pytest\.mark\.|pytest\.|\bit\.|\btest\.|\bdescribe\.){word}\b")
    tests = [path for path in tracked() if "tests" in path.parts and path.suffix in (".py", ".ts")]
    assert [
        name_of(path) for path in tests if call.search(path.read_text()) and path.name != "test_words.py"
    ] == []


def test_no_test_replaces_our_own_code_by_a_mock() -> None:
    mock = re.compile(r"unittest\.mock|MagicMock|vi\.mock\(")
    tests = [path for path in tracked() if "tests" in path.parts and path.suffix in (".py", ".ts")]
    assert [
        name_of(path) for path in tests if mock.search(path.read_text()) and path.name != "test_words.py"
    ] == []


def test_the_server_has_no_word_for_opening() -> None:
    # A1: only the client's own package may open or seal what people write.
    opening = re.compile(
        r"SecretBox|SealedBox|crypto_aead|crypto_kem|\.decrypt\(|PrivateKey|open_message|unseal\("
    )
    server = [
        path for path in python_files("accounts", "messaging") if "client" not in path.relative_to(ROOT).parts
    ]
    found = [name_of(path) for path in server if opening.search(path.read_text())]
    # Account secrets (seeds of one-time codes, server halves) are the one thing that the server opens.
    assert found == ["accounts/at_rest.py"]
