"""Turns what pydantic refuses into problems with a place, in the words of the document."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from audit.suite.naming import as_id, came, is_unquoted, subject
from audit.suite.scalars import Surprise, read_as, read_plain
from audit.suite.text import KEBAB
from audit.suite.words import listed, nearest, suggest

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Set

    from pydantic import BaseModel, ValidationError
    from pydantic_core import ErrorDetails

    from audit.errors import Problem
    from audit.suite.document import Document
    from audit.suite.spans import DocumentPath

_NEEDS: Mapping[str, str] = {
    "string_type": "text",
    "int_type": "a whole number",
    "int_from_float": "a whole number",
    "float_type": "a number",
    "bool_type": "true or false",
    "tuple_type": "a list",
    "dict_type": "a mapping of `key: value`",
    "mapping_type": "a mapping of `key: value`",
    "model_type": "a mapping of `key: value`",
    "model_attributes_type": "a mapping of `key: value`",
}
_BOUNDS: Mapping[str, tuple[str, str]] = {
    "greater_than": ("greater than", "gt"),
    "greater_than_equal": ("at least", "ge"),
    "less_than": ("less than", "lt"),
    "less_than_equal": ("at most", "le"),
}
_FEW = 4
_CONCEPT_KEYS = ("x", "y", "a", "b", "concept", "rest-of", "harm", "neutral")
_PATTERNS: Mapping[str, tuple[str, str]] = {
    KEBAB: ("must be an id of small letters, digits and hyphens", ""),
    r"^C[0-9]+$": ("must be a C and a number", "for example C6"),
    r"\{\}": ("must contain {} exactly once, where the term goes", 'for example "a photo of {}"'),
}
"""What each pattern asks for, and an example."""


def schema_problems(document: Document, model: type[BaseModel], error: ValidationError) -> list[Problem]:
    """A problem for everything that does not fit ``model``, but for what was already said of the YAML itself."""
    root = model.__name__.removesuffix("File").lower()
    refusals = [_Refused(document, model, root, d, *_locate(document, d)) for d in error.errors(include_url=False)]
    unknown = {refused.path for refused in refusals if refused.kind == "extra_forbidden"}
    return [refused.problem() for refused in refusals if not refused.is_said_elsewhere(unknown)]


def tags_of(details: ErrorDetails) -> list[str]:
    """The names that pydantic expected where it found an unknown one."""
    return [tag.strip("'") for tag in details["ctx"]["expected_tags"].split(", ")]


def _locate(document: Document, details: ErrorDetails) -> tuple[DocumentPath, str]:
    """Path of the value in the document, and the name of the key that is missing there.

    Pydantic puts the names of union members among the keys; the document does not have those.
    """
    path: DocumentPath = ()
    last = len(details["loc"]) - 1
    for index, part in enumerate(details["loc"]):
        if index == last and details["type"] == "missing":
            return path, str(part)
        if part != "[key]" and document.has((*path, part)):
            path = (*path, part)
    return path, ""


@dataclass(frozen=True, slots=True)
class _Refused:
    """One refusal of pydantic, and where it belongs."""

    document: Document
    model: type[BaseModel]
    root: str
    details: ErrorDetails
    path: DocumentPath
    missing: str

    def is_said_elsewhere(self, unknown: Set[DocumentPath]) -> bool:
        """Whether another problem says the same: of the YAML, of an item, or of an ``unknown`` key that is misspelt."""
        if self.kind == "missing":
            near = (path for path in unknown if path[:-1] == self.path)
            misspelt = any(nearest(str(path[-1]), [self.missing]) for path in near)
            return misspelt or self.document.is_broken((*self.path, self.missing))
        if self.kind == "too_short" and len(self.value) >= self.context["min_length"]:
            return True  # Pydantic counts the valid items only.
        return self.document.is_broken(self.path)

    @property
    def kind(self) -> str:
        return self.details["type"]

    @property
    def context(self) -> Mapping[str, Any]:
        return self.details.get("ctx", {})

    @property
    def value(self) -> Any:
        return self.details["input"]

    @property
    def is_key(self) -> bool:
        return "[key]" in self.details["loc"]

    @property
    def name(self) -> str:
        return subject(self.document, self.path, self.root)

    @property
    def came(self) -> str:
        return came(self.document, self.path, self.value)

    def say(self, message: str, hint: str = "", *, key: bool = False) -> Problem:
        return self.document.problem(self.path, message, hint, key=key or self.is_key)

    def problem(self) -> Problem:
        kind = self.kind
        if kind in _NEEDS:
            return self.wrong_kind(_NEEDS[kind])
        if kind in _BOUNDS:
            words, bound = _BOUNDS[kind]
            return self.say(f"{self.name} must be {words} {self.context[bound]:g}, not {self.came}")
        special: Mapping[str, Callable[[], Problem]] = {
            "missing": self.needs_key,
            "extra_forbidden": self.unknown_key,
            "union_tag_not_found": self.needs_measure,
            "union_tag_invalid": self.unknown_measure,
            "literal_error": self.not_allowed,
            "string_pattern_mismatch": self.wrong_form,
            "too_short": self.too_short,
            "string_too_short": self.too_short,
            "finite_number": lambda: self.say(f"{self.name} must be a finite number, not {self.came}"),
            "refused": self.refused,
        }
        return special[kind]() if kind in special else self.say(f"{self.name}: {self.details['msg']}")

    def wrong_kind(self, needed: str) -> Problem:
        if needed == "text" and is_unquoted(self.value):
            written = self.document.written(self.path)
            if not written:
                return self.say(f"{self.name} needs text, but nothing stands here", key=True)
            message = f"{self.name} needs text, but an unquoted {written} is read as {read_as(self.value)}"
            return self.say(message, f'quote it: "{written}"')
        hint = ""
        if needed == "text" and self.path[0] == "probes" and self.path[-1] in _CONCEPT_KEYS:
            hint = "define a concept and name its id here"
        elif needed == "text" and isinstance(self.value, dict):
            hint = self._as_one_text()
        elif needed == "a list" and isinstance(self.value, str):
            hint = f"[{self.value}]"
        elif needed in ("a number", "a whole number") and _is_number(self.value):
            hint = f"without quotes: {self.value}"
        elif needed == _NEEDS["model_type"] and len(keys := allowed_keys(self.model, self.document, self.path)) <= _FEW:
            hint = f"its keys: {', '.join(keys)}" if keys else ""
        elif needed == "true or false" and isinstance(self.value, Surprise):
            hint = f"write {self.value.reading}"
        return self.say(f"{self.name} needs {needed}, not {self.came}", hint, key=self.value is None)

    def _as_one_text(self) -> str:
        """The text with a colon that was read as a mapping."""
        key, value = next(iter(self.value.items()), ("", None))
        written = value if isinstance(value, str) else self.document.written((*self.path, key))
        if len(self.value) == 1 and written:
            return f'quote it: "{key}: {written}"'
        return "quote a text that contains a colon"

    def needs_key(self) -> Problem:
        return self.say(f"{self.name} needs `{self.missing}`", key=True)

    def unknown_key(self) -> Problem:
        *above, key = self.path
        place = f" in {subject(self.document, tuple(above), self.root)}" if above else ""
        hint = suggest(str(key), allowed_keys(self.model, self.document, tuple(above)), "allowed")
        return self.say(f"unknown key `{key}`{place}", hint, key=True)

    def needs_measure(self) -> Problem:
        if not isinstance(self.value, dict):
            return self.wrong_kind(_NEEDS["dict_type"])
        return self.say(f"{self.name} needs `measure`", key=True)

    def unknown_measure(self) -> Problem:
        measures = tags_of(self.details)
        path = (*self.path, "measure")
        asked = came(self.document, path, self.value["measure"])
        near = nearest(str(self.value["measure"]), measures)
        return self.document.problem(
            path, f"unknown measure {asked}; measures: {', '.join(measures)}", f"did you mean {near!r}?" if near else ""
        )

    def not_allowed(self) -> Problem:
        allowed = [part.strip("'") for part in self.context["expected"].replace(" or ", ", ").split(", ")]
        near = nearest(self.value, allowed) if isinstance(self.value, str) else None
        return self.say(
            f"{self.name} must be {listed(allowed)}, not {self.came}", f"did you mean {near!r}?" if near else ""
        )

    def wrong_form(self) -> Problem:
        pattern = self.context["pattern"]
        rule, hint = _PATTERNS.get(pattern, (f"must match {pattern}", ""))
        name = "the key" if self.is_key else self.name
        if pattern == KEBAB and (meant := as_id(str(self.value))):
            hint = f"did you mean {meant!r}?"
        written = self.path[-1] if self.is_key else self.value
        return self.say(f"{name} {rule}, not {str(written)!r}", hint)

    def too_short(self) -> Problem:
        least = self.context["min_length"]
        return self.say(f"{self.name} must not be empty" if least == 1 else f"{self.name} needs at least {least} items")

    def refused(self) -> Problem:
        at, message, hint = self.context["at"], f"{self.name} {self.context['message']}", self.context["hint"]
        if at:
            return self.document.problem((*self.path, at), message, hint, key=True)
        return self.say(message, hint)


def _is_number(value: Any) -> bool:
    """Whether a text would be a number if it stood without quotes."""
    return isinstance(value, str) and type(read_plain(value)) in (int, float)


def allowed_keys(model: type[BaseModel], document: Document, path: DocumentPath) -> list[str]:
    """The keys that a mapping at ``path`` may have, in the order of the schema."""
    schema = model.model_json_schema(by_alias=True)
    nodes: list[tuple[Mapping[str, Any], Any]] = [(schema, document.data)]
    for part in path:
        nodes = [
            (found, data[part])
            for node, data in nodes
            for branch in _branches(node, schema, data)
            if (found := _below(branch, part)) is not None
        ]
    keys = (
        key for node, data in nodes for branch in _branches(node, schema, data) for key in branch.get("properties", ())
    )
    return list(dict.fromkeys(keys))


def _branches(node: Mapping[str, Any], schema: Mapping[str, Any], data: Any) -> list[Mapping[str, Any]]:
    """The schemas that a value may follow; of a union by measure, only the one it asks for."""
    if reference := node.get("$ref"):
        return _branches(schema["$defs"][reference.rsplit("/", 1)[-1]], schema, data)
    if choice := node.get("discriminator"):
        chosen = choice["mapping"].get(data.get(choice["propertyName"]))
        if chosen:
            return _branches({"$ref": chosen}, schema, data)
    if "properties" in node:
        return [node]
    options = [*node.get("anyOf", ()), *node.get("oneOf", ())]
    return [branch for option in options for branch in _branches(option, schema, data)] if options else [node]


def _below(node: Mapping[str, Any], part: str | int) -> Mapping[str, Any] | None:
    if isinstance(part, int):
        found = node.get("items")
    else:
        entries = node.get("patternProperties", {})
        found = node.get("properties", {}).get(part) or next(iter(entries.values()), node.get("additionalProperties"))
    return found if isinstance(found, dict) else None
