"""From a suite's concepts to the stimuli of one model, form by form."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from audit.records import Exclusion, Modality
from audit.stimuli.divided import divided
from audit.stimuli.images import FORM as IMAGE
from audit.stimuli.images import from_files
from audit.stimuli.native import FORM as NATIVE
from audit.stimuli.native import native_stimuli
from audit.stimuli.pictographs import FORM, in_shared_styles, pictograph_stimuli
from audit.stimuli.rendered import text_key
from audit.stimuli.stimulus import Stimulus, StimulusSet, Unavailable
from audit.stimuli.table import StimulusTable
from audit.stimuli.terms import term_stimuli
from audit.suite import BY_POSITION

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    import pandas as pd
    from numpy.typing import NDArray

    from audit.records import ModelInfo
    from audit.stimuli.images import Images
    from audit.suite import AssociationProbe, GroupedBy, RestOf, Suite

_MODALITY = {
    "text": Modality.TEXT,
    "rendered": Modality.IMAGE,
    NATIVE: Modality.IMAGE,
    "pictograph": Modality.IMAGE,
    "image": Modality.IMAGE,
}


class Collector:
    """Collects the stimuli of a suite's concepts for one model."""

    def __init__(
        self,
        suite: Suite,
        info: ModelInfo,
        table: pd.DataFrame | None,
        *,
        top_words: bool = False,
        images: Images | None = None,
    ) -> None:
        """``table`` is the model's own stimulus table, when its numbers were computed elsewhere; ``images`` are what
        the user brings for a model that is run here, and stand for the form `image`."""
        self._suite = suite
        self._info = info
        self._images = None if table is not None else images
        self._table = None if table is None else StimulusTable(table)
        if self._images is not None:
            self._table = StimulusTable(self._images.frame, self._images.name)
        self.has_top_words = top_words
        self._aliases = suite.aliases

    def default_forms(self, probe: AssociationProbe) -> tuple[tuple[str, str], ...]:
        """The forms of a probe that names none: text, or for rows of a table whatever they are."""
        attributes = (probe.attributes.a, probe.attributes.b)
        return self._pairs(self._defaults(probe.targets.x, probe.targets.y), attributes)

    def default_pairs(self, pictured: str, attributes: Sequence[str]) -> tuple[tuple[str, str], ...]:
        """The forms of a probe that names none and shows pictures of one concept beside attributes."""
        return self._pairs(self.default_picture_forms(pictured), attributes)

    def _pairs(self, targets: Sequence[str], attributes: Sequence[str]) -> tuple[tuple[str, str], ...]:
        return tuple((target, attribute) for target in targets for attribute in self._defaults(*attributes))

    def _defaults(self, *concepts: str) -> tuple[str, ...]:
        return tuple(dict.fromkeys(form for concept in concepts for form in self._default_form(concept)))

    def default_picture_forms(self, concept: str) -> tuple[str, ...]:
        """The form of a probe of pictures that names none."""
        if self._from_rows(concept, IMAGE):
            return (IMAGE,)
        return ("pictograph",) if self._is_drawn_only(concept) else ("rendered",)

    @property
    def draws(self) -> bool:
        """Whether the model is run here, so that it can be shown what the tool draws."""
        return self._table is None or self._images is not None

    def has_pictographs(self, concept: str) -> bool:
        """Whether a concept, and all that it is made of, has pictographs."""
        return not self._suite.pictographs(concept).lacking

    def is_shown_in(self, form: str, concept: str) -> bool:
        """Whether a concept has what a form needs beside words: pictographs, or a native spelling of a term."""
        if form == NATIVE:
            return not self._suite.native.keys().isdisjoint(self._suite.terms(concept))
        return form != FORM or self.has_pictographs(concept)

    def _is_drawn_only(self, concept: str) -> bool:
        return bool(self._suite.wordless(concept)) and self.has_pictographs(concept)

    def variants(self, concept: str, form: str) -> tuple[str, ...]:
        """The other definitions of a concept that say what to show in a form; one of words alone has no pictographs."""
        names = tuple(self._suite.concept(concept).variants)
        if self._from_rows(concept, form):
            return names
        if form == FORM:
            return tuple(name for name in names if not self._suite.pictographs(concept, name).lacking)
        return tuple(name for name in names if not self._suite.wordless(concept, name))

    def _from_rows(self, concept: str, form: str) -> bool:
        """Whether a form of a concept is rows of a table: every form of a model that has its own, else images alone."""
        if self._table is not None and self._images is None:
            return True
        return form == IMAGE and self._suite.selects_rows(concept)

    def _default_form(self, concept: str) -> tuple[str, ...]:
        if not self._from_rows(concept, IMAGE):
            return (FORM,) if self._is_drawn_only(concept) else ("text",)
        if self._table is None or self._images is not None:
            return (IMAGE,)
        rows = self._rows(concept)
        forms = tuple(form for form in ("text", "image") if (rows & self._table.of_form(form)).any())
        return forms or ("text",)

    def require_units(self, form: str = IMAGE) -> None:
        """Raises Unavailable when the model has no units that can be read in a form."""
        if not self._info.layers:
            what = "a text encoder" if Modality.IMAGE not in self._info.modalities else "no layer that is known"
            raise Unavailable("model", f"{self._info.name} has no units that can be read ({what})")
        if _MODALITY[form] is Modality.TEXT and self.draws:
            raise Unavailable("model", f"the units of {self._info.name} answer to pictures, not to text")

    def collect(
        self,
        concept: str,
        form: str,
        *,
        variant: str | None = None,
        templates: Sequence[str] = (),
        cluster: str | None = None,
        block: str | None = None,
        labels: Sequence[str] = (),
    ) -> StimulusSet:
        """The stimuli of a concept, or of one of its variants, in a form.

        ``cluster`` is ``term``, ``item`` or a label column; the default is a term's name for terms, the subject for
        pictographs and the row for rows. ``block`` is what they are matched by: ``position`` of the term in its list, a
        label column, or None. ``labels`` are label columns that every stimulus brings.
        Raises Unavailable when the model lacks the modality, or when nothing can be shown.
        """
        modality = _MODALITY[form]
        if modality not in self._info.modalities:
            raise Unavailable(
                "model", f"{self._info.name} cannot embed {'images' if modality is Modality.IMAGE else 'text'}"
            )
        if self._table is not None and (self._images is None or form == IMAGE):
            stimuli, excluded = self._from_table(concept, variant, form, cluster, block, labels)
            if self._images is not None:
                stimuli, unread = from_files(stimuli, self._images.frame)
                excluded = (*excluded, *unread)
        elif form == IMAGE:
            raise Unavailable("stimuli", "no images were given (--images TABLE, or an arrays: model with its own)")
        elif self._suite.selects_rows(concept, variant):
            raise Unavailable("stimuli", f"{concept!r} names rows of a table, which are shown as images or not at all")
        elif form == FORM:
            stimuli, excluded = self._from_pictographs(concept, variant, cluster, block, labels), ()
        else:
            if block not in (None, BY_POSITION):
                raise Unavailable("stimuli", f"terms have no label {block!r} to match by, only their {BY_POSITION}")
            if labels:
                raise Unavailable("stimuli", f"terms have no label {labels[0]!r} to divide by")
            self._require("terms", concept, self._suite.wordless(concept, variant))
            terms = self._suite.terms(concept, variant)
            if form == NATIVE:
                stimuli, excluded = native_stimuli(terms, self._suite.native)
            else:
                stimuli, excluded = term_stimuli(terms, form, tuple(templates))
        if block == BY_POSITION:
            stimuli = tuple(self._placed(stimuli, self._suite.terms(concept, variant)))
        label = self._suite.concept(concept).label
        excluded = tuple(Exclusion(label, e.count, e.reason, e.names) for e in excluded)
        if not stimuli:
            raise Unavailable("stimuli", f"{label} has no stimuli in the form {form!r} on {self._info.name}")
        return StimulusSet(concept, label, form, stimuli, excluded)

    def texts(self, prompts: Sequence[str]) -> Mapping[str, Stimulus]:
        """Whole prompts as stimuli; on a model with a table of its own, the text rows whose `term` they are.

        Raises Unavailable when the model embeds no text, or its table lacks one of them.
        """
        if Modality.TEXT not in self._info.modalities:
            raise Unavailable("model", f"{self._info.name} cannot embed text")
        if self._table is None or self._images is not None:
            return {
                prompt: Stimulus(text_key(prompt), Modality.TEXT, "text", prompt, prompt, prompt, "{}", prompt)
                for prompt in prompts
            }
        rows = self._table.terms(tuple(prompts), {}) & self._table.of_form("text")
        found = {stimulus.label: stimulus for stimulus in self._table.stimuli(rows, "text", "term")}
        if lacking := [prompt for prompt in prompts if prompt not in found]:
            raise Unavailable("stimuli", f"{self._info.name} has no text {lacking[0]!r} among its own stimuli")
        return found

    def collect_groups(
        self,
        groups: tuple[str, ...] | GroupedBy,
        form: str,
        *,
        templates: Sequence[str] = (),
        cluster: str | None = None,
        block: str | None = None,
        labels: Sequence[str] = (),
    ) -> tuple[StimulusSet, ...]:
        """The groups that a probe compares, in the order they are named or first occur, none of them empty.

        Groups of a divided concept are called by their values (``woman, dark``), and every stimulus brings the columns
        it was divided by among its ``labels``. A stimulus of which one of those is not known is left out and counted.
        Pictographs are shown in the art styles that all groups have. Raises Unavailable as `collect` does, and when
        there are fewer than two groups.
        """
        if isinstance(groups, tuple):
            sets = [
                self.collect(name, form, templates=templates, cluster=cluster, block=block, labels=labels)
                for name in groups
            ]
            return in_shared_styles(*sets)
        wanted = tuple(dict.fromkeys((*groups.by, *labels)))
        whole = self.collect(groups.of, form, templates=templates, cluster=cluster, block=block, labels=wanted)
        return divided(whole, groups.by)

    def collect_against(
        self, against: tuple[str, ...] | RestOf, form: str, concept: StimulusSet, *, cluster: str | None = None
    ) -> StimulusSet:
        """What a concept is compared with: other concepts, or the rest of a larger one."""
        if isinstance(against, tuple):
            sets = [self.collect(name, form, cluster=cluster) for name in against]
            *most, last = [each.label for each in sets]
            label = f"{', '.join(most)} and {last}" if most else last
            name = "+".join(against)
        else:
            sets = [self.collect(against.rest_of, form, cluster=cluster)]
            label, name = f"the other {_lowered(sets[0].label)}", f"rest-of:{against.rest_of}"
        own = {stimulus.key for stimulus in concept.stimuli}
        unique = {stimulus.key: stimulus for each in sets for stimulus in each.stimuli if stimulus.key not in own}
        excluded = tuple(exclusion for each in sets for exclusion in each.excluded)
        if not unique:
            raise Unavailable("stimuli", f"there is nothing to compare {concept.label} with")
        return StimulusSet(name, label, form, tuple(unique.values()), excluded)

    def _from_pictographs(
        self, concept: str, variant: str | None, cluster: str | None, block: str | None, labels: Sequence[str]
    ) -> tuple[Stimulus, ...]:
        selection = self._suite.pictographs(concept, variant)
        self._require("pictographs", concept, selection.lacking)
        return pictograph_stimuli(selection, cluster, block, labels)

    def _require(self, what: str, concept: str, lacking: Sequence[str]) -> None:
        """Raises Unavailable when a concept, or one that it is made of, has none; the rest would be another concept."""
        if lacking:
            label = self._suite.concept(concept).label
            labels = [self._suite.concept(name).label for name in lacking if name != concept]
            because = f": {', '.join(labels)} {'have' if len(labels) > 1 else 'has'} none" if labels else ""
            raise Unavailable("stimuli", f"{label} has no {what}{because}")

    def _placed(self, stimuli: Sequence[Stimulus], terms: Sequence[str]) -> Iterator[Stimulus]:
        """The stimuli, each in the block of its term's place in the list."""
        place = {
            spelled: str(index) for index, term in enumerate(terms) for spelled in (term, *self._aliases.get(term, ()))
        }
        for stimulus in stimuli:
            yield replace(stimulus, block=place[stimulus.label])

    def _from_table(
        self,
        concept: str,
        variant: str | None,
        form: str,
        cluster: str | None,
        block: str | None,
        labels: Sequence[str],
    ) -> tuple[tuple[Stimulus, ...], tuple[Exclusion, ...]]:
        assert self._table is not None
        rows = self._rows(concept, variant) & self._table.of_form(form)
        if self._suite.selects_rows(concept, variant):
            return self._table.stimuli(rows, form, cluster or "item", block, labels), ()
        terms = self._suite.terms(concept, variant)
        absent = self._table.absent(terms, self._aliases, form)
        by = None if block == BY_POSITION else block
        return self._table.stimuli(rows, form, cluster or "term", by, labels), absent

    def _rows(self, concept: str, variant: str | None = None) -> NDArray[np.bool_]:
        """(rows,) True for the rows of the table that belong to a concept: the algebra of its definition on rows."""
        assert self._table is not None
        definition = self._suite.concept(concept).definition(variant)
        if definition.where:
            return self._table.where(definition.where)
        if definition.terms:
            return self._table.terms(definition.terms, self._aliases)
        if definition.union:
            return self._any_of(definition.union)
        self._require("terms", concept, self._suite.wordless(concept, variant))
        assert definition.from_ is not None
        return self._rows(definition.from_) & ~self._any_of(definition.except_)

    def _any_of(self, concepts: Sequence[str]) -> NDArray[np.bool_]:
        rows: NDArray[np.bool_] = np.logical_or.reduce([self._rows(concept) for concept in concepts])
        return rows


def _lowered(label: str) -> str:
    return label[0].lower() + label[1:] if label[1:2].islower() else label
