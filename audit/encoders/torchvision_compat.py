"""Make torchvision importable beside a torch that it was not compiled for.

Package registries carry torchvision compiled for CUDA. Beside a CPU build of torch its compiled operators cannot be
loaded, and ``import torchvision`` stops at ``operator torchvision::nms does not exist``, because it attaches shape
rules to two operators that were never declared. open_clip, timm and transformers import torchvision, but only for its
image transforms, which are plain Python and need none of the compiled operators. Declaring the two schemas is enough.
"""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import torch

_SCHEMAS = {
    "nms": "nms(Tensor dets, Tensor scores, float iou_threshold) -> Tensor",
    "qnms": "qnms(Tensor dets, Tensor scores, float iou_threshold) -> Tensor",
}

_libraries: list[torch.library.Library] = []  # a declaration lasts as long as its library object


def declare_torchvision_operators() -> tuple[str, ...]:
    """Declare ``torchvision::nms`` and ``torchvision::qnms`` when torchvision cannot; call it before importing that.

    Returns the names that this process had to declare; empty when torchvision's own operators load.
    """
    if "torchvision" not in sys.modules and not _libraries and not _own_operators_load():
        import torch

        library = torch.library.Library("torchvision", "FRAGMENT")  # type: ignore[no-untyped-call]
        for schema in _SCHEMAS.values():
            library.define(schema)  # type: ignore[no-untyped-call]
        _libraries.append(library)
    return tuple(_SCHEMAS) if _libraries else ()


def _own_operators_load() -> bool:
    """Whether torchvision's compiled operators load here; they then declare the schemas themselves."""
    import torch

    spec = importlib.util.find_spec("torchvision")
    if spec is None or spec.origin is None:
        return True  # without torchvision there is nothing to mend
    for file in sorted(Path(spec.origin).parent.glob("_C.*")):
        try:
            torch.ops.load_library(str(file))  # type: ignore[no-untyped-call]
        except OSError:
            return False
    return hasattr(torch.ops.torchvision, "nms")
