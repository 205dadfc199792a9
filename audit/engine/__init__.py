"""What to encode once, and where it is kept: stimuli in, arrays out, behind one view."""

from audit.engine.cache import Cache
from audit.engine.encodings import ChangeableUnits, Encodings, UnitActivations, UnitChange
from audit.engine.live import LiveEncodings, Progress
from audit.engine.precomputed import PrecomputedEncodings

__all__ = [
    "Cache",
    "ChangeableUnits",
    "Encodings",
    "LiveEncodings",
    "PrecomputedEncodings",
    "Progress",
    "UnitActivations",
    "UnitChange",
]
