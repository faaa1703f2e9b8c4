"""Small signs in lists: a word on a tint, never a colour alone."""

from typing import Literal

from django.utils.html import format_html
from django.utils.safestring import SafeString

Tone = Literal["good", "bad", "known", "quiet"]


def mark(word: str, tone: Tone) -> SafeString:
    return format_html('<span class="mark {}">{}</span>', tone, word)


def short(id: bytes | memoryview) -> str:
    """The first eight digits of an identifier, in pairs of four, as people read them to one another."""
    digits = bytes(id).hex()[:8]
    return f"{digits[:4]} {digits[4:]}"
