"""How the answer moves when wording, words or definitions change, in one sentence for each."""

from __future__ import annotations

from typing import TYPE_CHECKING

from audit.findings.numbers import fixed
from audit.records import Estimate
from reports.numbers import decimals, is_signed, signed
from reports.prose.variations import by_noun

if TYPE_CHECKING:
    from audit.records import Finding

_ALONE = frozenset({"wording", "font", "art style"})


def moves(finding: Finding, what: str) -> str:
    """``With one of the 4 wordings alone it lies between +0.031 and +0.062.``"""
    found = [v.estimate for v in by_noun(finding).get(what, ()) if isinstance(v.estimate, Estimate)]
    headline = finding.headline
    if not found or headline is None:
        return ""
    places = decimals(headline, finding.margin)
    values = sorted(estimate.value for estimate in found)
    lead = _lead(what, len(values))
    text = [signed(v, places) if is_signed(headline) else fixed(v, places) for v in (values[0], values[-1])]
    if len(values) == 1:
        return f"{lead} it is {text[0]}."
    if text[0] == text[1]:
        return f"{lead} it stays at {text[0]}."
    return f"{lead} it lies between {text[0]} and {text[1]}."


def _lead(what: str, count: int) -> str:
    if what in _ALONE:
        return f"With one {what} alone" if count == 1 else f"With one of the {count} {what}s alone"
    if what == "attribute word":
        return "With one attribute word left out" if count == 1 else f"With one of the {count} attribute words left out"
    return f"With the other {what}" if count == 1 else f"With the {count} other {what}s"
