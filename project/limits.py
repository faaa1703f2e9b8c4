"""Every number that bounds a person or a machine: its default here, another by COLLOQUE_LIMIT_<NAME>."""

import environ

Limit = int | tuple[int, float]
HOUR = 3600
DAY = 24 * HOUR

# A pair is a rate: how many at once, then one each so many seconds.
DEFAULTS: dict[str, Limit] = {
    # What guessing costs
    "password_memory_kib": 19 * 1024,
    "password_passes": 2,
    "code_memory_kib": 19 * 1024,
    "code_passes": 2,
    "printed_codes": 10,
    "factor_backoff_seconds": 1,
    "factor_backoff_most_seconds": 60,
    # Tries: by account, by session, by source address (a whole health centre may share one)
    "password_account": (10, 180.0),
    "password_everywhere": (100, 60.0),
    "password_source": (100, 6.0),
    "code_account": (8, 7200.0),  # at most 20 wrong codes a day
    "code_session": (6, 3600.0),
    "code_source": (100, 6.0),
    "printed_account": (5, 7200.0),
    "sheet_account": (3, 3600.0),
    "link_source": (60, 10.0),
    "reset_account": (3, 1200.0),
    "key_log_account": (30, 600.0),
    "warning_account": (1, float(DAY)),
    "codes_forgotten_account": (1, float(DAY)),
    # Sessions and links
    "session_seconds": 12 * HOUR,
    "session_unverified_seconds": 15 * 60,
    "idle_seconds": HOUR,
    "idle_shared_seconds": 10 * 60,
    "session_touch_seconds": 60,
    "fresh_factor_seconds": 5 * 60,
    "admin_session_seconds": 8 * HOUR,
    "admin_idle_seconds": 30 * 60,
    "invitation_seconds": 72 * HOUR,
    "reset_seconds": 30 * 60,
    "challenge_seconds": 2 * 60,
    # Devices
    "pairing_seconds": 10 * 60,
    "pairing_account": (10, 360.0),
    "paper_removal_seconds": 72 * HOUR,
    "paper_removal_most_seconds": 30 * DAY,
    # How long what is over is kept
    "session_kept_seconds": 30 * DAY,
    "invitation_kept_seconds": 90 * DAY,
    "revocation_kept_seconds": 30 * DAY,
    "action_kept_seconds": 365 * DAY,
    # Worker: how often it looks, and how often each of its jobs is due
    "worker_seconds": 60,
    "forget_seconds": HOUR,
    "release_seconds": 60,
    # Administration
    "batch_people": 500,
    # Directory
    "people_found": 50,
    "vaults_person": 32,
    "passkeys_person": 16,
    # Log and socket
    "append_device": (60, 1.0),
    "marker_device": (60, 0.5),
    "epoch_device": (20, 30.0),
    "figures_device": (1, float(HOUR)),
    "whisper_device": (2, 1.0),
    "whispers_socket": (20, 0.1),
    "whispers_waiting": 500,
    "whispers_asked": 5,
    "present_device": (10, 5.0),
    "present_seconds": 90,
    "present_persons": 20_000,
    "presence_seconds": 1,
    "frames_socket": (600, 0.02),
    "sockets_device": 5,
    "hello_seconds": 10,
    "bad_frames_minute": 20,
    "writes_waiting": 2000,
    "credit_frames": 64,
    "credit_bytes": 256 * 1024,
    "waiting_bytes": 1024 * 1024,
    "stall_seconds": 60,
    "hint_seconds": 2,
    "sweep_seconds": 5,
    "markers_seconds": 1,
    "epoch_skew_seconds": 10 * 60,
    # After a restoration
    "restored_grace_seconds": 10 * 60,
    "restored_claim_seconds": 10 * 60,
    "restored_window_seconds": 72 * HOUR,
    "giving_back_device": (120, 1.0),
    # Server
    "frame_bytes": 64 * 1024,
    "http_body_bytes": 1024 * 1024,  # the most that any route takes; most take less
    "http_seconds": 120,
    "socket_seconds": 12 * HOUR,
    "listen_backlog": 512,
    "stop_seconds": 10,
    "health_seconds": 2,
}


def read_limits(env: environ.Env) -> dict[str, Limit]:
    return {name: _read(env, name, default) for name, default in DEFAULTS.items()}


def _read(env: environ.Env, name: str, default: Limit) -> Limit:
    variable = f"COLLOQUE_LIMIT_{name.upper()}"
    text = str(env.str(variable, default=""))
    if not text:
        return default
    burst, _, seconds = text.partition(",")
    value: Limit = int(burst) if isinstance(default, int) else (int(burst), float(seconds))
    numbers = (value,) if isinstance(value, int) else value
    # Zero or less would be no bound at all: a limit can be wide, it cannot be switched off.
    if any(number <= 0 for number in numbers):
        raise ValueError(f"{variable} is {text!r}: every number must be above zero.")
    return value
