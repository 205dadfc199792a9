"""manifest.json: the run's record, sealed with its own digest."""

from pathlib import Path

from audit.errors import RunError
from audit.records import RunManifest
from audit.store.atomic import sha256
from audit.store.decode import DAMAGED, Document, build, parse
from audit.store.encode import dump, record

VERSION = "clip-audit/run/1"
SEAL = "sha256"


class _ManifestDocument(Document):
    manifest: RunManifest


def encode_manifest(manifest: RunManifest) -> bytes:
    """The bytes of manifest.json. Its last key is the sha256 of the text without that key.

    The seal shows damage and edits by hand; it is no signature, as anyone can compute it anew.
    """
    made = record(manifest)
    return dump(made | {SEAL: sha256(dump(made))})


def decode_manifest(path: Path, data: bytes) -> RunManifest:
    """The manifest in ``data``; `RunError` when it does not follow its schema or was changed after it was written."""
    document = parse(path, data, VERSION)
    document.pop(SEAL, None)
    if data != dump(document | {SEAL: sha256(dump(document))}):
        raise RunError(f"{path.name} was changed after the run was written ({path}).", hint=DAMAGED)
    return build(path, {"manifest": document}, _ManifestDocument).manifest
