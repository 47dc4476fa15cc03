"""Who did what: the sender's proof told as the reader's, the reader's post told as mine."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from assistant.facts.clauses import Sentence, Told, parts_together, possessions, quotations, together
from assistant.facts.lexicon import named
from assistant.facts.sources import Text, flat, lemmas_of
from assistant.facts.text import lemma, root
from assistant.facts.whose import MINE, RELATIONS, Owner, content, is_subject
from assistant.records import Unsupported

_THEM = named("owners-them")
_PERIODS = named("owners-periods")
_PLACES = named("owners-places")
_TURNS = named("owners-turns")
_MODALS = named("owners-modals")
_JOINING = named("owners-joining")
_STAYING = named("owners-staying")
_COPULAS = named("deeds-copulas")
_JOINT = flat(named("owners-joint"))
_WATCHED = flat(named("owners-watched"))
_WRITING = flat(named("owners-writing"))
_SAYING = flat(named("owners-saying"))
_SEEN = flat(named("owners-seen"))
_SPEAKING = flat(
    ("interview", "podcast", "talk", "paper", "article", "post", "panel", "blog", "episode", "book", "slides")
)
_PUBLIC = flat(("say", "tell", "explain", "describe", "mention", "write", "show"))
_TIES = flat(RELATIONS)
_MUTUAL = flat(
    ("flatmate", "roommate", "housemate", "classmate", "colleague", "neighbour", "neighbor", "friend", "mate",
     "teammate", "coworker", "cousin", "brother", "sister", "bandmate")
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Statement:
    """What a candidate says of one side: the first content word after the subject, and those that follow it.

    `owned` are the words that a possessive gives to a side, and from `crossed` on the other side has a part in it.
    """

    owner: Owner
    subject: int
    head: int
    rest: tuple[int, ...]
    owned: dict[int, Owner]
    crossed: int
    held: bool = False
    verb: bool = True


def owners(text: Text, known: Told) -> Iterator[Unsupported]:
    """Statements whose words the sources tell of the other side."""
    quoted = quotations(text.text)
    for statement in _statements(text):
        if any(a < text.tokens[statement.subject].start < b for a, b in quoted):
            continue
        if _turned(text, statement, known) or _counted(text, statement, known):
            last = max((statement.head, *statement.rest))
            said = text.text[text.tokens[statement.subject].start : text.tokens[last].end]
            whose = "you" if statement.owner == "other" else "the other side"
            yield Unsupported(said, f"The notes say this of {whose}: “{said}”.", "owner")
    yield from _possessed(text, known)
    yield from _places(text, known)


def _statements(text: Text) -> Iterator[Statement]:
    last = 0
    while last < len(text.tokens):
        first = last
        _, last = text.sentence(first)
        lows = [text.tokens[i].low for i in range(first, last)]
        both = parts_together(text, first, last)
        if "?" in text.text[text.tokens[last - 1].end : text.tokens[last - 1].end + 2]:
            continue
        for i in range(first, last):
            if i in both:
                continue
            if text.tokens[i].low in ("i", "we", "you") and is_subject(text, first, i) and not _asked(text, first, i):
                yield from _statement(text, i, last)
            elif text.tokens[i].low in ("my", "your") and not _MODALS & set(lows):
                yield from _holding(text, i, last)


def _asked(text: Text, first: int, i: int) -> bool:
    """Whether the subject stands in a request or a condition, where nothing is stated."""
    before = [text.tokens[j].low for j in range(first, i)]
    after = text.tokens[i + 1].low if i + 1 < len(text.tokens) else ""
    shortened = text.tokens[i].text.casefold().endswith(("'d", "'ll"))
    return shortened or after in _MODALS or bool(_MODALS & set(before)) or text.tokens[first].low in ("if", "please")


def _statement(text: Text, subject: int, last: int) -> Iterator[Statement]:
    relative = subject > 0 and text.tokens[subject - 1].low in ("where", "which", "whose", "that", "when")
    aside = r"[:,]" if relative else ":"
    end = next(
        (
            j
            for j in range(subject + 1, last)
            if text.tokens[j].low in _TURNS
            or re.search(aside, text.tokens[j].gap)
            or (text.tokens[j].low in ("it", "that", "this") and text.tokens[j - 1].low in ("and", "but", "so"))
            or _opens_anew(text, j, last)
        ),
        last,
    )
    words = [j for j in range(subject + 1, end) if content(text, j) or text.tokens[j].kind == "number"]
    we = text.tokens[subject].low == "we"
    between = [text.tokens[j].low for j in range(subject + 1, end)]
    if we and ("together" in between or "other" in between):
        return
    if words and we and (lemma(text.tokens[words[0]].low) in _JOINT or text.tokens[subject + 1].low in ("were", "had")):
        return
    if (
        words
        and text.tokens[subject].low != "you"
        and any(text.tokens[j].low == "at" for j in range(subject, words[0]))
    ):
        return
    heads = [j for j in words if j == words[0] or (text.tokens[j - 1].low == "and" and content(text, j))]
    owned = possessions(text, subject, end)
    theirs = ("your", "you") if text.tokens[subject].low in ("i", "we") else ("my", "me", "us", "our")
    crossed = next((j for j in range(subject + 1, end) if text.tokens[j].low in theirs), end)
    owner: Owner = "other" if text.tokens[subject].low == "you" else "me"
    for head in heads:
        rest = tuple(j for j in words if head < j <= head + 9)[:6]
        verb = not any(text.tokens[j].low in _COPULAS for j in range(subject + 1, head))
        yield Statement(owner, subject, head, rest, owned, crossed, verb=verb)


def _opens_anew(text: Text, j: int, last: int) -> bool:
    """Whether ", and Piet says" begins what is told of somebody else."""
    joins = text.tokens[j].low in ("and", "but") and "," in text.tokens[j].gap
    return joins and any(text.tokens[k].capital for k in (j + 1, j + 2) if k < last)


def _holding(text: Text, holder: int, last: int) -> Iterator[Statement]:
    """What is told of one side's thing: "Your audit accuracy was 97.4%"."""
    end = next((j for j in range(holder + 1, last) if text.tokens[j].low in _TURNS | MINE | {"your"}), last)
    words = [j for j in range(holder + 1, end) if content(text, j) or text.tokens[j].kind == "number"][:7]
    before = text.tokens[holder - 1] if holder else None
    inner = before is not None and text.tokens[holder].gap == " " and before.low not in {*_JOINING, *_PERIODS}
    if inner:
        return
    tied = any(lemma(text.tokens[j].low) in _TIES for j in (holder + 1, holder + 2) if j < last)
    if len(words) > 1 and words[0] == holder + 1 and not tied:
        owner: Owner = "me" if text.tokens[holder].low == "my" else "other"
        yield Statement(owner, holder, words[0], tuple(words[1:]), {}, end, held=True)


def _turned(text: Text, statement: Statement, known: Told) -> bool:
    """Whether the sources tell the statement's words of another than its subject, and nowhere of that one."""
    if statement.verb and not statement.held and _by_another(text, statement, known):
        return True
    if not statement.held and (_by_trade(text, statement, known) or _in_public(text, statement, known)):
        return False
    ahead = statement.subject - 1
    relative = ahead >= 0 and text.tokens[statement.subject].gap == " " and content(text, ahead)
    if relative and not statement.rest and lemma(text.tokens[statement.head].low) in lemmas_of("free"):
        return False
    against, support = weigh(text, statement, known)
    limits = _LIMITS[statement.owner]
    if (not support and against >= _BARELY and _in_one_place(text, statement, known)) or _borrowed(
        text, statement, known
    ):
        return True
    return against >= (limits[0] if support else limits[1]) and against - support >= limits[2]


def _by_trade(text: Text, statement: Statement, known: Told) -> bool:
    """Whether the sources name a side by its trade, which does what the verb says: "painter" for "I paint"."""
    low = text.tokens[statement.head].low
    for n, p in known.places.get(root(low), ()):
        sentence = known.sentences[n]
        token = known.index.texts[sentence.text].tokens[p]
        trade = token.low
        doer = (
            not token.capital and trade.removesuffix("s").endswith(("er", "or", "ist")) and lemma(trade) != lemma(low)
        )
        if doer and (sentence.said.get(p) or sentence.hinted.get(p)) == statement.owner:
            return True
    return False


def _in_public(text: Text, statement: Statement, known: Told) -> bool:
    """Whether a bare "you said" stands where the sources have a talk or article: what was said follows by itself."""
    key = lemma(text.tokens[statement.head].low)
    spoke = statement.owner == "other" and key in _PUBLIC and not statement.rest
    return spoke and any(word in known.places for word in _SPEAKING)


def _in_one_place(text: Text, statement: Statement, known: Told) -> bool:
    """Whether one sentence of the sources holds the verb and two more of the words."""
    rest = [known.where(text.tokens[j].low) for j in statement.rest]
    return any(sum(n in found for found in rest) > 1 for n in known.where(text.tokens[statement.head].low))


def _borrowed(text: Text, statement: Statement, known: Told) -> bool:
    """Whether a place or matter of the other side's alone ends a statement of mine: "26 surveys in dammed rivers"."""
    if statement.owner != "me" or statement.held or not statement.verb:
        return False
    words = [statement.head, *statement.rest]
    edge = min(statement.crossed, max(words) + 1)
    joints = [j for j in range(words[0] + 1, edge) if text.tokens[j].low in ("in", "on", "at", "of")]
    if not joints or lemma(text.tokens[statement.head].low) in _SEEN | _WRITING:
        return False
    tail = [j for j in words if joints[-1] < j < edge]
    lead = [j for j in words if j < joints[-1]]
    if len(tail) < 2 or len(lead) < 2 or any(text.tokens[j].capital or _weight(text, j) < 1 for j in tail):
        return False
    owners = [{_owner(s, p) for s, p in _everywhere(known, text.tokens[j].low)} for j in tail]
    own = [_owner(s, p) == "me" for j in lead for s, p in _everywhere(known, text.tokens[j].low)]
    return all(found == {"other"} for found in owners) and sum(own) > 1


def _owner(sentence: Sentence, spot: int) -> Owner | None:
    return sentence.said.get(spot) or sentence.hinted.get(spot)


def _by_another(text: Text, statement: Statement, known: Told) -> bool:
    """Whether the very verb is only ever told of somebody's wife, boss or student."""
    key = lemma(text.tokens[statement.head].low)
    if statement.owner == "other" and key in _PUBLIC and any(word in known.places for word in _SPEAKING):
        return False
    spots = known.places.get(key, ())
    told = [known.sentences[n].said.get(p) for n, p in spots]
    others = [j for j in statement.rest if any(n in known.where(text.tokens[j].low) for n, _ in spots)]
    counted = any(text.tokens[statement.head].end < q.start for q in text.quantities)
    return bool(told) and all(owner == "third" for owner in told) and bool(others or counted)


def _counted(text: Text, statement: Statement, known: Told) -> bool:
    """Whether a statement counts what the sources count for the other side alone: "You have 6 years of Go"."""
    before = statement.subject - 1
    relative = before >= 0 and text.tokens[statement.subject].gap == " " and content(text, before)
    if statement.held or relative:
        return False
    edge = min(statement.crossed, max((statement.head, *statement.rest)) + 1)
    for quantity in text.quantities:
        if not statement.subject < quantity.first < edge or quantity.weak or quantity.ordinal:
            continue
        if quantity.value < (2 if quantity.family in ("time", "months") else 5):
            continue
        after = text.tokens[quantity.last + 1].low if quantity.last + 1 < len(text.tokens) else ""
        if (
            after == "ago"
            or any(m.start <= quantity.start < m.end for m in text.moments)
            or 1900 <= quantity.value < 2100
        ):
            continue
        owners: set[Owner | None] = set()
        for number, source in enumerate(known.index.texts):
            for same in source.quantities:
                if quantity.same(same) and not same.weak:
                    n, spot = known.spot(number, same.first)
                    sentence = known.sentences[n]
                    both = spot in sentence.together
                    owners.add(None if both else sentence.said.get(spot) or sentence.hinted.get(spot))
        if owners and owners <= {"me", "other"} and statement.owner not in owners:
            return True
    return False


def weigh(text: Text, statement: Statement, known: Told) -> tuple[float, float]:
    """The most that one sentence of the sources says against a statement's subject, and the most one says for it."""
    head = text.tokens[statement.head].low
    hits = {j: known.where(text.tokens[j].low) for j in (statement.head, *statement.rest)}
    direct = hits[statement.head]
    received = lemma(head) in (_SEEN if statement.owner == "me" else _WATCHED)
    if received and not any(_told_of_other(statement, n, spots, hits, known) for n, spots in direct.items()):
        return 0.0, 0.0
    weights = {j: _weight(text, j) for j in hits}
    numbers = sorted({n for found in hits.values() for n in found})
    scored = {n: _evidence(text, statement, n, hits, known, weights) for n in numbers}
    support = against = 0.0
    untold = max((_untold(n, hits, known, weights) for n in numbers), default=0.0)
    for n, (for_it, against_it) in scored.items():
        if n in direct and for_it > _OWN and n - 1 in scored and _refers_back(known, n):
            for_it += sum(scored[n - 1])
        for_it *= 1.0 if n in direct or not direct else _ELSEWHERE
        support, against = max(support, for_it), max(against, against_it)
    if statement.owner == "me" and lemma(head) in _WRITING and not direct and against < _PLENTY:
        return 0.0, 0.0
    return against, support if support >= against or untold < against else against


_AT = {"i": ("at", "with", "for"), "you": ("at", "with", "in", "from", "for", "on")}
_LIMITS: dict[Owner, tuple[float, float, float]] = {"me": (1.5, 1.3, 0.9), "other": (1.3, 0.9, 0.5)}
_OWN = 1.5
_BARELY = 0.9
_PLENTY = 2.8
_OPEN = 0.5
_ELSEWHERE = 0.5


def _untold(number: int, hits: dict[int, dict[int, tuple[int, ...]]], known: Told, weights: dict[int, float]) -> float:
    """What a sentence that tells of nobody in particular holds of a statement, where it holds two words of it."""
    sentence = known.sentences[number]
    open_ = [
        weights[j]
        for j, found in hits.items()
        if any(sentence.said.get(p) is None and sentence.hinted.get(p) is None for p in found.get(number, ()))
    ]
    return sum(open_) if len(open_) > 1 else 0.0


def _told_of_other(
    statement: Statement, n: int, spots: tuple[int, ...], hits: dict[int, dict[int, tuple[int, ...]]], known: Told
) -> bool:
    said = known.sentences[n].said
    shared = any(n in hits[j] for j in statement.rest)
    return shared and all(said.get(p) not in (None, statement.owner) for p in spots)


def _weight(text: Text, j: int) -> float:
    token = text.tokens[j]
    key = lemma(token.low)
    return 0.6 if key in _SAYING else 0.4 if token.kind == "word" and key in lemmas_of("free") else 1.0


def _evidence(
    text: Text,
    statement: Statement,
    number: int,
    hits: dict[int, dict[int, tuple[int, ...]]],
    known: Told,
    weights: dict[int, float],
) -> tuple[float, float]:
    """What one sentence of the sources says for a statement's subject, and against it."""
    sentence = known.sentences[number]
    source = known.index.texts[sentence.text]
    support = against = 0.0
    owned, led, turned = 0, False, False
    for j, weight in weights.items():
        spots = hits[j].get(number)
        if not spots:
            continue
        head = j == statement.head
        owner = statement.owned.get(j, None if j > statement.crossed else statement.owner)
        owners: set[Owner | None] = set()
        for spot in spots:
            held = sentence.possessed.get(spot) if j in statement.owned else None
            owners |= {held} if j in statement.owned else _whose(sentence, spot, statement.held)
        crossed = (
            head and owners != {"third"} and any(_crossed(text, statement, sentence, spot, source) for spot in spots)
        )
        mine = crossed or owner in owners or bool(sentence.together & set(spots))
        if mine or None in owners or owner is None:
            support += weight if mine or statement.held else weight * _OPEN
            owned += mine
            led = led or (head and mine)
        else:
            said = any(sentence.said.get(spot) for spot in spots) or statement.held
            turned = turned or head
            against += weight * (1.0 if said else 0.8) * (0.5 if text.tokens[j].capital else 1.0) + 0.5 * head
    if turned:
        return 0.0, against
    said_so = lemma(text.tokens[statement.head].low) in _SAYING
    return support + (_OWN if led and statement.verb and (said_so or owned > 1 or not statement.rest) else 0.0), against


def _refers_back(known: Told, number: int) -> bool:
    """Whether a sentence speaks of what the one before it named: "I've used it since"."""
    sentence = known.sentences[number]
    tokens = known.index.texts[sentence.text].tokens[sentence.first : sentence.last]
    return any(token.low in ("it", "them", "this", "that", "one") for token in tokens)


def _crossed(text: Text, statement: Statement, sentence: Sentence, spot: int, source: Text) -> bool:
    """Whether both speak of the same side's thing: "I used your worksheet" and "used her worksheet" agree."""
    span = range(statement.subject + 1, max((statement.head, *statement.rest)) + 1)
    said = {text.tokens[j].low for j in span}
    told = {source.tokens[j].low for j in range(spot + 1, min(spot + 9, sentence.last))}
    if statement.owner == "me":
        return (bool(said & {"your", "you"}) and bool(told & _THEM) and not told & {"my", "me"}) or (
            "my" in said and "my" in told
        )
    return bool(said & {"my", "me"}) and bool(told & {"my", "me"}) and not told & {"her", "his", "him"}


def _whose(sentence: Sentence, spot: int, held: bool) -> set[Owner | None]:
    """Whose a source's word may be: a thing is its holder's; a deed its doer's, or the holder's of what was done."""
    possessed = sentence.possessed.get(spot)
    if held:
        return {possessed or sentence.hinted.get(spot)}
    return {sentence.said.get(spot) or sentence.hinted.get(spot), *([possessed] if possessed else [])}


def _places(text: Text, known: Told) -> Iterator[Unsupported]:
    """What the sources tell of one side alone, said of the other: "I work at", "you're with"."""
    for i, token in enumerate(text.tokens):
        if token.low not in ("i", "you"):
            continue
        j = i + 1
        while j < len(text.tokens) and text.tokens[j].low in _STAYING and text.tokens[j].gap in ("", " "):
            j += 1
        if j == i + 1 or j + 1 >= len(text.tokens) or text.tokens[j].low not in _AT[token.low]:
            continue
        named_here = [p for p in range(j + 1, min(j + 5, len(text.tokens))) if text.tokens[p].capital]
        first, _ = text.sentence(i)
        open_ = any(text.tokens[p].low in _MODALS | {"if", "when", "because"} for p in range(first, i))
        if not named_here or text.tokens[j + 1].low in MINE | {"your"} or open_:
            continue
        spots = _everywhere(known, text.tokens[named_here[0]].low)
        mine: Owner = "me" if token.low == "i" else "other"
        owners = {s.said.get(p) or s.hinted.get(p) for s, p in spots}
        lows = {text.tokens[p].low for p in range(i + 1, j)}
        others = owners == {"other"} and "was" not in lows if mine == "me" else owners == {"me"}
        if spots and others and not any(s.together for s, p in spots):
            said = text.text[token.start : text.tokens[named_here[0]].end]
            yield Unsupported(said, f"The notes do not say this of that side: “{said}”.", "owner")


def _possessed(text: Text, known: Told) -> Iterator[Unsupported]:
    common = lemmas_of("free")
    last = 0
    while last < len(text.tokens):
        first = last
        _, last = text.sentence(first)
        owned = possessions(text, first, last)
        if together(text, first, last):
            continue
        for i in range(first, last):
            holder = text.tokens[i]
            if holder.low not in ("my", "your") or i + 1 not in owned:
                continue
            spots = [j for j in range(i + 1, min(i + 4, last)) if j in owned and content(text, j)]
            if any(lemma(text.tokens[j].low) in _MUTUAL or text.tokens[j].low == "network" for j in spots):
                continue
            telling = [j for j in spots if lemma(text.tokens[j].low) not in common and len(text.tokens[j].low) > 3]
            found = [(s, p) for j in telling for s, p in _everywhere(known, text.tokens[j].low)]
            if found and all(
                s.possessed.get(p) not in (None, owned[j]) and p not in s.together for s, p in found for j in spots[:1]
            ):
                said = text.text[holder.start : text.tokens[spots[-1]].end]
                whose = "the other side's" if holder.low in MINE else "yours"
                yield Unsupported(said, f"In the notes it is {whose}: “{said}”.", "owner")


def _everywhere(known: Told, low: str) -> list[tuple[Sentence, int]]:
    return [(known.sentences[n], p) for n, spots in known.where(low).items() for p in spots]
