"""The running hash of a conversation's log (PROTOCOL.md L1)."""

from accounts.objects import H


def first_hash(conversation: bytes) -> bytes:
    """h(0)."""
    return H("log", conversation)


def next_hash(before: bytes, n: int, entry_hash: bytes) -> bytes:
    """h(n), from h(n-1) and the hash of entry n."""
    return H("log", before, n, entry_hash)
