"""What the log of a conversation refuses, as codes of a closed list (PROTOCOL.md X). No Django here."""

from typing import Final, Literal, get_args

from accounts.errors import STATUS, Refused

LogCode = Literal[
    "malformed",
    "newer_version",
    "wrong_conversation",
    "past_epoch",
    "not_a_member",
    "unknown_device",
    "bad_signature",
    "forked",
    "replayed",
    "duplicate",
    "bad_roster",
    "not_allowed",
    "unknown_kind",
    "epoch_stale",
    "head_stale",
    "bad_wraps",
    "exists",
    "bad_marker",
    "bad_frame",
    "throttled",
]
LOG_CODES: Final[tuple[str, ...]] = get_args(LogCode)

# The reader's state is behind: the same wish may succeed after catching up.
_CONFLICTS: Final = frozenset({"past_epoch", "epoch_stale", "head_stale", "exists", "replayed", "duplicate"})


class LogRefused(Refused):
    def __init__(self, code: str, *, retry_after: int | None = None) -> None:
        super().__init__(code, retry_after=retry_after)  # type: ignore[arg-type]  # our own closed list
        assert code in LOG_CODES or code in STATUS, code

    @property
    def status(self) -> int:
        return 409 if self.code in _CONFLICTS else super().status


class AlreadyExists(LogRefused):
    """The pair already has its direct conversation."""

    def __init__(self, conversation: bytes) -> None:
        super().__init__("exists")
        self.conversation = conversation
