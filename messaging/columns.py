"""Every stored column of messaging: what sort of thing it holds, why, and for how long. A test compares this
table with the models: a column without a line fails the build."""

from typing import Final

from accounts.columns import Column, meta

_LOG = "as long as the conversation"
_MEMBER = "as long as the conversation"
_MARKER = "until the device's next marker, or its person leaves"
_FIGURES = "as long as the server"


def _key(reason: str, retention: str) -> Column:
    return Column("public key", "who", reason, retention)


def _sealed(reason: str, retention: str) -> Column:
    return Column("sealed content", "size", reason, retention)


COLUMNS: Final[dict[str, Column]] = {
    "Patient.id": meta("who", "opaque number that joins the conversations about one patient", _LOG),
    "Conversation.id": _key("hash of its first epoch", _LOG),
    "Conversation.kind": meta("who", "which rules hold", _LOG),
    "Conversation.organisation": meta("who", "who holds the conversation", _LOG),
    "Conversation.patient": meta("who", "opaque number, empty in this version", _LOG),
    "Conversation.head": meta("size", "number of the last entry", _LOG),
    "Conversation.hash": _key("hash of the whole log, compared by clients", _LOG),
    "Conversation.epoch_number": meta("who", "messages count only under the last epoch", _LOG),
    "Conversation.epoch_hash": _key("messages count only under the last epoch", _LOG),
    "Conversation.epoch_seq": meta("who", "place of the last epoch", _LOG),
    "Conversation.pair": meta("who", "keyless hash of both persons: one direct conversation a pair", _LOG),
    "Conversation.stale": meta("who", "a revocation asks for a new epoch first", "until the next epoch"),
    "Conversation.held_until": meta("size", "after a restoration nobody appends before", "until then"),
    "Conversation.claimed": meta("size", "how far members say that the log went", "until it is given back"),
    "Conversation.moved_at": meta("who", "lets each process find what moved", _LOG),
    "Conversation.created_at": meta("who", "traces", _LOG),
    "Member.id": meta("nothing", "row number", _MEMBER),
    "Member.conversation": meta("who", "whom to serve", _MEMBER),
    "Member.person": meta("who", "whom to serve", _MEMBER),
    "Member.chain": _key("the identity named in the roster", _MEMBER),
    "Member.role": meta("who", "what the roster allows", _MEMBER),
    "Member.joined": meta("who", "from which place on they are served", _MEMBER),
    "Member.left": meta("who", "from which place on nothing is served", _MEMBER),
    "Member.anchor": meta("who", "where the member's view starts", _MEMBER),
    "Member.anchor_hash": _key("hash of the log there, compared by the member's client", _MEMBER),
    "Member.paused": meta("who", "nothing is sealed to a paused member", _MEMBER),
    "Member.suspended": meta("who", "the next epoch pauses them", "until the next epoch"),
    "Entry.id": meta("nothing", "row number", _LOG),
    "Entry.conversation": meta("who", "which log", _LOG),
    "Entry.seq": meta("who", "place in the log", _LOG),
    "Entry.kind": meta("who", "epochs are pulled, messages dealt", _LOG),
    "Entry.object": _sealed("signed object as made: sealed message, or epoch of public fields", _LOG),
    "Entry.hash": _key("hash of the object", _LOG),
    "Entry.h": _key("hash of the log up to here", _LOG),
    "Entry.device": meta("who", "a retry is recognised", _LOG),
    "Entry.client_id": meta("nothing", "random; a retry is recognised", _LOG),
    "Entry.at": meta("who", "time of acceptance, shown with the message", _LOG),
    "Wrap.id": meta("nothing", "row number", _LOG),
    "Wrap.conversation": meta("who", "which log", _LOG),
    "Wrap.seq": meta("who", "place of its epoch", _LOG),
    "Wrap.chain": _key("to whom it is sealed", _LOG),
    "Wrap.sealed": _sealed("secret of an epoch, sealed to one person", _LOG),
    "FigureCount.id": meta("nothing", "row number", _FIGURES),
    "FigureCount.day": meta("size", "counts of nobody in particular, for the administration", _FIGURES),
    "FigureCount.cause": meta("size", "one of six words: shown, or why it did not open", _FIGURES),
    "FigureCount.count": meta("size", "how many messages of all browsers together", _FIGURES),
    "Marker.id": meta("nothing", "row number", _MARKER),
    "Marker.conversation": meta("reading", "which log", _MARKER),
    "Marker.device": meta("reading", "one row a device", _MARKER),
    "Marker.person": meta("reading", "whose device", _MARKER),
    "Marker.object": _key("signed statement: how far received, readable, read", _MARKER),
    "Marker.counter": meta("reading", "an older marker is refused", _MARKER),
    "Marker.arrived": meta("reading", "a marker never goes back", _MARKER),
    "Marker.readable": meta("reading", "a marker never goes back", _MARKER),
    "Marker.read": meta("reading", "a marker never goes back", _MARKER),
}
