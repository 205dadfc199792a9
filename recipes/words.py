"""Rebuilds ``probes/words/english.txt``, 10,000 English words by how common they are: ``python -m recipes.words``.

Words are those of SCOWL, spelled with the letters a to z alone, each at the smallest size of SCOWL that has it: all of
size 10, the single words of our own lexicons that any size up to 60 has, so that a word that a suite asks about can be
found, and as many of size 20 as make 10,000, by lot. No word is left out for what it means: what an audit must see are
the words that hurt.
"""

from __future__ import annotations

import hashlib
import re
import shutil
from pathlib import Path
from typing import TYPE_CHECKING

from audit.suite import bundled_root, load_document
from audit.suite.lexicon import Lexicon
from recipes.debian import fetch

if TYPE_CHECKING:
    from collections.abc import Mapping

FOLDER = Path(__file__).resolve().parents[1] / "probes" / "words"
COUNT = 10_000
SIZES = (10, 20, 35, 40, 50, 55, 60)
WHOLE = 10
"""The size of which every word is taken."""
FILLED = 20
"""The size of which as many words are taken as there is room for."""
_WORD = re.compile(r"[a-z]{2,}")


def words_by_size() -> Mapping[str, int]:
    """Every word with the smallest size that has it."""
    folder = fetch("scowl") / "usr/share/dict/scowl"
    found: dict[str, int] = {}
    for size in SIZES:
        for name in (f"english-words.{size}", f"american-words.{size}"):
            for word in (folder / name).read_text(encoding="latin-1").splitlines():
                if _WORD.fullmatch(word):
                    found.setdefault(word, size)
    return found


def asked_about() -> set[str]:
    """The single words in lower case that the lexicons hold."""
    lexicons = [load_document(path, Lexicon)[0] for path in sorted((bundled_root() / "lexicons").glob("*.yaml"))]
    concepts = [concept for lexicon in lexicons for concept in lexicon.concepts.values()]
    terms = (term.removeprefix("a ").removeprefix("an ") for concept in concepts for term in concept.terms)
    return {term for term in terms if _WORD.fullmatch(term)}


def chosen() -> list[str]:
    """The words, by size and then by the alphabet."""
    sizes, asked = words_by_size(), asked_about()
    certain = [word for word, size in sizes.items() if size == WHOLE or word in asked]
    others = [word for word, size in sizes.items() if size == FILLED and word not in asked]
    # By their digests, so that a word more in a lexicon takes the place of one word and leaves all others.
    filled = sorted(others, key=lambda word: hashlib.sha256(word.encode()).digest())[: COUNT - len(certain)]
    return sorted((*certain, *filled), key=lambda word: (sizes[word], word))


def main() -> None:
    """Writes the list, and the licence beside it."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    (FOLDER / "english.txt").write_text("".join(f"{word}\n" for word in chosen()), encoding="utf-8")
    shutil.copyfile(fetch("scowl") / "usr/share/doc/scowl/copyright", FOLDER / "LICENCE.txt")


if __name__ == "__main__":
    main()
