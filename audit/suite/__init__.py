"""Suites: YAML in, every mistake with its place, and what is to be measured out."""

from audit.suite.association import BY_POSITION, AssociationProbe
from audit.suite.bundled import LexiconEntry, SuiteEntry, find_lexicons, find_suites
from audit.suite.concept import Concept, Definition, Variant
from audit.suite.lexicon import Lexicon
from audit.suite.margin import AssociationMargin, AurocMargin
from audit.suite.places import bundled_root
from audit.suite.resolve import load_suite
from audit.suite.schema import document_schema, suite_schema
from audit.suite.spans import Spans
from audit.suite.suite import Suite
from audit.suite.suite_file import MEASURES, Probe
from audit.suite.units import AbsenceProbe, RestOf, UnitsProbe
from audit.suite.validated import document_kind, load_document

__all__ = [
    "BY_POSITION",
    "MEASURES",
    "AbsenceProbe",
    "AssociationMargin",
    "AssociationProbe",
    "AurocMargin",
    "Concept",
    "Definition",
    "Lexicon",
    "LexiconEntry",
    "Probe",
    "RestOf",
    "Spans",
    "Suite",
    "SuiteEntry",
    "UnitsProbe",
    "Variant",
    "bundled_root",
    "document_kind",
    "document_schema",
    "find_lexicons",
    "find_suites",
    "load_document",
    "load_suite",
    "suite_schema",
]
