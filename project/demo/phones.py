"""What each person would have in a drawer or a pocket. All of it fictional, all of it in one file (0600)."""

import json
import os
import secrets
from dataclasses import asdict, dataclass
from pathlib import Path

WORDS = [
    "Verger",
    "Granit",
    "Loutre",
    "Sapin",
    "Mistral",
    "Brioche",
    "Falaise",
    "Cerise",
    "Horloge",
    "Prairie",
    "Lanterne",
    "Galet",
    "Olivier",
    "Ruisseau",
    "Mouette",
    "Campanule",
    "Violon",
    "Parasol",
    "Noisette",
    "Tambour",
    "Glacier",
    "Fougere",
    "Vallon",
    "Papillon",
]


@dataclass(frozen=True)
class Phone:
    key: str
    name: str
    title: str
    email: str
    password: str
    totp_secret: str
    printed_codes: tuple[str, ...]
    recovery_code: tuple[str, ...]


def new_password() -> str:
    first, second, third = secrets.SystemRandom().sample(WORDS, 3)
    return f"{first}-{second}-{secrets.randbelow(9000) + 1000}-{third}"


def write(path: Path, phones: list[Phone]) -> None:
    half = path.with_suffix(".half")
    with os.fdopen(os.open(half, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as out:
        json.dump([asdict(phone) for phone in phones], out, ensure_ascii=False, indent=2)
    half.replace(path)


def read(path: Path) -> list[Phone]:
    return [
        Phone(
            **{
                **row,
                "printed_codes": tuple(row["printed_codes"]),
                "recovery_code": tuple(row["recovery_code"]),
            }
        )
        for row in json.loads(path.read_text())
    ]
