"""Lets clients hold a conversation: each line is read by the others before the next is written."""

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
_NAME = {actor.key: actor.name for actor in CAST}


def hold(talk: Talk, clients: dict[str, Headless]) -> None:
    conversation = _begin(talk, clients[talk.starter])
    keys: list[str] = []
    for line in talk.lines:
        keys.append(_say(line, talk, conversation, keys, clients))
    _await_readings(talk, conversation, keys, clients)


def _begin(talk: Talk, starter: Headless) -> str:
    people = [_find(starter, _FAMILY[other]) for other in talk.others]
    if talk.title is None:
        return str(starter.ask("openDirect", person=people[0]))
    members = [{"person": person, "role": "member"} for person in people]
    return str(starter.ask("createTeam", title=talk.title, members=members))


def _await_readings(talk: Talk, conversation: str, keys: list[str], clients: dict[str, Headless]) -> None:
    """Markers travel a moment later: a client that is closed before would leave its reading unsaid."""
    for who in talk.everybody:
        clients[who].ask("look", conversation=conversation)
    for line, key in zip(talk.lines, keys, strict=True):
        if not line.unread:
            _await(clients[line.by], conversation, partial(_is_read, key))


def _is_read(key: str, shown: dict[str, Any]) -> bool:
    """By all, where there are several."""
    reach = shown["reach"]
    return bool(
        shown["key"] == key and shown["state"] == "read" and (not reach or reach["read"] == reach["of"])
    )


def _find(client: Headless, family: str) -> str:
    found = [person for person in client.ask("findPeople", query=family) if person["family"] == family]
    if len(found) != 1:
        raise Fault(f"the directory shows {family} {len(found)} times")
    return str(found[0]["id"])


def _say(line: Line, talk: Talk, conversation: str, keys: list[str], clients: dict[str, Headless]) -> str:
    speaker = clients[line.by]
    quote = None if line.quotes is None else keys[line.quotes]
    text = _written_out(line)
    mentions = [_find(speaker, _FAMILY[name]) for name in line.names]
    speaker.ask("send", conversation=conversation, text=text, quote=quote, mentions=mentions)
    for listener in (clients[who] for who in talk.everybody if who != line.by):
        heard = _await_text(listener, conversation, text)
        if not line.unread:
            listener.ask("markRead", conversation=conversation, seq=heard["seq"])
    return str(_await_text(speaker, conversation, text)["key"])


def _written_out(line: Line) -> str:
    text = line.text
    for name in line.names:
        text = text.replace(f"@{name}", f"@{_NAME[name]}")
    return text


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
