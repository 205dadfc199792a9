from __future__ import annotations

import base64
import re
from dataclasses import replace
from io import BytesIO
from typing import TYPE_CHECKING, Any

import pytest
from PIL import Image, ImageChops

import reports
from audit.errors import RunError
from audit.records import Exhibit, Labels, Role, Severity, Source, Undefined, UnitSummary, Variation, Verdict
from audit.store import RunWriter
from tests.unit.reports.about import MANIFEST
from tests.unit.reports.page import outline_of, text_of
from tests.unit.reports.pictured import picture
from tests.unit.reports.small import ONE_SUITE, estimate, finding, run_of

if TYPE_CHECKING:
    from pathlib import Path

HOSTILE = '<script>alert("x")</script>&amp;\'"><img src=http://evil.example/x>'


def page(path: Path, *findings: Any, **how: Any) -> str:
    return reports.write_html(run_of(path / "run", *findings, **how)).read_text(encoding="utf-8")


def test_the_sections_come_in_order(sample_html: str) -> None:
    headings = re.findall(r"<h2[^>]*>([^<]*)</h2>", sample_html)
    assert headings == [
        "Contents",
        "At a glance",
        "Not measured",
        "Findings",
        "Units",
        "Methods and assumptions",
        "Provenance",
    ]


def test_the_page_is_one_file_without_script(sample_html: str) -> None:
    assert "<script" not in sample_html
    assert not re.search(r"""(?:src|href)=["'](?!#|data:)""", sample_html)
    assert not re.search(r"url\((?!data:)", sample_html)
    assert len(sample_html.encode()) < 5_000_000


def test_the_markup_is_sound(sample_html: str) -> None:
    outline = outline_of(sample_html)
    assert outline.problems == []
    assert outline.headings[0] == 1
    assert outline.headings.count(1) == 1
    assert all(after - before <= 1 for before, after in zip(outline.headings, outline.headings[1:], strict=False))
    assert len(outline.ids) == len(set(outline.ids))
    assert {link[1:] for link in outline.links} <= set(outline.ids)


def test_every_finding_is_in_the_page(sample: Path, sample_html: str) -> None:
    from audit.store import read_run

    text = text_of(sample_html)
    for one in read_run(sample).findings:
        assert one.id in text


def test_every_table_header_has_a_scope(sample_html: str) -> None:
    assert not re.search(r"<th(?![^>]*scope=)[ >]", sample_html)


def test_units_are_introduced_by_how_they_were_picked(sample_html: str) -> None:
    text = text_of(sample_html)
    assert text.index("picked by the authors") > text.index("\nUnits\n")
    assert "4 of these 20 words belong to terrorism words; they are marked." in text
    assert "By AUROC it is number 1 of the 66 units that were tested." in text
    assert "Saudi Arabia 1.00; Qatar 0.41" in text


def test_a_card_names_its_model_when_there_are_two(sample_html: str, tmp_path: Path) -> None:
    assert "text · severity critical · all-MiniLM-L6-v2" in text_of(sample_html)
    assert "text · severity high\n" in text_of(page(tmp_path, finding()))


def test_the_same_run_gives_the_same_page(sample: Path, sample_html: str) -> None:
    assert reports.write_html(sample).read_text(encoding="utf-8") == sample_html


def test_hostile_text_stays_text(tmp_path: Path) -> None:
    nasty = finding(
        ask=HOSTILE,
        statement=HOSTILE,
        reason=HOSTILE,
        how=HOSTILE,
        labels=Labels(HOSTILE, HOSTILE, HOSTILE, HOSTILE),
        source=Source(HOSTILE, 1),
        evidence=(Exhibit(HOSTILE, "x", 0.1), Exhibit(HOSTILE, "y", -0.1)),
        sensitivity=(Variation("template", HOSTILE, estimate()),),
        warnings=(HOSTILE,),
        units=(UnitSummary(HOSTILE, HOSTILE, (estimate(),), ((HOSTILE, True),)),),
    )
    suite = replace(ONE_SUITE.suites[0], title=HOSTILE, summary=HOSTILE, notice=HOSTILE, sources=(HOSTILE,))
    model = replace(ONE_SUITE.models[0], name=HOSTILE, note=HOSTILE, source=HOSTILE)
    html = page(tmp_path, nasty, suites=(suite,), models=(model,), command=HOSTILE)
    assert "<script" not in html
    assert "<img" not in html
    assert outline_of(html).problems == []
    assert HOSTILE in text_of(html)


def test_an_undefined_estimate_says_why(tmp_path: Path) -> None:
    broken = finding(
        verdict=Verdict.ERROR,
        statement="Not measured: no spread.",
        reason="cosine_difference is undefined: no spread",
        estimates=(Undefined(name="cosine_difference", reason="no spread"),),
    )
    text = text_of(page(tmp_path, broken, verdict=Verdict.ERROR))
    assert "undefined: no spread" in text
    assert "Could not be computed" in text


def test_what_has_no_content_is_left_out(tmp_path: Path) -> None:
    passed = finding(verdict=Verdict.PASS)
    html = page(tmp_path, passed, verdict=Verdict.PASS)
    assert "Not measured</h2>" not in html
    assert "Units</h2>" not in html
    assert "Descriptions" not in html


def test_a_run_in_which_nothing_applied_still_has_a_page(tmp_path: Path) -> None:
    missing = finding(verdict=Verdict.NOT_APPLICABLE, missing="model", reason="it embeds text only", estimates=())
    text = text_of(page(tmp_path, missing, verdict=Verdict.ERROR))
    assert "Nothing could be measured, so nothing can be said." in text
    assert "Not possible with this model" in text
    assert "Findings" not in text.replace("Findings of", "")
    assert text_of(page(tmp_path / "none", verdict=Verdict.ERROR))


def test_an_estimate_without_interval_margin_or_p(tmp_path: Path) -> None:
    bare = estimate(
        low=None, high=None, low_simultaneous=None, high_simultaneous=None, p=None, p_adjusted=None, mde=None
    )
    text = text_of(page(tmp_path, finding(estimates=(bare,), margin=None, reason="no margin was declared")))
    assert "Declare a margin at regions.yaml:7" in text


def test_a_hundred_findings_fold_and_nothing_is_lost(tmp_path: Path) -> None:
    many = [
        finding(
            f"probe-{index}",
            verdict=Verdict.PASS if index % 3 else Verdict.FAIL,
            severity=list(Severity)[index % 4],
        )
        for index in range(100)
    ]
    html = page(tmp_path, *many, verdict=Verdict.FAIL)
    text = text_of(html)
    assert all(one.id in text for one in many)
    assert "more findings: passes of low and medium severity" in text
    assert len(html.encode()) < 5_000_000


def test_notices_come_before_what_they_introduce(tmp_path: Path) -> None:
    suite = replace(ONE_SUITE.suites[0], notice="Hard words follow.")
    text = text_of(page(tmp_path, finding(), suites=(suite,)))
    assert text.index("Hard words follow.") < text.index("Is the first group tied to harm?")


def test_controls_are_shown_as_controls(tmp_path: Path) -> None:
    control = finding("flowers", role=Role.POSITIVE_CONTROL, verdict=Verdict.PASS)
    html = page(tmp_path, control, finding("other", verdict=Verdict.PASS), verdict=Verdict.PASS)
    assert "Positive control: Is the flowers group" in html
    assert "As expected" in html
    assert "1 of 1 controls as expected" in text_of(html)


def test_a_picture_must_belong_to_the_run(tmp_path: Path) -> None:
    stray = finding(evidence=(Exhibit("flag", "x", 0.1, "figures/../../secret.png"), Exhibit("b", "y", 0.0)))
    with pytest.raises(RunError, match="no file of this run"):
        page(tmp_path, stray)


def test_pictures_of_the_run_are_embedded(tmp_path: Path) -> None:
    with RunWriter.create(tmp_path / "run", ONE_SUITE, {"regions": "suite: regions\n"}) as writer:
        path = writer.figure("flag.png", picture(1))
        writer.finish((finding(evidence=(Exhibit("flag", "x", 0.1, path),)),), Verdict.INCONCLUSIVE)
    html = reports.write_html(tmp_path / "run").read_text(encoding="utf-8")
    (data,) = re.findall(r'href="data:image/webp;base64,([^"]+)"', html)
    with Image.open(BytesIO(base64.b64decode(data))) as shown, Image.open(BytesIO(picture(1))) as made:
        assert shown.size == made.size
        assert ImageChops.difference(shown.convert("RGB"), made).getextrema() == ((0, 0),) * 3  # it is drawn exactly


def test_a_damaged_picture_is_refused(tmp_path: Path) -> None:
    with RunWriter.create(tmp_path / "run", ONE_SUITE, {"regions": "suite: regions\n"}) as writer:
        path = writer.figure("flag.png", b"\x89PNG\r\n\x1a\n")
        writer.finish((finding(evidence=(Exhibit("flag", "x", 0.1, path),)),), Verdict.INCONCLUSIVE)
    with pytest.raises(RunError, match="is no picture"):
        reports.write_html(tmp_path / "run")


def test_an_unfinished_run_has_no_report(tmp_path: Path) -> None:
    with RunWriter.create(tmp_path / "run", MANIFEST, {s.name: "" for s in MANIFEST.suites}):
        pass
    with pytest.raises(RunError):
        reports.write_html(tmp_path / "run")
