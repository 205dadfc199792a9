"""Names and what they stand for: every one is defined, none is taken twice.

Names are looked up in the document rather than in the model, so that a probe with another mistake is checked too.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from audit.suite.naming import as_id
from audit.suite.pictograph_index import pictographs, subjects
from audit.suite.pictographs import ALL, KINDS
from audit.suite.probe import expanded
from audit.suite.suite_file import PROBES
from audit.suite.text import folded, is_id
from audit.suite.units import ABLATED
from audit.suite.visualize import NAMES_UNITS
from audit.suite.words import listed, nearest, suggest

if TYPE_CHECKING:
    from collections.abc import Iterator

    from audit.errors import Problem
    from audit.suite.document import Document
    from audit.suite.merged import Defined, Merged
    from audit.suite.probe import ProbeBase
    from audit.suite.spans import DocumentPath

_CODE = 2
"""Letters of the code of a country."""


def name_problems(merged: Merged) -> Iterator[Problem]:
    """Unknown concepts, templates, sources and pictographs; terms and probe ids that stand twice."""
    for name, defined in merged.concepts.items():
        yield from _concept(merged, name, defined)
    document = merged.suite.document
    probes = document.value(("probes",))
    seen: dict[str, int] = {}
    for index, probe in enumerate(probes if isinstance(probes, list) else []):
        if not isinstance(probe, dict):
            continue
        top: DocumentPath = ("probes", index)
        probe_id = probe.get("id")
        if isinstance(probe_id, str) and (first := seen.setdefault(probe_id, index)) != index:
            line, _ = document.spans.at(("probes", first, "id"))
            message = f"probe {probe_id!r} stands twice; it is already at line {line}"
            yield document.problem((*top, "id"), message, "give each probe its own id")
        kinds = _kinds(probe)
        for path in dict.fromkeys(path for kind in kinds for path in kind.concept_paths):
            for place in expanded(probe, path):
                yield from _unknown(merged, "concept", document, (*top, *place))
        for path in dict.fromkeys(path for kind in kinds for path in kind.template_paths):
            # A list holds the templates themselves.
            if isinstance(document.value((*top, *path)), str):
                yield from _unknown(merged, "template", document, (*top, *path))
        if probe.get("measure") == "visualize":
            yield from _no_probe(document, (*top, "of"), probes, NAMES_UNITS, f"{listed(NAMES_UNITS)} probe")
        if probe.get("measure") == "units":
            one = document.value((*top, "ablate"))
            places = [(*top, "ablate", i) for i in range(len(one))] if isinstance(one, list) else [(*top, "ablate")]
            for place in places:
                yield from _no_probe(document, place, probes, ABLATED, "association or classification probe")


def _kinds(probe: dict[str, Any]) -> tuple[type[ProbeBase], ...]:
    """The kind of probe that was meant; any of them when its measure is none."""
    kind = PROBES.get(str(probe.get("measure")))
    return (kind,) if kind else tuple(PROBES.values())


def _no_probe(
    document: Document, path: DocumentPath, probes: list[Any], measures: tuple[str, ...], what: str
) -> Iterator[Problem]:
    """The id of a probe that is no such probe of the suite."""
    named = document.value(path)
    known = [str(p.get("id")) for p in probes if isinstance(p, dict) and p.get("measure") in measures]
    if isinstance(named, str) and is_id(named) and named not in known:
        message = f"{named!r} is no {what} of this suite"
        yield document.problem(path, message, suggest(named, known, f"{what}s"))


def _concept(merged: Merged, name: str, defined: Defined) -> Iterator[Problem]:
    document = defined.document
    variants = document.value((*defined.path, "variants"))
    for variant in (None, *(variants if isinstance(variants, dict) else ())):
        path = defined.path if variant is None else (*defined.path, "variants", variant)
        # A variant may be a plain list of terms.
        yield from _repeated(document, path if isinstance(document.value(path), list) else (*path, "terms"), name)
        yield from _no_pictograph(document, (*path, "pictographs"))
        for key in ("union", "from", "except"):
            yield from _unknown(merged, "concept", document, (*path, key))
    source = document.value((*defined.path, "source"))
    if isinstance(source, str) and is_id(source):
        hint = "; a citation is written out in full"
        yield from _unknown(merged, "source", document, (*defined.path, "source"), hint)


def _repeated(document: Document, path: DocumentPath, concept: str) -> Iterator[Problem]:
    first: dict[str, int] = {}
    for index, term in _texts(document.value(path)):
        if (seen := first.setdefault(folded(term), index)) != index:
            line, column = document.spans.at((*path, seen))
            message = f"{term!r} stands twice in concept {concept}; it is already at {line}:{column}"
            yield document.problem((*path, index), message, "delete one of the two")


def _no_pictograph(document: Document, path: DocumentPath) -> Iterator[Problem]:
    """The names in a selector that are not in the index."""
    for key, kind in KINDS.items():
        value = document.value((*path, key))
        for place, name in _named(value, (*path, key)):
            if name != ALL and name not in (known := subjects(kind)):
                what = "country" if kind == "flag" else key
                near = _meant_country(name) if what == "country" else nearest(name, known)
                hint = f"did you mean {near!r}?" if near else "`clip-audit list pictographs` names what there is"
                yield document.problem(place, f"there is no pictograph of the {what} {name!r}", hint)


def _meant_country(name: str) -> str | None:
    """The code that was meant: what is longer than a code was meant as a name."""
    by_name = {each.name: each.subject for each in pictographs() if each.kind == "flag"}
    return nearest(name, by_name.values()) if len(name) <= _CODE else by_name.get(nearest(name, by_name) or "")


def _unknown(merged: Merged, kind: str, document: Document, path: DocumentPath, hint: str = "") -> Iterator[Problem]:
    """The names at ``path``, one or a list of them, that are not defined."""
    known = {"concept": merged.concepts, "template": merged.templates, "source": merged.sources}[kind]
    for place, name in _named(document.value(path), path):
        # What cannot be an id is refused as such, here and where it is defined.
        if name in known or not is_id(name) or name in map(as_id, known):
            continue
        # It may be defined in a lexicon that could not be read, unless it looks like a slip of the pen.
        if not merged.lacks_a_lexicon or nearest(name, known):
            yield document.problem(place, f"unknown {kind} {name!r}", suggest(name, known, f"{kind}s") + hint)


def _named(value: Any, path: DocumentPath) -> list[tuple[DocumentPath, str]]:
    """The texts at ``path``, one or a list of them, each with its place."""
    return [(path, value)] if isinstance(value, str) else [((*path, index), name) for index, name in _texts(value)]


def _texts(value: Any) -> list[tuple[int, str]]:
    return [(i, item) for i, item in enumerate(value if isinstance(value, list) else []) if isinstance(item, str)]
