"""Makes the fictional people and their conversations, with the real client, once."""

import json
import shutil
import subprocess
from dataclasses import asdict
from pathlib import Path

from project.bootstrap.console import Fault, step
from project.bootstrap.place import DEMO, PYTHON, ROOT, environment
from project.bootstrap.stamp import Stamp, digest
from project.bootstrap.state import environment_of_demo
from project.demo import phones
from project.demo.enrol import enrol
from project.demo.headless import Headless
from project.demo.people import ADMINISTRATOR, CAST, ORGANISATION, Actor
from project.demo.second import AGENT, FIRST_AGENT, OWNER, add_second
from project.demo.speak import hold
from project.demo.talks import TALKS

PHONES = DEMO / "phones.json"
MAIL = DEMO / "mail"


def stamp() -> Stamp:
    """Other people, other words or another schema: the old demonstration would not fit."""
    migrations = [
        path for app in ("accounts", "messaging") for path in sorted((ROOT / app / "migrations").glob("*.py"))
    ]
    cast = [ROOT / "project" / "demo" / name for name in ("people.py", "talks.py", "speak.py", "second.py")]
    return Stamp("demo", PHONES, digest([*migrations, *cast, ROOT / "accounts" / "protocol.py"]))


def seed(origin: str) -> None:
    done = stamp()
    done.begin()
    with step("Invitations by mail"):
        _invite(origin)
    clients: dict[str, Headless] = {}
    states = DEMO / "clients"
    with (DEMO / "clients.log").open("w") as log:
        try:
            made = []
            for actor in CAST:
                with step(f"{actor.name}, {actor.title.lower()}"):
                    clients[actor.key] = Headless(
                        origin=origin, state=states / actor.key, log=log, agent=FIRST_AGENT
                    )
                    made.append(enrol(actor, clients[actor.key], MAIL))
            with step("The administrator"):
                _let_in(origin)
            with step("Their conversations"):
                for talk in TALKS:
                    hold(talk, clients)
            with step("A second browser"):
                clients["second"] = Headless(origin=origin, state=states / "second", log=log, agent=AGENT)
                phone = next(phone for phone in made if phone.key == OWNER)
                add_second(phone, clients[OWNER], clients["second"])
        finally:
            for client in clients.values():
                client.close()
    _forget_browsers(states)
    phones.write(PHONES, made)
    done.end()


def _invite(origin: str) -> None:
    given = json.dumps({"organisation": ORGANISATION, "people": [_identity(actor) for actor in CAST]})
    _manage(origin, "invite_people", given=given)


def _let_in(origin: str) -> None:
    email = next(actor.email for actor in CAST if actor.key == ADMINISTRATOR)
    _manage(origin, "staff", "--email", email)


def _manage(origin: str, *words: str, given: str = "") -> None:
    answer = subprocess.run(
        [str(PYTHON), str(ROOT / "manage.py"), *words],
        input=given,
        capture_output=True,
        text=True,
        env=environment({**environment_of_demo(), "COLLOQUE_ORIGINS": origin}),
    )
    if answer.returncode != 0:
        raise Fault(f"{words[0]} failed: {(answer.stderr.strip().splitlines() or ['?'])[-1][:200]}")


def _identity(actor: Actor) -> dict[str, str | None]:
    told = {name: value for name, value in asdict(actor).items() if name not in ("key", "title")}
    return {**told, "email": actor.email}


def _forget_browsers(states: Path) -> None:
    # Each person's first browser was ours. It stays in their key log; what it held is gone.
    shutil.rmtree(states, ignore_errors=True)
