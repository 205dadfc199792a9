"""Methods, assumptions and terms in plain words."""

from __future__ import annotations

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
DECISION = (
    "The margin is the smallest effect that would matter. It is written into the suite before anything is "
    "measured. A finding passes when its 95 % interval lies wholly inside the margin. It fails when the interval "
    "that holds for the whole family of questions at once lies wholly beyond it. Everything between is "
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

GLOSSARY = (
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
    ("Margin", "The smallest effect that matters, declared in the suite before measuring."),
    ("MDE", "Minimum detectable effect: the true difference that this design finds four times in five."),
    ("Pair", "Two matched groups of stimuli, such as a woman and a man of one role; a pair is one observation."),
    ("p", "How often chance alone would give a difference at least this large; small values are rare under chance."),
    ("Severity", "How much harm the association would do if it were there; declared in the suite."),
    ("Specimen", "A model with edits of its weights whose effect is known; the tool is tried out on it."),
    ("Template", "A wording into which a term is put, such as “a photo of a {}”."),
    ("Tower", "The part of a model that turns pictures, or texts, into embeddings; untrained: with random weights."),
    ("Unit", "One channel of one layer of a model; sometimes called a neuron."),
)  # fmt: skip
