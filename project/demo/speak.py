"""Lets two clients hold a conversation: each line is read by the other before the next is written."""

import time
from collections.abc import Callable
from functools import partial
from typing import Any

from project.bootstrap.console import Fault
from project.demo.headless import Headless, Refusal
from project.demo.people import CAST
from project.demo.talks import Line, Talk

_PATIENCE = 30.0
_FAMILY = {actor.key: actor.family for actor in CAST}


def hold(talk: Talk, clients: dict[str, Headless]) -> None:
    starter = clients[talk.starter]
    conversation = starter.ask("openDirect", person=_find(starter, _FAMILY[talk.other]))
    keys: list[str] = []
    for line in talk.lines:
        keys.append(_say(line, talk, conversation, keys, clients))
    _await_readings(talk, conversation, keys, clients)


def _await_readings(talk: Talk, conversation: str, keys: list[str], clients: dict[str, Headless]) -> None:
    """Markers travel a moment later: a client that is closed before would leave its reading unsaid."""
    for who in (talk.starter, talk.other):
        clients[who].ask("look", conversation=conversation)
    for line, key in zip(talk.lines, keys, strict=True):
        if not line.unread:
            _await(clients[line.by], conversation, partial(_is_read, key))


def _is_read(key: str, shown: dict[str, Any]) -> bool:
    return bool(shown["key"] == key and shown["state"] == "read")


def _find(client: Headless, family: str) -> str:
    found = [person for person in client.ask("findPeople", query=family) if person["family"] == family]
    if len(found) != 1:
        raise Fault(f"the directory shows {family} {len(found)} times")
    return str(found[0]["id"])


def _say(line: Line, talk: Talk, conversation: str, keys: list[str], clients: dict[str, Headless]) -> str:
    speaker, listener = clients[line.by], clients[talk.other if line.by == talk.starter else talk.starter]
    quote = None if line.quotes is None else keys[line.quotes]
    speaker.ask("send", conversation=conversation, text=line.text, quote=quote)
    heard = _await_text(listener, conversation, line.text)
    if not line.unread:
        listener.ask("markRead", conversation=conversation, seq=heard["seq"])
    return str(_await_text(speaker, conversation, line.text)["key"])


def _await_text(client: Headless, conversation: str, text: str) -> dict[str, Any]:
    """Waits until this client shows the text as a numbered entry."""
    return _await(
        client, conversation, lambda shown: shown["body"].get("text") == text and shown["seq"] is not None
    )


def _await(client: Headless, conversation: str, is_it: Callable[[dict[str, Any]], bool]) -> dict[str, Any]:
    until = time.monotonic() + _PATIENCE
    while time.monotonic() < until:
        for message in _page(client, conversation):
            if is_it(message):
                return message
        time.sleep(0.05)
    raise Fault(f"a line of the demonstration did not arrive within {_PATIENCE:.0f} s")


def _page(client: Headless, conversation: str) -> list[dict[str, Any]]:
    try:
        page = client.ask("page", conversation=conversation, before=None, limit=20)
    except Refusal as refusal:
        if refusal.code != "not_found":
            raise
        return []  # this client has not heard of the conversation yet
    return list(page["messages"])
