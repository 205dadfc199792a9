"""``model.yaml``: what an ``arrays:`` folder says about itself."""

from __future__ import annotations

from typing import TYPE_CHECKING

from audit.errors import ModelError
from audit.registry import suggestion

if TYPE_CHECKING:
    from pathlib import Path

KEYS = ("name", "source", "licence", "note")
"""What ``model.yaml`` may say; see :class:`audit.records.ModelInfo`. Each is text and may be left out."""


def read_model_card(path: Path) -> dict[str, str]:
    """The keys and texts of ``model.yaml``; empty when there is no such file."""
    if not path.is_file():
        return {}
    from ruamel.yaml import YAML
    from ruamel.yaml.error import YAMLError

    try:
        # YAML 1.2, where `no` and `12:30` stay text; the pure loader also refuses a key that is there twice.
        card = YAML(typ="safe", pure=True).load(path.read_text(encoding="utf-8"))
    except (YAMLError, UnicodeDecodeError, OSError) as error:
        raise ModelError(f"{path}: cannot be read as YAML ({' '.join(str(error).split())})") from error
    if card is None:
        return {}
    if not isinstance(card, dict):
        raise ModelError(f"{path}: must hold keys and values", hint="keys: " + ", ".join(KEYS))
    for key, value in card.items():
        if key not in KEYS:
            raise ModelError(f"{path}: unknown key {str(key)!r}", hint=suggestion(str(key), list(KEYS)))
        if not isinstance(value, str):
            raise ModelError(f"{path}: {key} must be text, not {value!r}", hint="put it in quotes")
    return {key: value.strip() for key, value in card.items()}
