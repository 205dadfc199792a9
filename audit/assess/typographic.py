"""Typographic probes: how often a written word becomes the name of a picture, by word, place and area."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from audit.assess.evidence import picture_bytes, picture_path
from audit.assess.framing import frame, named, unavailable
from audit.assess.outcome import Outcome, Plan, Shown
from audit.measures import zero_shot
from audit.records import Breakdown, BreakdownRow, Estimate, Exclusion, Exhibit, Labels, Margin, Measured, Undefined
from audit.stats import two_way_share
from audit.stimuli import Unavailable, Writing, written_on

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from numpy.typing import NDArray

    from audit.engine import Encodings
    from audit.stimuli import Collector, Stimulus, StimulusSet
    from audit.suite import Suite, TypographicProbe

RATE = "attack_rate"
_SIGN = "share of pairs whose picture is named by the written word and was not before"
SHOWN = 6
_NAMES = 20


def plan(suite: Suite, probe: TypographicProbe, collector: Collector) -> list[TypographicPlan]:
    """One plan a form; one whose stimuli cannot be had says so when it is measured."""
    return [
        TypographicPlan.collect(suite, probe, (form, "text"), _shown(suite, probe, form, collector))
        for form in probe.forms
    ]


def _shown(suite: Suite, probe: TypographicProbe, form: str, collector: Collector) -> Iterator[Shown]:
    if not collector.draws:
        raise Unavailable("model", "nothing can be written on pictures that were embedded elsewhere")
    bare = collector.collect(probe.concept, form, cluster=probe.cluster)
    yield Shown("bare", "", bare)
    words = [term for name in probe.written for term in suite.terms(name)]
    blank, attacked, left_out = [], [], {}
    for place in probe.places:
        for area in probe.areas:
            blank += [written_on(base, Writing("", place, area)) for base in bare.stimuli]
            for base, word in _pairs(len(bare.stimuli), len(words), probe.limit):
                try:
                    attacked.append(written_on(bare.stimuli[base], Writing(words[word], place, area)))
                except Unavailable as why:
                    left_out[words[word]] = why.reason
    excluded = tuple(Exclusion("written words", 1, reason, (word,)) for word, reason in left_out.items())
    yield Shown("blank", "", replace(bare, stimuli=tuple(blank), excluded=()))
    yield Shown("written", "", replace(bare, stimuli=tuple(attacked), excluded=excluded))
    for label in probe.labels:
        texts = collector.collect(label, "text", templates=suite.templates_of(probe.templates))
        yield Shown("label", "", texts)


def _pairs(pictures: int, words: int, limit: int) -> Iterator[tuple[int, int]]:
    """Pairs in turn: every picture once with a next word, then all again with the word after; each pair once."""
    for n in range(min(limit, pictures * words)):
        base = n % pictures
        yield base, (base + n // pictures) % words


@dataclass(frozen=True)
class TypographicPlan(Plan["TypographicProbe"]):
    """One typographic probe in one form."""

    def _set(self, role: str) -> StimulusSet:
        return next(part.stimuli for part in self.shown if part.role == role)

    def measure(self, encodings: Encodings, seed: int) -> Outcome:
        """The share of pairs in which the word became the name."""
        del seed
        framed = frame(self.of, self.asked, self.form, encodings.info, self.shown)
        if self.unavailable:
            return Outcome(unavailable(framed, self.unavailable))
        margin = Margin(RATE, self.asked.margin.value) if self.asked.margin else None
        pictures = self.of.concept(self.asked.concept).label
        words_label = " and ".join(self.of.concept(name).label for name in self.asked.written)
        framed = replace(framed, margin=margin, labels=Labels(pictures, "", words_label))
        labels = [part.stimuli for part in self.shown if part.role == "label"]
        sets = [self._set("bare"), self._set("blank"), self._set("written")]
        if not sets[2].stimuli:
            reason = "no word could be written legibly"
            return Outcome(replace(framed, estimates=(Undefined(name=RATE, reason=reason),)))
        rows = zero_shot(sets, labels, encodings)
        bad = [s.label for s, row in zip(rows.stimuli, rows.cosines, strict=True) if not np.isfinite(row).all()]
        if bad:
            reason = named("the model gives no finite embedding of positive length for a class, or for", bad)
            return Outcome(replace(framed, estimates=(Undefined(name=RATE, reason=reason),)))
        found = _Attacks.of(rows.classes, rows.closest(1)[:, 0], sets)
        headline = found.rate(0.95)
        measurement = replace(
            framed,
            estimates=(headline, found.blank()),
            breakdowns=tuple(self._breakdowns(found)),
            evidence=tuple(exhibit for exhibit, _ in found.exhibits()),
            excluded=(*framed.excluded, *found.already()),
            how=(
                f"Across each picture lies a white strip with a word, at {', '.join(self.asked.places)} and over "
                f"{', '.join(f'{area:g}' for area in self.asked.areas)} of the picture. An attack succeeds when the "
                f"closest of {len(rows.classes)} classes is the written word and was not without it. Pictures and "
                "words are both sampled; the same strip without a word says what covering alone changes."
            ),
        )
        return Outcome(
            measurement,
            intervals=found.intervals,
            figures=dict(picture for _, picture in found.exhibits() if picture is not None),
        )

    def _breakdowns(self, found: _Attacks) -> Iterator[Breakdown]:
        owner = {term: self.of.concept(name).label for name in self.asked.written for term in self.of.terms(name)}
        kinds: tuple[tuple[str, str, Callable[[int], str]], ...] = (
            ("label", "Attack rate by written word", lambda i: found.words[i]),
            ("group", "Attack rate by kind of word", lambda i: owner[found.words[i]]),
            ("place", "Attack rate by place", lambda i: found.places[i]),
            ("area", "Attack rate by share of the picture covered", lambda i: f"{found.areas[i]:g}"),
        )
        for kind, title, of in kinds:
            values = [of(i) for i in range(len(found.words))]
            names = list(dict.fromkeys(values))
            if len(names) < 2:
                continue
            rows = [BreakdownRow(name, found.part(np.array([v == name for v in values]), kind)) for name in names]
            yield Breakdown(title=title, kind=kind, rows=tuple(rows))


@dataclass(frozen=True)
class _Attacks:
    """The pairs whose picture was not named by the word before."""

    hits: NDArray[np.float64]
    words: tuple[str, ...]
    places: tuple[str, ...]
    areas: tuple[float, ...]
    subjects: tuple[str, ...]
    shown: tuple[Stimulus, ...]
    before: tuple[str, ...]
    changed: NDArray[np.float64]
    """(blank strips,) 1 where covering alone changed the name."""
    covered: tuple[str, ...]
    """Subject of each blank strip."""
    skipped: tuple[str, ...]
    """Pictures and words left out, as the word was the name already."""

    @classmethod
    def of(cls, classes: Sequence[str], answer: NDArray[np.intp], sets: Sequence[StimulusSet]) -> _Attacks:
        bare, blank, attacked = (each.stimuli for each in sets)
        names = [classes[i] for i in answer.tolist()]
        before = {(s.item, s.template): name for s, name in zip(bare, names, strict=False)}
        covered = names[len(bare) : len(bare) + len(blank)]
        after = names[len(bare) + len(blank) :]
        kept, skipped = [], []
        for stimulus, name in zip(attacked, after, strict=True):
            word, place, area = json.loads(stimulus.content)[3:]
            was = before[stimulus.item, stimulus.template]
            if was == word:
                skipped.append(f"{stimulus.item} with {word}")
            else:
                kept.append((float(name == word), word, place, area, stimulus, was))
        return cls(
            np.array([each[0] for each in kept]),
            tuple(each[1] for each in kept),
            tuple(each[2] for each in kept),
            tuple(each[3] for each in kept),
            tuple(each[4].cluster for each in kept),
            tuple(each[4] for each in kept),
            tuple(each[5] for each in kept),
            np.array([float(now != before[s.item, s.template]) for s, now in zip(blank, covered, strict=True)]),
            tuple(s.cluster for s in blank),
            tuple(skipped),
        )

    def rate(self, level: float) -> Measured:
        """Attack rate over all pairs."""
        return self._share(np.ones(len(self.hits), dtype=np.bool_), level)

    def _share(self, kept: NDArray[np.bool_], level: float = 0.95) -> Measured:
        subjects, words = np.array(self.subjects)[kept], np.array(self.words)[kept]
        return two_way_share(
            self.hits[kept],
            np.unique(subjects, return_inverse=True)[1],
            np.unique(words, return_inverse=True)[1],
            name=RATE,
            sign=_SIGN,
            level=level,
        )

    def part(self, kept: NDArray[np.bool_], kind: str) -> Measured:
        """Attack rate of some of the pairs; of one word, pictures alone are sampled."""
        if kind != "label":
            return self._share(kept)
        subjects = np.unique(np.array(self.subjects)[kept], return_inverse=True)[1]
        # One word: every pair its own cluster of the second kind, so that only subjects count.
        return two_way_share(self.hits[kept], subjects, np.arange(int(kept.sum())), name=RATE, sign=_SIGN)

    def blank(self) -> Measured:
        """How often the same strip without a word changes the name."""
        subjects = np.unique(np.array(self.covered), return_inverse=True)[1]
        return two_way_share(
            self.changed,
            subjects,
            np.arange(len(self.changed)),
            name="changed_by_blank_strip",
            sign="share of pictures that an empty strip gives another name",
        )

    def intervals(self, level: float) -> dict[str, tuple[float, float]]:
        """The interval of the rate at another level, for the correction over a family."""
        found = self.rate(level)
        if not isinstance(found, Estimate) or found.low is None or found.high is None:
            return {}
        return {RATE: (found.low, found.high)}

    def exhibits(self) -> list[tuple[Exhibit, tuple[str, bytes] | None]]:
        """The first pictures that were taken for the word, each of another subject."""
        found: list[tuple[Exhibit, tuple[str, bytes] | None]] = []
        seen: set[str] = set()
        for hit, word, stimulus, was in zip(self.hits, self.words, self.shown, self.before, strict=True):
            if hit and stimulus.cluster not in seen and len(found) < SHOWN:
                seen.add(stimulus.cluster)
                exhibit = Exhibit(f"{stimulus.item}, named {was}, then {word}", word, 1.0, picture_path(stimulus))
                found.append((exhibit, picture_bytes(stimulus)))
        return found

    def already(self) -> tuple[Exclusion, ...]:
        """The pairs that say nothing."""
        if not self.skipped:
            return ()
        names = self.skipped[:_NAMES]
        return (Exclusion("pairs", len(self.skipped), "the word was the picture's name without being written", names),)
