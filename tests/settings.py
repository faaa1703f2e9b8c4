"""The product's settings under test: only what the environment may say is said here."""

import os
import tempfile

_GIVEN = {
    "COLLOQUE_STATE": tempfile.mkdtemp(prefix="colloque-test-"),
    "COLLOQUE_SECRET_KEY": "only-for-tests-" + "0123456789abcdef" * 4,
    "COLLOQUE_AT_REST_KEY": "MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY=",
    "COLLOQUE_ORIGINS": "http://localhost:8000",
    "COLLOQUE_LOG_LEVEL": "INFO",
    # The same functions at a smaller cost: thousands of sign-ins must fit into minutes.
    "COLLOQUE_LIMIT_PASSWORD_MEMORY_KIB": "64",
    "COLLOQUE_LIMIT_PASSWORD_PASSES": "1",
    "COLLOQUE_LIMIT_CODE_MEMORY_KIB": "64",
    "COLLOQUE_LIMIT_CODE_PASSES": "1",
}
for _name, _value in _GIVEN.items():
    os.environ.setdefault(_name, _value)
# Processes that test at the same time inherit one folder; what one of them locks must not stop another.
_WORKER = os.environ.get("PYTEST_XDIST_WORKER", "")
if _WORKER and os.path.basename(os.environ["COLLOQUE_STATE"]) != _WORKER:
    os.environ["COLLOQUE_STATE"] = os.path.join(os.environ["COLLOQUE_STATE"], _WORKER)
    os.makedirs(os.environ["COLLOQUE_STATE"], exist_ok=True)
if os.environ.get("TEST_DATABASE_URL"):
    os.environ["DATABASE_URL"] = os.environ["TEST_DATABASE_URL"]
    os.environ.setdefault("COLLOQUE_DATABASE_POOL", "24")  # tests write from more threads than a server has
if os.environ.get("TEST_REDIS_URL"):
    os.environ["REDIS_URL"] = os.environ["TEST_REDIS_URL"]

from project.settings import *  # noqa: E402, F403  # after the environment is told
from project.settings import CHANNEL_LAYERS, DATABASES  # noqa: E402

if DATABASES["default"]["ENGINE"].endswith("sqlite3"):
    # A file: a database in memory locks whole tables between threads, whatever the time-out says.
    DATABASES["default"]["TEST"] = {"NAME": os.path.join(os.environ["COLLOQUE_STATE"], "test.sqlite3")}

if DATABASES["default"]["ENGINE"].endswith("postgresql"):
    DATABASES["default"]["ENGINE"] = "tests.postgres"

if "CONFIG" in CHANNEL_LAYERS["default"]:
    # Processes that test at the same time share the server, not what they tell one another.
    CHANNEL_LAYERS["default"]["CONFIG"]["prefix"] += _WORKER
