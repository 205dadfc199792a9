"""Pictures as spectra, and as a robust picture is seen: slightly moved, scaled and turned.

After Olah, Mordvintsev & Schubert 2017 (Feature Visualization, Distill) and their library lucid (Apache-2.0).
"""

from __future__ import annotations

import math

import torch
from torch.nn import functional

COLOURS = ((0.26, 0.09, 0.02), (0.27, 0.00, -0.05), (0.27, -0.09, 0.03))
"""Square root of the correlation of red, green and blue over ImageNet, one row a colour (lucid, optvis/param/color)."""
_DEVIATION = 0.01  # of the first spectrum, as in lucid
_DAMPING = 4.0  # of the picture before its sigmoid, as in lucid
_GREY = 0.5
_SIDE = 224  # of the pictures that lucid's transformations are made for; theirs grow and shrink with the picture
_JITTERS = (8, 4)  # pixels of such a picture, before and after it is turned
_SCALES = (0.9, 1.1)
_DEGREES = 10.0


def first_spectrum(generator: torch.Generator, height: int, width: int) -> torch.Tensor:
    """(3, height, width // 2 + 1, 2) real and imaginary parts to begin with, drawn on the generator's device."""
    shape = (3, height, width // 2 + 1, 2)
    return torch.randn(shape, generator=generator, device=generator.device) * _DEVIATION


def amplitudes(height: int, width: int) -> torch.Tensor:
    """(height, width // 2 + 1): sqrt(h w) / max(f, 1 / max(h, w)); in natural pictures, amplitudes fall like 1 / f."""
    rows, columns = torch.fft.fftfreq(height)[:, None], torch.fft.rfftfreq(width)[None]
    frequency = torch.sqrt(rows**2 + columns**2)
    return math.sqrt(height * width) / frequency.clamp(min=1 / max(height, width))


def to_picture(spectrum: torch.Tensor, height: int, width: int) -> torch.Tensor:
    """(3, height, width) in (0, 1): inverse Fourier transform, colours correlated as they are in nature, sigmoid."""
    waves = torch.view_as_complex(spectrum.contiguous()) * amplitudes(height, width).to(spectrum.device)
    plain = torch.fft.irfft2(waves, s=(height, width)) / _DAMPING
    colours = torch.tensor(COLOURS, device=spectrum.device)
    colours = colours / torch.linalg.vector_norm(colours, dim=0).max()
    return torch.sigmoid(torch.einsum("rc,chw->rhw", colours, plain))


def moved(picture: torch.Tensor, generator: torch.Generator) -> torch.Tensor:
    """The picture (3, h, w) shifted, scaled, turned and shifted again by chance, grey where nothing of it is seen.

    One bilinear sampling does all four, as a picture that is sampled often loses its fine detail.
    """
    height, width = picture.shape[1:]
    draws = torch.rand(6, generator=generator).tolist()
    before, after = (limit * max(height, width) / _SIDE for limit in _JITTERS)
    scale = _SCALES[0] + (_SCALES[1] - _SCALES[0]) * draws[4]
    angle = math.radians(_DEGREES * (2 * draws[5] - 1))
    cosine, sine = math.cos(angle) / scale, math.sin(angle) / scale
    x, y = (after * (2 * draw - 1) for draw in draws[2:4])
    shift_x = cosine * x - sine * y + before * (2 * draws[0] - 1)
    shift_y = sine * x + cosine * y + before * (2 * draws[1] - 1)
    # From places in the result to places in the picture, both from -1 to 1.
    affine = [
        [cosine, -sine * height / width, 2 * shift_x / width],
        [sine * width / height, cosine, 2 * shift_y / height],
    ]
    theta = torch.tensor([affine], dtype=picture.dtype, device=picture.device)
    grid = functional.affine_grid(theta, [1, 3, height, width], align_corners=False)
    return functional.grid_sample(picture[None] - _GREY, grid, align_corners=False)[0] + _GREY
