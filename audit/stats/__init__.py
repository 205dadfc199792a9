"""Rows in, estimates out: permutation tests, intervals, effect sizes, multiplicity, margins; no model is seen here."""

from audit.stats.ablation import (
    CONTROLS,
    Controls,
    against_controls,
    control_range,
    largest_means,
    matched_controls,
    mean_change,
    removed_share,
    share_differences,
)
from audit.stats.absence import decodability, planted_recall
from audit.stats.activation_bins import ActivationBin, activation_bins, base_rate_recall, percentile_ranks, z_edges
from audit.stats.adjustment import benjamini_hochberg, benjamini_yekutieli, holm
from audit.stats.agreement import cohens_kappa
from audit.stats.association import difference_estimates, estimate_association, estimate_matched, matched_difference
from audit.stats.baseline import Change, change
from audit.stats.clustered_auroc import auroc_interval, auroc_mde, permutation_auroc
from audit.stats.crossed import CALIBRATED_TEMPLATES, CrossedDifference, crossed_difference
from audit.stats.design import TwoSampleDesign
from audit.stats.effects import EffectSize, auc, cohens_d, eat_effect_size, hedges_g
from audit.stats.equivalence import Relation, noninferiority_p, relation, tost_p
from audit.stats.estimates import AssociationEstimates
from audit.stats.extremes import Extreme, largest, smallest
from audit.stats.facets import Group, Grouping, facets
from audit.stats.family import FamilyResult, max_t
from audit.stats.gaps import SHARE_STATISTICS, ShareComparison
from audit.stats.group_permutation import permuted_gap
from audit.stats.hypodescent import EXCESS, Hypodescent
from audit.stats.interval import Interval
from audit.stats.jackknife import jackknife
from audit.stats.ledger import AlphaLedger
from audit.stats.levels import LARGEST, LevelComparison
from audit.stats.matched import LEAST_PAIRS, MatchedDesign, effect_size_dz, paired_difference
from audit.stats.multimodality import (
    FormArea,
    FormResponses,
    Multimodality,
    MultimodalUnit,
    confirm_multimodal,
    multimodal_units,
)
from audit.stats.permutation import PermutationTest, paired_sign_flip, two_sample
from audit.stats.power import design_effect, icc, mde
from audit.stats.proportions import clopper_pearson, wilson, wilson_simultaneous
from audit.stats.region_harm import against_each, layer_alignment
from audit.stats.resampling import bca, cluster_bootstrap, studentized_bootstrap
from audit.stats.resolution import holm_of, needed_resamples
from audit.stats.retrieval import RETRIEVAL_STATISTICS, Ranking
from audit.stats.saddlepoint import sign_flip_tail, two_sample_tail
from audit.stats.selectivity import auroc, average_precision, constant_units, finite_units, pearson, tpr_at_fpr
from audit.stats.self_similarity import pseudo_values
from audit.stats.shares import GroupShares, group_shares
from audit.stats.shrinkage import Shrunken, paule_mandel, shrink
from audit.stats.single_case import SingleCase, single_case_difference
from audit.stats.single_positive import rank_single
from audit.stats.two_way import two_way_share
from audit.stats.unit_confirmation import Confirmation, ConfirmedUnit, select_then_confirm
from audit.stats.unit_estimates import UnitEstimates, estimate_unit
from audit.stats.unit_existence import UnitExistence, max_t_units

__all__ = [
    "CALIBRATED_TEMPLATES",
    "CONTROLS",
    "EXCESS",
    "LARGEST",
    "LEAST_PAIRS",
    "RETRIEVAL_STATISTICS",
    "SHARE_STATISTICS",
    "ActivationBin",
    "AlphaLedger",
    "AssociationEstimates",
    "Change",
    "Confirmation",
    "ConfirmedUnit",
    "Controls",
    "CrossedDifference",
    "EffectSize",
    "Extreme",
    "FamilyResult",
    "FormArea",
    "FormResponses",
    "Group",
    "GroupShares",
    "Grouping",
    "Hypodescent",
    "Interval",
    "LevelComparison",
    "MatchedDesign",
    "MultimodalUnit",
    "Multimodality",
    "PermutationTest",
    "Ranking",
    "Relation",
    "ShareComparison",
    "Shrunken",
    "SingleCase",
    "TwoSampleDesign",
    "UnitEstimates",
    "UnitExistence",
    "activation_bins",
    "against_controls",
    "against_each",
    "auc",
    "auroc",
    "auroc_interval",
    "auroc_mde",
    "average_precision",
    "base_rate_recall",
    "bca",
    "benjamini_hochberg",
    "benjamini_yekutieli",
    "change",
    "clopper_pearson",
    "cluster_bootstrap",
    "cohens_d",
    "cohens_kappa",
    "confirm_multimodal",
    "constant_units",
    "control_range",
    "crossed_difference",
    "decodability",
    "design_effect",
    "difference_estimates",
    "eat_effect_size",
    "effect_size_dz",
    "estimate_association",
    "estimate_matched",
    "estimate_unit",
    "facets",
    "finite_units",
    "group_shares",
    "hedges_g",
    "holm",
    "holm_of",
    "icc",
    "jackknife",
    "largest",
    "largest_means",
    "layer_alignment",
    "matched_controls",
    "matched_difference",
    "max_t",
    "max_t_units",
    "mde",
    "mean_change",
    "multimodal_units",
    "needed_resamples",
    "noninferiority_p",
    "paired_difference",
    "paired_sign_flip",
    "paule_mandel",
    "pearson",
    "percentile_ranks",
    "permutation_auroc",
    "permuted_gap",
    "planted_recall",
    "pseudo_values",
    "rank_single",
    "relation",
    "removed_share",
    "select_then_confirm",
    "share_differences",
    "shrink",
    "sign_flip_tail",
    "single_case_difference",
    "smallest",
    "studentized_bootstrap",
    "tost_p",
    "tpr_at_fpr",
    "two_sample",
    "two_sample_tail",
    "two_way_share",
    "wilson",
    "wilson_simultaneous",
    "z_edges",
]
