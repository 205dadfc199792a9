"""Pictures of the run inside the page, each of them once."""

from __future__ import annotations

import base64
from io import BytesIO
from typing import TYPE_CHECKING

from markupsafe import Markup
from PIL import Image

from audit.errors import RunError

if TYPE_CHECKING:
    from collections.abc import Callable

_EFFORT, _QUALITY = 50, 90
"""Of exact WebP, the effort (more takes seconds a picture and saves nothing); of the other, a quality in which small
art looks the same."""


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
        data = self._read(path)
        kind, data = ("png", data) if self._printed else ("webp", _light(path, data))
        return f"data:image/{kind};base64,{base64.b64encode(data).decode('ascii')}"


def _light(path: str, data: bytes) -> bytes:
    """The picture as WebP, exact or not, whichever takes fewer bytes: a page may show hundreds.

    What the model saw stays in the run directory. RunError when the file is no picture.
    """
    try:
        with Image.open(BytesIO(data)) as picture:
            shown = picture.convert("RGB")
    except OSError as error:
        raise RunError(f"{path} of this run is no picture.") from error
    made = []
    for exact in (True, False):
        sink = BytesIO()
        shown.save(sink, format="WEBP", lossless=exact, quality=_EFFORT if exact else _QUALITY)
        made.append(sink.getvalue())
    return min(made, key=len)
