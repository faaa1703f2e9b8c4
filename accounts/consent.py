"""Which revocations of a paper device stand at once: the oldest code has the last word (PROTOCOL.md K19)."""

from accounts.keylog import Device, KeyLog
from accounts.objects import consent_statement, is_signature, read_object
from accounts.statements import DeviceRevoke, read_statement


def stands_at_once(log: KeyLog, statement: bytes, consent: bytes | None) -> bool:
    """For a statement that the log before it accepts; one that revokes no paper device always does."""
    signed = read_object(statement, "key-log")
    read = read_statement(signed.body)
    device = log.devices[read.device] if isinstance(read, DeviceRevoke) else None
    if device is None or device.sort != "paper":
        return True
    return _is_older_paper(log.devices[signed.signer], device) or _agrees(device, signed.hash, consent)


def _is_older_paper(signer: Device, revoked: Device) -> bool:
    return signer.sort == "paper" and signer.added < revoked.added


def _agrees(revoked: Device, statement_hash: bytes, consent: bytes | None) -> bool:
    return consent is not None and is_signature(revoked.sign, consent_statement(statement_hash), consent)
