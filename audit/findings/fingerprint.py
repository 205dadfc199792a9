"""The identity of a question, the same in every run and for every model."""

from __future__ import annotations

import hashlib
import json


def fingerprint(suite: str, probe: str, form: tuple[str, ...], ask: str, definition: str) -> str:
    """Hexadecimal sha256 over what was asked.

    ``definition`` is the digest of the probe with its concepts and templates. Numbers, model, seed and place in the
    file are left out, so that a baseline and a waiver meet the same finding in the next run, and lose it when the
    question becomes another one.
    """
    return hashlib.sha256(json.dumps([suite, probe, list(form), ask, definition]).encode()).hexdigest()
