"""Widths of text, near enough to break lines: SVG does not wrap by itself."""

from __future__ import annotations

NARROW = frozenset("iljI.,:;'|!()[]ftr -·’“”")
BROAD = frozenset("mwMW%@—…")
AVERAGE = {"narrow": 0.33, "broad": 0.88, "capital": 0.69, "other": 0.57}
"""Mean advance widths in Inter, in em."""


def width(text: str, size: float) -> float:
    """Approximate width of ``text`` at ``size``, in the unit of ``size``; characters beyond Latin count one em."""
    return size * sum(_advance(character) for character in text)


def _advance(character: str) -> float:
    if ord(character) > 0x2E80:
        return 1.0
    if character in NARROW:
        return AVERAGE["narrow"]
    if character in BROAD:
        return AVERAGE["broad"]
    return AVERAGE["capital" if character.isupper() else "other"]


def wrap(text: str, limit: float, size: float, *, most: int = 4) -> tuple[str, ...]:
    """``text`` in lines of at most ``limit``; a word that is too long is cut, and so is what follows line ``most``."""
    lines = [""]
    for word in text.split():
        longer = f"{lines[-1]} {word}".strip()
        if width(longer, size) <= limit:
            lines[-1] = longer
        elif lines[-1]:
            lines.append(clip(word, limit, size))
        else:
            lines[-1] = clip(word, limit, size)
    if len(lines) > most:
        lines = [*lines[: most - 1], clip(" ".join(lines[most - 1 :]), limit, size)]
    return tuple(lines)


def clip(text: str, limit: float, size: float) -> str:
    """``text``, cut with an ellipsis when it is wider than ``limit``."""
    if width(text, size) <= limit:
        return text
    while text and width(text + "…", size) > limit:
        text = text[:-1]
    return text.rstrip() + "…"
