"""Classes that a zero-shot probe chooses from: at least two, more than count, and the right one among them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from audit.suite.text import folded
from audit.suite.words import nearest

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from audit.errors import Problem
    from audit.suite.document import Document
    from audit.suite.spans import DocumentPath
    from audit.suite.zero_shot import PerformanceProbe, ZeroShotProbe

    Named = Callable[[str], Sequence[str] | None]


def class_problems(document: Document, top: DocumentPath, probe: ZeroShotProbe, named: Named) -> Iterator[Problem]:
    """One class only, as many classes as count, and right answers that are no class.

    ``named`` gives the terms of a concept, or None where they are not known: it has a mistake, or no terms.
    """
    for place, labels in probe.label_lists.items():
        classes = _classes(labels, named)
        if classes is None:
            continue
        if len(classes) < 2:
            message = f"`{place[-1]}` has one class only, {classes[0]!r}: every picture is put into it"
            yield document.problem((*top, *place), message, "give it the classes that a picture could be instead")
        elif probe.top >= len(classes):
            message = f"`top` is {probe.top}, and `{place[-1]}` has {len(classes)} classes: every one of them counts"
            at = (*top, "top") if place == ("labels",) else (*top, *place)
            yield document.problem(at, message, f"at most {len(classes) - 1}")


def truth_problems(
    document: Document, top: DocumentPath, probe: PerformanceProbe, named: Named, spellings: Callable[[str], set[str]]
) -> Iterator[Problem]:
    """Right answers that are no class; ``spellings`` gives every spelling of a class, folded."""
    classes = _classes(probe.labels, named)
    if isinstance(probe.truth, str) or classes is None or len(classes) < 2:
        return
    known = {spelling for term in classes for spelling in spellings(term)}
    for group, right in probe.truth.items():
        for index, term in enumerate(right):
            if folded(term) not in known:
                place = (*top, "truth", group)
                at = (*place, index) if isinstance(document.value(place), list) else place
                near = nearest(term, classes)
                hint = f"did you mean {near!r}?" if near else "it must be a term of one of the labels"
                yield document.problem(at, f"{term!r} is none of the {len(classes)} classes", hint)


def _classes(labels: Sequence[str], named: Named) -> list[str] | None:
    lists = [named(label) for label in labels]
    return None if None in lists else [term for terms in lists for term in terms or ()]
