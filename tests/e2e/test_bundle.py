"""What a browser has to fetch before the first screen works, counted on the built files."""

import gzip
import re
from pathlib import Path

from project.bootstrap.place import DIST

MOST = 300 * 1000
_STATIC_IMPORT = re.compile(r"""(?:^|[;}\n])(?:import|export)[^"'();]*?["'](\.{1,2}/[^"']+\.js)["']""")
_LATER_IMPORT = re.compile(r"""import\(["'`](\.{1,2}/[^"'`]+\.js)["'`]\)""")


def test_the_start_bundle_stays_below_300_kb_packed() -> None:
    files = _start(DIST / "index.html")
    sizes = {file.name: _packed(file) for file in sorted(files)}
    print(f"\nstart bundle {sum(sizes.values()) / 1000:.0f} kB gzip: {sizes}")
    assert sum(sizes.values()) <= MOST


def test_the_engine_and_its_cryptography_count_as_start() -> None:
    names = {file.name for file in _start(DIST / "index.html")}
    assert [name for name in names if name.startswith("worker-")] != []
    assert [name for name in names if re.fullmatch(r"libsodium-.{8}\.wasm", name)] != []


def test_the_other_language_and_the_screens_behind_the_door_do_not_weigh_on_it() -> None:
    start = _start(DIST / "index.html")
    text = "".join(file.read_text("utf-8") for file in start if file.suffix == ".js")
    later = set(_LATER_IMPORT.findall(text))
    assert {re.sub(r"^\./|-[\w-]{8}\.js$", "", name) for name in later} >= {"en", "Home", "Security"}
    assert {(DIST / "assets" / name).resolve() for name in later} & start == set()


def test_the_page_brings_nothing_of_its_own_and_is_the_same_for_everybody() -> None:
    page = (DIST / "index.html").read_text("utf-8")
    assert len(page) <= 10_000
    assert re.findall(r"<script(?![^>]*\bsrc=)|<style|\bstyle=|\bon\w+=|https?://", page) == []


def _start(page: Path) -> set[Path]:
    """The page's scripts and styles, all that they import at once, and the engine that every page starts."""
    text = page.read_text("utf-8")
    waiting = [DIST / name.lstrip("/") for name in re.findall(r'(?:src|href)="(/[^"]+\.(?:js|css))"', text)]
    waiting += [*(DIST / "assets").glob("worker-*.js"), *(DIST / "assets").glob("*.wasm")]
    assert any(file.suffix == ".js" for file in waiting)
    found: set[Path] = set()
    while waiting:
        file = waiting.pop()
        if file not in found:
            found.add(file)
            waiting += _imported(file) if file.suffix == ".js" else []
    return found


def _imported(script: Path) -> list[Path]:
    return [(script.parent / name).resolve() for name in _STATIC_IMPORT.findall(script.read_text("utf-8"))]


def _packed(file: Path) -> int:
    return len(gzip.compress(file.read_bytes(), 9))
