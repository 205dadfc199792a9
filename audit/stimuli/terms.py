"""Words as stimuli: in prompts, or rendered as pictures."""

from __future__ import annotations

from functools import lru_cache

from audit.records import Exclusion, Modality
from audit.stimuli.rendered import STYLES, text_key, word_key
from audit.stimuli.stimulus import Stimulus, Unavailable


def word_stimulus(word: str, style: str) -> Stimulus | None:
    """A word drawn in one style; None when it cannot be drawn."""
    try:
        key = word_key(word, style)
    except Unavailable:
        return None
    return Stimulus(key, Modality.IMAGE, "rendered", word, word, word, style, word)


@lru_cache(maxsize=1024)
def term_stimuli(
    terms: tuple[str, ...], form: str, templates: tuple[str, ...]
) -> tuple[tuple[Stimulus, ...], tuple[Exclusion, ...]]:
    """Every term under every template (the bare term without any), or in every style when it is rendered.

    Terms that no font can write are left out and counted. Remembered: a suite asks about the same words in many probes.
    """
    if form == "text":
        found = [
            Stimulus(text_key(prompt), Modality.TEXT, form, prompt, term, term, template, term)
            for term in terms
            for template in templates or ("{}",)
            for prompt in [template.replace("{}", term)]
        ]
        return tuple(found), ()
    found, left_out = [], {}
    for term in terms:
        try:
            pictures = [(style, word_key(term, style)) for style in STYLES]
        except Unavailable as why:
            left_out[term] = why.reason
        else:
            found += [Stimulus(key, Modality.IMAGE, form, term, term, term, style, term) for style, key in pictures]
    excluded = tuple(Exclusion("terms", 1, reason, (term,)) for term, reason in left_out.items())
    return tuple(found), excluded
