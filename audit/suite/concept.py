"""Concepts: what is compared with what."""

from collections.abc import Mapping
from typing import Annotated, Any, Self

from pydantic import BeforeValidator, ConfigDict, Field, model_validator

from audit.suite.part import Maybe, Part, refusal
from audit.suite.pictographs import Pictographs
from audit.suite.text import Id, Line, Prose, Values
from audit.suite.words import listed, suggest

BASES = ("terms", "pictographs", "where", "union", "from")
"""The ways to say what belongs to a concept. Terms and pictographs may stand together: words and pictures of it."""

_WORDS_AND_PICTURES = ["terms", "pictographs"]


def _as_definition(value: Any) -> Any:
    return {"terms": value} if isinstance(value, list) else value


class Definition(Part):
    """What belongs to a concept: terms or pictographs or both, or one of where, union and from."""

    model_config = ConfigDict(
        json_schema_extra={
            "oneOf": [
                {"anyOf": [{"required": ["terms"]}, {"required": ["pictographs"]}]},
                {"required": ["where"]},
                {"required": ["union"]},
                {"required": ["from"]},
            ],
            "dependentRequired": {"from": ["except"], "except": ["from"]},
        }
    )

    terms: tuple[Line, ...] = Field(default=(), min_length=1)
    """Words or names. Each is a cluster: the thing that is exchanged when chance is computed."""
    pictographs: Maybe[Pictographs] = None
    """Pictographs that show it, for the form `pictograph`: flags, people, places, things."""
    where: Mapping[Line, Values] = Field(default_factory=dict, min_length=1)
    """Rows of the stimulus table of an arrays: model. All columns must match."""
    union: tuple[Id, ...] = Field(default=(), min_length=2)
    """Concepts whose terms, pictographs or rows are put together."""
    from_: Maybe[Id] = None
    """Concept from which those under `except` are taken away."""
    except_: tuple[Id, ...] = Field(default=(), min_length=1)
    """Concepts that are taken away from the one under `from`."""

    @property
    def parts(self) -> tuple[str, ...]:
        """Ids of the concepts it is made of."""
        return (*self.union, *((self.from_,) if self.from_ else ()), *self.except_)

    @model_validator(mode="after")
    def _has_one_base(self) -> Self:
        given = [name for name in BASES if getattr(self, "from_" if name == "from" else name)]
        if given == _WORDS_AND_PICTURES:
            return self
        if not given:
            raise refusal(f"needs {listed(BASES)}", hint="for example terms: [Iraq, Iran, Syria]")
        if len(given) > 1:
            raise refusal(f"has {listed(given, 'and')}; only terms and pictographs stand together", at=given[1])
        if self.from_ and not self.except_:
            raise refusal("has `from` without `except`", hint="except: [concepts to take away]", at="from")
        if self.except_ and not self.from_:
            raise refusal("has `except` without `from`", hint="from: the concept to take them away from", at="except")
        return self


class Variant(Definition):
    """Another definition of the same concept: a list of terms, or the same keys as a concept."""


class Concept(Definition):
    """A group of stimuli that a probe compares with another."""

    label: Line = ""
    """What people call it; the id when left out."""
    source: Maybe[Line] = None
    """Where the word list or grouping comes from: an id under `sources`, or a citation."""
    note: Prose = ""
    """What a reader should know about it."""
    variants: Mapping[
        Id, Annotated[Variant, BeforeValidator(_as_definition, json_schema_input_type=list[Line] | Variant)]
    ] = Field(default_factory=dict)
    """Other definitions of it, by name. They are measured beside the headline and never replace it."""
    aliases: Mapping[Line, Values] = Field(default_factory=dict)
    """Other spellings of a term, used when it is looked up in the table of an arrays: model."""

    native: Mapping[Line, Line] = Field(default_factory=dict)
    """How a term is written in its own language and script, e.g. Iraq: العراق, for the form `native`."""

    @model_validator(mode="after")
    def _spellings_are_of_terms(self) -> Self:
        known = self.own_terms
        for key, given, what in (("aliases", self.aliases, "other spellings"), ("native", self.native, "the spelling")):
            for term in given:
                if term not in known:
                    hint = suggest(term, known, "terms")
                    raise refusal(f"has no term {term!r}, of which it gives {what}", hint=hint, at=key)
        return self

    @property
    def own_terms(self) -> tuple[str, ...]:
        """The terms that are written at it or at one of its variants, each once."""
        variants = (term for variant in self.variants.values() for term in variant.terms)
        return tuple(dict.fromkeys((*self.terms, *variants)))

    @property
    def all_parts(self) -> tuple[str, ...]:
        """Ids of the concepts that it or one of its variants is made of."""
        return (*self.parts, *(part for variant in self.variants.values() for part in variant.parts))

    def definition(self, variant: str | None = None) -> Definition:
        """What belongs to it, or to it under a variant."""
        return self if variant is None else self.variants[variant]
