"""What accounts has to say without knowing who listens.

Sent inside the transaction that makes it true, so that a listener's rows commit with it or not at all;
what must wait for the commit, a listener puts into `transaction.on_commit`. Ids and hashes only.

keys_started: person (UUID), chain (bytes), epoch (bytes), wrap (bytes): their `self` conversation is to be
    made of these in the same transaction; a listener that refuses undoes the start
key_log_grew: person (UUID), chain (bytes), n (int), hash (bytes), revoked (list of device ids, bytes)
chain_ended: person (UUID), chain (bytes): no more of this key log; sent while it still is the person's
paper_removal_moved: person (UUID), n (int): a removal of a code de secours was asked for or cancelled
device_revoked: person (UUID), device (bytes)
session_ended: person (UUID), session (int)
history_began: until (datetime): after a restoration, when things may be said again
person_suspended, person_resumed: person (UUID), chain (bytes or None)
"""

from django.dispatch import Signal

keys_started = Signal()
key_log_grew = Signal()
chain_ended = Signal()
paper_removal_moved = Signal()
device_revoked = Signal()
session_ended = Signal()
history_began = Signal()
person_suspended = Signal()
person_resumed = Signal()
