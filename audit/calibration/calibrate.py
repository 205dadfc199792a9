"""The whole calibration of the model that ships: specimens made, run, audited, and certified."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from audit.calibration.certify import certify
from audit.calibration.material import gather
from audit.calibration.specimens import FULL, UNIT, prepare
from audit.encoders import LayerRef
from audit.encoders.edits import write_specimens
from audit.encoders.pocket import FOLDER
from audit.encoders.specimen import specimen
from audit.engine.encodings import normalised
from audit.errors import AuditError
from audit.stimuli import picture
from audit.store import encode_certificate
from audit.store.atomic import write_atomic

if TYPE_CHECKING:
    from pathlib import Path

    from audit.calibration.audits import KnownEncodings
    from audit.calibration.certify import Plan, Terms
    from audit.calibration.material import Material
    from audit.calibration.specimens import Prepared
    from audit.engine import Progress
    from audit.records import Certificate

CERTIFICATE, SPECIMENS = "certificate.json", "specimens.safetensors"
"""Files of a calibration."""
CLOSE = 1e-4
"""How near the edited models must come to what the arithmetic says, in cosine and in deviations of a unit."""
_EVERY = 7
"""Edited models are run on every seventh image, to see that they give what the arithmetic says."""


def calibrate(
    folder: Path,
    terms: Terms,
    *,
    progress: Progress,
    plan: Plan | None = None,
    shipped: Path = FOLDER,
    processes: int | None = None,
) -> Certificate:
    """Make the specimens of the model in ``shipped``, audit them, and write specimens and certificate into ``folder``.

    See :func:`~audit.calibration.certify.certify` for ``plan`` and ``processes``.
    """
    material = gather(progress, shipped)
    prepared = prepare(material)
    write_specimens(folder / SPECIMENS, prepared.specimens)
    gaps = _gaps(material, prepared, folder / SPECIMENS, shipped)
    if max(gaps) > CLOSE:
        raise AuditError(f"The edited models do not give what their edits say: off by {max(gaps):.2g}.")
    certificate = certify(material, prepared, terms, gaps, progress, plan=plan, processes=processes)
    write_atomic(folder / CERTIFICATE, encode_certificate(certificate))
    return certificate


def _gaps(material: Material, prepared: Prepared, edits: Path, shipped: Path) -> tuple[float, float]:
    """How far what audits see lies from what the edited models give: in embeddings, and in the planted unit."""
    shown = range(0, len(material.images), _EVERY)
    pictures = [picture(material.images[i]) for i in shown]
    keys = [material.images[i].key for i in shown]

    def known(name: str) -> KnownEncodings:
        return prepared.bench.specimens[name]

    rows = [known(FULL).rows[key] for key in keys]
    given = normalised(specimen(FULL, "cpu", edits=edits, shipped=shipped).encode_images(pictures).embeddings)
    apart = float(np.abs(given - known(FULL).vectors[rows]).max())
    channel, activations = prepared.units[UNIT].unit, known(UNIT).activations
    assert activations is not None
    layer, number, pooling = channel.rsplit("/", 2)
    ref = LayerRef(layer, pooling)
    encoder = specimen(UNIT, "cpu", edits=edits, shipped=shipped)
    run = encoder.encode_images(pictures, [ref]).activations[ref][:, int(number)]
    computed = activations.values[:, activations.units.index(channel)]
    return apart, float(np.abs(run - computed[rows]).max() / computed.std())
