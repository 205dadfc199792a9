"""certificate.json: what the tool was seen to do where the truth is known."""

from pathlib import Path

from audit.records import Certificate
from audit.store.decode import Document, build, parse, read_bytes
from audit.store.encode import dump, record

VERSION = "clip-audit/certificate/1"
SHIPPED = Path(__file__).resolve().parent.parent / "shipped" / "calibration" / "certificate.json"
"""The certificate of this version of the tool, as ``clip-audit calibrate`` wrote it."""


class _CertificateDocument(Document):
    certificate: Certificate


def encode_certificate(certificate: Certificate) -> bytes:
    """The bytes of certificate.json."""
    return dump(record(certificate))


def load_certificate(path: Path | None = None) -> Certificate:
    """The certificate in a file, or the one that ships; `RunError` when there is none or it does not fit its schema."""
    path = path or SHIPPED
    return build(path, {"certificate": parse(path, read_bytes(path), VERSION)}, _CertificateDocument).certificate
