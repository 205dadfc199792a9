"""Pictures of the run inside the page, each of them once."""

from __future__ import annotations

import base64
from typing import TYPE_CHECKING

from markupsafe import Markup

if TYPE_CHECKING:
    from collections.abc import Callable


class Album:
    """Pictures by reference for a browser, where a page may show one in many cards.

    Each stands in the page once, as a symbol that every card draws again. An ``img`` cannot do that: its address would
    be repeated with the whole picture in it. The PDF renderer gets ``img`` all the same: its symbols reach no further
    than their own SVG, and it writes a picture once however often it is shown.
    """

    def __init__(self, read: Callable[[str], bytes], *, printed: bool) -> None:
        """``read`` gives the bytes of a picture of the run, PNG, by its path inside the run directory."""
        self._read = read
        self._printed = printed
        self._numbers: dict[str, int] = {}

    def show(self, path: str, alternative: str) -> Markup:
        """The picture, with what it shows in words."""
        if self._printed:
            return Markup('<img class="picture" src="{}" alt="{}">').format(self._address(path), alternative)
        number = self._numbers.setdefault(path, len(self._numbers) + 1)
        return Markup('<svg class="picture" role="img" aria-label="{}"><use href="#picture-{}"/></svg>').format(
            alternative, number
        )

    def symbols(self) -> Markup:
        """All pictures that were shown, for the end of the page; empty where each stands in its own place."""
        if not self._numbers:
            return Markup()
        symbols = (
            Markup(
                '<symbol id="picture-{}" viewBox="0 0 96 96"><image href="{}" width="96" height="96"/></symbol>'
            ).format(number, self._address(path))
            for path, number in self._numbers.items()
        )
        return Markup('<svg class="album" aria-hidden="true" width="0" height="0">{}</svg>').format(
            Markup("\n").join(symbols)
        )

    def _address(self, path: str) -> str:
        return "data:image/png;base64," + base64.b64encode(self._read(path)).decode("ascii")
