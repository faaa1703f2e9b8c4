"""Every number that bounds a person or a machine: its default here, another by COLLOQUE_LIMIT_<NAME>."""

import environ

Limit = int | tuple[int, float]

# A pair is a rate: how many at once, then one each so many seconds.
DEFAULTS: dict[str, Limit] = {
    # Sign-in
    "password_memory_kib": 19 * 1024,
    "password_passes": 2,
    "code_memory_kib": 19 * 1024,
    "code_passes": 2,
    "factor_backoff_seconds": 1,
    "fresh_factor_seconds": 300,
    # Sessions
    "session_absolute_seconds": 12 * 3600,
    "session_unverified_seconds": 900,
    "session_idle_seconds": 3600,
    "session_idle_shared_seconds": 600,
    "session_touch_seconds": 60,
    # Directory
    "people_found": 50,
    # Socket
    "frame_bytes": 64 * 1024,
    "http_seconds": 120,
    "socket_seconds": 12 * 3600,
    "listen_backlog": 512,
}


def read_limits(env: environ.Env) -> dict[str, Limit]:
    return {name: _read(env, name, default) for name, default in DEFAULTS.items()}


def _read(env: environ.Env, name: str, default: Limit) -> Limit:
    text = str(env.str(f"COLLOQUE_LIMIT_{name.upper()}", default=""))
    if not text:
        return default
    if isinstance(default, int):
        return int(text)
    burst, _, seconds = text.partition(",")
    return int(burst), float(seconds)
