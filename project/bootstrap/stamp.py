"""A step is done when its stamp says with which inputs, at which place, and what it made is still there."""

from __future__ import annotations

import contextlib
import hashlib
import os
from pathlib import Path
from typing import Iterable

from project.bootstrap.place import ROOT, VAR


def digest(paths: Iterable[Path], *words: str) -> str:
    """The root belongs to the inputs: a virtual environment that was moved points to where it was."""
    state = hashlib.sha256()
    for word in (str(ROOT), *words):
        state.update(word.encode() + b"\0")
    for path in sorted(set(_files(paths))):
        state.update(str(path.relative_to(ROOT)).encode() + b"\0" + path.read_bytes() + b"\0")
    return state.hexdigest()


def _files(paths: Iterable[Path]) -> Iterable[Path]:
    for path in paths:
        if path.is_dir():
            for folder, folders, names in os.walk(str(path)):
                folders[:] = [name for name in folders if name != "__pycache__"]
                for name in names:
                    yield Path(folder) / name
        elif path.exists():
            yield path


class Stamp:
    def __init__(self, name: str, made: Path, inputs: str) -> None:
        self._path = VAR / "stamps" / name
        self._made = made
        self._inputs = inputs

    def holds(self) -> bool:
        return self._made.exists() and self._text() == self._inputs

    def exists(self) -> bool:
        """False also when the step began and was interrupted: what lies there may be half of it."""
        return self._path.is_file()

    def begin(self) -> None:
        with contextlib.suppress(FileNotFoundError):
            self._path.unlink()

    def end(self) -> None:
        self._path.parent.mkdir(parents=True, exist_ok=True)
        half = self._path.with_suffix(".half")
        half.write_text(self._inputs)
        os.replace(str(half), str(self._path))

    def _text(self) -> str:
        try:
            return self._path.read_text()
        except FileNotFoundError:
            return ""
