"""An association or a classification harm as a function of the embeddings of pictures, whatever was done to them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

import numpy as np

from audit.records import Estimate

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from numpy.typing import NDArray

    from audit.engine import Encodings
    from audit.records import Measured, Undefined
    from audit.stimuli import Stimulus


_AT_ONCE = 256


@dataclass(frozen=True)
class Effect:
    """What a probe measures, as it can be measured again when units of the model are changed."""

    what: str
    """``association of X rather than Y with A rather than B``."""
    stimuli: tuple[Stimulus, ...]
    """The n pictures."""
    before: NDArray[np.float64]
    """(n,) the value of each as the model is."""
    directions: NDArray[np.float64]
    """(q, d) what the embeddings are compared with."""
    towards: NDArray[np.float64]
    """(n, d) the direction in which each picture's own value grows."""
    read: Callable[[NDArray[np.float64]], NDArray[np.float64]]
    """From (k, n, q) inner products with the directions to (k, n) values."""
    differences: Callable[[NDArray[np.float64]], Sequence[Measured]]
    """From (k, n) values to the k differences between the groups, each with its interval."""

    @property
    def weights(self) -> NDArray[np.float64]:
        """(n,) by which the values add up to the difference: it is linear in them, so each alone shows its weight."""
        n, found = len(self.before), []
        for start in range(0, n, _AT_ONCE):
            alone = np.eye(min(_AT_ONCE, n - start), n, start)
            found += [each.value if isinstance(each, Estimate) else np.nan for each in self.differences(alone)]
        return np.array(found)


class HasEffect(Protocol):
    """A plan of a probe whose effect can be measured again."""

    def effect(self, encodings: Encodings) -> Effect | Undefined:
        """What it measures; Undefined with the reason when that cannot be said."""
