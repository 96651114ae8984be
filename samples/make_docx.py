"""Write the Word drafts among the samples; the same content gives the same bytes."""

from __future__ import annotations

import io
import zipfile
from datetime import datetime
from pathlib import Path
from typing import NamedTuple

from docx import Document
from docx.document import Document as WordDocument

_HERE = Path(__file__).parent
_WRITTEN = datetime(2026, 1, 15, 9, 0)
_EPOCH = (1980, 1, 1, 0, 0, 0)  # the earliest date that a zip archive can hold
_LIST_STYLES = {"- ": "List Bullet", "1. ": "List Number"}


class Draft(NamedTuple):
    """A draft: its place, its title and author, the page's header and footer, and its text.

    The text is divided by blank lines: `## ` begins a heading, `- ` and `1. ` items, `> ` a quote,
    `|` the rows of a table; anything else is a paragraph. Words between ** are bold.
    """

    path: str
    title: str
    author: str
    header: str
    footer: str
    text: str


SPINE = Draft(
    path="marketing/spine-center.docx",
    title="Your Back Pain Ends Here",
    author="Summit Spine & Disc Center",
    header="Summit Spine & Disc Center",
    footer="4410 Ridge Road, Boise · Call 555-0188 today",
    text="""\
If you are reading this, you have probably tried everything: pills, injections, physical
therapy, perhaps even an operation. **None of it worked, because none of it treated the cause.**
At Summit we do.

## Disc Decompression: Healing Without the Knife

Our FDA-cleared traction table gently pulls the vertebrae apart, sucks the bulging disc back
into place and floods it with oxygen and nutrients. Herniated discs heal, sciatica disappears
and degenerated discs regenerate. It is a proven alternative to surgery with a success rate of
91%.

- Eliminates sciatica and leg pain for good
- Reverses spinal stenosis
- Corrects scoliosis in children and adults
- Stops headaches and migraine at the root
- No drugs, no surgery, no side effects

## More Than Your Back

Your nervous system controls every organ in your body. When a vertebra slips out of place (we
call this a subluxation), the signals are blocked and disease begins. A simple adjustment
restores the flow of life energy, boosts immunity and helps with asthma, colic, ear infections,
ADHD and high blood pressure. Newborns need it most of all.

| Visit | What happens | What you feel |
| 1–6 | Intensive care | Pain relief from day one |
| 7–24 | Corrective care | Your spine is rebuilt |
| For life | Wellness care | You never get sick again |

## Hear It from Our Patients

> “The surgeon said I needed a fusion. Dr. Vance had me hiking again in three weeks. He is a
> miracle worker!” – Tom, 52

> “My son’s asthma is gone. We threw away his inhalers.”

Medical doctors do not want you to know this. They are trained to prescribe and to cut; we are
trained to heal. Every week that you wait, the damage becomes permanent.

## Our Promise to You

We are Idaho’s leading spine experts and have helped more than 20,000 people live pain-free. If
you don’t feel better, you don’t pay: that is our 100% satisfaction guarantee.

**New patient special:** consultation, X-rays and first adjustment for $27 (normally $295). Only
15 appointments are left this month.

We also carry **InflaCalm™**, our own turmeric and collagen supplement, which repairs joints
while you sleep.
""",
)

HAIR = Draft(
    path="mixed/hair-restoration.docx",
    title="Hair loss: what helps, what might, what does not",
    author="Okada Dermatology",
    header="Okada Dermatology · patient information",
    footer=(
        "This leaflet is for information and is not medical advice. Results vary from person "
        "to person."
    ),
    text="""\
Losing hair is common. By the age of fifty about half of all men and many women have noticed
some thinning. It can be a sign of illness, so the first step is a diagnosis and not a product.

## Look for the cause

Thyroid disease, low iron, a new medicine or a hard year can all make hair fall out. In these
cases it often grows back by itself. Ask your doctor for a blood test before you spend any
money.

## Medicines with good evidence

Minoxidil, which is rubbed into the scalp, and finasteride tablets for men are approved for
pattern hair loss. They have to be used for months, and the effect is lost when you stop.
Possible side effects include itching, unwanted facial hair, and, with finasteride, loss of
libido.

## What about PRP?

Platelet-rich plasma may thicken hair in some people. The trials are small, and each clinic
prepares it in its own way. The use is off-label.

**Our PRP protocol is different.** It awakens dormant follicles and restores a full head of hair
in three sessions, with results that last a lifetime.

| Treatment | Evidence | Cost |
| Minoxidil | Several randomised trials | $15 a month |
| Finasteride | Several randomised trials | $20 a month |
| PRP | Small trials | $700 a session |
| Exosome serum | Regrows hair without drugs | $950 a session |
| Laser cap | Stimulates follicles in 9 out of 10 users | $1,200 |

## Transplants

A transplant moves hair; it does not make any. Scarring, infection and shock loss can happen.
Our surgeons are the most experienced in the state, and our technique leaves no scars.

> “I look fifteen years younger and my dating life has never been better,” says Martin, a
> 46-year-old engineer from Reno.

## What to ask

1. What is my diagnosis?
1. What happens if I do nothing?
1. Is this use approved?
1. What will it cost for a year?

Shampoos, biotin for people who are not short of it, and scalp massage are harmless but have not
been shown to regrow hair.

Don’t let hair loss steal your confidence. Book before the end of June and the second session is
free.
""",
)

MIGRAINE = Draft(
    path="responsible/acupuncture-and-migraine.docx",
    title="Acupuncture and migraine: what we can and cannot say",
    author="Mei-Ling Fraser, licensed acupuncturist",
    header="Reviewed by Dr. J. Whitcombe, neurology · January 2026",
    footer=(
        "General information only; not medical advice. Results vary. Talk to your doctor "
        "before you change any treatment."
    ),
    text="""\
Many of the people who come to us have lived with migraine for years. They want to know whether
needles are worth the time. This page gives the answer that we give in the room.

## What is migraine?

Migraine is a disease of the brain. An attack can bring headache, nausea and a dislike of light
and noise. Some people have an aura first. A new, sudden or very different headache needs a
doctor on the same day.

## What does the research say?

A Cochrane review put together the trials of acupuncture in people with episodic migraine (Linde
K, et al. Cochrane Database of Systematic Reviews 2016, doi:10.1002/14651858.CD001218.pub3). On
average, people who were given acupuncture had somewhat fewer attacks than people who were not,
and the difference between real and sham needling was small. It is not known why.

That means two things. Acupuncture is not a cure, and nobody can say beforehand who will notice
a change.

## What happens at a visit?

1. We ask about your attacks, your medicines and your general health.
1. You lie down. We place between six and twelve thin needles.
1. They stay for about twenty minutes.
1. Most courses have six to eight visits. We stop when nothing changes after that.

## What are the risks?

Common side effects include soreness, a drop of blood and light bruising. Fainting is uncommon.
Infection or injury of a lung is very rare. Tell us if you are pregnant, take blood thinners or
have a pacemaker.

## What else is there?

| Option | Who can tell you more |
| Medicines for an attack | Your doctor or pharmacist |
| Medicines taken every day | Your doctor |
| A headache diary | Any of us |
| Sleep, meals and stress | Any of us |

Please do not stop a prescribed medicine because you have begun acupuncture.

## What does it cost?

The first visit costs $110 and later ones $85. Some insurers pay for part of it. There is no
package to buy.
""",
)

DRAFTS = (SPINE, HAIR, MIGRAINE)


def main() -> None:
    """Write every draft beside this script."""
    for draft in DRAFTS:
        buffer = io.BytesIO()
        _written(draft).save(buffer)
        (_HERE / draft.path).write_bytes(_settled(buffer.getvalue()))


def _written(draft: Draft) -> WordDocument:
    document = Document()
    properties = document.core_properties
    properties.title, properties.author = draft.title, draft.author
    properties.created = properties.modified = _WRITTEN
    document.sections[0].header.paragraphs[0].text = draft.header
    document.sections[0].footer.paragraphs[0].text = draft.footer
    document.add_heading(draft.title, level=1)
    for part in draft.text.strip().split("\n\n"):
        _add(document, part.split("\n"))
    return document


def _add(document: WordDocument, lines: list[str]) -> None:
    first = lines[0]
    if first.startswith("## "):
        document.add_heading(first[3:], level=2)
    elif first.startswith("|"):
        _add_table(document, lines)
    elif first.startswith("> "):
        _add_words(document, " ".join(line[2:] for line in lines), "Quote")
    elif first.startswith(tuple(_LIST_STYLES)):
        mark = next(mark for mark in _LIST_STYLES if first.startswith(mark))
        for item in "\n".join(lines)[len(mark) :].split("\n" + mark):
            _add_words(document, " ".join(item.split()), _LIST_STYLES[mark])
    else:
        _add_words(document, " ".join(lines), None)


def _add_table(document: WordDocument, lines: list[str]) -> None:
    rows = [[cell.strip() for cell in line.strip("|").split("|")] for line in lines]
    table = document.add_table(rows=0, cols=len(rows[0]), style="Table Grid")
    for row in rows:
        for cell, text in zip(table.add_row().cells, row, strict=True):
            cell.text = text


def _add_words(document: WordDocument, text: str, style: str | None) -> None:
    paragraph = document.add_paragraph(style=style)
    for number, piece in enumerate(text.split("**")):
        paragraph.add_run(piece).bold = number % 2 == 1


def _settled(data: bytes) -> bytes:
    """The archive again with fixed times, since Word's own would change with every run."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(buffer, "w") as new:
        for name in old.namelist():
            entry = zipfile.ZipInfo(name, date_time=_EPOCH)
            entry.compress_type = zipfile.ZIP_DEFLATED
            new.writestr(entry, old.read(name))
    return buffer.getvalue()


if __name__ == "__main__":
    main()
