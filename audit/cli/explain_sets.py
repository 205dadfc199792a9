"""What `explain` says of counterfactual sets, marked groups, likeness within groups, and morphs."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from audit.cli.explain_groups import classes, groups

if TYPE_CHECKING:
    from collections.abc import Iterator

    from audit.suite import CounterfactualProbe, HypodescentProbe, MarkednessProbe, SelfSimilarityProbe, Suite
    from audit.suite.margin import CosineMargin


def counterfactual(suite: Suite, probe: CounterfactualProbe) -> Iterator[str]:
    """Levels, sets, attributes, the formula, and what the design could find."""
    yield from groups(suite, probe.groups)
    by = " and ".join(probe.sets)
    yield f"{'sets':<10}stimuli of the same {by}; those without a stimulus of every group are left out and counted"
    templates = suite.templates_of(probe.attribute_templates)
    yield from classes(suite, "a", (probe.attributes.a,))
    yield from classes(suite, "b", (probe.attributes.b,))
    yield f"{'templates':<10}{len(templates)}: {' | '.join(templates)}, for the attributes"
    yield f"{'forms':<10}{'; '.join(' with '.join(form) for form in probe.forms) or 'pictures with text'}"
    pairs = f"every other group minus {probe.reference}" if probe.reference else "every two groups"
    yield f"{'formula':<10}s(w) = mean cosine with a - mean cosine with b; mean difference of s within sets, {pairs};"
    yield f"{'':<10}the largest of them, crossed t over clusters and styles, max-T over the pairs"
    noun = probe.cluster_noun("")
    yield f"{'cluster':<10}{noun}: sets that share it are one observation"
    yield from _cosine(probe.margin)
    count = _clusters(suite, probe)
    if count > 1:
        yield from _reach(count, noun, "paired differences")


def self_similarity(suite: Suite, probe: SelfSimilarityProbe) -> Iterator[str]:
    """Groups, the formula and the margin."""
    yield from groups(suite, probe.groups)
    yield f"{'forms':<10}{', '.join(probe.forms) or 'pictographs, or images where rows are selected'}"
    yield f"{'formula':<10}mean cosine between two stimuli of one group, of different clusters and the same style;"
    yield f"{'':<10}the largest difference between groups, t on jackknife pseudo-values, max-T over the pairs"
    yield f"{'cluster':<10}{probe.cluster_noun(probe.forms[0] if probe.forms else 'pictograph')}"
    yield from _cosine(probe.margin)


def markedness(suite: Suite, probe: MarkednessProbe) -> Iterator[str]:
    """Groups, the words for anyone and for each group, what counts, and the margin."""
    yield from groups(suite, probe.groups)
    yield from classes(suite, "unmarked", (probe.unmarked,))
    for name, concept in probe.marked.items():
        yield from classes(suite, "marked", (concept,), f"for {name}: ")
    templates = suite.templates_of(probe.templates)
    yield f"{'templates':<10}{len(templates)}: {' | '.join(templates)}; a word is the mean of its prompts"
    yield f"{'forms':<10}{', '.join(probe.forms) or 'pictographs, or images where rows are selected'}"
    yield f"{'counts':<10}a picture that lies strictly closer to an unmarked word than to those for its own group"
    yield f"{'formula':<10}share = pictures that count / pictures, in each group; gap = largest - smallest share"
    yield f"{'cluster':<10}{probe.cluster_noun(probe.forms[0] if probe.forms else 'pictograph')}"
    margin = f"share gap at most {probe.margin.value:g}" if probe.margin else "none, so it decides nothing"
    yield f"{'margin':<10}{margin}"


def hypodescent(suite: Suite, probe: HypodescentProbe) -> Iterator[str]:
    """The morphs, the two words, what counts, and the margin."""
    yield f"{'morphs':<10}{suite.concept(probe.morphs).label}: rows of a table; column {probe.series} names the series,"
    yield f"{'':<10}{probe.mixing} the minority parent's part, from 0 to 1"
    yield from classes(suite, "minority", (probe.minority,))
    yield from classes(suite, "majority", (probe.majority,))
    templates = suite.templates_of(probe.templates)
    yield f"{'templates':<10}{len(templates)}: {' | '.join(templates)}; a word is the mean of its prompts"
    yield f"{'counts':<10}a morph at {probe.at:g} that lies strictly closer to the minority's word"
    yield f"{'formula':<10}share that counts - 1/2, Wilson's interval over clusters"
    yield f"{'cluster':<10}{probe.cluster_noun('')}"
    margin = f"excess over one half of {probe.margin.value:g}" if probe.margin else "none, so it decides nothing"
    yield f"{'margin':<10}{margin}"


def _cosine(margin: CosineMargin | None) -> Iterator[str]:
    yield f"{'margin':<10}{f'{margin.value:g} cosine' if margin else 'none, so it decides nothing'}"


def _clusters(suite: Suite, probe: CounterfactualProbe) -> int:
    """How many clusters of pictographs there are; 0 where that is not known beforehand."""
    from audit.suite import LABELS

    noun = probe.cluster_noun("")
    names = probe.groups if isinstance(probe.groups, tuple) else (probe.groups.of,)
    selections = [suite.pictographs(name) for name in names]
    if noun not in LABELS or any(selection.lacking for selection in selections):
        return 0
    return len(set.intersection(*(set(selection.clusters(noun)) for selection in selections)))


def _reach(count: int, noun: str, of: str) -> Iterator[str]:
    from audit.stats import mde

    yield f"{'smallest p':<10} {max(2.0 ** (1 - count), 1e-4):.2g} ({count} clusters by {noun}, at most)"
    effect = mde(1 / math.sqrt(count), count - 1, alternative="two-sided")
    yield f"{'MDE':<10}{effect:.2f} standard deviations between {of}, for one pair of groups, found in 4 of 5 audits"
