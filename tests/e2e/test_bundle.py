"""What a browser has to fetch before the first screen, counted on the built files."""

import gzip
import re
from pathlib import Path

from project.bootstrap.place import DIST

MOST = 300 * 1000
ENGINE_MOST = 600 * 1000
_STATIC_IMPORT = re.compile(r"""(?:^|[;}\n])(?:import|export)[^"'();]*?["'](\.{1,2}/[^"']+\.js)["']""")


def test_the_start_bundle_stays_below_300_kb_packed() -> None:
    files = _start(DIST / "index.html")
    sizes = {file.name: _packed(file) for file in sorted(files)}
    print(f"\nstart bundle {sum(sizes.values()) / 1000:.0f} kB gzip: {sizes}")
    assert sum(sizes.values()) <= MOST


def test_the_engine_stays_small_enough_for_a_phone() -> None:
    workers = list((DIST / "assets").glob("*worker*.js"))
    assert workers != []
    print(f"\nengine {sum(map(_packed, workers)) / 1000:.0f} kB gzip")
    assert sum(map(_packed, workers)) <= ENGINE_MOST


def test_the_page_brings_nothing_of_its_own_and_is_the_same_for_everybody() -> None:
    page = (DIST / "index.html").read_text("utf-8")
    assert len(page) <= 10_000
    assert re.findall(r"<script(?![^>]*\bsrc=)|<style|\bstyle=|\bon\w+=|https?://", page) == []


def _start(page: Path) -> set[Path]:
    """The page's scripts and styles, and all that the scripts import at once."""
    text = page.read_text("utf-8")
    waiting = [DIST / name.lstrip("/") for name in re.findall(r'(?:src|href)="(/[^"]+\.(?:js|css))"', text)]
    assert any(file.suffix == ".js" for file in waiting)
    found: set[Path] = set()
    while waiting:
        file = waiting.pop()
        if file in found:
            continue
        found.add(file)
        if file.suffix == ".js":
            waiting += [
                (file.parent / name).resolve() for name in _STATIC_IMPORT.findall(file.read_text("utf-8"))
            ]
    return found


def _packed(file: Path) -> int:
    return len(gzip.compress(file.read_bytes(), 9))
