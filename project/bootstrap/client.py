"""Builds the browser's client, and the same client for Node."""

from __future__ import annotations

from project.bootstrap.console import step
from project.bootstrap.place import BIN, DIST, FRONTEND, HEADLESS, PYTHON
from project.bootstrap.program import run
from project.bootstrap.stamp import Stamp, digest

_QUIET = [
    "--no-audit",
    "--no-fund",
    "--loglevel",
    "error",
    "--fetch-retries",
    "1",
    "--fetch-timeout",
    "15000",
]


def node_packages(with_tests: bool) -> None:
    made = FRONTEND / "node_modules" / "vite" / "package.json"
    lists = [FRONTEND / "package.json", FRONTEND / "package-lock.json"]
    everything = Stamp("node", made, digest(lists, "with tests"))
    wanted = everything if with_tests else Stamp("node", made, digest(lists, "without tests"))
    if everything.holds() or wanted.holds():
        return
    with step("Node packages" + (" and those of the tests" if with_tests else "")):
        wanted.begin()
        run("node", [str(BIN / "npm"), "ci"] + _QUIET + ([] if with_tests else ["--omit=dev"]), FRONTEND)
        wanted.end()


def build() -> None:
    stamp = Stamp("client", DIST / "index.html", _sources("vite.config.ts"))
    if stamp.holds():
        return
    with step("Client for the browser"):
        stamp.begin()
        run("build", [str(BIN / "node"), "node_modules/vite/bin/vite.js", "build"], FRONTEND)
        run("compress", [str(PYTHON), "-m", "whitenoise.compress", "--quiet", str(DIST)])
        stamp.end()


def build_headless() -> None:
    stamp = Stamp("headless", HEADLESS / "headless.js", _sources("vite.headless.config.ts"))
    if stamp.holds():
        return
    with step("The same client without a browser"):
        stamp.begin()
        vite = [
            str(BIN / "node"),
            "node_modules/vite/bin/vite.js",
            "build",
            "--config",
            "vite.headless.config.ts",
        ]
        run("build-headless", vite, FRONTEND)
        stamp.end()


def _sources(config: str) -> str:
    names = ["src", "public", "index.html", "package-lock.json", "svelte.config.js", config]
    return digest([FRONTEND / name for name in names])
