"""What the architecture tests read: every source file that is ours, and what it says."""

import ast
import subprocess
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
APPS = ("project", "accounts", "messaging")


@cache
def tracked() -> tuple[Path, ...]:
    listed = subprocess.run(
        ["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=True
    ).stdout
    return tuple(ROOT / name for name in listed.split("\0") if name and (ROOT / name).is_file())


def python_files(*folders: str) -> list[Path]:
    wanted = [path for path in tracked() if path.suffix == ".py" and _top(path) in folders]
    return [path for path in wanted if "migrations" not in path.parts]


def client_files() -> list[Path]:
    source = ROOT / "frontend" / "src"
    return [path for path in tracked() if path.is_relative_to(source) and path.suffix in (".ts", ".svelte")]


def parsed(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"), filename=str(path))


def name_of(path: Path) -> str:
    return str(path.relative_to(ROOT))


def _top(path: Path) -> str:
    return path.relative_to(ROOT).parts[0]
