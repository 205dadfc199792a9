"""What a picture that is shown as evidence is called."""

from __future__ import annotations

import re
from pathlib import PurePosixPath
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

_STYLES = {"noto": "Noto", "twemoji": "Twemoji", "fluent": "Fluent"}
"""Art styles that are names; the others are called as they are written."""
_FLAG = re.compile(r"flag-[a-z]{2}")
"""What the file of a country's flag is called, but for its ending."""
_WITH_THE = re.compile(r"United |Netherlands|Philippines|Maldives|Bahamas|Gambia|Comoros|.*(?:Islands|Republic)$")
"""Countries that take an article."""


def named(label: str, stimulus: Mapping[str, str]) -> str:
    """What people call the picture: ``flag of Iraq``, or the label of what is no flag.

    ``stimulus`` is its row in the table of stimuli; without one the label is all that is known.
    """
    return flag(label) if _is_flag(stimulus) else label


def style(stimulus: Mapping[str, str]) -> str:
    """``Noto style``; of a drawn word its font; empty when it is not known."""
    template = stimulus.get("template") or ""
    return template if is_word(stimulus) or not template else f"{_STYLES.get(template, template)} style"


def alternative(label: str, stimulus: Mapping[str, str]) -> str:
    """The picture in words, for readers who do not see it: ``flag of Iraq, Noto style``.

    A cluster may hold several pictures (a role in every skin tone), so it is the picture that is named here.
    """
    if is_word(stimulus):
        meant = f" for {stimulus['item']}" if stimulus["form"].startswith("native") else ""
        return f"the word “{stimulus['content']}”{meant} in {style(stimulus)}"
    what = flag(stimulus["item"]) if _is_flag(stimulus) else stimulus.get("item") or label
    return ", ".join(filter(None, (what, style(stimulus))))


def flag(country: str) -> str:
    """``flag of the Netherlands``."""
    return f"flag of {'the ' if _WITH_THE.match(country) else ''}{country}"


def is_word(stimulus: Mapping[str, str]) -> bool:
    """Whether it is a word that the tool drew."""
    return stimulus.get("form", "").startswith(("rendered", "native"))


def _is_flag(stimulus: Mapping[str, str]) -> bool:
    path = PurePosixPath(stimulus.get("content", ""))
    return stimulus.get("form", "").startswith("pictograph") and _FLAG.fullmatch(path.stem) is not None
