"""``pocket``: the image-text model that ships with the tool, and the same model with other weights.

It ships packed (:mod:`audit.encoders.packed`). What open_clip reads is made of that once, as a ``local-dir:`` folder
under the cache folder, and from there on it is an open_clip model like any other.
"""

from __future__ import annotations

import json
import shutil
import tempfile
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from audit.encoders.digest import array_digest, digest_of
from audit.encoders.model_card import read_model_card
from audit.encoders.open_clip_source import CONFIG, OpenClipSource, encoder_of, folder_source
from audit.encoders.packed import unpack
from audit.encoders.shipped import MANIFEST, Shipped, manifest_text, read_shipped
from audit.encoders.spec import POCKET
from audit.encoders.untrained import read_untrained
from audit.errors import ModelError, UsageError
from audit.store import default_cache_dir

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from audit.encoders.open_clip_model import OpenClipEncoder

FOLDER = Path(__file__).resolve().parent.parent / "shipped" / "pocket"
"""Where its files ship."""

_CODE = "pocket/1"  # raise it when the same shipped files would make another folder
_WEIGHTS = "open_clip_model.safetensors"


def load_pocket(device: str) -> OpenClipEncoder:
    """The model as it ships; ModelError when its files are not those that were shipped."""
    return encoder_of(pocket_source(), device)


def pocket_source(
    replaced: Mapping[str, NDArray[np.float32]] | None = None, *, shipped: Path = FOLDER
) -> OpenClipSource:
    """pocket, or pocket with some of its weights replaced, as a folder that open_clip can read.

    ``replaced`` holds new values for tensors of :func:`pocket_weights`, by name and of the same shape. The weights
    digest is that of the weights as they then are, and so is the cache of encodings: an edited model can never meet
    numbers of pocket or of another edit. Whoever edits names the result, with its own spec, title and note::

        source = pocket_source({"visual.attnpool.c_proj.weight": edited})
        encoder = encoder_of(dataclasses.replace(source, spec="specimen:x", title="specimen x", note="..."), device)

    Raises ModelError for shipped files that are missing or damaged, UsageError for a cache folder that cannot be
    written, ValueError for an edit that does not fit.
    """
    files = read_shipped(POCKET, shipped)
    card = read_model_card(shipped / "model.yaml")
    folder = _built(files, dict(replaced or {}))
    source = folder_source(f"local-dir:{folder}", folder)
    return replace(
        source,
        spec=POCKET,
        title=POCKET,
        origin=card.source,
        licence=card.licence,
        note=card.note,
        untrained=read_untrained(shipped, files.digests),
    )


def pocket_weights(*, shipped: Path = FOLDER) -> dict[str, NDArray[np.generic]]:
    """open_clip's state dict of pocket: float32 arrays by name (``visual.*``, ``text.*``, ``logit_scale``).

    Counters of batch normalisation are int64. Raises ModelError as :func:`pocket_source` does.
    """
    return _weights(read_shipped(POCKET, shipped))


def _weights(files: Shipped) -> dict[str, NDArray[np.generic]]:
    from safetensors.numpy import load_file

    found: dict[str, NDArray[np.generic]] = {}
    for name in sorted(files.digests):
        if name.endswith(".safetensors"):
            found |= unpack(load_file(files.folder / name))
    return found


def _built(files: Shipped, replaced: dict[str, NDArray[np.float32]]) -> Path:
    """The folder for open_clip, made unless it is there and sound."""
    from filelock import FileLock

    root = default_cache_dir().expanduser().resolve() / "models"
    identity = {
        "code": _CODE,
        "files": files.digests,
        "replaced": {name: array_digest(value) for name, value in replaced.items()},
        "place": str(root),  # the configuration names the folder itself, so a cache that was moved is made again
    }
    folder = root / f"{POCKET}-{digest_of(identity)[:20]}"
    if _is_sound(folder):  # asked before locking, so that a cache which is only readable will do
        return folder
    try:
        root.mkdir(parents=True, exist_ok=True)
        with FileLock(folder.with_suffix(".lock")):
            if not _is_sound(folder):
                _make(folder, files, replaced)
    except OSError as error:
        raise UsageError(
            f"the cache folder {root} cannot be written: {error.strerror or error}",
            hint="set CLIP_AUDIT_CACHE to a folder that can",
        ) from error
    return folder


def _is_sound(folder: Path) -> bool:
    try:
        read_shipped(POCKET, folder)
    except ModelError:
        return False
    return True


def _make(folder: Path, files: Shipped, replaced: dict[str, NDArray[np.float32]]) -> None:
    """Write the folder beside its place, then put it there whole."""
    from safetensors.numpy import save

    weights = _weights(files)
    for name, value in replaced.items():
        if name not in weights or value.shape != weights[name].shape:
            raise ValueError(f"{POCKET} has no weights {name!r} of shape {value.shape}")
        weights[name] = value.astype(weights[name].dtype)
    # The library writes a view in the order of its memory; only contiguous arrays mean what their shape says.
    contiguous = {name: np.ascontiguousarray(value).reshape(value.shape) for name, value in weights.items()}
    config = json.loads((files.folder / CONFIG).read_text(encoding="utf-8"))
    config["model_cfg"]["text_cfg"] |= {"hf_model_name": str(folder), "hf_tokenizer_name": str(folder)}
    copied = [name for name in files.digests if name != CONFIG and not name.endswith(".safetensors")]
    with tempfile.TemporaryDirectory(dir=folder.parent, prefix=f".{POCKET}-") as temporary:
        made = Path(temporary) / folder.name
        made.mkdir()
        for name in copied:
            shutil.copyfile(files.folder / name, made / name)
        (made / CONFIG).write_text(json.dumps(config, indent=2) + "\n", encoding="utf-8")
        (made / _WEIGHTS).write_bytes(save(contiguous))
        (made / MANIFEST).write_text(manifest_text(made, [*copied, CONFIG, _WEIGHTS]), encoding="utf-8")
        shutil.rmtree(folder, ignore_errors=True)  # one that was damaged
        made.replace(folder)
