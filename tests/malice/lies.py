"""The lies: another log of a conversation, another log of keys, another identity."""

from collections.abc import Callable
from dataclasses import dataclass

from accounts.objects import object_hash
from accounts.protocol import b64, octets
from messaging.loghash import first_hash, next_hash
from tests.malice.liar import Fetch, Json, Lie, Truth

PAGE = 500


@dataclass(frozen=True)
class Told:
    """An entry as the host presents it; `shown` False is left out of every page, but its number stays;
    of one that is `hidden` the hash alone is given."""

    entry: bytes
    at: int
    wrap: str | None
    shown: bool = True
    hidden: bool = False


Retelling = Callable[[list[Told]], list[Told]]


class AnotherLog(Truth):
    """One conversation with other entries, told without a contradiction: numbers, heads and hashes fit."""

    def __init__(self, conversation: str, retell: Retelling) -> None:
        self._conversation = conversation
        self._retell = retell

    async def answer(self, path: str, query: dict[str, str], told: Json, fetch: Fetch) -> Json:
        if path == "/api/entries" and query["conversation"] == self._conversation:
            return self._page(
                await self._lied(fetch), int(query.get("after", 0)), int(query.get("limit", PAGE))
            )
        if path == "/api/conversations":
            head, hash = _end(self._conversation, await self._lied(fetch))
            changed = {"head": head, "hash": hash}
            rows = told["conversations"]
            return {**told, "conversations": [row | changed if self._is(row["id"]) else row for row in rows]}
        return told

    async def frame(self, told: Json, fetch: Fetch) -> list[Json]:
        if told["type"] in ("entry", "behind") and self._is(told["conversation"]):
            head, hash = _end(self._conversation, await self._lied(fetch))
            return [{"type": "behind", "conversation": self._conversation, "head": head, "hash": hash}]
        if told["type"] in ("welcome", "heads"):
            head, hash = _end(self._conversation, await self._lied(fetch))
            rows = [[id, head, hash] if self._is(id) else [id, n, h] for id, n, h in told["heads"]]
            return [{**told, "heads": rows}]
        return [told]

    def _is(self, conversation: str) -> bool:
        return conversation == self._conversation

    async def _lied(self, fetch: Fetch) -> list[Told]:
        rows: list[Json] = []
        while True:
            place = f"conversation={self._conversation}&after={len(rows)}&limit={PAGE}"
            page = await fetch(f"/api/entries?{place}")
            rows += page["entries"]
            if len(rows) >= page["head"]:
                return self._retell([Told(octets(row["entry"]), row["at"], row["wrap"]) for row in rows])

    def _page(self, log: list[Told], after: int, limit: int) -> Json:
        head, hash = _end(self._conversation, log)
        rows = [_row(seq, one) for seq, one in enumerate(log, start=1) if seq > after and one.shown]
        return {"entries": rows[:limit], "head": head, "hash": hash}


async def key_log(chain: str, fetch: Fetch) -> list[bytes]:
    """The true one, whole."""
    statements: list[bytes] = []
    while True:
        page = await fetch(f"/api/keys/log?chain={chain}&after={len(statements) - 1}")
        statements += [octets(one) for one in page["statements"]]
        if len(statements) > page["head"]["n"]:
            return statements


class AnotherKeyLog(Truth):
    """The key log of one chain with other statements; the head is that of the last one told."""

    def __init__(self, chain: str, retell: Callable[[list[bytes]], list[bytes]]) -> None:
        self._chain = chain
        self._retell = retell

    async def answer(self, path: str, query: dict[str, str], told: Json, fetch: Fetch) -> Json:
        if path == "/api/keys/log" and query["chain"] == self._chain:
            statements = self._retell(await key_log(self._chain, fetch))
            rest = statements[int(query.get("after", -1)) + 1 :]
            return {"statements": [b64(one) for one in rest], "head": head_of(statements)}
        if path.startswith("/api/people"):
            head = head_of(self._retell(await key_log(self._chain, fetch)))
            return _in_people(
                told, lambda row: {**row, "key_head": head} if row["chain"] == self._chain else row
            )
        return told


class AnotherIdentity(Truth):
    """A person who is known under one chain is presented under another."""

    def __init__(self, person: str, chain: str, head: Json) -> None:
        self._person = person
        self._chain = chain
        self._head = head

    async def answer(self, path: str, query: dict[str, str], told: Json, fetch: Fetch) -> Json:
        if path == "/api/conversations":
            rows = told["conversations"]
            return {
                **told,
                "conversations": [
                    {**row, "persons": [self._renamed(one) for one in row["persons"]]} for row in rows
                ],
            }
        if path.startswith("/api/people"):
            return _in_people(
                told,
                lambda row: (
                    {**self._renamed(row), "key_head": self._head} if row["id"] == self._person else row
                ),
            )
        return told

    def _renamed(self, row: Json) -> Json:
        return {**row, "chain": self._chain} if row["id"] == self._person else row


class NewerProtocol(Truth):
    """A host that speaks another version than this client."""

    async def answer(self, path: str, query: dict[str, str], told: Json, fetch: Fetch) -> Json:
        return {**told, "protocol": told["protocol"] + 1} if path == "/api/session" else told


class News(Truth):
    """Adds a word about somebody's keys to each greeting, as a host would that wants them to be taken up."""

    def __init__(self, person: str, chain: str, head: Json, also: Lie | None = None) -> None:
        self._frame = {"type": "person", "person": person, "chain": chain, "head": head}
        self._also = also or Truth()

    async def answer(self, path: str, query: dict[str, str], told: Json, fetch: Fetch) -> Json:
        return await self._also.answer(path, query, told, fetch)

    async def frame(self, told: Json, fetch: Fetch) -> list[Json]:
        frames = await self._also.frame(told, fetch)
        return [*frames, self._frame] if told["type"] == "welcome" else frames


def head_of(statements: list[bytes]) -> Json:
    return {"n": len(statements) - 1, "hash": b64(object_hash(statements[-1]))}


def _end(conversation: str, log: list[Told]) -> tuple[int, str]:
    hash = first_hash(octets(conversation))
    for seq, one in enumerate(log, start=1):
        hash = next_hash(hash, seq, object_hash(one.entry))
    return len(log), b64(hash)


def _row(seq: int, one: Told) -> Json:
    if one.hidden:
        return {"seq": seq, "at": one.at, "entry": None, "stub": b64(object_hash(one.entry)), "wrap": None}
    return {"seq": seq, "at": one.at, "entry": b64(one.entry), "stub": None, "wrap": one.wrap}


def _in_people(told: Json, change: Callable[[Json], Json]) -> Json:
    if "people" in told:
        return {**told, "people": [change(row) for row in told["people"]]}
    return change(told)
