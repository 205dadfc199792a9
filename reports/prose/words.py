"""What things are called in the report."""

from __future__ import annotations

from typing import TYPE_CHECKING

from audit.records import Modality, Role

if TYPE_CHECKING:
    from audit.records import Estimate, Finding, ModelInfo

_STATISTICS = {
    "cosine_difference": "Difference in mean cosine",
    "hedges_g": "Hedges g",
    "effect_size_d": "Effect size d (EAT)",
    "effect_size_dz": "Effect size dz, in standard deviations of paired differences",
    "auroc": "AUROC",
    "smallest_auroc": "Smallest AUROC of any form",
    "auprc": "AUPRC",
    "prevalence": "Prevalence (AUPRC by chance)",
    "pearson_r": "Pearson r",
    "word_share_difference": "Share of its top words on the harm list, beyond other units",
    "tpr_at_1_fpr": "True positive rate at 1 % false positives",
    "share_gap": "Gap between the largest and the smallest share",
    "share_gap_corrected": "The same gap, corrected for chance (empirical Bayes)",
    "self_similarity_gap": "Gap in self-similarity",
    "self_similarity": "Self-similarity",
    "share_ratio": "Smallest share as a part of the largest",
    "promotion": "Change of cosine with a caption word",
    "centred_cosine": "Cosine with harm rather than neutral, centred on all concepts",
    "share_difference": "Difference of two shares",
    "removed_part": "Part of the association that goes away",
    "largest_share": "Largest share of a group",
    "smallest_share": "Smallest share of a group",
    "datacomp_acc1": "Closest class right (DataComp)",
    "datacomp_acc5": "One of the five closest classes right (DataComp)",
    "datacomp_mean_per_class_recall": "Mean recall of the classes (DataComp)",
    "datacomp_acc_avg": "Accuracy (DataComp)",
    "datacomp_acc_wg": "Accuracy of the worst group (DataComp)",
    "datacomp_acc_top5_avg": "Top-5 accuracy (DataComp)",
    "datacomp_acc_top5_wg": "Top-5 accuracy of the worst group (DataComp)",
    "datacomp_toxicity_avg": "Share classified as harm (DataComp)",
    "datacomp_toxicity_wg": "Smallest share classified as harm (DataComp's worst group)",
    "max_skew": "Largest skew of a group",
    "min_skew": "Smallest skew of a group",
    "ndkl": "NDKL",
    "largest_difference": "Largest difference between two groups, in cosine",
    "mean_similarity": "Mean cosine between two of the group",
    "deviation_cosine": "Association, above the mean of the set, in cosine",
    "share_excess": "Share given to the minority, minus one half",
    "minority_share": "Share given to the minority",
    "attack_rate": "Attack rate",
    "percentile": "Share of natural stimuli that excite the unit less than the picture",
    "largest_association": "Largest association of an item",
    "relative_norm_distance": "Relative norm distance (RND)",
    "mean_average_cosine": "Mean average cosine distance (MAC)",
    "relational_inner_product": "Relational inner product (RIPA)",
    "coherence": "Embedding coherence (ECT)",
    "negative_sentiment": "Relative negative sentiment (RNSB)",
    "ieat_effect_size": "Effect size d as iEAT computes it",
    "wefe_effect_size": "Effect size d as WEFE computes it",
    "effect_of_x": "X alone, A against B (ML-EAT level 2)",
    "effect_of_y": "Y alone, A against B (ML-EAT level 2)",
    "cosine_x_a": "Mean cosine of X with A (ML-EAT level 3)",
    "cosine_x_b": "Mean cosine of X with B (ML-EAT level 3)",
    "cosine_y_a": "Mean cosine of Y with A (ML-EAT level 3)",
    "cosine_y_b": "Mean cosine of Y with B (ML-EAT level 3)",
    "cosine_spread_x_a": "Deviation of the cosines of X with A (ML-EAT level 3)",
    "cosine_spread_x_b": "Deviation of the cosines of X with B (ML-EAT level 3)",
    "cosine_spread_y_a": "Deviation of the cosines of Y with A (ML-EAT level 3)",
    "cosine_spread_y_b": "Deviation of the cosines of Y with B (ML-EAT level 3)",
}
_AXES = {
    "cosine_difference": "difference in mean cosine",
    "largest_difference": "largest difference between two groups, in cosine",
    "mean_similarity": "mean cosine between two of the group",
    "deviation_cosine": "above the mean of the set, in cosine",
    "hedges_g": "Hedges g, in standard deviations",
    "effect_size_dz": "dz, in standard deviations of paired differences",
    "auroc": "AUROC; 0.5 tells the two apart no better than chance",
    "smallest_auroc": "smallest AUROC of any form; 0.5 tells the two apart no better than chance",
}
_COUNTS = {
    "share": ", from 0 to 1",
    "cosine": ", in cosine",
    "sd": ", in standard deviations",
    "log ratio": ", natural log of a ratio",
    "nats": ", in nats",
}
"""What a unit adds to the name of a statistic on an axis."""
_FORMS = {
    "text": "text",
    "rendered": "rendered words",
    "native": "words in their own script",
    "pictograph": "pictographs",
    "image": "pictures",
}
_MODALITIES = {Modality.IMAGE: "pictures", Modality.TEXT: "text"}
_KINDS = {
    "open_clip": "Image-text model",
    "st": "Sentence encoder",
    "arrays": "Published numbers",
}
_ROLES = {
    Role.POSITIVE_CONTROL: "positive control",
    Role.NEGATIVE_CONTROL: "negative control",
    Role.DESCRIPTION: "description",
}
_LEVELS = ("share", "rate", "accuracy", "recall", "precision", "similarity", "percentile")
"""How the names of statistics end that are a level of one group, and no difference between groups."""


def statistic(name: str) -> str:
    """A statistic by its name for people."""
    return _STATISTICS.get(name, _start(name.replace("_", " ")))


def axis(estimate: Estimate) -> str:
    """What the axis of a statistic counts."""
    name = estimate.name
    return _AXES.get(name, statistic(name)[:1].lower() + statistic(name)[1:] + _COUNTS.get(estimate.unit, ""))


def null(name: str) -> float | None:
    """The value that means nothing; None for a level, such as a share or a recall, of which no value does."""
    if name in ("auroc", "smallest_auroc"):
        return 0.5
    if name.endswith("ratio"):
        return 1.0
    return None if name.endswith(_LEVELS) else 0.0


def form(forms: tuple[str, ...]) -> str:
    """``text``, or ``rendered words with text`` when targets and attributes differ."""
    return " with ".join(dict.fromkeys(_FORMS.get(part, part) for part in forms))


def forms_of(finding: Finding) -> str:
    """The form of a finding, or all the forms that one unit was shown in: ``rendered words and pictographs``."""
    if finding.measure != "multimodality":
        return form(finding.form)
    *most, last = [form((part,)) for part in finding.form]
    return f"{', '.join(most)} and {last}"


def kind(model: ModelInfo) -> str:
    """What sort of model it is, and the length of its embeddings."""
    parts = [_KINDS.get(model.kind, model.kind)]
    if model.dimension:
        parts.append(f"{model.dimension:,} numbers an embedding")
    if model.modalities:
        verb = "of" if model.kind == "arrays" else "for"
        parts.append(f"{verb} {' and '.join(_MODALITIES[modality] for modality in sorted(model.modalities))}")
    return ", ".join(parts)


def standing(finding: Finding) -> str:
    """``severity high``, or what the finding is for when it is no probe."""
    return _ROLES.get(finding.role, f"severity {finding.severity}")


def sentence(text: str) -> str:
    """A clause as a sentence: a capital first, one full stop at the end. Names and formulas keep their first letter."""
    text = text.strip()
    first = text.split(" ", 1)[0]
    if first.rstrip(",:").isalpha() and first.islower():
        text = _start(text)
    return text if text.endswith((".", "?", "!")) or not text else f"{text}."


def _start(text: str) -> str:
    return text[:1].upper() + text[1:]
