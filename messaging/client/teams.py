"""What a client does about a team: found it, change who is in it, leave it (PROTOCOL.md E19 to E21, L11)."""

from collections.abc import Iterable, Set
from dataclasses import replace

from messaging.client.drafting import Deed, added, given_role, next_draft, removed, resumed
from messaging.client.entries import found, make_leave
from messaging.client.session import ClientSession
from messaging.client.socket import Socket


async def found_team(
    client: ClientSession, chains: Iterable[bytes], others: Set[bytes] = frozenset()
) -> bytes:
    """Its id; `others`: those whose profession is none of health, the founder included (E22)."""
    logs = [await client.learn(chain) for chain in chains]
    own = client.key_logs[client.chain]
    draft = found("team", [own, *logs], own, client.organisation, client.now)
    rows = [replace(row, kind="other" if row.chain in others else row.kind) for row in draft.rows]
    return await client.post(None, replace(draft, rows=tuple(rows)))


async def add(
    client: ClientSession, team: bytes, chain: bytes, role: str = "member", kind: str = "professional"
) -> None:
    await change(client, team, added(await client.learn(chain), client.chain, role, kind))


async def remove(client: ClientSession, team: bytes, chain: bytes) -> None:
    await change(client, team, removed(chain))


async def give_role(client: ClientSession, team: bytes, chain: bytes, role: str) -> None:
    await change(client, team, given_role(chain, role))


async def resume(client: ClientSession, team: bytes, chain: bytes) -> None:
    await change(client, team, resumed(chain))


async def change(client: ClientSession, team: bytes, *deeds: Deed) -> None:
    """One epoch that does all of it; the caller is caught up."""
    log = client.conversations[team].log
    assert log.last is not None
    for row in log.last.epoch.roster:
        await client.learn(row.chain)
    draft = next_draft(log, client.now)
    for deed in deeds:
        draft = deed(draft)
    await client.post(team, draft)


async def leave(client: ClientSession, socket: Socket, team: bytes) -> int:
    return await client.append(socket, team, make_leave(client.next_place(team), client.device))
