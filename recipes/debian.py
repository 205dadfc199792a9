"""Fonts and word lists from Debian packages, each pinned by version and by the hash of its archive.

``fetch(name)`` gives the folder of an unpacked package. ``apt-get download`` brings the archive from whichever mirror
apt is set up with; nothing is installed.
"""

from __future__ import annotations

import hashlib
import shutil
import subprocess
from dataclasses import dataclass
from typing import TYPE_CHECKING

from recipes.packages import CACHE

if TYPE_CHECKING:
    from pathlib import Path


@dataclass(frozen=True, slots=True)
class Package:
    """One Debian package."""

    version: str
    sha256: str
    """Of the archive."""
    licence: str
    """SPDX id of what is taken from it."""


PACKAGES: dict[str, Package] = {
    "fonts-noto-core": Package(
        "20201225-1", "58f4f0bb6720f919f92096b3508e1412a0f1544424ade6c5b5bf1eb694dd64ba", "OFL-1.1"
    ),
    "fonts-noto-cjk": Package(
        "1:20220127+repack1-1", "4a2515eb6db3978b897fef9709ed0d2b1f4c6c4df4d83d6c4ef65f71f1b1f502", "OFL-1.1"
    ),
    "scowl": Package("2020.12.07-2", "de692546df9b169f2cbdf4d8d88111a374733a9c382b820a6f943914ca705718", "SCOWL"),
}


def fetch(name: str) -> Path:
    """The folder of the package, downloaded once. Raises SystemExit when its bytes are not the pinned ones."""
    package = PACKAGES[name]
    folder = CACHE / f"{name}@{package.version.replace(':', '_')}"
    if folder.is_dir():
        return folder
    waiting = CACHE / f".{folder.name}"
    shutil.rmtree(waiting, ignore_errors=True)
    waiting.mkdir(parents=True)
    subprocess.run(["apt-get", "download", f"{name}={package.version}"], cwd=waiting, check=True)
    (archive,) = waiting.glob("*.deb")
    digest = hashlib.sha256(archive.read_bytes()).hexdigest()
    if digest != package.sha256:
        raise SystemExit(f"{name}={package.version}: the archive's sha256 is {digest}, not {package.sha256}")
    subprocess.run(["dpkg-deb", "-x", str(archive), str(waiting)], check=True)
    archive.unlink()
    waiting.rename(folder)
    return folder


def source(name: str) -> str:
    """``name=version``."""
    return f"{name}={PACKAGES[name].version}"
