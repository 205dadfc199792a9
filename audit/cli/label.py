"""clip-audit label: blinded labelling sheets, out and in."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from cyclopts import App

from audit.cli.console import note, say, say_table

if TYPE_CHECKING:
    from audit.records import LabelShare

app = App(
    name="label", help="Let people label dataset examples of units, blind.", help_format="plaintext", version_flags=[]
)


@app.command
def export(run: Path, *, out: Path, pictures: Path | None = None, seed: int = 0) -> int:
    """Write a sheet to be filled: one row a sampled stimulus, in random order, with nothing that says where it is from.

    Parameters
    ----------
    run
        A run directory with findings about units.
    out
        The sheet, CSV; give each rater a copy that is called like the rater.
    pictures
        A folder for the pictures of the stimuli; without it a row has the word or the name.
    seed
        Another seed gives another order and other ids.
    """
    from audit.assess.labelling import export_sheet
    from audit.store import read_run

    count = export_sheet(read_run(run), out, seed=seed, pictures=pictures)
    say(f"{out}: {count} stimuli; fill in the column label, then: clip-audit label read {run} {out}")
    return 0


@app.command
def read(run: Path, sheet: Path, *more: Path) -> int:
    """Read filled sheets, keep the labels in the run, and print the share of each label in each bin of each unit.

    Parameters
    ----------
    run
        The run directory that the sheet was made of.
    sheet
        A filled sheet; the rater is called like the file.
    more
        Sheets of further raters.
    """
    from audit.assess.labelling import read_sheets
    from audit.store import read_run

    found = read_sheets(read_run(run), [sheet, *more])
    for rater, empty in found.empty.items():
        labelled = sum(each.rater == rater for each in found.labelling.labels)
        say(
            f"{rater}: {labelled} of {found.labelling.asked} stimuli labelled"
            + (f", {empty} left empty" if empty else "")
        )
    for told in found.notes:
        note(told)
    units = dict.fromkeys((s.suite, s.probe, s.form, s.unit, s.rater) for s in found.labelling.shares)
    for suite, probe, form, unit, rater in units:
        say()
        say(f"{suite}/{probe}[{form}], unit {unit}, labelled by {rater}")
        rows = [
            s
            for s in found.labelling.shares
            if (s.suite, s.probe, s.form, s.unit, s.rater) == (suite, probe, form, unit, rater)
        ]
        say_table(
            ("bin", "label", "share", "95 % interval", "labelled", "recall"),
            [_row(s) for s in sorted(rows, key=lambda s: (-s.bin, -s.share, s.label)) if s.count],
            right=(0, 2, 4, 5),
        )
    for pair in found.labelling.agreements:
        say()
        told = f"undefined: {pair.reason}" if pair.kappa is None else f"{pair.kappa:.2f}"
        say(f"Cohen's kappa of {pair.first} and {pair.second}, {pair.n} stimuli labelled by both: {told}")
    say(f"\nto have the labels in the report: clip-audit report {run}")
    return 0


def _row(share: LabelShare) -> tuple[str, ...]:
    return (
        str(share.bin),
        share.label,
        f"{share.share:.2f}",
        f"{share.low:.2f} to {share.high:.2f}",
        f"{share.count} of {share.n}",
        f"{share.recall:.2f}",
    )
