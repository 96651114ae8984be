"""British and American spellings of one lower-case word, in both directions, by rule."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

_SPELLINGS = """
ageing/aging analogue/analog catalogue/catalog centimetre/centimeter centimetres/centimeters
centre/center centred/centered centres/centers defence/defense defences/defenses dialogue/dialog
enrol/enroll enrolment/enrollment enrols/enrolls fibre/fiber fibres/fibers fulfil/fulfill
fulfilment/fulfillment fulfils/fulfills grey/gray greying/graying greys/grays judgement/judgment
licence/license licences/licenses litre/liter litres/liters manoeuvre/maneuver
manoeuvres/maneuvers metre/meter metres/meters millilitre/milliliter millilitres/milliliters
millimetre/millimeter millimetres/millimeters mould/mold offence/offense practise/practice
practised/practiced practises/practices practising/practicing pretence/pretense
programme/program programmes/programs sceptic/skeptic sceptical/skeptical scepticism/skepticism
skilful/skillful sulphate/sulfate sulphur/sulfur tranquilliser/tranquilizer
"""
_PAIRS = [pair.split("/") for pair in _SPELLINGS.split()]
_WORDS = {word: other for pair in _PAIRS for word, other in (pair, reversed(pair))}

_ISE = re.compile(r"([a-z]{3,}i)([sz])((?:e|es|ed|er|ers|ing|ingly|able|ation|ations|ational)$)")
# In these stems the s or z is the word's own: exercise, promise, size.
_OWN_S = re.compile(
    r"(?:adverti|advi|apprai|ari|bapti|brui|chasti|circumci|compri|compromi|conci|crui|"
    r"demi|despi|devi|disgui|enterpri|exci|exerci|experti|franchi|improvi|inci|mali|merchandi|"
    r"noi|otherwi|paradi|poi|prai|preci|premi|promi|rai|revi|supervi|surmi|surpri|televi|treati|"
    r"capsi|downsi|oversi|resi|sei|upri)$"
)
_YSE = re.compile(r"([a-z]+(?:al|ol)y)([sz])((?:e|es|ed|er|ers|ing)$)")
_OUR = re.compile(
    r"((?:dis|mis|anti|un)?(?:tum|col|behavi|od|hum|fav|flav|lab|rum|vap|neighb|hon|vig))"
    r"(ou?r)((?:s|ed|ing|al|ally|able|ably|ite|ites|less|ful|hood|hoods)?$)"
)
# A final -l is doubled before an ending in British spelling only.
_LL = re.compile(
    r"((?:cance|channe|counse|dia|fue|funne|labe|leve|mode|signa|trave|tunne))"
    r"(ll?)((?:ed|ing|er|ers|or|ors)$)"
)
# British/American parts of medical words; those with a hyphen stand at the beginning only.
_MEDICAL_PARTS = """
anaem-/anem- anaesth/anesth caecum-/cecum- caesar-/cesar- coeliac-/celiac- faeca-/feca-
faeces-/feces- foeta-/feta- foetu-/fetu- glycaem/glycem gynaec/gynec haema-/hema- haemo-/hemo-
ischaem/ischem leukaem/leukem lymphoed-/lymphed- oedem-/edem- oesoph-/esoph- oestr-/estr-
orthopaed-/orthoped- paediatr/pediatr pnoea/pnea rrhoea/rrhea septicaem-/septicem- uraem-/urem-
"""
_MEDICAL = {
    part: other.removesuffix("-")
    for british, american in (pair.split("/") for pair in _MEDICAL_PARTS.split())
    for part, other in ((british, american), (american, british))
}
_MEDICAL_PART = re.compile(
    "|".join(f"^{part[:-1]}" if part.endswith("-") else part for part in sorted(_MEDICAL))
)


@lru_cache(maxsize=1 << 14)
def variants(word: str) -> tuple[str, ...]:
    """The other spellings of a word, without itself."""
    return tuple(dict.fromkeys(other for other in _variants(word) if other != word))


def _variants(word: str) -> Iterator[str]:
    if word in _WORDS:
        yield _WORDS[word]
    if len(word) < 5 or not word.isascii():
        return
    for pattern in (_ISE, _YSE):
        if (found := pattern.fullmatch(word)) and not _OWN_S.search(found[1]):
            yield f"{found[1]}{'z' if found[2] == 's' else 's'}{found[3]}"
    if found := _OUR.fullmatch(word):
        yield f"{found[1]}{'or' if found[2] == 'our' else 'our'}{found[3]}"
    if found := _LL.fullmatch(word):
        yield f"{found[1]}{'l' if found[2] == 'll' else 'll'}{found[3]}"
    if found := _MEDICAL_PART.search(word):
        other = _MEDICAL.get(found[0]) or _MEDICAL[f"{found[0]}-"]
        yield word[: found.start()] + other + word[found.end() :]
