"""Art, fonts and names from npm packages, each pinned by version and by the hash of its archive.

``fetch(name)`` gives the folder of an unpacked package. ``npm pack`` brings the archive from whichever registry npm is
set up with; its sha512 must be the one that stands here, so that a recipe run next year sees the bytes of today.
"""

from __future__ import annotations

import base64
import hashlib
import subprocess
import tarfile
from dataclasses import dataclass
from pathlib import Path

CACHE = Path(__file__).resolve().parents[1] / "build" / "packages"


@dataclass(frozen=True, slots=True)
class Package:
    """One npm package."""

    version: str
    integrity: str
    """sha512 of the archive, base64."""
    licence: str
    """Of the art or the font inside, which is not always what package.json says of the code around it."""
    attribution: str


PACKAGES: dict[str, Package] = {
    "emoji-datasource-google": Package(
        "16.0.0",
        "ZRexfzs7MVoLnmzZmNsO4TKhnAJp5D++Vm6PpUpH/jEQQlemp3l88CjZ+DoZ2faM9R4QxZkOPJCoT8DlPhfQ3A==",
        "Apache-2.0",
        "Noto Emoji, Google",
    ),
    "emoji-datasource-twitter": Package(
        "16.0.0",
        "7F+uCuHH+7Qnrc15P5tnbvKkg9E6tlzi4MnT2uW1RlN4pLYTza6cP/dstIfSDMtpjFLWuZewWg8jBbuL2eyELQ==",
        "CC-BY-4.0",
        "Twemoji, Twitter, Inc. and other contributors",
    ),
    "@iconify-json/noto": Package(
        "1.2.9",
        "DQiuXENbun41ch+XPSV55H9FaWKpHTyz46YIKtSaKYD4fIDDzL1tR6H4np/T38jfrTAeI3rcKF0mqHYeZVAuaw==",
        "Apache-2.0",
        "Noto Emoji, Google",
    ),
    "@iconify-json/noto-v1": Package(
        "1.2.5",
        "/DsVMius69Q0fRS53z7QK1TROSuar606jiIx+laXtdsYGMXpf6LtHBx6CGfoo3UHHb/XpBsw+1L1x3eyPqMuVA==",
        "Apache-2.0",
        "Noto Emoji (v1), Google",
    ),
    "@iconify-json/twemoji": Package(
        "1.2.5",
        "uKpuIEV0v6K5BW3Mjdyl+XKFVAbbcPxAgifKvEMtZoUZB5+YiY5zaMm2uNNCxyXzAWU9yNLlj41WU6/mvgALsw==",
        "CC-BY-4.0",
        "Twemoji, Twitter, Inc. and other contributors",
    ),
    "@iconify-json/fluent-emoji": Package(
        "1.2.7",
        "D8G6bKAyIsyxP1rzZtIWr/gg/fO4Rg1+DyCWlfqKK4h8W+4Em/Y0P6QYgJUQTlUcagzJvSyg+9OBv4hz4Hc/QA==",
        "MIT",
        "Fluent Emoji, Microsoft Corporation",
    ),
    "@iconify-json/fluent-emoji-flat": Package(
        "1.2.6",
        "RY47RgPb47fYUiyrA64sIOL0+UU02s29sXpNBbIQRBUlPlfNFTKUmZDERGuxDs/7yNGWqQYvuaSYM1M4fRXlUw==",
        "MIT",
        "Fluent Emoji, Microsoft Corporation",
    ),
    "@iconify-json/fluent-emoji-high-contrast": Package(
        "1.2.6",
        "esqhZPpkrF7sNX3NsLoh8KW64okEr/bzko7WNnFP+qTJGAqDPDYjp0925yxuivXy3HtVQB8xhIKu3+Nq1byX5w==",
        "MIT",
        "Fluent Emoji, Microsoft Corporation",
    ),
    "@lobehub/fluent-emoji-3d": Package(
        "1.1.0",
        "Wlq2lVStTnr8BDpIJ0pEnTKO4LuDxxqTEhTvRtD1DLRF0me7ogeRQjKoehDHXuVJ2Qaecgl5wRBv60lUAG3h7g==",
        "MIT",
        "Fluent Emoji, Microsoft Corporation",
    ),
    "@iconify-json/fxemoji": Package(
        "1.2.2",
        "UAasRaxzFUKfIGSmLwnoarsssA4LX0VLLuEmplIqM6ZNQqIQRtav8tZ4H1neTlBreXuMQyAifr5jP4kn78DpiQ==",
        "Apache-2.0",
        "Firefox OS Emoji, Mozilla",
    ),
    "@iconify-json/emojione": Package(
        "1.2.3",
        "T9+T3HIbJNLKKsmxYKlaYhvnHYkz/HNYTV7SHCXVZPfeUi4FqskY70YeN8yYAZT8cCv7w5vJxS4Q1m8zb9CMMg==",
        "CC-BY-4.0",
        "Emojione (v2), Emoji One",
    ),
    "@iconify-json/circle-flags": Package(
        "1.2.11",
        "vrx2btOkTQ4/P75ElEDnjXShmNTwInXuhhpIQQ6U6YUTdxfWyvm/4ijNG8FX8iWFr+sqqQRCvXpm2RfRtjVXfg==",
        "MIT",
        "circle-flags, HatScripts",
    ),
    "@iconify-json/flagpack": Package(
        "1.2.8",
        "fWiMOWi6pHf757xK4OfHrqOfUpnJ4oTwu4rlzt4twJyNO9V34ui0cMj7qrCP/yI0mS/k1zZ3In/lOZWyjgfMjw==",
        "MIT",
        "Flagpack, Yummygum",
    ),
    "@iconify-json/cif": Package(
        "1.2.7",
        "MUDOUt7xWMsWw9QW312wlCxblqaR+sRfQRokO6ZH7Xp+53HgzHA7K+ejrite+ULpV/bBVe6XZIrxSShXEpdpNg==",
        "CC0-1.0",
        "CoreUI Flag Icons, creativeLabs Lukasz Holeczek",
    ),
    "flag-icons": Package(
        "7.5.0",
        "kd+MNXviFIg5hijH766tt+3x76ele1AXlo4zDdCxIvqWZhKt4T83bOtxUOOMlTx/EcFdUMH5yvQgYlFh1EqqFg==",
        "MIT",
        "flag-icons, Panayiotis Lipiridis",
    ),
    "emojibase-data": Package(
        "17.0.0",
        "Yvgb5AWoHViHV/gq1qr5ZAarcBip+B27/ZLRsUJkbgAEaLlZ/fof9g882LTpmEpyhBNEC0m2SEmItljHsTygjA==",
        "MIT",
        "emojibase, Miles Johnson; names from Unicode CLDR (Unicode-3.0)",
    ),
    "@fontsource/roboto": Package(
        "5.3.0",
        "BapRJOWYP+LZ21zp+wBQjfpPYKRoxc4LspJ/RLuI+HSMBD5u/X4O+ESDrSvEqDSy0rAl7GwBJ+09mdc16cVQ1Q==",
        "OFL-1.1",
        "Roboto, its authors",
    ),
    "@fontsource/open-sans": Package(
        "5.3.0",
        "V1bdMlGNyZrJwzrdusshMOw2YR0aqYDL7kOo9dkxUEKl8dFv66A9HLckOOXl572sG/7ohhDQrCrTFGSn9LZcSw==",
        "OFL-1.1",
        "Open Sans, its authors",
    ),
    "@fontsource/lato": Package(
        "5.3.0",
        "0WhF/4rhrw+ErIyneKvhHn2YAl+xf8GDtllgOgOzDmeaSlLQtjpChXaQOpWhG2BchQW0WJy2zLV12Hdg0ndOMw==",
        "OFL-1.1",
        "Lato, its authors",
    ),
    "@fontsource/merriweather": Package(
        "5.3.0",
        "9LpPsNTYzRALj468Uj1K9Usl5eXk991L/kKmcpdWbTF1na9NfMyAXMgUABlMReViU1MYBz9kJ8jEzEOtX9qGDg==",
        "OFL-1.1",
        "Merriweather, its authors",
    ),
    "@fontsource/roboto-mono": Package(
        "5.3.0",
        "yhwplHMHW9dCk+1pZuERfcJe+K3rosGVZEoK0XktkxRSqQ9qsipSwwiuW2/8Qmtp9lzu3Ixa/ie4BMH3i8CkZQ==",
        "OFL-1.1",
        "Roboto Mono, its authors",
    ),
    "@fontsource/oswald": Package(
        "5.3.0",
        "16r2aHActe0pH+9FLdk/74/YxXM7HpGak05kAzx3RvSToiJwGvyhv6GvckPz+YuZmvL1nxWbEop2jAXRcXYPRg==",
        "OFL-1.1",
        "Oswald, its authors",
    ),
    "@fontsource/playfair-display": Package(
        "5.3.0",
        "uJSABalvdWc10fEPppQjQocamT21LEyRfzzWfRfqbkPz+sRv+kKpYDKyluBUskvJREkJTos9epj1WjQROGu99Q==",
        "OFL-1.1",
        "Playfair Display, its authors",
    ),
    "@fontsource/inter": Package(
        "5.3.0",
        "RofMylZmjlJEfELXeNHFWBRcSs75rGU/6bV2S2jfnvv/3rPXPGe0LgUJTklcHZ9lM4OZmAVFhcJPnACfb91A3g==",
        "OFL-1.1",
        "Inter, its authors",
    ),
    "@fontsource/pt-serif": Package(
        "5.3.0",
        "ST+j/byBGZw6H+TQMX78o6Qlngfj2Va/Q9fAJxq54Is1ZQk1/FhBIuqyJcLmnpi0trG8V/hWO9Bx6ZY09A0DBQ==",
        "OFL-1.1",
        "Pt Serif, its authors",
    ),
    "@fontsource/nunito": Package(
        "5.3.0",
        "vw9TaTQJ/zpEpKrsODuPmOvaVjXgdda6B+xXA4YqjrdeJ62MLgVoDerdRXFQHyBnSCt2yQ2nHKCHPP/Pv7Xq4Q==",
        "OFL-1.1",
        "Nunito, its authors",
    ),
    "@fontsource/courier-prime": Package(
        "5.3.0",
        "KIi1k4VG1Wv+/CGpb1AUpLkUuOAQA6zmvthqxOZGN0AV8BEgQgbK7qAtquv14zsBJAY1bb5BHIEbWVFLgENh0w==",
        "OFL-1.1",
        "Courier Prime, its authors",
    ),
    "@fontsource/bitter": Package(
        "5.3.0",
        "RYfrDnaja7v6FO8AwknA5aw/BuVgLBJvwLIShkS42XUIxMbvi/yp47Ax/Xnn9OTVIGFiTXCbVsH0O9HhTTDtqA==",
        "OFL-1.1",
        "Bitter, its authors",
    ),
    "@fontsource/comic-neue": Package(
        "5.3.0",
        "uZsyUTExw8tCySNhL65dN6rEUhASMPGintSS5Kw/ZkrQTK1vcAgramzOLT/mZKtZ+EXr03MHj0s5osVVJITCow==",
        "OFL-1.1",
        "Comic Neue, its authors",
    ),
    "@fontsource/raleway": Package(
        "5.3.0",
        "BTWr1I14Ji0DWpS/KCIq/CXcvxXWgMO73gynWpbYv7A5wlPhLevozgRmdPJvZmUf0fhH+Lju+F4nigJ6Ums24A==",
        "OFL-1.1",
        "Raleway, its authors",
    ),
    "@fontsource/libre-baskerville": Package(
        "5.3.0",
        "IA6OLq36/JWMX70Fha15sri2qWsijFh7hgdDXCRZHjKUHtWarLQoiGilvm7iMqm7HiYFEv9acF3+IuRHO9kUiA==",
        "OFL-1.1",
        "Libre Baskerville, its authors",
    ),
    "@fontsource/ibm-plex-sans": Package(
        "5.3.0",
        "CbE4CbbEEZJX860XyUiRpsksXIQR8Rp2XDva2VO53NJox9tVNtusrysd2x5YkUEY3ErQ66W1IiiQL8/wihhw5w==",
        "OFL-1.1",
        "Ibm Plex Sans, its authors",
    ),
    "cldr-core": Package(
        "48.2.0",
        "zfmLothncSwfv2jlevoSrgI2VGgH8SDGHXst6jUEotHA8nq9Igeg9jzdJDFtBso9pgJuG89DK16TzrmZDdo2Bg==",
        "Unicode-3.0",
        "Unicode CLDR, Unicode, Inc.",
    ),
    "cldr-localenames-full": Package(
        "48.2.0",
        "4o0paYDz0UXhfhChAVFkmVl2CP0YTSEqE6WrC0fNafaSC5u5DAXphxH3SZ1Ujczarikr8DToKZfiok6EqWLdNQ==",
        "Unicode-3.0",
        "Unicode CLDR, Unicode, Inc.",
    ),
}


def fetch(name: str) -> Path:
    """The folder of the package, downloaded once. Raises SystemExit when its bytes are not the pinned ones."""
    package = PACKAGES[name]
    folder = CACHE / f"{name.replace('/', '+')}@{package.version}"
    if folder.is_dir():
        return folder
    CACHE.mkdir(parents=True, exist_ok=True)
    command = ["npm", "pack", "--silent", "--pack-destination", str(CACHE), f"{name}@{package.version}"]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    archive = CACHE / done.stdout.strip().splitlines()[-1]
    digest = base64.b64encode(hashlib.sha512(archive.read_bytes()).digest()).decode()
    if digest != package.integrity:
        raise SystemExit(f"{name}@{package.version}: the archive's sha512 is {digest}, not {package.integrity}")
    unpacked = CACHE / f".{folder.name.replace('/', '+')}"
    with tarfile.open(archive) as tar:
        tar.extractall(unpacked, filter="data")
    (unpacked / "package").rename(folder)
    unpacked.rmdir()
    archive.unlink()
    return folder


def source(name: str) -> str:
    """``name@version``."""
    return f"{name}@{PACKAGES[name].version}"
