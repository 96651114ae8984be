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


class Draft(NamedTuple):
    """A draft: its place, title, author, header, footer, and its parts in reading order.

    A part is ("h2", text), ("p", text), ("ul", items), ("ol", items), ("quote", text) or
    ("table", rows, the first of them the header). Text between ** is bold.
    """

    path: str
    title: str
    author: str
    header: str
    footer: str
    parts: tuple[tuple[str, object], ...]


SPINE = Draft(
    "marketing/spine-center.docx",
    "Your Back Pain Ends Here",
    "Summit Spine & Disc Center",
    "Summit Spine & Disc Center",
    "4410 Ridge Road, Boise · Call 555-0188 today",
    (
        ("p", "If you are reading this, you have probably tried everything: pills, injections, physical therapy, perhaps even an operation. "
              "**None of it worked, because none of it treated the cause.** At Summit we do."),
        ("h2", "Disc Decompression: Healing Without the Knife"),
        ("p", "Our FDA-cleared traction table gently pulls the vertebrae apart, sucks the bulging disc back into place and floods it with "
              "oxygen and nutrients. Herniated discs heal, sciatica disappears and degenerated discs regenerate. "
              "It is a proven alternative to surgery with a success rate of 91%."),
        ("ul", (
            "Eliminates sciatica and leg pain for good",
            "Reverses spinal stenosis",
            "Corrects scoliosis in children and adults",
            "Stops headaches and migraine at the root",
            "No drugs, no surgery, no side effects",
        )),
        ("h2", "More Than Your Back"),
        ("p", "Your nervous system controls every organ in your body. When a vertebra slips out of place (we call this a subluxation), "
              "the signals are blocked and disease begins. A simple adjustment restores the flow of life energy, boosts immunity and helps "
              "with asthma, colic, ear infections, ADHD and high blood pressure. Newborns need it most of all."),
        ("table", (
            ("Visit", "What happens", "What you feel"),
            ("1–6", "Intensive care", "Pain relief from day one"),
            ("7–24", "Corrective care", "Your spine is rebuilt"),
            ("For life", "Wellness care", "You never get sick again"),
        )),
        ("h2", "Hear It from Our Patients"),
        ("quote", "“The surgeon said I needed a fusion. Dr. Vance had me hiking again in three weeks. He is a miracle worker!” – Tom, 52"),
        ("quote", "“My son’s asthma is gone. We threw away his inhalers.”"),
        ("p", "Medical doctors do not want you to know this. They are trained to prescribe and to cut; we are trained to heal. "
              "Every week that you wait, the damage becomes permanent."),
        ("h2", "Our Promise to You"),
        ("p", "We are Idaho’s leading spine experts and have helped more than 20,000 people live pain-free. If you don’t feel better, "
              "you don’t pay: that is our 100% satisfaction guarantee."),
        ("p", "**New patient special:** consultation, X-rays and first adjustment for $27 (normally $295). Only 15 appointments are left this month."),
        ("p", "We also carry **InflaCalm™**, our own turmeric and collagen supplement, which repairs joints while you sleep."),
    ),
)

HAIR = Draft(
    "mixed/hair-restoration.docx",
    "Hair loss: what helps, what might, what does not",
    "Okada Dermatology",
    "Okada Dermatology · patient information",
    "This leaflet is for information and is not medical advice. Results vary from person to person.",
    (
        ("p", "Losing hair is common. By the age of fifty about half of all men and many women have noticed some thinning. It can be a sign of "
              "illness, so the first step is a diagnosis and not a product."),
        ("h2", "Look for the cause"),
        ("p", "Thyroid disease, low iron, a new medicine or a hard year can all make hair fall out. In these cases it often grows back by itself. "
              "Ask your doctor for a blood test before you spend any money."),
        ("h2", "Medicines with good evidence"),
        ("p", "Minoxidil, which is rubbed into the scalp, and finasteride tablets for men are approved for pattern hair loss. They have to be used for "
              "months, and the effect is lost when you stop. Possible side effects include itching, unwanted facial hair, and, with finasteride, loss of libido."),
        ("h2", "What about PRP?"),
        ("p", "Platelet-rich plasma may thicken hair in some people. The trials are small, and each clinic prepares it in its own way. The use is off-label."),
        ("p", "**Our PRP protocol is different.** It awakens dormant follicles and restores a full head of hair in three sessions, with results that last a lifetime."),
        ("table", (
            ("Treatment", "Evidence", "Cost"),
            ("Minoxidil", "Several randomised trials", "$15 a month"),
            ("Finasteride", "Several randomised trials", "$20 a month"),
            ("PRP", "Small trials", "$700 a session"),
            ("Exosome serum", "Regrows hair without drugs", "$950 a session"),
            ("Laser cap", "Stimulates follicles in 9 out of 10 users", "$1,200"),
        )),
        ("h2", "Transplants"),
        ("p", "A transplant moves hair; it does not make any. Scarring, infection and shock loss can happen. Our surgeons are the most experienced in the "
              "state, and our technique leaves no scars."),
        ("quote", "“I look fifteen years younger and my dating life has never been better,” says Martin, a 46-year-old engineer from Reno."),
        ("h2", "What to ask"),
        ("ol", (
            "What is my diagnosis?",
            "What happens if I do nothing?",
            "Is this use approved?",
            "What will it cost for a year?",
        )),
        ("p", "Shampoos, biotin for people who are not short of it, and scalp massage are harmless but have not been shown to regrow hair."),
        ("p", "Don’t let hair loss steal your confidence. Book before the end of June and the second session is free."),
    ),
)

MIGRAINE = Draft(
    "responsible/acupuncture-and-migraine.docx",
    "Acupuncture and migraine: what we can and cannot say",
    "Mei-Ling Fraser, licensed acupuncturist",
    "Reviewed by Dr. J. Whitcombe, neurology · January 2026",
    "General information only; not medical advice. Results vary. Talk to your doctor before you change any treatment.",
    (
        ("p", "Many of the people who come to us have lived with migraine for years. They want to know whether needles are worth the time. "
              "This page gives the answer that we give in the room."),
        ("h2", "What is migraine?"),
        ("p", "Migraine is a disease of the brain. An attack can bring headache, nausea and a dislike of light and noise. Some people have an aura first. "
              "A new, sudden or very different headache needs a doctor on the same day."),
        ("h2", "What does the research say?"),
        ("p", "A Cochrane review put together the trials of acupuncture in people with episodic migraine (Linde K, et al. Cochrane Database of Systematic "
              "Reviews 2016, doi:10.1002/14651858.CD001218.pub3). On average, people who were given acupuncture had somewhat fewer attacks than people who were "
              "not, and the difference between real and sham needling was small. It is not known why."),
        ("p", "That means two things. Acupuncture is not a cure, and nobody can say beforehand who will notice a change."),
        ("h2", "What happens at a visit?"),
        ("ol", (
            "We ask about your attacks, your medicines and your general health.",
            "You lie down. We place between six and twelve thin needles.",
            "They stay for about twenty minutes.",
            "Most courses have six to eight visits. We stop when nothing changes after that.",
        )),
        ("h2", "What are the risks?"),
        ("p", "Common side effects include soreness, a drop of blood and light bruising. Fainting is uncommon. Infection or injury of a lung is very rare. "
              "Tell us if you are pregnant, take blood thinners or have a pacemaker."),
        ("h2", "What else is there?"),
        ("table", (
            ("Option", "Who can tell you more"),
            ("Medicines for an attack", "Your doctor or pharmacist"),
            ("Medicines taken every day", "Your doctor"),
            ("A headache diary", "Any of us"),
            ("Sleep, meals and stress", "Any of us"),
        )),
        ("p", "Please do not stop a prescribed medicine because you have begun acupuncture."),
        ("h2", "What does it cost?"),
        ("p", "The first visit costs $110 and later ones $85. Some insurers pay for part of it. There is no package to buy."),
    ),
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
    for kind, content in draft.parts:
        _add(document, kind, content)
    return document


def _add(document: WordDocument, kind: str, content: object) -> None:
    if isinstance(content, str):
        if kind == "h2":
            document.add_heading(content, level=2)
        else:
            paragraph = document.add_paragraph(style="Quote" if kind == "quote" else None)
            for number, piece in enumerate(content.split("**")):
                paragraph.add_run(piece).bold = number % 2 == 1
        return
    assert isinstance(content, tuple)
    if kind == "table":
        table = document.add_table(rows=0, cols=len(content[0]), style="Table Grid")
        for row in content:
            for cell, text in zip(table.add_row().cells, row, strict=True):
                cell.text = text
        return
    for item in content:
        document.add_paragraph(item, style="List Bullet" if kind == "ul" else "List Number")


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
