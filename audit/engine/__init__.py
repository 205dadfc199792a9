"""What to encode once, and where it is kept: stimuli in, arrays out, behind one view."""

from audit.engine.cache import Cache
from audit.engine.encodings import ChangeableUnits, Encodings, UnitActivations, UnitChange
from audit.engine.live import LiveEncodings, Progress
from audit.engine.precomputed import PrecomputedEncodings
from audit.engine.reducers import BinReservoir, BottomK, Histogram, Moments, Ranks, Reducer, Seen, TopK, bin_of
from audit.engine.visualized import FacetStimuli, Visualization, Visualizations

__all__ = [
    "BinReservoir",
    "BottomK",
    "Cache",
    "ChangeableUnits",
    "Encodings",
    "FacetStimuli",
    "Histogram",
    "LiveEncodings",
    "Moments",
    "PrecomputedEncodings",
    "Progress",
    "Ranks",
    "Reducer",
    "Seen",
    "TopK",
    "UnitActivations",
    "UnitChange",
    "Visualization",
    "Visualizations",
    "bin_of",
]
