"""The vocabulary: frozen, typed values that every room speaks in and none of them changes."""

from audit.records.certificate import (
    AuditedCell,
    Certificate,
    DetectionCell,
    FamilyCell,
    Share,
    ShuffledCell,
    ShuffledUnitCell,
    SpecimenRecord,
    Standing,
    StimulusPopulation,
    Target,
    UnitCell,
)
from audit.records.estimate import Alternative, Estimate, Measured, PMethod, Undefined
from audit.records.finding import (
    Exclusion,
    Exhibit,
    Finding,
    Labels,
    Margin,
    Role,
    Severity,
    Source,
    UnitSummary,
    Variation,
)
from audit.records.manifest import RunManifest, RunStatus, SuiteRecord
from audit.records.measurement import Condition, Measurement
from audit.records.model import LayerInfo, Modality, ModelInfo, UntrainedNull
from audit.records.verdict import Verdict

__all__ = [
    "Alternative",
    "AuditedCell",
    "Certificate",
    "Condition",
    "DetectionCell",
    "Estimate",
    "Exclusion",
    "Exhibit",
    "FamilyCell",
    "Finding",
    "Labels",
    "LayerInfo",
    "Margin",
    "Measured",
    "Measurement",
    "Modality",
    "ModelInfo",
    "PMethod",
    "Role",
    "RunManifest",
    "RunStatus",
    "Severity",
    "Share",
    "ShuffledCell",
    "ShuffledUnitCell",
    "Source",
    "SpecimenRecord",
    "Standing",
    "StimulusPopulation",
    "SuiteRecord",
    "Target",
    "Undefined",
    "UnitCell",
    "UnitSummary",
    "UntrainedNull",
    "Variation",
    "Verdict",
]
