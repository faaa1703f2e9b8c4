"""Every number that bounds a person or a machine: its default here, another by COLLOQUE_LIMIT_<NAME>."""

import environ

Limit = int | tuple[int, float]

# A pair is a rate: how many at once, then one each so many seconds.
DEFAULTS: dict[str, Limit] = {
    "session_seconds": 12 * 3600,
    "idle_seconds": 3600,
    "frame_bytes": 64 * 1024,
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
