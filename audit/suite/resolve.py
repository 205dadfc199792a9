"""From a name or a file to a suite that is complete and in order."""

from __future__ import annotations

from typing import TYPE_CHECKING

from audit.errors import DocumentError
from audit.records import Source
from audit.suite.algebra import needed, selects_rows
from audit.suite.bundled import suite_path
from audit.suite.loader import read_document
from audit.suite.merged import merge
from audit.suite.names import name_problems
from audit.suite.overlap import Overlaps
from audit.suite.places import published, shown
from audit.suite.suite import Suite
from audit.suite.suite_file import SuiteFile
from audit.suite.validated import validate

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from audit.suite.concept import Concept
    from audit.suite.merged import Defined, Merged


def load_suite(name_or_path: str | Path) -> Suite:
    """Load a suite by its bundled name or its file.

    Raises UsageError when there is none, and DocumentError with every problem of the suite and of the lexicons it uses.
    """
    path = suite_path(name_or_path)
    written = validate(read_document(path, shown(path)), SuiteFile)
    merged = merge(written)
    problems = [*merged.problems, *name_problems(merged), *Overlaps(merged).problems()]
    if written.model is None or problems:
        raise DocumentError(list(dict.fromkeys(problems)))
    return _complete(written.model, merged, path)


def _complete(written: SuiteFile, merged: Merged, path: Path) -> Suite:
    """The suite with its own definitions and what its probes need of the lexicons."""
    concepts: dict[str, Concept] = {name: _labelled(name, defined) for name, defined in merged.concepts.items()}
    concepts = _spelled(concepts)
    named = tuple(name for probe in written.probes for name in probe.references.values())
    wanted = set(needed(concepts, (*written.concepts, *named)))
    kept = {name: concept for name, concept in concepts.items() if name in wanted}
    templates = {name for probe in written.probes for name in probe.template_ids}
    sources = {concept.source for concept in kept.values()}
    parts = {name: getattr(written, name) for name in SuiteFile.model_fields}
    parts |= {
        "use": (),
        "concepts": kept,
        "templates": {k: d.value for k, d in merged.templates.items() if d.own or k in templates},
        "sources": {k: d.value for k, d in merged.sources.items() if d.own or k in sources},
        "probes": tuple(
            probe.placed(
                Source(published(path), merged.suite.document.spans.at(("probes", index))[0]),
                selects_rows=any(selects_rows(kept, name) for name in list(probe.references.values())[:1]),
            )
            for index, probe in enumerate(written.probes)
        ),
    }
    suite = Suite.model_construct(**parts)
    suite._file = path
    return suite


def _spelled(concepts: Mapping[str, Concept]) -> dict[str, Concept]:
    """The concepts, each with the native spellings of its own terms, wherever those are given."""
    given = {term: spelling for concept in concepts.values() for term, spelling in concept.native.items()}
    if not given:
        return dict(concepts)
    known = {
        name: {term: given[term] for term in concept.own_terms if term in given} | dict(concept.native)
        for name, concept in concepts.items()
    }
    return {name: concept.model_copy(update={"native": known[name]}) for name, concept in concepts.items()}


def _labelled(name: str, defined: Defined) -> Concept:
    concept: Concept = defined.value
    return concept if concept.label else concept.model_copy(update={"label": name.replace("-", " ")})
