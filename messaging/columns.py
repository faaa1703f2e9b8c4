"""Every stored column of messaging: what sort of thing it holds, why, and for how long. A test compares this
table with the models: a column without a line fails the build."""

from typing import Final

from accounts.columns import Column, Topic

_LOG = "as long as the conversation"
_MEMBER = "as long as the conversation"
_MARKER = "until the device's next marker"


def _meta(topic: Topic, reason: str, retention: str) -> Column:
    return Column("metadata", topic, reason, retention)


def _key(reason: str, retention: str) -> Column:
    return Column("public key", "who", reason, retention)


def _sealed(reason: str, retention: str) -> Column:
    return Column("sealed content", "size", reason, retention)


COLUMNS: Final[dict[str, Column]] = {
    "Patient.id": _meta("who", "opaque number that joins the conversations about one patient", _LOG),
    "Conversation.id": _key("hash of its first epoch", _LOG),
    "Conversation.kind": _meta("who", "which rules hold", _LOG),
    "Conversation.organisation": _meta("who", "who holds the conversation", _LOG),
    "Conversation.patient": _meta("who", "opaque number, empty in this version", _LOG),
    "Conversation.head": _meta("size", "number of the last entry", _LOG),
    "Conversation.hash": _key("hash of the whole log, compared by clients", _LOG),
    "Conversation.epoch_number": _meta("who", "messages count only under the last epoch", _LOG),
    "Conversation.epoch_hash": _key("messages count only under the last epoch", _LOG),
    "Conversation.epoch_seq": _meta("who", "place of the last epoch", _LOG),
    "Conversation.pair": _meta("who", "keyless hash of both persons: one direct conversation a pair", _LOG),
    "Conversation.stale": _meta("who", "a revocation asks for a new epoch first", "until the next epoch"),
    "Conversation.moved_at": _meta("who", "lets each process find what moved", _LOG),
    "Conversation.created_at": _meta("who", "traces", _LOG),
    "Member.id": _meta("nothing", "row number", _MEMBER),
    "Member.conversation": _meta("who", "whom to serve", _MEMBER),
    "Member.person": _meta("who", "whom to serve", _MEMBER),
    "Member.chain": _key("the identity named in the roster", _MEMBER),
    "Member.role": _meta("who", "what the roster allows", _MEMBER),
    "Member.joined": _meta("who", "where the member's view starts", _MEMBER),
    "Member.paused": _meta("who", "nothing is sealed to a paused member", _MEMBER),
    "Member.suspended": _meta("who", "the next epoch pauses them", "until the next epoch"),
    "Member.left_at": _meta("who", "nothing is served afterwards", _MEMBER),
    "Entry.id": _meta("nothing", "row number", _LOG),
    "Entry.conversation": _meta("who", "which log", _LOG),
    "Entry.seq": _meta("who", "place in the log", _LOG),
    "Entry.kind": _meta("who", "epochs are pulled, messages dealt", _LOG),
    "Entry.object": _sealed("signed object as made: sealed message, or epoch of public fields", _LOG),
    "Entry.hash": _key("hash of the object", _LOG),
    "Entry.h": _key("hash of the log up to here", _LOG),
    "Entry.device": _meta("who", "a retry is recognised", _LOG),
    "Entry.client_id": _meta("nothing", "random; a retry is recognised", _LOG),
    "Entry.at": _meta("who", "time of acceptance, shown with the message", _LOG),
    "Wrap.id": _meta("nothing", "row number", _LOG),
    "Wrap.conversation": _meta("who", "which log", _LOG),
    "Wrap.seq": _meta("who", "place of its epoch", _LOG),
    "Wrap.chain": _key("to whom it is sealed", _LOG),
    "Wrap.sealed": _sealed("secret of an epoch, sealed to one person", _LOG),
    "Marker.id": _meta("nothing", "row number", _MARKER),
    "Marker.conversation": _meta("reading", "which log", _MARKER),
    "Marker.device": _meta("reading", "one row a device", _MARKER),
    "Marker.person": _meta("reading", "whose device", _MARKER),
    "Marker.object": _key("signed statement: how far received, readable, read", _MARKER),
    "Marker.counter": _meta("reading", "an older marker is refused", _MARKER),
    "Marker.arrived": _meta("reading", "a marker never goes back", _MARKER),
    "Marker.readable": _meta("reading", "a marker never goes back", _MARKER),
    "Marker.read": _meta("reading", "a marker never goes back", _MARKER),
}
