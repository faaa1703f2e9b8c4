"""What a caller did wrong, as a code of a closed list; the edge turns it into an answer in one place."""

from typing import Final, Literal, get_args

AccountCode = Literal[
    "bad_request",
    "bad_origin",
    "too_long",
    "signed_out",
    "second_factor_needed",
    "locked",
    "fresh_factor_needed",
    "not_allowed",
    "not_found",
    "bad_credentials",
    "bad_code",
    "bad_passkey",
    "link_invalid",
    "weak_password",
    "throttled",
    "last_factor",
    "too_many_factors",
    "conflict",
    "unavailable",
    "outdated",
    "method_not_allowed",
    "restoring",
]
KeyLogCode = Literal[
    "malformed",
    "newer_version",
    "bad_signature",
    "bad_key",
    "bad_chain",
    "bad_device",
    "bad_wraps",
    "not_active",
    "bad_generation",
    "too_many",
    "paper_protected",
]
Code = AccountCode | KeyLogCode

KEY_LOG_CODES: Final[tuple[str, ...]] = get_args(KeyLogCode)

# Whatever is not named here is the caller's plain mistake: 400.
STATUS: Final[dict[str, int]] = {
    "bad_origin": 403,
    "too_long": 413,
    "signed_out": 401,
    "second_factor_needed": 403,
    "locked": 403,
    "fresh_factor_needed": 403,
    "not_allowed": 403,
    "not_found": 404,
    "throttled": 429,
    "last_factor": 409,
    "conflict": 409,
    "unavailable": 503,
    "outdated": 409,
    "method_not_allowed": 405,
    "paper_protected": 403,
    "restoring": 409,
}


class Refused(Exception):
    """The caller's doing. Other apps may subclass it with codes of their own and override `status`."""

    def __init__(self, code: Code, *, retry_after: int | None = None) -> None:
        super().__init__(code)
        self.code: str = code
        self.retry_after = retry_after

    @property
    def status(self) -> int:
        return STATUS.get(self.code, 400)


class Unavailable(Exception):
    """Ours, not the caller's: the same request may succeed later."""

    code: Final = "unavailable"
    status: Final = 503

    def __init__(self, *, retry_after: int = 2) -> None:
        super().__init__(self.code)
        self.retry_after = retry_after
