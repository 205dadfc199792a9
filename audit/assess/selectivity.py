"""From responses to the estimates of one unit: the named one, the best of several, or a confirmed one."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from audit.records import Estimate, Measured, Undefined
from audit.stats import estimate_unit, max_t_units, rank_single

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from audit.measures import UnitResponses
    from audit.stats import Confirmation, ConfirmedUnit, UnitEstimates


@dataclass(frozen=True, slots=True)
class BestUnit:
    """The unit that answers most to the concept, of those that were declared."""

    index: int
    """Its column in the responses."""
    estimates: tuple[Measured, ...]
    """AUROC first."""
    p_adjusted: NDArray[np.float64] | None
    """(u,) max-T p of every unit; None when there is one cluster only."""


def one_unit(found: UnitResponses, index: int, seed: int, *, family: int = 1) -> UnitEstimates:
    """All estimates of one unit; ``family`` is the number of units judged at once."""
    return estimate_unit(
        found.responses[:, index],
        found.positive,
        np.arange(len(found.positive)),
        seed=seed,
        n_items=len(found.concept.stimuli) + len(found.against.stimuli),
        family=family,
    )


def best_unit(found: UnitResponses, seed: int) -> BestUnit | Undefined:
    """The declared unit; of several the one with the highest AUROC, with the p of max-T over all of them."""
    if int(found.positive.sum()) == 1:
        items = len(found.concept.stimuli) + len(found.against.stimuli)
        ranked = rank_single(found.responses, found.positive, n_items=items)
        return ranked if isinstance(ranked, Undefined) else BestUnit(ranked[0], (ranked[1],), None)
    existence = max_t_units(found.responses, found.positive, np.arange(len(found.positive)), seed=seed)
    if isinstance(existence, Undefined):
        return Undefined(name="auroc", reason=existence.reason)
    best = int(np.nanargmax(existence.auroc))
    headline, *others = one_unit(found, best, seed, family=len(found.units)).all
    if isinstance(headline, Estimate) and len(found.units) > 1:
        headline = replace(
            headline,
            p_adjusted=float(existence.p_adjusted[best]),
            method=f"{headline.method}; adjusted p by max-T over {len(found.units)} units",
        )
    return BestUnit(best, (headline, *others), existence.p_adjusted)


def confirmed_estimate(found: UnitResponses, unit: ConfirmedUnit, search: Confirmation) -> Estimate:
    """AUROC of a unit on the clusters that had no part in naming it."""
    stimuli = len(found.concept.stimuli) + len(found.against.stimuli)
    return Estimate(
        name="auroc",
        value=unit.auroc,
        unit="probability",
        sign="above 0.5 when the unit prefers the concept",
        n=round(stimuli * sum(search.clusters) / len(found.clusters)),
        groups=search.clusters,
        method="AUROC on the half of the clusters that did not name the unit; simultaneous interval by Bonferroni over "
        f"the {len(search.units)} named units; p by permuting clusters, adjusted by Holm",
        level=search.level,
        low=unit.low,
        high=unit.high,
        low_simultaneous=unit.low_simultaneous,
        high_simultaneous=unit.high_simultaneous,
        p=unit.p,
        p_adjusted=unit.p_holm,
        p_method="monte-carlo",
        smallest_p=search.smallest_p,
        alternative="greater",
    )
