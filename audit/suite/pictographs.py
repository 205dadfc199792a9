"""Which pictographs show a concept."""

from typing import Annotated, Any, Literal, Self

from pydantic import AfterValidator, BeforeValidator, Field, model_validator

from audit.suite.part import Part, refusal
from audit.suite.pictograph_index import ART_STYLES, Pictograph, pictographs, subjects
from audit.suite.probe import unique
from audit.suite.text import Values, as_list
from audit.suite.words import listed

ALL = "all"
"""Everything there is of a kind, or every tone or gender."""

KINDS = {
    "flags": "flag",
    "role": "person",
    "religion": "religion",
    "face": "face",
    "place": "place",
    "object": "object",
}
"""What each key of a selector picks: the kind of the index."""

Tone = Literal["all", "none", "light", "medium-light", "medium", "medium-dark", "dark"]
Gender = Literal["all", "person", "woman", "man"]
Style = Literal["noto", "twemoji", "fluent", "flag-icons", "circle-flags"]


def _all_alone(values: tuple[str, ...]) -> tuple[str, ...]:
    if ALL in values and len(values) > 1:
        raise refusal(f"has `{ALL}` and others", hint=f"{ALL} includes them")
    return unique(values)  # type: ignore[no-any-return]


def _choice(schema: Any) -> Any:
    """Annotations of a key that holds one value or several."""
    return (Field(min_length=1), BeforeValidator(as_list, json_schema_input_type=schema), AfterValidator(_all_alone))


Names = Annotated[Values, AfterValidator(_all_alone)]


class Pictographs(Part):
    """Which of the pictographs that ship show a concept; each is shown in every art style that all of them share."""

    flags: Names = ()
    """Flags by ISO 3166 code, e.g. [IQ, IR], or all."""
    role: Names = ()
    """What people are or do, e.g. [judge, cook, running], or all."""
    tone: Annotated[tuple[Tone, ...], *_choice(Tone | list[Tone])] = ()
    """Skin tones of the people; all, with the yellow of none, when left out."""
    gender: Annotated[tuple[Gender, ...], *_choice(Gender | list[Gender])] = ()
    """Genders of the people; all when left out."""
    religion: Names = ()
    """Places of worship and religious symbols, or all."""
    face: Names = ()
    """Faces, e.g. [angry-face], or all."""
    place: Names = ()
    """Places and buildings, or all."""
    object_: Names = ()
    """Things, plants and animals, or all."""
    styles: Annotated[tuple[Style, ...], *_choice(Style | list[Style])] = ()
    """Art styles to show them in; all that they share when left out."""

    @model_validator(mode="after")
    def _selects_something(self) -> Self:
        if not any(self.named(key) for key in KINDS):
            raise refusal(f"needs {listed(KINDS)}", hint="for example flags: [IQ, IR]")
        for key in ("tone", "gender"):
            if getattr(self, key) and not self.role:
                raise refusal(f"has `{key}` without `role`, and only people have one", hint="role: all", at=key)
        return self

    def named(self, key: str) -> tuple[str, ...]:
        """What stands under one of `KINDS`."""
        value: tuple[str, ...] = getattr(self, "object_" if key == "object" else key)
        return value

    @property
    def selected(self) -> tuple[Pictograph, ...]:
        """The pictographs, by key, then in the order they are named, then in that of the index.

        A name that is not in the index selects nothing; whoever loads a suite is told.
        """
        found: list[Pictograph] = []
        for key in KINDS:
            names = self.named(key)
            there = self._of_kind(key)
            for name in names:
                found += [each for each in there if name in (ALL, each.subject)]
        return tuple(found)

    @property
    def barren(self) -> tuple[str, ...]:
        """The roles of which tone and gender leave nothing."""
        there = {each.subject for each in self._of_kind("role")}
        return tuple(name for name in self.role if name in subjects("person") and name not in there)

    def _of_kind(self, key: str) -> list[Pictograph]:
        kind = KINDS[key]
        return [
            each
            for each in pictographs()
            if each.kind == kind
            and (key != "role" or (_fits(each.tone, self.tone) and _fits(each.gender, self.gender)))
        ]

    @property
    def allowed_styles(self) -> frozenset[str]:
        """The styles it may be shown in."""
        return frozenset(self.styles or ART_STYLES)


def _fits(value: str, wanted: tuple[str, ...]) -> bool:
    return not wanted or ALL in wanted or value in wanted


def shared_styles(shown: tuple[Pictograph, ...], allowed: frozenset[str]) -> tuple[str, ...]:
    """The styles, of those allowed, in which every one of these is drawn; all of those when there is none."""
    return tuple(style for style in ART_STYLES if style in allowed and all(style in each.drawings for each in shown))
