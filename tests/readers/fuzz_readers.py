"""Feed mutated drafts to the readers: python -m tests.readers.fuzz_readers --seconds 60.

Prints the smallest input it could make of each failure; keep those as tests.
"""

from __future__ import annotations

import argparse
import random
import time
import traceback

from tests.readers.invariants import check

from claimlint.errors import ReadError
from claimlint.readers import read

ATOMS = (
    "<p>", "</p>", "<div hidden>", "</div>", "<li>", "<ul>", "</ul>", "<ol>", "</li>", "<table>",
    "<tr>", "<td>", "<th>", "</td>", "</table>", "<a href='x'>", "</a>", "<span hidden>", "</span>",
    "<b>", "</b>", "<sup>1</sup>", "<q>", "</q>", "<br>", "<br/>", "<hr>", "<img alt='a &amp; b'>",
    "<input type=submit value=Go>", "<svg>", "</svg>", "<script>", "</script>", "<style>",
    "<title>", "</title>", "<textarea>", "</textarea>", "<!-- claimlint-disable x -->", "<!--",
    "-->", "<![CDATA[", "]]>", "<?", "<!", "</", "<", ">", "&", "&amp;", "&nbsp;", "&shy;",
    "&#8217;", "&#x0;", "&ampx", "&notit;", "&lt;\t", "<nav>", "</nav>", "<footer>", "</footer>",
    "<template>", "</template>", "<select><option>", "<button>", "</button>", "<dl><dt>", "<dd>",
    "<h2>", "</h2>", "<blockquote>", "</blockquote>", "<meta name=description content=\"x 'y'\">",
    "# ", "## ", "- ", "* ", "1. ", "> ", "    ", "\t", "\n", "\n\n", "\r\n", "\r", "\f", "```\n",
    "`code`", "``", "**", "*", "_", "~~", "[", "](x)", "]", "![", "[^1]", "\n[^1]: ", "[r]: x\n",
    "|", "\n|-|-|\n", "---\n", "---\ntitle: \"a\\u00e9 b\"\n---\n", "+++\n", "\\", "\\*", "\n-\n",
    "- [ ] ", "• ", "•\n", "– ", "· ", "“", "”", "’", "\u00a0", "\u00ad", "\u200b", "\ufeff",
    "\u2028", "\x00", "é", "日本", "🙂", "perma-\nnent ", "http://a.b/c. ", "www.x.y", "word ",
    "we cure pain", "Patients may experience:\n", "© 2024 Clinic\n", "Leave a Reply\n", "a > b > c",
    "¹", "²³", "⁻", "pain.¹⁻³", "[W]e ", "[a]b¹", "[2](#fn)", "<details>", "</details>",
    "<summary>", "<del>", "</del>", "<s>", "</s>", "<code>", "</code>", "<sup>", "</sup>", "5. ",
    "<td>2</td>", "$5^2$",
    " ", "  ", "Home\n", "colspan=3", "title: x\n", "- it's: |\n    x\n", "\x1c", "\x85", "'", '"',
)  # fmt: skip
_FORMATS = ("markdown", "html", "text")


def text_of(rng: random.Random) -> str:
    """Compose a hostile text."""
    return "".join(rng.choice(ATOMS) for _ in range(rng.randint(1, 40)))


def failure_of(text: str, form: str) -> str:
    """Read a text and say what went wrong; empty when nothing did."""
    data = text.encode("utf-8", "surrogatepass")
    try:
        check(read(data, "x", form))  # type: ignore[arg-type]
    except ReadError:
        return ""
    except Exception as error:  # noqa: BLE001  a fuzzer wants every failure
        last = traceback.extract_tb(error.__traceback__)[-1]
        return f"{type(error).__name__} at {last.name}: {last.line}"
    return ""


def smallest(text: str, form: str, failure: str) -> str:
    """Cut pieces away as long as the failure stays the same."""
    size = len(text) // 2
    while size:
        at = 0
        while at < len(text):
            shorter = text[:at] + text[at + size :]
            if failure_of(shorter, form) == failure:
                text = shorter
            else:
                at += size
        size //= 2
    return text


def main() -> int:
    """Run for the given time and report each kind of failure once."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=60)
    parser.add_argument("--seed", type=int, default=0)
    options = parser.parse_args()
    rng = random.Random(options.seed)
    until = time.monotonic() + options.seconds
    seen: set[str] = set()
    count = 0
    while time.monotonic() < until:
        text = text_of(rng)
        form = rng.choice(_FORMATS)
        count += 1
        failure = failure_of(text, form)
        if failure and (key := f"{form} {failure}") not in seen:
            seen.add(key)
            print(key, repr(smallest(text, form, failure)))  # noqa: T201
    print(f"{count} documents, {len(seen)} failures")  # noqa: T201
    return bool(seen)


if __name__ == "__main__":
    raise SystemExit(main())
