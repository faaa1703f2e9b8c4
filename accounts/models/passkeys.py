"""The library's own table as it is: no field of it is missing here. It belongs to the person model, which
must be loaded before, as it is by every module that comes before this one."""

from django_otp_webauthn.models import WebAuthnCredential as Passkey

__all__ = ["Passkey"]
