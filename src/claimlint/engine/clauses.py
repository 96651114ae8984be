"""Where the clauses of a sentence end, and where a page begins to speak for itself."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Iterator, Mapping

import msgspec

from claimlint.engine.statement import QUOTE, Statement

# A clause ends at these, whatever follows.
_HARD = frozenset(
    [";", ":", "—", "–", "--", "-", "(", ")", "|", "•", "?", "!", "but", "yet", "however", "although",
     "though", "whereas", "while", "because"]
)  # fmt: skip
_TURNS = frozenset(["but", "yet", "however"])
_JOINING = frozenset(["and", "or"])
# Behind a comma they open an aside, which the next comma closes.
_ASIDE = frozenset(["which", "who", "whose", "now", "currently", "still", "presently"])
_HAVE = frozenset(["have", "has"])
_FOUND = frozenset(["shown", "proven", "found", "demonstrated", "reported", "known", "used"])
_NOW = frozenset(["now", "today", "nowadays"])
_AND_SO = [",", "so"]  # "It takes a day to cure, so acne waits"
# A comma ends a clause when a new subject follows; in a list it does not.
_STARTERS = frozenset(
    ["it", "this", "these", "they", "that", "we", "our", "you", "your", "he", "she", "the", "a", "an",
     "i", "my", "so", "which", "who", "there", "patients", "people", "many", "most", "some", "in", "with",
     "by", "at", "on", "all", "every", "everyone", "nearly", "almost", "over", "results"]
)  # fmt: skip
_OWN = frozenset(["our", "ours", "my", "we", "let's"])
# Before what is on offer they give the page's own reason: "Pills were fined for that, so our drip …".
_REASONS = frozenset(["since", "because", "until", "so", "while", "whereas", "though", "although"])
_REASONS_BEHIND_COMMA = frozenset(["as", "for"])
_SHOWN = frozenset(["the", "this", "these"])
# What others say is the page's own claim when it agrees: "…, and they are right".
_AGREEING = tuple(
    tuple(words.split())
    for words in (
        "we agree", "and we prove", "and we stand by", "and they are right", "and they're right",
        "and it is true", "and it's true", "and so do we", "and so do ours", "here they do", "and it did",
        "and it cured", "and it worked", "a reality", "come true", "came true", "is one we keep",
        "and rightly", "guides us", "guides our", "guides everything", "and ours do", "and ours does",
    )
)  # fmt: skip
_AGREED = frozenset(words[0] for words in _AGREEING)
_AGREEING_WORDS = max(map(len, _AGREEING))
_OURS = frozenset(["our", "ours", "my"])
# "Our ancestors", "our old page" begin nothing that the page offers.
_NOT_OFFERED = frozenset(
    ["ancestors", "bodies", "body", "government", "law", "laws", "answer", "reporter", "reporters",
     "undercover", "old", "former", "previous", "site", "website", "page", "leaflet", "poster", "ad",
     "ads", "competitors", "doctors", "doctor", "staff", "parents", "grandparents", "rivals", "mistake",
     "error"]
)  # fmt: skip
# Behind them a colon begins what is said, or an example of it.
_SAYING = frozenset(
    ["say", "says", "said", "claim", "claims", "claimed", "read", "reads", "state", "states", "stated",
     "promised", "promises", "announced", "wrote", "writes", "statements", "statement", "slogan",
     "slogans", "line", "lines", "words", "examples", "example", "myth", "myths", "rumour", "rumours",
     "rumor", "rumors", "headline", "headlines", "ad", "ads", "post", "posts", "poster", "posters",
     "following", "phrases", "phrase"]
)  # fmt: skip
_LABEL_TOKENS = 4  # of what stands before a colon: "Myth:", "What the ad said:"
_SIGNS = _HARD | _REASONS | {",", "and"}


class Boundaries(msgspec.Struct, frozen=True):
    """Token numbers at which clauses end: `hard` always, `soft` for what is bound to its clause.

    At `turns` something else is said, whatever came before: "but", "…, and stem cells", and outside
    quotation marks "…: our drip", "…, since our drip", "…, today". `asides` are the places of the commas
    around what is said by the way ("…, which are not approved, …").
    """

    hard: tuple[int, ...]
    soft: tuple[int, ...]
    turns: tuple[int, ...] = ()
    asides: tuple[tuple[int, int], ...] = ()

    def between(self, start: int, end: int, *, soft: bool) -> bool:
        """Whether a clause ends at a token in start..end."""
        places = self.soft if soft else self.hard
        number = bisect_left(places, start)
        return number < len(places) and places[number] < end


NO_BOUNDARIES = Boundaries((), ())


class Clauses:
    """The clause boundaries of a statement, worked out when they are first asked for."""

    __slots__ = ("_agreed", "_limits", "_ours", "_statement", "_subjects")

    def __init__(
        self, statement: Statement, subjects: Callable[[Statement], Mapping[int, bool]]
    ) -> None:
        """`subjects` tells at which tokens of a statement a subject may begin."""
        self._statement = statement
        self._subjects = subjects
        self._limits: Boundaries | None = None
        self._ours: tuple[int, ...] | None = None
        self._agreed = -1

    @property
    def limits(self) -> Boundaries:
        """Where the clauses end."""
        if self._limits is None:
            subjects = self._subjects(self._statement)
            self._limits = boundaries(self._statement.tokens, subjects)
        return self._limits

    def is_own(self, start: int, head: int) -> bool:
        """Whether what others are said to say, from a token to the head of a claim, is the page's own.

        "Magazines say that our drip cures it", "Many believe that it does, and they are right"; what stands
        in quotation marks is theirs: "The ad said: “our drip cures it”".
        """
        if self._ours is None:
            tokens = self._statement.tokens
            self._ours = tuple(_ours(tokens))
            self._agreed = max(_agreements(tokens), default=-1)
        number = bisect_left(self._ours, start)
        return self._agreed >= head or (number < len(self._ours) and self._ours[number] < head)


def boundaries(tokens: list[str], subjects: Mapping[int, bool]) -> Boundaries:
    """Where the clauses of a sentence end.

    `subjects` are tokens at which somebody is named who can act, and whether that is what is on offer.
    """
    if _SIGNS.isdisjoint(tokens):
        return NO_BOUNDARIES
    hard, soft, turns = [], [], []
    quoted = False
    for at, token in enumerate(tokens):
        quoted ^= token == QUOTE
        if token not in _SIGNS and token not in _REASONS_BEHIND_COMMA:
            continue
        ends = token in _HARD or tokens[at : at + 2] == _AND_SO
        reason = not quoted and _gives_reason(tokens, at, subjects)
        if ends:
            hard.append(at)
        if ends or reason or _ends_softly(tokens, at, subjects):
            soft.append(at)
        if (
            reason
            or _turns(tokens, at, subjects)
            or (not quoted and _opens_own(tokens, at, subjects))
        ):
            turns.append(at)
    return Boundaries(tuple(hard), tuple(soft), tuple(turns), tuple(_asides(tokens)))


def _behind(tokens: list[str], comma: int) -> int:
    """The token behind a comma and the "and" that may follow it."""
    joined = not _JOINING.isdisjoint(tokens[comma + 1 : comma + 2])
    return comma + 1 + joined


def _ends_softly(tokens: list[str], at: int, subjects: Mapping[int, bool]) -> bool:
    """Whether a clause ends at a comma or an "and" that could as well stand in a list."""
    if tokens[at] == ",":
        after = _behind(tokens, at)
        return after < len(tokens) and (_starts(tokens[after]) or after in subjects)
    return tokens[at] == "and" and _begins_anew(tokens[at + 1 : at + 4])


def _starts(token: str) -> bool:
    """Whether a clause may begin with a word behind a comma ("While few need it, 95% …")."""
    return token in _STARTERS or token[0].isdigit()


def _begins_anew(words: list[str]) -> bool:
    """Whether a new predicate begins: "… and have been shown to help", "… and now helps"."""
    if not _NOW.isdisjoint(words[:1]):
        return True
    return len(words) > 2 and words[0] in _HAVE and words[1] == "been" and words[2] in _FOUND


def _turns(tokens: list[str], at: int, subjects: Mapping[int, bool]) -> bool:
    """Whether something else is said from a token on: "but", ", and stem cells", "and now"."""
    now = not _NOW.isdisjoint(tokens[at + 1 : at + 2])
    match tokens[at]:
        case ",":
            after = _behind(tokens, at)
            return now or (after > at + 1 and after in subjects)
        case ";":
            return now or subjects.get(at + 1, False)
        case "and":
            return now
        case token:
            return token in _TURNS


def _opens_own(tokens: list[str], at: int, subjects: Mapping[int, bool]) -> bool:
    """Whether the page speaks for itself behind a sign: "…: our drip", "… and our drip"."""
    if tokens[at] in _REASONS_BEHIND_COMMA or (tokens[at] == ":" and tokens[at - 1] in _SAYING):
        return False
    after = _behind(tokens, at) if tokens[at] == "," else at + 1
    said = tokens[at] == ":" and at > _LABEL_TOKENS and subjects.get(after, False)
    return said or _is_own(tokens, after)


def _ours(tokens: list[str]) -> Iterator[int]:
    """The tokens outside quotation marks at which something of the page's own is named."""
    quoted = False
    for at, token in enumerate(tokens):
        quoted ^= token == QUOTE
        if not quoted and token in _OURS and _is_own(tokens, at):
            yield at


def _agreements(tokens: list[str]) -> Iterator[int]:
    """The tokens at which the page agrees with what others say."""
    for at, token in enumerate(tokens):
        if token in _AGREED:
            said = tuple(tokens[at : at + _AGREEING_WORDS])
            if any(said[: len(words)] == words for words in _AGREEING):
                yield at


def _is_own(tokens: list[str], at: int) -> bool:
    """Whether the page speaks of itself and what it offers at a token: "our drip", "we"."""
    own = not _OWN.isdisjoint(tokens[at : at + 1])
    return own and _NOT_OFFERED.isdisjoint(tokens[at + 1 : at + 2])


def _gives_reason(tokens: list[str], at: int, subjects: Mapping[int, bool]) -> bool:
    """Whether a clause begins that says of what is on offer why: "…, as our drip cures pain"."""
    before = tokens[at - 1] if at else ""
    is_reason = tokens[at] in _REASONS and before != "that"
    if not is_reason and not (tokens[at] in _REASONS_BEHIND_COMMA and before == ","):
        return False
    place = at + 1 + (not _SHOWN.isdisjoint(tokens[at + 1 : at + 2]))
    return subjects.get(place, False) or _is_own(tokens, place)


def _asides(tokens: list[str]) -> Iterator[tuple[int, int]]:
    """The places of the commas around what is said by the way."""
    opened = -1  # the comma before an aside
    for at, token in enumerate(tokens):
        if token != ",":  # noqa: S105  (a token of prose)
            continue
        if opened >= 0:
            yield opened, at
        after = _behind(tokens, at)
        opened = at if not _ASIDE.isdisjoint(tokens[after : after + 1]) else -1
