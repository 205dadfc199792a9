"""What the certificate says, in words."""

from __future__ import annotations

from typing import TYPE_CHECKING

from audit.findings.numbers import counted, plain

if TYPE_CHECKING:
    from audit.records import Certificate, RunManifest, Standing

TITLE = "How often this tool misses and cries wolf"
ABSENT = (
    "How often this tool is wrong is not known here: no certificate came with it. “clip-audit calibrate” makes one."
)
CAPTION = (
    "Each bar: audits of one specimen, on random samples of one size; from left to right those that passed, settled "
    "nothing, and failed. “Wrong”: passes at or beyond the margin, fails at or inside it. Right: 95 % intervals that "
    "hold the truth."
)
_DOSES = {
    0: "none: erased",
    0.25: "a quarter of the margin",
    0.5: "half the margin",
    1: "the margin",
    2: "twice the margin",
}


def lead(certificate: Certificate, manifest: RunManifest) -> tuple[str, ...]:
    """What was done, whom it is about, and with which version."""
    audits = sum(cell.passed.of for cell in certificate.cells)
    version = certificate.versions.get("clip-audit", "of an unknown version")
    own = manifest.versions.get("clip-audit", "")
    name = manifest.models[0].name
    audited = f"{name} as it ships" if name == certificate.model else name
    told = (
        f"Copies of {certificate.model}, the model that ships with clip-audit, were given associations of known size "
        f"by edits of their weights (specimens). clip-audit {version} then audited them {audits:,} times, on random "
        f"samples ({'; '.join(one.title for one in certificate.populations)}), asking: “{certificate.ask}” The margin "
        f"is {plain(certificate.margin)} in cosine.",
        f"These figures are about the tool on those specimens. They are not about {audited}, and the "
        "association in the question was planted: it says nothing about the people or places in it.",
    )
    if own and own != version:
        return (*told, f"This run was made by clip-audit {own}; the certificate is that of version {version}.")
    return told


def standing(found: Standing, missed: int, of: int) -> str:
    """Whether the targets were kept, in a sentence."""
    match found:
        case "met":
            return f"All {of:,} targets are met."
        case "open":
            return f"No target is missed; of some of the {of:,} there were too few audits to be sure."
        case "missed":
            verb = "is" if missed == 1 else "are"
            return (
                f"{missed:,} of the {of:,} targets {verb} missed; {'it comes' if missed == 1 else 'they come'} first."
            )


def dose(margins: float) -> str:
    """A planted association in margins."""
    return _DOSES.get(margins, f"{margins:g} times the margin")


def alternative(certificate: Certificate) -> str:
    """The result of the figure in a few clauses."""
    by_id = {target.id: target for target in certificate.targets}
    told = [
        f"{by_id[name].what}: {100 * by_id[name].value:.1f} %"
        for name in ("wrong-passes", "wrong-fails", "coverage")
        if name in by_id
    ]
    return f"{counted(len(certificate.cells), 'cell')} of audits. Over all: {'; '.join(told)}."


def provenance(certificate: Certificate) -> tuple[tuple[str, str], ...]:
    """Where the certificate comes from."""
    pairs = (
        ("Made", certificate.created),
        ("Command", certificate.command),
        ("Model", certificate.model),
        ("Its weights, sha256", certificate.weights_digest),
        ("Suite, sha256", certificate.suite_digest),
        ("Seed", str(certificate.seed)),
        ("Versions", ", ".join(f"{name} {version}" for name, version in sorted(certificate.versions.items()))),
        (
            "Arithmetic against the edited model",
            f"embeddings of unit length differ by {certificate.embedding_gap:.1g} at most, the planted unit by "
            f"{certificate.unit_gap:.1g} standard deviations",
        ),
    )
    return tuple(pair for pair in pairs if pair[1])


def start(text: str) -> str:
    """With a capital first."""
    return text[:1].upper() + text[1:]
