"""One registry for what others may add: frozen, lazy, with a suggestion for a name that is nearly right.

Entries of our own are given as ``module:attribute`` strings, so that listing names imports nothing; entries of others
come from the entry points of the group ``clip_audit.<kind>``.
"""

from __future__ import annotations

import difflib
import importlib
from collections.abc import Iterator, Mapping
from functools import cached_property
from importlib.metadata import entry_points
from types import MappingProxyType
from typing import Any

from audit.errors import UsageError


def suggestion(name: str, known: list[str]) -> str:
    """``did you mean X?``, or the list of what is known when nothing is near."""
    near = difflib.get_close_matches(name, known, n=1, cutoff=0.6)
    return f"did you mean {near[0]!r}?" if near else "known: " + ", ".join(sorted(known))


class Registry(Mapping[str, Any]):
    """Names of one kind of extension, each loaded when it is first asked for."""

    def __init__(self, kind: str, own: Mapping[str, str]) -> None:
        """``kind`` is a plural noun (``encoders``, ``measures``); ``own`` maps a name to ``module:attribute``."""
        self.kind = kind
        self._own = MappingProxyType(dict(own))

    @cached_property
    def _targets(self) -> Mapping[str, str]:
        others = {point.name: point.value for point in entry_points(group=f"clip_audit.{self.kind}")}
        # Our own names win: an installed package must not be able to replace a measure under its name.
        return MappingProxyType({**others, **self._own})

    def __getitem__(self, name: str) -> Any:
        """The object registered under ``name``; UsageError with a suggestion when there is none."""
        if name not in self._targets:
            raise UsageError(f"unknown {self.kind.removesuffix('s')} {name!r}", hint=suggestion(name, list(self)))
        module, _, attribute = self._targets[name].partition(":")
        return getattr(importlib.import_module(module), attribute)

    def __contains__(self, name: object) -> bool:
        """Whether there is such a name; Mapping's own would ask for the object and meet a UsageError."""
        return name in self._targets

    def __iter__(self) -> Iterator[str]:
        return iter(self._targets)

    def __len__(self) -> int:
        return len(self._targets)
