"""A suite, complete: every name it uses is defined in it."""

import hashlib
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from pydantic import PrivateAttr

from audit.suite import algebra
from audit.suite.concept import Concept
from audit.suite.emit import to_yaml
from audit.suite.spans import DocumentPath
from audit.suite.suite_file import Probe, SuiteFile
from audit.suite.text import is_id

_ASIDE = {"ask", "severity", "control", "describes", "family", "note", "pool", "words"}
"""What a probe says beside its question."""

_HEAD = ("suite", "title", "summary", "version", "claims", "notice", "model")
"""What stands first in a suite."""


class Suite(SuiteFile):
    """A suite with what it takes from lexicons; it needs no other file but its model's."""

    _file: Path = PrivateAttr(default=Path())

    @property
    def file(self) -> Path:
        """The file it was read from."""
        return self._file

    def concept(self, name: str) -> Concept:
        """The concept called ``name``."""
        return self.concepts[name]

    def terms(self, name: str, variant: str | None = None) -> tuple[str, ...]:
        """Terms of a concept, or of a variant of it, put together and taken away as it is defined.

        Empty for a concept that selects rows of a table.
        """
        return algebra.terms_of(self.concepts, name, variant)

    def wordless(self, name: str, variant: str | None = None) -> tuple[str, ...]:
        """Ids of the concepts that a concept is made of, or its own, that have pictographs alone."""
        return algebra.wordless(self.concepts, name, variant)

    def pictographs(self, name: str, variant: str | None = None) -> algebra.Selection:
        """Pictographs of a concept, or of a variant of it, put together and taken away as it is defined."""
        return algebra.pictographs_of(self.concepts, name, variant)

    def selects_rows(self, name: str, variant: str | None = None) -> bool:
        """Whether a concept, or one it is made of, selects rows of a table."""
        return algebra.selects_rows(self.concepts, name, variant)

    @property
    def aliases(self) -> Mapping[str, tuple[str, ...]]:
        """Other spellings of terms; those given at one concept hold wherever the term stands."""
        found: dict[str, tuple[str, ...]] = {}
        for concept in self.concepts.values():
            for term, spellings in concept.aliases.items():
                found[term] = tuple(dict.fromkeys((*found.get(term, ()), *spellings)))
        return found

    @property
    def native(self) -> Mapping[str, str]:
        """Terms in their own script; what is given at one concept holds wherever the term stands."""
        return {term: spelling for concept in self.concepts.values() for term, spelling in concept.native.items()}

    def templates_of(self, templates: str | tuple[str, ...] | None) -> tuple[str, ...]:
        """Prompts by their id, prompts as they are, or the bare term for none."""
        if templates is None:
            return ("{}",)
        return self.templates[templates] if isinstance(templates, str) else templates

    def probe(self, name: str) -> Probe:
        """The probe called ``name``."""
        return next(probe for probe in self.probes if probe.id == name)

    @property
    def citations(self) -> tuple[str, ...]:
        """Where its word lists come from, one citation each: the `sources`, and those written at a concept."""
        free = (concept.source for concept in self.concepts.values() if concept.source and not is_id(concept.source))
        return tuple(dict.fromkeys((*self.sources.values(), *free)))

    def definition(self, name: str) -> str:
        """What a probe asks, as canonical JSON: its measure with terms, rows and prompts written out.

        Two probes with the same definition ask the same of a model, whatever their concepts are called and wherever
        they stand.
        """
        probe = self.probe(name)
        asked = _plain(probe)
        for key in _ASIDE | {"id"}:
            asked.pop(key, None)
        if probe.measure == "visualize" and probe.of:
            asked["of"] = self.definition(probe.of)
        if probe.measure == "units" and probe.ablate:
            asked["ablate"] = [self.definition(name) for name in probe.ablate]
        asked["concepts"] = {
            "/".join(map(str, path)): self._written_out(concept)
            for path, concept in probe.references.items()
            if path[0] not in _ASIDE
        }
        if any("native" in probe.forms_of(path) for path in probe.references):
            shown = {term for name in probe.references.values() for term in self.terms(name)}
            asked["native"] = {term: spelling for term, spelling in self.native.items() if term in shown}
        for path in sorted(probe.references, key=len, reverse=True):
            _take_out(asked, path)
        for (place,) in probe.template_paths:
            asked[str(place)] = self.templates_of(getattr(probe, str(place).replace("-", "_")))
        return _canonical(asked)

    def _written_out(self, name: str) -> Any:
        """The terms and pictographs of a concept, or how it selects rows."""
        if not self.selects_rows(name):
            selection = self.pictographs(name)
            if selection.lacking:
                return self.terms(name)
            shown = [f"{each.kind}/{each.name}" for each in selection.pictographs]
            return {"terms": self.terms(name), "pictographs": shown, "styles": selection.styles}
        definition = self.concepts[name]
        if definition.where or definition.terms:
            return definition.model_dump(mode="json", by_alias=True, include={"where", "terms"}, exclude_defaults=True)
        return {
            "union": [self._written_out(part) for part in definition.union],
            "from": [self._written_out(part) for part in ((definition.from_,) if definition.from_ else ())],
            "except": [self._written_out(part) for part in definition.except_],
        }

    @property
    def digest(self) -> str:
        """sha256 of everything it says, lexicons included; comments, layout and place do not count."""
        return hashlib.sha256(_canonical(_plain(self)).encode()).hexdigest()

    def resolved_yaml(self) -> str:
        """The suite in one file, without ``use``; read again it has the same digest."""
        plain = _plain(self)
        return to_yaml({key: plain[key] for key in (*_HEAD, *plain) if key in plain})


def _take_out(asked: dict[str, Any], path: DocumentPath) -> None:
    """Takes the name of a concept out of a probe, and what held it when nothing else did."""
    if len(path) == 1 or isinstance(path[1], int):
        asked.pop(str(path[0]), None)
        return
    inner = asked.get(str(path[0]))
    if isinstance(inner, dict):
        _take_out(inner, path[1:])
        if not inner:
            del asked[str(path[0])]


def _plain(part: Any) -> dict[str, Any]:
    """A part as it would be written, without what is left out anyway."""
    plain: dict[str, Any] = part.model_dump(mode="json", by_alias=True, exclude_defaults=True)
    return plain


def _canonical(value: Any) -> str:
    return json.dumps(value, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
