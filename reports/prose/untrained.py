"""What towers that were never trained give, in words."""

from __future__ import annotations

from typing import TYPE_CHECKING

from audit.findings.numbers import counted, decimals_for
from audit.records import Estimate, Role, Verdict
from reports.numbers import listed, shown, signed

if TYPE_CHECKING:
    from audit.records import Finding, UntrainedNull

    Pair = tuple[Estimate, UntrainedNull]

_AS = {"cosine_difference": "in cosine", "hedges_g": "as Hedges g", "effect_size_dz": "as dz"}


def compared(finding: Finding, nulls: tuple[UntrainedNull, ...]) -> list[Pair]:
    """The estimates of the finding that untrained towers were asked for too, the headline first."""
    by_name = {null.statistic: null for null in nulls}
    return [(e, by_name[e.name]) for e in finding.estimates if isinstance(e, Estimate) and e.name in by_name]


def is_inside(pair: Pair) -> bool:
    """Whether the model's estimate lies between the smallest and the largest that an untrained tower gave."""
    estimate, null = pair
    return min(null.values) <= estimate.value <= max(null.values)


def claims(finding: Finding) -> bool:
    """Whether the finding leaves open or says that there is an association: all but what passes by having none."""
    none_expected = finding.role in (Role.PROBE, Role.NEGATIVE_CONTROL)
    return not (none_expected and finding.verdict is Verdict.PASS)


def ranges(finding: Finding, pairs: list[Pair]) -> str:
    """``On the same pictures, 20 image towers that were never trained give −0.004 to +0.012 in cosine``, and so on."""
    told: list[str] = []
    for estimate, null in pairs:
        own = shown(estimate, finding.margin).value
        told.append(f"{ends(null)} {_as(null)} ({'the model: ' if not told else ''}{own})")
    towers = counted(len(pairs[0][1].values), "image tower")
    return f"On the same pictures, {towers} that were never trained give {listed(told)}."


def ends(null: UntrainedNull) -> str:
    """``−0.004 to +0.012``: the smallest and the largest that a tower gave."""
    low, high = min(null.values), max(null.values)
    places = decimals_for((high - low) / 2)
    return f"{signed(low, places)} to {signed(high, places)}"


def place(finding: Finding, pairs: list[Pair]) -> str:
    """Where the model's own estimate lies; of one that claims something, what follows when it lies inside."""
    within = [_as(pair[1]) for pair in pairs if is_inside(pair)]
    beyond = [_as(pair[1]) for pair in pairs if not is_inside(pair)]
    if not within:
        return "The model’s own estimate lies outside that range."
    where = f"inside that range {listed(within)} and outside it {listed(beyond)}" if beyond else "inside that range"
    if not claims(finding):
        return f"The model’s own estimate lies {where}."
    if beyond:
        return f"The model’s own estimate lies {where}: part of what is found may come of the pictures alone."
    return (
        f"The model’s own estimate lies {where}: a tower that has learned nothing can give as large a difference on "
        "these pictures. This finding is no evidence of anything the model learned."
    )


def why(towers: int) -> str:
    """Why untrained towers are asked, and what they can tell."""
    return (
        "A permutation over countries or people asks whether other members of the two groups would have given as "
        "much. It cannot ask whether the pictures alone do: flags of a region share colours, and a tower that has "
        "learned nothing still answers to colours. In a pilot, ten image towers that were never trained gave effect "
        "sizes d from −1.13 to +0.82 for one and the same question about flags. So every association with pictures is "
        f"measured again on {towers:,} image towers of the same shape with random weights, behind the same text "
        "encoder, on the same pictures; as an untrained tower has no statistics for its batch normalisation, they are "
        "taken from these pictures. An estimate inside the range of these towers needs no learning to explain it. One "
        f"outside is a hint and no proof: one more such tower would lie outside in 2 of {towers + 1:,} cases. "
        "Untrained towers put all pictures close together, so their differences in cosine are small as such; the "
        "effect size, which divides by the spread, is the fairer comparison."
    )


def unchecked(lacking: int, of: int) -> str:
    """That some findings with pictures are not checked."""
    if lacking == of:
        return (
            "No finding here is held against image towers that were never trained: they were not asked these "
            "questions. Part of what is found with pictures may come of the pictures alone."
        )
    verb = "is" if lacking == 1 else "are"
    return (
        f"{lacking:,} of the {of:,} findings with pictures {verb} not held against untrained towers, which were not "
        "asked the same question."
    )


def suspicion(inside: int, of: int) -> str:
    """How many of the fails on pictures an untrained tower could have given; empty when none."""
    if not inside:
        return ""
    lies = "lies" if inside == 1 else "lie"
    return (
        f"{inside:,} of the {counted(of, 'fail')} on pictures {lies}, in cosine or in effect size, inside what image "
        "towers that were never trained give on the same pictures; the cards say which."
    )


def _as(null: UntrainedNull) -> str:
    return _AS.get(null.statistic, null.statistic.replace("_", " "))
