"""Models, each behind one protocol: stimuli in, embeddings and unit activations out.

Importing this imports no torch.
"""

from audit.encoders.protocol import (
    Encoded,
    Encoder,
    FacetProbe,
    Intervention,
    LayerRef,
    Precomputed,
    Recipe,
    Tower,
    Visualizer,
)
from audit.encoders.spec import KINDS, POCKET, layers_of, load
from audit.encoders.torchvision_compat import declare_torchvision_operators

__all__ = [
    "KINDS",
    "POCKET",
    "Encoded",
    "Encoder",
    "FacetProbe",
    "Intervention",
    "LayerRef",
    "Precomputed",
    "Recipe",
    "Tower",
    "Visualizer",
    "declare_torchvision_operators",
    "layers_of",
    "load",
]
