"""What servers of browser tests are told: wider rates, since a test outruns people. No check is off."""

_RATES = (
    "password_account", "password_everywhere", "password_source", "code_account",
    "code_session", "code_source", "printed_account",
    "link_source", "reset_account", "marker_device", "epoch_device",
)  # fmt: skip


def told() -> dict[str, str]:
    return {f"COLLOQUE_LIMIT_{rate.upper()}": "10000,0.01" for rate in _RATES}
