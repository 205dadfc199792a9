from __future__ import annotations

import platform
import sys
from io import BytesIO
from typing import TYPE_CHECKING, Any

import pypdf
import pytest

import reports
from audit.errors import UsageError
from audit.records import Severity, Undefined, Verdict
from reports import pdf
from tests.unit.reports.certified import certified
from tests.unit.reports.page import text_of
from tests.unit.reports.small import finding, run_of

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

PANGO = reports.pdf_problem()
needs_pango = pytest.mark.skipif(bool(PANGO), reason=PANGO)


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("small") / "run"
    return run_of(path, finding(verdict=Verdict.FAIL), finding("second"), verdict=Verdict.FAIL)


@pytest.fixture(scope="module")
def written(small: Path, tmp_path_factory: pytest.TempPathFactory) -> bytes:
    with certified(tmp_path_factory.mktemp("certificate")):
        return reports.write_pdf(small).read_bytes()


@needs_pango
def test_the_pdf_is_tagged_and_titled(written: bytes) -> None:
    document = pypdf.PdfReader(BytesIO(written))
    root: Any = document.trailer["/Root"]
    assert root["/MarkInfo"]["/Marked"]
    assert "/StructTreeRoot" in root
    assert root["/Lang"] == "en"
    assert document.metadata is not None
    assert document.metadata.title == "Bias audit of all-MiniLM-L6-v2: Fail"
    assert b"pdfuaid" in document.xmp_metadata.stream.get_data()  # type: ignore[union-attr]


def _figures(element: Any) -> Iterator[Any]:
    found = element.get_object()
    if isinstance(found, dict):
        if found.get("/S") == "/Figure":
            yield found
        found = found.get("/K", ())
    for child in found if isinstance(found, list) else [found]:
        if not isinstance(child, int) and child is not found:
            yield from _figures(child)


@needs_pango
def test_every_picture_has_a_text(written: bytes) -> None:
    document = pypdf.PdfReader(BytesIO(written))
    figures = list(_figures(document.trailer["/Root"]["/StructTreeRoot"]))  # type: ignore[index]
    assert figures
    assert all(figure.get("/Alt") for figure in figures)


@needs_pango
def test_the_pdf_can_be_navigated_and_read(written: bytes) -> None:
    document = pypdf.PdfReader(BytesIO(written))
    titles = [item.title for item in document.outline if not isinstance(item, list)]
    assert titles[1:3] == ["At a glance", "Not measured"]
    first = document.pages[0].extract_text()
    assert "Fail" in first
    assert "Who should act" in first
    assert "Contents" in first
    assert f"1 of {len(document.pages)}" in first
    everything = "".join(page.extract_text() for page in document.pages)
    assert "Is the second group tied to harm?" in everything
    assert "regions.yaml:7" in everything.replace("\n", "")


@needs_pango
def test_print_is_brief_about_what_needs_no_reader(tmp_path: Path) -> None:
    quiet = finding("quiet", verdict=Verdict.PASS, statement="Nothing to see here.", how="in the usual way")
    open_question = finding("open", severity=Severity.MEDIUM, statement="A small question.", how="by asking around")
    grave = finding("grave", statement="A grave question.", how="with all care")
    run = run_of(tmp_path / "run", quiet, open_question, grave)
    pages = pypdf.PdfReader(reports.write_pdf(run)).pages
    text = " ".join("".join(page.extract_text() for page in pages).split())
    assert "2 of the 3 findings here are given in brief" in text
    for brief in (quiet, open_question):
        assert brief.statement in text
        assert brief.id in text.replace(" ", "")
        assert brief.how not in text
    assert "With all care" in text
    page = reports.write_html(run).read_text(encoding="utf-8")
    assert "In the usual way" in page
    assert "given in brief" not in page


@needs_pango
def test_a_long_plot_goes_on_over_pages(tmp_path: Path) -> None:
    many = [finding(f"probe-{index}", verdict=Verdict.PASS, severity=Severity.HIGH) for index in range(60)]
    broken = finding("broken", estimates=(Undefined(name="cosine_difference", reason="no spread"),))
    pages = pypdf.PdfReader(reports.write_pdf(run_of(tmp_path / "run", *many, broken))).pages
    glance = [text for page in pages if "At a glance" in (text := page.extract_text()) and "family interval" in text]
    assert len(glance) > 2
    found = " ".join("".join(glance).split())
    assert all(one.ask in found for one in many)
    assert "undefined, as no spread" in found


@needs_pango
def test_the_same_run_gives_the_same_bytes(small: Path, written: bytes) -> None:
    assert reports.write_pdf(small).read_bytes() == written


@needs_pango
def test_a_picture_is_written_once_however_many_cards_show_it(pictured: Path) -> None:
    document = pypdf.PdfReader(reports.write_pdf(pictured))
    found = {
        image.indirect_reference.idnum
        for page in document.pages
        for image in page["/Resources"].get("/XObject", {}).get_object().values()
        if image.get_object()["/Subtype"] == "/Image" and image.get_object()["/Width"] == 96
    }
    assert len(found) == 14  # 10 flags shown in two cards, 4 people; print has the words themselves
    texts = [figure["/Alt"] for figure in _figures(document.trailer["/Root"]["/StructTreeRoot"])]  # type: ignore[index]
    assert texts.count("flag of Iraq, Noto style") == 2


@needs_pango
def test_the_pdf_has_the_numbers_of_the_page(pictured: Path, pictured_html: str) -> None:
    pages = pypdf.PdfReader(reports.write_pdf(pictured)).pages
    text = " ".join("".join(page.extract_text() for page in pages).split())
    told = [
        "give −0.011 to +0.011 in cosine (the model: +0.051) and −0.42 to +0.42 as Hedges g (+0.71)",
        "1 of the 4 targets is missed",
        "95.8 % (93.3 to 97.3)",
        "Twemoji, Twitter, Inc. and other",
    ]
    for one in told:
        assert one in text
        assert one in text_of(pictured_html).replace("\u00a0", " ")


@needs_pango
def test_nothing_is_fetched() -> None:
    fetcher = pdf._fetcher()
    for address in ("http://localhost/x", "https://localhost/x", "file:///etc/passwd", "ftp://localhost/x"):
        with pytest.raises(ValueError, match="protocol"):
            fetcher.fetch(address)


def test_a_missing_library_names_the_package(small: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    imported = pdf.importlib.import_module

    def missing(name: str, *package: str) -> Any:
        if name == "weasyprint":
            raise OSError("cannot load library 'libpango-1.0-0'")
        return imported(name, *package)

    monkeypatch.setattr(pdf.importlib, "import_module", missing)
    monkeypatch.setattr(sys, "platform", "linux")
    monkeypatch.setattr(platform, "freedesktop_os_release", lambda: {"ID": "debian"})
    with pytest.raises(reports.PdfUnavailable, match=r"apt install libpango-1\.0-0 libpangoft2-1\.0-0"):
        reports.write_pdf(small)
    assert issubclass(reports.PdfUnavailable, UsageError)
    assert "Pango" in reports.pdf_problem()
    assert reports.write_html(small).exists()
    expected = {"darwin": "brew install pango", "win32": "MSYS2"}
    for name, command in expected.items():
        monkeypatch.setattr(sys, "platform", name)
        assert command in reports.pdf_problem()


@pytest.mark.parametrize(
    ("release", "command"),
    [
        ({"ID": "fedora"}, "dnf install pango"),
        ({"ID": "mint", "ID_LIKE": "ubuntu debian"}, "apt"),
        ({}, "libpango-1.0"),
    ],
)
def test_the_package_of_each_system(release: dict[str, str], command: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "platform", "linux")
    monkeypatch.setattr(platform, "freedesktop_os_release", lambda: release)
    assert command in pdf._install()
