"""`python -m tests.load.devices`: a new browser with hundreds of conversations and nobody else online."""

import argparse
import os
import tempfile
import time
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

from project.bootstrap.client import build_headless
from project.demo.headless import Headless
from tests.e2e.people import Account, invite
from tests.e2e.phone import Phone
from tests.e2e.settings import told
from tests.e2e.waiting import until
from tests.load.ground import ROOMY, table
from tests.running import Colloque

# One person makes in a minute the conversations of years; nothing else is changed.
ROOM = {
    **ROOMY,
    "COLLOQUE_LIMIT_EPOCH_DEVICE": "1000000,0.0001",
    "COLLOQUE_LIMIT_MARKER_DEVICE": "1000000,0.0001",
}


@dataclass(frozen=True)
class Measured:
    readable: int
    seconds: float
    work: float  # of the processor, in the new browser's client

    @property
    def rows(self) -> list[tuple[str, str]]:
        return [
            ("readable messages", str(self.readable)),
            ("until all were readable", f"{self.seconds:.1f} s"),
            ("work of the client meanwhile", f"{self.work:.1f} s of processor time"),
        ]


def measure(server: Colloque, owner: Account, other: Account, folder: Path, conversations: int) -> Measured:
    with ExitStack() as open_clients, (folder / "clients.log").open("w") as log:

        def client(name: str) -> Headless:
            made = Headless(origin=server.origin, state=folder / name, log=log)
            open_clients.callback(made.close)
            return made

        first, peer = client("first"), client("peer")
        for account, one in ((owner, first), (other, peer)):
            join(one, account)
        fill(first, other, conversations)
        _until_told(first)
        for one in (first, peer):
            one.close()
        open_clients.pop_all()
        fresh = client("second")
        try:
            return _recover(fresh, owner, conversations)
        finally:
            fresh.close()


def join(client: Headless, account: Account) -> None:
    client.ask("open")
    client.ask("acceptInvitation", token=account.token, password=account.password)
    account.phone = Phone(client.ask("beginTotp")["secret"])
    client.ask("confirmTotp", code=account.code())
    client.ask("factorDone")
    account.recovery = client.ask("prepareKeys")
    client.ask("finishKeys", answers={"1": account.recovery[0]})


def sign_in(client: Headless, account: Account) -> None:
    client.ask("open")
    client.ask("signIn", email=account.email, password=account.password, shared=False)
    client.ask("secondFactor", code=account.code())


def fill(client: Headless, other: Account, conversations: int) -> None:
    """So many conversations, with a message in each."""
    (found,) = [one for one in client.ask("findPeople", query=other.family) if one["family"] == other.family]
    members = [{"person": found["id"], "role": "member"}]
    for number in range(conversations):
        made = client.ask("createTeam", title=f"Suivi {number}", members=members)
        client.ask("send", conversation=made, text=f"Message {number}", quote=None, mentions=[])


def _until_told(client: Headless) -> None:
    """Everything has left, what own state keeps of it included."""
    until(
        lambda: all(one["queued"] == 0 for one in client.ask("open")["conversations"]), "all sent", within=600
    )
    time.sleep(10)


def _recover(client: Headless, owner: Account, conversations: int) -> Measured:
    sign_in(client, owner)
    started, worked = time.monotonic(), _worked(client.pid)
    client.ask("recover", code=" ".join(owner.recovery))
    until(lambda: _is_online(client), "everything caught up", within=600, every=2.0)
    seconds, work = time.monotonic() - started, _worked(client.pid) - worked
    return Measured(_readable(client, conversations), seconds, work)


def _is_online(client: Headless) -> bool:
    return bool(client.ask("open")["connection"]["state"] == "online")


def _readable(client: Headless, wanted: int) -> int:
    """Counting opens every record again, so it is not asked for while the work is measured."""
    count = 0
    for _ in range(10):
        count = int(client.ask("countReadable"))
        if count >= wanted:
            break
        time.sleep(1)
    return count


def _worked(pid: int) -> float:
    """Of the program and of what it started: Node may run below a starter of its own."""
    children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    return _worked_alone(pid) + sum(_worked(int(child)) for child in children)


def _worked_alone(pid: int) -> float:
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def main() -> None:
    parser = argparse.ArgumentParser(prog="tests.load.devices")
    parser.add_argument("--conversations", type=int, default=300)
    given = parser.parse_args()
    build_headless()
    with tempfile.TemporaryDirectory(prefix="colloque-load-") as name:
        folder = Path(name)
        server = Colloque(folder, {**told(), **ROOM}).start()
        try:
            owner, other = list(invite(server, 2))
            found = measure(server, owner, other, folder, given.conversations)
        finally:
            server.stop()
    table(f"A new browser with {given.conversations} conversations and nobody online", found.rows)


if __name__ == "__main__":
    main()
