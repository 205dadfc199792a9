"""Checks between the parts of a suite: that every name is defined, and that groups that are compared share nothing."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import product
from typing import TYPE_CHECKING

from audit.suite.algebra import terms_of
from audit.suite.association import AssociationProbe
from audit.suite.spans import DocumentPath
from audit.suite.text import folded, is_id
from audit.suite.units import RestOf, UnitsProbe
from audit.suite.words import suggest
from audit.suite.spans import DocumentPath  # noqa: TC001  (an alias is built from it)

if TYPE_CHECKING:
    from audit.errors import Problem
    from audit.suite.concept import Concept
    from audit.suite.document import Document
    from audit.suite.merged import Defined, Merged
    from audit.suite.suite_file import Probe

_SHOWN = 5

Reference = tuple[DocumentPath, str]
"""Where a concept is named, below the thing that names it, and its id."""


def concept_references(probe: Probe) -> tuple[Reference, ...]:
    """Every place where a probe names a concept."""
    if isinstance(probe, AssociationProbe):
        return (
            (("targets", "x"), probe.targets.x),
            (("targets", "y"), probe.targets.y),
            (("attributes", "a"), probe.attributes.a),
            (("attributes", "b"), probe.attributes.b),
        )
    found: list[Reference] = [(("concept",), probe.concept)]
    if isinstance(probe.against, RestOf):
        found.append((("against", "rest-of"), probe.against.rest_of))
    else:
        found += [(("against", index), name) for index, name in enumerate(probe.against)]
    if isinstance(probe, UnitsProbe) and probe.also:
        found += [(("also", "harm"), probe.also.harm), (("also", "neutral"), probe.also.neutral)]
    return tuple(found)


def template_references(probe: Probe) -> tuple[Reference, ...]:
    """Every place where a probe names templates by their id."""
    if not isinstance(probe, AssociationProbe):
        return ()
    named = (("templates", probe.templates), ("attribute-templates", probe.attribute_templates))
    return tuple(((key,), value) for key, value in named if isinstance(value, str))


def _compared(probe: Probe) -> Iterator[tuple[Reference, Reference]]:
    """Pairs of concepts that must not share terms."""
    references = dict(concept_references(probe))
    if isinstance(probe, AssociationProbe):
        pairs = [(("targets", "x"), ("targets", "y")), (("attributes", "a"), ("attributes", "b"))]
    else:
        pairs = [(("concept",), path) for path in references if path[0] == "against" and path[-1] != "rest-of"]
        pairs += [(("also", "harm"), ("also", "neutral"))] if ("also", "harm") in references else []
    for one, other in pairs:
        yield (one, references[one]), (other, references[other])


@dataclass(frozen=True, slots=True)
class References:
    """The checks of one suite."""

    merged: Merged

    def problems(self) -> Iterator[Problem]:
        """Everything that does not hold between the parts."""
        for name, defined in self.merged.concepts.items():
            if defined.value is not None:
                yield from self._concept(name, defined)
        yield from self._cycles()
        sound = self._sound()
        for name, concept in sound.items():
            yield from self._emptied(name, concept, sound)
        yield from self._probes(sound)

    def _concept(self, name: str, defined: Defined) -> Iterator[Problem]:
        concept: Concept = defined.value
        for variant, definition in ((None, concept), *concept.variants.items()):
            path = defined.path if variant is None else (*defined.path, "variants", variant)
            # A variant may be a plain list of terms.
            terms = (*path, "terms") if defined.document.has((*path, "terms")) else path
            first: dict[str, int] = {}
            for index, term in enumerate(definition.terms):
                if (seen := first.setdefault(folded(term), index)) != index:
                    line, column = defined.document.spans.at((*terms, seen))
                    message = f"{term!r} stands twice in concept {name}; it is already at {line}:{column}"
                    yield defined.document.problem((*terms, index), message, "delete one of the two")
            for key, parts in (("union", definition.union), ("except", definition.except_)):
                for index, part in enumerate(parts):
                    yield from self._known_concept(defined.document, (*path, key, index), part)
            if definition.from_:
                yield from self._known_concept(defined.document, (*path, "from"), definition.from_)
        if concept.source and is_id(concept.source) and concept.source not in self.merged.sources:
            hint = suggest(concept.source, self.merged.sources, "sources") + "; a citation is written out in full"
            yield defined.document.problem((*defined.path, "source"), f"unknown source {concept.source!r}", hint)

    def _known_concept(self, document: Document, path: DocumentPath, name: str) -> Iterator[Problem]:
        if name not in self.merged.concepts:
            yield document.problem(path, f"unknown concept {name!r}", suggest(name, self.merged.concepts, "concepts"))

    def _cycles(self) -> Iterator[Problem]:
        finished: set[str] = set()
        for start in self.merged.concepts:
            yield from self._cycle(start, (), finished)

    def _cycle(self, name: str, above: tuple[str, ...], finished: set[str]) -> Iterator[Problem]:
        if name in above:
            ring = (*above[above.index(name) :], name)
            defined = self.merged.concepts[name]
            message = f"concept {name} is made of itself: {' > '.join(ring)}"
            yield defined.document.problem(defined.path, message, "define one of them by its terms", key=True)
        elif name not in finished and name in self.merged.concepts:
            concept = self.merged.concepts[name].value
            for part in dict.fromkeys(concept.parts if concept is not None else ()):
                yield from self._cycle(part, (*above, name), finished)
            finished.add(name)

    def _sound(self) -> Mapping[str, Concept]:
        """Concepts whose terms can be computed: they and all that they are made of are in order, without a cycle."""
        found: dict[str, Concept] = {}
        while True:
            more = {
                name: defined.value
                for name, defined in self.merged.concepts.items()
                if name not in found
                and defined.value is not None
                and all(part in found for each in (defined.value, *defined.value.variants.values()) for part in each.parts)
            }
            if not more:
                return found
            found |= more

    def _emptied(self, name: str, concept: Concept, sound: Mapping[str, Concept]) -> Iterator[Problem]:
        for variant, definition in ((None, concept), *concept.variants.items()):
            before = definition.from_ and terms_of(sound, definition.from_)
            if before and not terms_of(sound, name, variant):
                defined = self.merged.concepts[name]
                path = (*defined.path, *(("variants", variant) if variant else ()), "from")
                message = f"nothing is left of concept {name}: `except` takes all {len(before)} terms of {definition.from_}"
                yield defined.document.problem(path, message, key=True)

    def _probes(self, sound: Mapping[str, Concept]) -> Iterator[Problem]:
        document = self.merged.suite.document
        first: dict[str, int] = {}
        for index, probe in self.merged.probes():
            top = ("probes", index)
            seen = first.setdefault(probe.id, index)
            if seen != index:
                line, _ = document.spans.at(("probes", seen, "id"))
                message = f"probe {probe.id!r} stands twice; it is already at line {line}"
                yield document.problem((*top, "id"), message, "give each probe its own id")
            for path, name in concept_references(probe):
                yield from self._known_concept(document, (*top, *path), name)
            for path, name in template_references(probe):
                if name not in self.merged.templates:
                    hint = suggest(name, self.merged.templates, "templates")
                    yield document.problem((*top, *path), f"unknown templates {name!r}", hint)
            for (path, one), (other_path, other) in _compared(probe):
                yield from self._shared(document, (*top, *other_path), (path, one), (other_path, other), sound)

    def _shared(
        self, document: Document, at: DocumentPath, one: Reference, other: Reference, sound: Mapping[str, Concept]
    ) -> Iterator[Problem]:
        (path, name), (other_path, other_name) = one, other
        names = f"`{_called(path)}` and `{_called(other_path)}`"
        if name == other_name:
            yield document.problem(at, f"{names} are the same concept, {name}")
        elif name in sound and other_name in sound:
            # Only associations exchange a variant for the headline on either side.
            variants = [None, *sound[name].variants], [None, *sound[other_name].variants]
            either = product(*variants) if path[0] != "concept" else [(None, None)]
            for variant, other_variant in either:
                if variant is not None and other_variant is not None:
                    continue
                terms = {folded(term) for term in terms_of(sound, other_name, other_variant)}
                both = [term for term in terms_of(sound, name, variant) if folded(term) in terms]
                if both:
                    more = f" and {len(both) - _SHOWN} more" if len(both) > _SHOWN else ""
                    message = (
                        f"{names} share terms: {', '.join(both[:_SHOWN])}{more}; {_full(name, variant)} is at "
                        f"{self.merged.concepts[name].place}, {_full(other_name, other_variant)} at "
                        f"{self.merged.concepts[other_name].place}"
                    )
                    yield document.problem(at, message, "a term can be on one side only")
                    return


def _called(path: DocumentPath) -> str:
    return str(path[0] if path[0] == "against" else path[-1])


def _full(name: str, variant: str | None) -> str:
    return f"{name} (variant {variant})" if variant else name
