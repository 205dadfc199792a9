"""Arrays in, tidy rows out: what each stimulus gave, before any statistic."""

from audit.measures.association import AssociationRows, associations
from audit.measures.counterfactual import CounterfactualSets, whole_sets
from audit.measures.morphs import MorphRows, morphs
from audit.measures.retrieval import RetrievalRows, retrieval
from audit.measures.self_similarity import GroupVectors, comparable
from audit.measures.units import UnitResponses, cluster_means, unit_responses
from audit.measures.zero_shot import ZeroShotRows, captioned, class_vectors, zero_shot

__all__ = [
    "AssociationRows",
    "CounterfactualSets",
    "GroupVectors",
    "MorphRows",
    "RetrievalRows",
    "UnitResponses",
    "ZeroShotRows",
    "associations",
    "captioned",
    "class_vectors",
    "cluster_means",
    "comparable",
    "morphs",
    "retrieval",
    "unit_responses",
    "whole_sets",
    "zero_shot",
]
