"""Lists of words that come with the tool, to be drawn and shown to a model."""

from __future__ import annotations

from functools import cache

from audit.errors import AuditError
from audit.suite.places import bundled_root


@cache
def word_list(name: str) -> tuple[str, ...]:
    """The words of ``probes/words/NAME.txt``, one a line, each once. AuditError when it is not there."""
    path = bundled_root() / "words" / f"{name}.txt"
    try:
        lines = path.read_text("utf-8").splitlines()
    except OSError as error:
        raise AuditError(
            f"The list of words {path} cannot be read: {error.strerror}.", hint="install the tool anew"
        ) from error
    return tuple(dict.fromkeys(word for line in lines if (word := line.strip())))
