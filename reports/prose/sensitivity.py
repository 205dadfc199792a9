"""How the answer moves when wording, words or definitions change, in one sentence a kind."""

from __future__ import annotations

from typing import TYPE_CHECKING

from audit.findings.numbers import fixed
from audit.records import Estimate
from reports.numbers import SIGNED, decimals, signed
from reports.prose.words import wording

if TYPE_CHECKING:
    from audit.records import Finding

_LEADS = {
    "variant": ("With the other definition", "With the {n} other definitions"),
    "template": ("With one {wording} alone", "With one of the {n} {wording}s alone"),
    "attribute": ("With one attribute word left out", "With one of the {n} attribute words left out"),
}


def moves(finding: Finding, kind: str) -> str:
    """``With one of the 4 wordings alone it lies between +0.031 and +0.062.``"""
    found = [v.estimate for v in finding.sensitivity if v.kind == kind and isinstance(v.estimate, Estimate)]
    headline = finding.headline
    if not found or headline is None:
        return ""
    places = decimals(headline, finding.margin)
    values = sorted(estimate.value for estimate in found)
    one, many = (lead.format(n=len(values), wording=wording(finding)) for lead in _LEADS[kind])
    text = [signed(v, places) if headline.unit in SIGNED else fixed(v, places) for v in (values[0], values[-1])]
    if len(values) == 1:
        return f"{one} it is {text[0]}."
    if text[0] == text[1]:
        return f"{many} it stays at {text[0]}."
    return f"{many} it lies between {text[0]} and {text[1]}."
