"""The HTTP routes of conversations (PROTOCOL.md H10 to H13)."""

from django.http import HttpResponse

from accounts import clock
from accounts.caller import Caller
from accounts.edge import json_response, signed_in_route
from accounts.protocol import Done
from accounts.services.histories import check_takes_back
from accounts.services.throttle import take
from messaging import protocol
from messaging.errors import AlreadyExists
from messaging.protocol import b64, octets
from messaging.queries import Own, Row, conversations_of, markers_of, page_of
from messaging.services.epochs import Author, post_epoch
from messaging.services.figures import count_figures
from messaging.services.restoring import Given, take_back


@signed_in_route("POST", protocol.PostEpoch, limit_bytes=protocol.EPOCH_BODY_BYTES)
def epochs(caller: Caller, body: protocol.PostEpoch) -> protocol.EpochPosted | HttpResponse:
    device = caller.with_device()
    take("epoch_device", device.hex())
    author = Author(caller.person.pk, device)
    wraps = [(octets(chain), octets(sealed)) for chain, sealed in body.wraps]
    conversation = octets(body.conversation) if body.conversation is not None else None
    try:
        posted = post_epoch(author, conversation=conversation, statement=octets(body.statement), wraps=wraps)
    except AlreadyExists as there:
        exists = protocol.Exists("exists", None, b64(there.conversation))
        return json_response(exists, status=there.status)
    return protocol.EpochPosted(b64(posted.conversation), posted.seq, posted.at)


@signed_in_route("POST", protocol.GiveBackEntries, limit_bytes=protocol.EPOCH_BODY_BYTES)
def entries_given_back(caller: Caller, body: protocol.GiveBackEntries) -> protocol.EntriesTaken:
    take("giving_back_device", caller.with_device().hex())
    check_takes_back(octets(body.history))
    given = [_given(one) for one in body.entries]
    place = take_back(caller.person.pk, octets(body.conversation), after=body.after, given=given)
    return protocol.EntriesTaken(place.n, b64(place.hash))


@signed_in_route("GET", protocol.ReadConversations)
def conversations(caller: Caller, body: protocol.ReadConversations) -> protocol.Conversations:
    caller.with_device()
    rows = tuple(_conversation(own) for own in conversations_of(caller.person.pk))
    return protocol.Conversations(clock.seconds(clock.now()), rows)


@signed_in_route("GET", protocol.ReadEntries)
def entries(caller: Caller, body: protocol.ReadEntries) -> protocol.Entries:
    caller.with_device()
    page = page_of(caller.person.pk, octets(body.conversation), after=body.after, most=body.limit)
    return protocol.Entries(tuple(_entry(row) for row in page.rows), page.head, b64(page.hash))


@signed_in_route("POST", protocol.PutFigures)
def figures(caller: Caller, body: protocol.PutFigures) -> Done:
    take("figures_device", caller.with_device().hex())
    count_figures(body.shown, body.unreadable)
    return Done()


@signed_in_route("GET", protocol.ReadMarkers)
def markers(caller: Caller, body: protocol.ReadMarkers) -> protocol.Markers:
    caller.with_device()
    found = markers_of(caller.person.pk, octets(body.conversation))
    return protocol.Markers(tuple(b64(marker) for marker in found))


def _given(one: protocol.GivenBack) -> Given:
    return Given(octets(one.entry), one.at, [(octets(chain), octets(sealed)) for chain, sealed in one.wraps])


def _conversation(own: Own) -> protocol.Conversation:
    return protocol.Conversation(
        id=b64(own.conversation.pk),
        kind=protocol.kind(own.conversation.kind),
        head=own.head,
        hash=b64(own.hash),
        start=(own.window.anchor, b64(own.window.anchor_hash)),
        until=own.window.left,
        persons=tuple(protocol.Member(member.person_id.hex, b64(member.chain)) for member in own.persons),
    )


def _entry(row: Row) -> protocol.EntryRow:
    return protocol.EntryRow(row.seq, row.at, _perhaps(row.entry), _perhaps(row.stub), _perhaps(row.wrap))


def _perhaps(data: bytes | None) -> str | None:
    return b64(data) if data is not None else None
