"""What concepts come to: none is made of itself, none is empty, and those that are compared share no stimulus."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from itertools import product
from typing import TYPE_CHECKING

from audit.suite.algebra import pictographs_of, selects_rows, terms_of, wordless
from audit.suite.association import BY_POSITION, AssociationProbe
from audit.suite.classes import class_problems, truth_problems
from audit.suite.divisions import misnamed_groups
from audit.suite.text import folded
from audit.suite.zero_shot import PerformanceProbe, ZeroShotProbe

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from audit.errors import Problem
    from audit.suite.concept import Concept
    from audit.suite.merged import Defined, Merged
    from audit.suite.spans import DocumentPath
    from audit.suite.suite_file import Probe

_SHOWN = 5


@dataclass(frozen=True)
class Overlaps:
    """The checks of one suite."""

    merged: Merged

    def problems(self) -> Iterator[Problem]:
        """Concepts made of themselves or of nothing, stimuli on both sides, lists that cannot be paired by position."""
        finished: set[str] = set()
        for name in self.merged.concepts:
            yield from self._cycle(name, (), finished)
        for name in self._sound:
            yield from self._emptied(name)
            yield from self._undrawn(name)
        for index, probe in self.merged.probes():
            for one, other in probe.compared:
                yield from self._shared(("probes", index), probe, one, other)
                yield from self._unlike(("probes", index), probe, one, other)
            yield from misnamed_groups(self.merged, index, probe, self._sound)
            if isinstance(probe, AssociationProbe) and probe.block == BY_POSITION:
                yield from self._unpaired(("probes", index), probe.targets.x, probe.targets.y)
            if isinstance(probe, ZeroShotProbe):
                yield from class_problems(self.merged.suite.document, ("probes", index), probe, self._classes)
            if isinstance(probe, PerformanceProbe):
                yield from truth_problems(
                    self.merged.suite.document, ("probes", index), probe, self._classes, self._spellings
                )

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

    @cached_property
    def _sound(self) -> Mapping[str, Concept]:
        """Concepts whose terms can be computed: they and all they are made of are in order, without a cycle."""
        waiting = {name: defined.value for name, defined in self.merged.concepts.items() if defined.value is not None}
        found: dict[str, Concept] = {}
        while True:
            ready = {
                name: concept
                for name, concept in waiting.items()
                if all(part in found for part in concept.all_parts) and name not in found
            }
            if not ready:
                return found
            found |= ready

    def _emptied(self, name: str) -> Iterator[Problem]:
        concept = self._sound[name]
        for variant, definition in ((None, concept), *concept.variants.items()):
            if not definition.from_:
                continue
            # What lacks words, or pictographs, is not shown in them anyway.
            kinds = (
                ("terms", self._terms, wordless(self._sound, name, variant)),
                ("pictographs", self._pictographs, pictographs_of(self._sound, name, variant).lacking),
            )
            for what, listed, lacking in kinds:
                before = listed(definition.from_)
                if before and not lacking and not listed(name, variant):
                    defined = self.merged.concepts[name]
                    taken = f"`except` takes all {len(before)} {what} of {definition.from_}"
                    message = f"nothing is left of concept {name}: {taken}"
                    yield defined.document.problem((*_path(defined, variant), "from"), message, key=True)

    def _undrawn(self, name: str) -> Iterator[Problem]:
        """Selectors of which tone and gender leave nothing, and pictographs that no art style has all of."""
        concept, defined = self._sound[name], self.merged.concepts[name]
        for variant, definition in ((None, concept), *concept.variants.items()):
            path = _path(defined, variant)
            if (chosen := definition.pictographs) is not None:
                path = (*path, "pictographs")
                for role in chosen.barren:
                    message = f"`tone` and `gender` leave no pictograph of the role {role!r}"
                    hint = "leave them out, or the role; `clip-audit list pictographs` says what there is"
                    yield defined.document.problem((*path, "role"), message, hint)
            selection = pictographs_of(self._sound, name, variant)
            if selection.pictographs and not selection.styles:
                message = f"no art style that concept {name} allows has all its pictographs"
                drawn = {each.kind: ", ".join(each.drawings) for each in selection.pictographs}
                hint = "; ".join(f"{kind}: {styles}" for kind, styles in drawn.items())
                yield defined.document.problem(path, message, hint, key=True)

    def _terms(self, name: str, variant: str | None = None) -> dict[object, str]:
        return {folded(term): term for term in terms_of(self._sound, name, variant)}

    def _classes(self, name: str) -> tuple[str, ...] | None:
        """The terms of a concept; None where something is wrong with it, or where it has none: rows, or pictographs."""
        if name not in self._sound or selects_rows(self._sound, name) or wordless(self._sound, name):
            return None
        return terms_of(self._sound, name)

    def _spellings(self, term: str) -> set[str]:
        others = (concept.aliases.get(term, ()) for concept in self._sound.values())
        return {folded(spelling) for spelling in (term, *(each for found in others for each in found))}

    def _pictographs(self, name: str, variant: str | None = None) -> dict[object, str]:
        return {each: each.name for each in pictographs_of(self._sound, name, variant).pictographs}

    def _shared(self, top: DocumentPath, probe: Probe, one: DocumentPath, other: DocumentPath) -> Iterator[Problem]:
        name, other_name = probe.references[one], probe.references[other]
        document, at = self.merged.suite.document, (*top, *other)
        names = _both(probe, one, other)
        if name == other_name:
            yield document.problem(at, f"{names} are the same concept, {name}", "compare two different concepts")
            return
        if name not in self._sound or other_name not in self._sound:
            return
        for variant, other_variant in self._readings(probe, name, other_name):
            for what, listed in (("term", self._terms), ("pictograph", self._pictographs)):
                others = listed(other_name, other_variant)
                both = [label for key, label in listed(name, variant).items() if key in others]
                if both:
                    more = f" and {len(both) - _SHOWN} more" if len(both) > _SHOWN else ""
                    shared = f"{names} share {', '.join(both[:_SHOWN])}{more}"
                    places = f"{self._placed(name, variant)} and {self._placed(other_name, other_variant)}"
                    yield document.problem(at, shared, f"a {what} can stand on one side only; see {places}")
                    return

    def _unlike(self, top: DocumentPath, probe: Probe, one: DocumentPath, other: DocumentPath) -> Iterator[Problem]:
        """Concepts that are compared in pictographs and have no art style in common."""
        name, other_name = probe.references[one], probe.references[other]
        shown = probe.forms_of(one)
        if "pictograph" not in shown or name not in self._sound or other_name not in self._sound:
            return
        for variant, other_variant in self._readings(probe, name, other_name):
            selections = [
                pictographs_of(self._sound, *reading) for reading in ((name, variant), (other_name, other_variant))
            ]
            styles = [selection.styles for selection in selections]
            if all(styles) and not set(styles[0]) & set(styles[1]):
                message = f"{_both(probe, one, other)} are drawn in no common art style"
                drawn = f"{name} in {', '.join(styles[0])}; {other_name} in {', '.join(styles[1])}"
                yield self.merged.suite.document.problem((*top, *other), message, drawn)
                return

    def _unpaired(self, top: DocumentPath, x: str, y: str) -> Iterator[Problem]:
        """Targets whose terms cannot be paired by position, in a reading that is measured."""
        if x not in self._sound or y not in self._sound:
            return
        document, at = self.merged.suite.document, (*top, "block")
        # A variant that both have is measured with its namesake: it is another writing of the same pairs.
        for variant in dict.fromkeys((None, *self._sound[x].variants, *self._sound[y].variants)):
            read = [(name, variant if variant in self._sound[name].variants else None) for name in (x, y)]
            places = " and ".join(self._placed(*reading) for reading in read)
            for name, own in read:
                if selects_rows(self._sound, name, own):
                    message = f"`block: {BY_POSITION}` pairs terms, but {name} selects rows of a table"
                    yield document.problem(at, message, f"name a label column of the table; see {places}")
                    return
            counts = [len(terms_of(self._sound, *reading)) for reading in read]
            if not all(counts):
                message = f"`block: {BY_POSITION}` pairs terms, but {read[counts.index(0)][0]} has none"
                yield document.problem(at, message, f"name a label of pictographs, such as subject; see {places}")
                return
            if counts[0] != counts[1]:
                message = (
                    f"`block: {BY_POSITION}` pairs the terms of x and y one by one, but {x} has {counts[0]} and {y} "
                    f"has {counts[1]}"
                )
                yield document.problem(at, message, f"make the lists equally long; see {places}")
                return

    def _readings(self, probe: Probe, name: str, other: str) -> Iterator[tuple[str | None, str | None]]:
        """Variants of two concepts that are measured against each other: one at a time."""
        if not probe.measures_variants:
            yield None, None
            return
        for pair in product((None, *self._sound[name].variants), (None, *self._sound[other].variants)):
            if None in pair:
                yield pair

    def _placed(self, name: str, variant: str | None) -> str:
        called = f"{name} (variant {variant})" if variant else name
        return f"{called} at {self.merged.concepts[name].place}"


def _path(defined: Defined, variant: str | None) -> DocumentPath:
    return (*defined.path, "variants", variant) if variant else defined.path


def _called(path: DocumentPath) -> str:
    return str(next(part for part in reversed(path) if isinstance(part, str)))


def _both(probe: Probe, one: DocumentPath, other: DocumentPath) -> str:
    """Two places by their keys, or by their concepts when they stand in one list."""
    if _called(one) != _called(other):
        return f"`{_called(one)}` and `{_called(other)}`"
    return f"{probe.references[one]} and {probe.references[other]}, both in `{_called(one)}`,"
