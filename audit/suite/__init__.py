"""Suites: YAML in, every mistake with its place, and what is to be measured out."""

from audit.suite.algebra import Selection
from audit.suite.association import BY_POSITION, AssociationProbe
from audit.suite.bundled import LexiconEntry, SuiteEntry, find_lexicons, find_suites
from audit.suite.concept import Concept, Definition, Variant
from audit.suite.counterfactual import CounterfactualProbe
from audit.suite.groups import GroupedBy
from audit.suite.hypodescent import HypodescentProbe
from audit.suite.lexicon import Lexicon
from audit.suite.margin import AssociationMargin, AurocMargin
from audit.suite.markedness import MarkednessProbe, marking_problem
from audit.suite.multimodality import DRAWN_WORDS, MultimodalityProbe
from audit.suite.pictograph_index import (
    ART_STYLES,
    ITEM,
    LABELS,
    Pictograph,
    cluster_label,
    pictographs,
    pictographs_folder,
)
from audit.suite.pictographs import KINDS, Pictographs
from audit.suite.places import bundled_root
from audit.suite.resolve import load_suite
from audit.suite.retrieval import RetrievalProbe
from audit.suite.schema import document_schema, suite_schema
from audit.suite.self_similarity import SelfSimilarityProbe
from audit.suite.single_category import SingleCategoryProbe
from audit.suite.spans import Spans
from audit.suite.suite import Suite
from audit.suite.suite_file import MEASURES, Probe
from audit.suite.typographic import TypographicProbe
from audit.suite.units import AbsenceProbe, RestOf, UnitsProbe
from audit.suite.validated import document_kind, load_document
from audit.suite.visualize import VisualizeProbe
from audit.suite.word_lists import word_list
from audit.suite.zero_shot import COLUMN, ClassificationProbe, PerformanceProbe

__all__ = [
    "ART_STYLES",
    "BY_POSITION",
    "COLUMN",
    "DRAWN_WORDS",
    "ITEM",
    "KINDS",
    "LABELS",
    "MEASURES",
    "AbsenceProbe",
    "AssociationMargin",
    "AssociationProbe",
    "AurocMargin",
    "ClassificationProbe",
    "Concept",
    "CounterfactualProbe",
    "Definition",
    "GroupedBy",
    "HypodescentProbe",
    "Lexicon",
    "LexiconEntry",
    "MarkednessProbe",
    "MultimodalityProbe",
    "PerformanceProbe",
    "Pictograph",
    "Pictographs",
    "Probe",
    "RestOf",
    "RetrievalProbe",
    "Selection",
    "SelfSimilarityProbe",
    "SingleCategoryProbe",
    "Spans",
    "Suite",
    "SuiteEntry",
    "TypographicProbe",
    "UnitsProbe",
    "Variant",
    "VisualizeProbe",
    "bundled_root",
    "cluster_label",
    "document_kind",
    "document_schema",
    "find_lexicons",
    "find_suites",
    "load_document",
    "load_suite",
    "marking_problem",
    "pictographs",
    "pictographs_folder",
    "suite_schema",
    "word_list",
]
