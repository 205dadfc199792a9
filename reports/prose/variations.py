"""What the variations of a finding vary."""

from __future__ import annotations

from typing import TYPE_CHECKING

from reports.numbers import listed
from reports.prose.pictures import style

if TYPE_CHECKING:
    from audit.records import Finding, Variation

_ORDER = ("variant", "template", "attribute")
"""The kinds that are known, in the order in which they are shown."""
_FONTS_AND_STYLES = {"rendered": "font", "native": "font", "pictograph": "art style"}
_VARIANTS = {
    "association": "definition",
    "units": "definition",
    "multimodality": "definition",
    "absence": "definition",
    "classification": "label set",
    "performance": "label set",
    "typographic": "label set",
    "markedness": "label set",
}
_TITLES = {
    "definition": "Another definition of a concept",
    "attribute word": "One attribute word left out",
    "wording": "One wording alone",
    "font": "One font alone",
    "art style": "One art style alone",
}


def noun(finding: Finding, variation: Variation) -> str:
    """What one variation changes: ``wording``, ``font``, ``art style``, ``definition``, ``label set``..."""
    match variation.kind:
        case "template":
            # Labels keep their wordings when the things that are shown are pictures in several styles.
            return "wording" if "{}" in variation.name else _FONTS_AND_STYLES.get(finding.form[0], "wording")
        case "variant":
            return _VARIANTS.get(finding.measure, "variant")
        case "attribute":
            return "attribute word"
    return variation.kind


def by_noun(finding: Finding) -> dict[str, tuple[Variation, ...]]:
    """The variations of a finding by what they change: definitions and label sets first, then wordings, the rest."""
    kinds = dict.fromkeys((*_ORDER, *(variation.kind for variation in finding.sensitivity)))
    ordered = [variation for kind in kinds for variation in finding.sensitivity if variation.kind == kind]
    nouns = dict.fromkeys(noun(finding, variation) for variation in ordered)
    return {one: tuple(v for v in ordered if noun(finding, v) == one) for one in nouns}


def title(what: str) -> str:
    """What was varied, as a title over its variations."""
    return _TITLES.get(what, f"Another {what}")


def name(finding: Finding, variation: Variation) -> str:
    """One variation by its name for people."""
    if variation.kind != "template":
        return variation.name
    if variation.name == "{}":
        return "the bare term"
    if noun(finding, variation) == "wording":
        return variation.name
    drawn_in, bracket, more = variation.name.partition(" (")  # what else is told of it stands in brackets
    return style({"form": finding.form[0], "template": drawn_in}) + bracket + more


def wordings(finding: Finding) -> str:
    """All that the stimuli of a finding come in: ``wordings``, ``art styles``, ``wordings and art styles``."""
    found = [what for what, members in by_noun(finding).items() if members[0].kind == "template"]
    return listed(f"{what}s" for what in found or [_FONTS_AND_STYLES.get(finding.form[0], "wording")])


def question(finding: Finding) -> str:
    """``Do the definitions and wordings matter?``"""
    return f"Do the {listed(f'{what}s' for what in by_noun(finding))} matter?"
