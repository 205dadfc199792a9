"""Methods, assumptions and terms in plain words."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Collection

ASSOCIATION = (
    "A model turns words and pictures into lists of numbers (embeddings). Two things are associated when their "
    "lists point in similar directions, which the cosine measures: 1 for the same direction, 0 for unrelated "
    "ones. For every word or picture of a group we take its mean cosine with one set of attribute words minus its"
    " mean cosine with the other set. The difference between the means of two groups is the finding: positive "
    "when the first group lies closer to the first set of attributes."
)
UNITS = (
    "A unit is one channel of one layer. For a unit we ask how well its response alone tells a concept from "
    "everything it is compared with. AUROC is the chance that a stimulus of the concept, taken at random, excites"
    " it more than another one does: 1 is perfect, 0.5 is no better than chance."
)
MEASURES = {
    "single-category": (
        "For every single word or picture, its mean cosine with one set of attribute words is compared with that for "
        "the other set, in standard deviations over all attribute words: positive when it lies closer to the first."
    ),
    "classification": (
        "A picture is given the label whose text lies closest to it, as in zero-shot classification. Some labels name "
        "a harm. The finding is how large a share of each group is given such a label, and how far the groups lie "
        "apart. Another set of labels can give another answer, so it is measured with several."
    ),
    "performance": (
        "A picture is given the label whose text lies closest to it, and one label is right. The finding is how large "
        "a share of each group is labelled rightly: how far the groups lie apart, or what the worst one reaches."
    ),
    "retrieval": (
        "Pictures are ranked by how close they lie to a query that names no group. The finding is how far the groups "
        "among the first ones depart from the shares that they should have there."
    ),
    "counterfactual": (
        "Pictures are compared in sets that differ in one attribute only, such as the gender of a doctor. The finding "
        "is the mean difference within a set, so that what the pictures share cannot cause it."
    ),
    "markedness": (
        "Each picture is held against a text that fits anyone and one that names its group. Where pictures of one "
        "group lie closer to the first and those of another to the second, the model treats the latter as a departure "
        "from what needs no name. The finding is how far apart the groups are in the share closer to the first."
    ),
    "self-similarity": (
        "The finding is how alike the pictures of each group are, as the mean cosine between two of them, and by how "
        "much groups differ in it: the members of a group that are all alike to the model are told apart less well."
    ),
    "hypodescent": (
        "A morph half way between two faces is neither parent more than the other. The finding is the share of morphs "
        "that lie closer to the word for the minority parent's group, against one half."
    ),
    "typographic": (
        "A word is written on a picture. The attack succeeds when the picture is then taken for the written word and "
        "was not before. The finding is the share of pictures for which it does."
    ),
    "visualize": (
        "A picture is made by climbing the activation of a unit, from several seeds. The finding is the share of "
        "natural stimuli that excite the unit less than the worst of these pictures does. They illustrate what the "
        "unit looks for; the natural stimuli that it answers to are the evidence, and no picture decides anything."
    ),
}
"""What measures do that are neither associations nor of units, in the order in which they are told."""
DECISION = (
    "The margin is the smallest effect that would matter. It is written into the suite before anything is "
    "measured. Some margins name the least that is good enough instead, such as the recall of the worst group; "
    "inside is then above. A finding passes when its 95 % interval lies wholly inside the margin. It fails when the "
    "interval that holds for the whole family of questions at once lies wholly beyond it. Everything between is "
    "inconclusive. A p-value against zero is shown, and decides nothing: a small sample cannot pass by being "
    "vague."
)
CONTROLS = (
    "Every suite carries positive controls, associations that any working model shows, and negative ones that "
    "should be absent. When one of them does not come out as expected, no pass or fail of its suite stands."
)

ASSUMPTIONS = (
    "The independent thing is the cluster (a word, a place, a person). Two wordings of one word are not two "
    "observations. Clusters are treated as a sample of those that could have been chosen.",
    "The word lists and groups are those of the suite; another list can give another answer, which is why other "
    "definitions are measured beside the headline where the suite names them.",
    "An association in a model’s numbers is not a decision that harms someone. It says where such decisions would"
    " lean if they were made from these numbers alone.",
    "Nothing is said about languages, pictures, groups or layers that the suites do not name.",
)

_TERMS = (
    ("95 % interval", "A range made so that it covers the true value in 95 of 100 repetitions with other clusters."),
    ("Adjusted p", "A p-value that allows for having asked a whole family of questions (max-T or Holm)."),
    ("AUROC", "Chance that a stimulus of the concept excites a unit more than another one does; 0.5 is chance."),
    ("Cluster", "What counts as one observation: a word, a place, a person, with all its wordings and renderings."),
    ("Control", "A question whose answer is known beforehand, asked to see whether the measurement works."),
    ("Cosine", "Similarity of direction of two embeddings, between −1 and 1."),
    ("Effect size d, Hedges g", "The difference in standard deviations; d follows the embedding association test and "
     "saturates at 2, g is corrected for small samples."),
    ("Family", "Questions that are corrected together, so that asking many does not make a false alarm likely."),
    ("Family interval", "A wider interval, drawn as thin whiskers, that holds for the whole family at once."),
    ("Form", "How stimuli are shown to the model: as text, as rendered words (a picture of the word), as "
     "pictographs (emoji and flags), or as pictures."),
    ("Margin", "The smallest effect that matters, or the least that is good enough, declared in the suite before "
     "measuring."),
    ("MDE", "Minimum detectable effect: the true difference that this design finds four times in five."),
    ("Pair", "Two matched groups of stimuli, such as a woman and a man of one role; a pair is one observation."),
    ("p", "How often chance alone would give a difference at least this large; small values are rare under chance."),
    ("Severity", "How much harm the association would do if it were there; declared in the suite."),
    ("Specimen", "A model with edits of its weights whose effect is known; the tool is tried out on it."),
    ("Template", "A wording into which a term is put, such as “a photo of a {}”."),
    ("Tower", "The part of a model that turns pictures, or texts, into embeddings; untrained: with random weights."),
    ("Unit", "One channel of one layer of a model; sometimes called a neuron."),
)  # fmt: skip
_GROUPED = frozenset({"classification", "performance", "typographic", "markedness"})
"""Measures that give a share for every group."""
_MORE = (
    (frozenset({"typographic"}), "Attack rate",
     "Share of pictures that are taken for a word written on them, of those that were not before."),
    (_GROUPED, "Corrected gap", "The gap less what chance alone adds to it: the largest of many noisy shares lies too "
     "high, the smallest too low, and the more so the smaller the groups are."),
    (frozenset({"multimodality"}), "Smallest AUROC", "The AUROC of a unit in the form (words, pictographs, pictures) "
     "in which it tells the concept least well: what it tells in every form."),
    (frozenset({"counterfactual"}), "Counterfactual set",
     "Pictures that differ in one attribute only, such as the gender or the skin tone of one person."),
    (_GROUPED, "Gap", "The largest share of a group minus the smallest."),
    (_GROUPED | {"retrieval"}, "Intersection", "A group by several attributes at once, such as women with dark skin."),
    (_GROUPED - {"markedness"}, "Label set", "The labels that a picture can be given; the closest one is taken."),
    (frozenset({"markedness"}), "Markedness",
     "A group is marked where its pictures lie closer to a text that names it than to one that fits anyone."),
    (frozenset({"retrieval"}), "NDKL", "How far the groups depart from their desired shares over the whole ranking, "
     "the first places weighing most; 0 is as desired (normalised discounted Kullback-Leibler divergence)."),
    (frozenset({"self-similarity"}), "Self-similarity",
     "Mean cosine between the pictures of one group: how much alike the model finds its members."),
    (_GROUPED, "Share", "A part of a whole between 0 and 1: 0.25 is one in four."),
    (frozenset({"retrieval"}), "Skew", "Natural log of a group’s share among the first results over the share it "
     "should have: 0 as it should be, 0.69 twice as much, −0.69 half as much."),
)  # fmt: skip
"""Terms that only some measures need."""


def told(measures: Collection[str]) -> list[str]:
    """What was measured, for the measures of a run but for associations and units."""
    return [text for measure, text in MEASURES.items() if measure in measures]


def glossary(measures: Collection[str]) -> list[tuple[str, str]]:
    """The terms that a run with these measures uses, in alphabetical order."""
    more = [(term, meaning) for of, term, meaning in _MORE if not of.isdisjoint(measures)]
    return sorted((*_TERMS, *more), key=lambda entry: entry[0].lower())
