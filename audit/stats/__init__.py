"""Rows in, estimates out: permutation tests, intervals, effect sizes, multiplicity, margins; no model is seen here."""

from audit.stats.adjustment import benjamini_hochberg, benjamini_yekutieli, holm
from audit.stats.association import AssociationEstimates, estimate_association
from audit.stats.crossed import CrossedDifference, crossed_difference
from audit.stats.effects import EffectSize, auc, cohens_d, eat_effect_size, hedges_g
from audit.stats.equivalence import Relation, noninferiority_p, relation, tost_p
from audit.stats.family import FamilyResult, TwoSampleDesign, max_t
from audit.stats.permutation import PermutationTest, paired_sign_flip, two_sample
from audit.stats.power import design_effect, icc, mde

__all__ = [
    "AssociationEstimates",
    "CrossedDifference",
    "EffectSize",
    "FamilyResult",
    "PermutationTest",
    "Relation",
    "TwoSampleDesign",
    "auc",
    "benjamini_hochberg",
    "benjamini_yekutieli",
    "cohens_d",
    "crossed_difference",
    "design_effect",
    "eat_effect_size",
    "estimate_association",
    "hedges_g",
    "holm",
    "icc",
    "max_t",
    "mde",
    "noninferiority_p",
    "paired_sign_flip",
    "relation",
    "tost_p",
    "two_sample",
]
