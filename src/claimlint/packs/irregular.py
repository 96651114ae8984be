"""Irregular English forms that clinic texts use; data only."""

from __future__ import annotations

_VERBS = """
arise/arose/arisen be/was/been bear/bore/borne become/became/become begin/began/begun
bind/bound/bound break/broke/broken bring/brought/brought build/built/built buy/bought/bought
catch/caught/caught choose/chose/chosen come/came/come cost/cost/cost cut/cut/cut
deal/dealt/dealt do/did/done draw/drew/drawn drink/drank/drunk drive/drove/driven eat/ate/eaten
fall/fell/fallen feed/fed/fed feel/felt/felt fight/fought/fought find/found/found
forget/forgot/forgotten freeze/froze/frozen get/got/got give/gave/given go/went/gone
grow/grew/grown have/had/had hear/heard/heard hide/hid/hidden hit/hit/hit hold/held/held
hurt/hurt/hurt keep/kept/kept know/knew/known lay/laid/laid lead/led/led leave/left/left
lend/lent/lent let/let/let lie/lay/lain lose/lost/lost make/made/made mean/meant/meant
meet/met/met offset/offset/offset outdo/outdid/outdone outgrow/outgrew/outgrown
overcome/overcame/overcome overdo/overdid/overdone pay/paid/paid prove/proved/proven put/put/put
quit/quit/quit read/read/read rebuild/rebuilt/rebuilt redo/redid/redone regrow/regrew/regrown
remake/remade/remade reset/reset/reset rethink/rethought/rethought rewrite/rewrote/rewritten
rid/rid/rid rise/rose/risen run/ran/run say/said/said see/saw/seen seek/sought/sought
sell/sold/sold send/sent/sent set/set/set shake/shook/shaken shed/shed/shed show/showed/shown
shrink/shrank/shrunk shut/shut/shut sleep/slept/slept speak/spoke/spoken speed/sped/sped
spend/spent/spent split/split/split spread/spread/spread stand/stood/stood stick/stuck/stuck
strike/struck/struck swell/swelled/swollen take/took/taken teach/taught/taught tear/tore/torn
tell/told/told think/thought/thought throw/threw/thrown undergo/underwent/undergone
understand/understood/understood undo/undid/undone uphold/upheld/upheld upset/upset/upset
wake/woke/woken wear/wore/worn win/won/won withdraw/withdrew/withdrawn
withstand/withstood/withstood write/wrote/written
"""
_NOUNS = """
addendum/addenda alga/algae bacterium/bacteria bursa/bursae calf/calves child/children
criterion/criteria curriculum/curricula foot/feet fungus/fungi gas/gases goose/geese half/halves
knife/knives leaf/leaves life/lives man/men meniscus/menisci mouse/mice nucleus/nuclei ovum/ova
person/people phenomenon/phenomena self/selves stimulus/stimuli thrombus/thrombi tooth/teeth
vertebra/vertebrae virus/viruses wife/wives wolf/wolves woman/women
"""
_DOUBLED = """
abet admit allot begin commit compel confer control debug deter equip excel expel forget format
incur infer occur omit outfit permit prefer propel rebut recur refer regret remit reset submit
transfer transmit unplug
"""
_DOUBLED_L = """
cancel channel counsel dial distil enrol fuel fulfil funnel label level model rival signal
travel tunnel
"""
_VERBS_LIKE_NOUNS = """
assist augment auction caution cement comment complement compliment condition consist document
enlist exist experiment fashion ferment fragment function implement insist invent lament list
mention mission monument motion ornament persist pension position question ration resist section
segment station supplement torment transition twist vision witness harness
"""
_O_WITH_ES = """
echo embargo go hero potato tomato torpedo undergo veto
"""
_UNCOUNTED = """
diabetes herpes news rabies scabies series species
"""


def _verbs(text: str) -> dict[str, tuple[str, str]]:
    forms = (entry.split("/") for entry in text.split())
    return {base: (past, participle) for base, past, participle in forms}


def _nouns(text: str) -> dict[str, str]:
    forms = (entry.split("/") for entry in text.split())
    return {singular: plural for singular, plural in forms}  # noqa: C416


VERBS = _verbs(_VERBS)  # base: (past, participle)
NOUNS = _nouns(_NOUNS)  # singular: plural
# Verbs of several syllables with the stress on the last one: the consonant doubles (preferred).
DOUBLED = frozenset(_DOUBLED.split())
# Verbs in -l that British spelling doubles and American spelling does not.
DOUBLED_L = frozenset(_DOUBLED_L.split())
# Verbs that end as nouns do (treatment, arthritis), which have no verb forms otherwise.
VERBS_LIKE_NOUNS = frozenset(_VERBS_LIKE_NOUNS.split())
O_WITH_ES = frozenset(_O_WITH_ES.split())
# Words in -s that are already plural or have no plural worth matching.
UNCOUNTED = frozenset(_UNCOUNTED.split())
