"""Who did what: the sender's proof told as the reader's, the reader's post told as mine."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from assistant.facts.clauses import MINE, Owner, Sentence, Told, content, possessions, quotations, together, where
from assistant.facts.lexicon import named
from assistant.facts.sources import Text, flat, lemmas_of
from assistant.facts.text import lemma
from assistant.records import Unsupported

_AUXILIARIES = named("owners-auxiliaries")
_TO_SOMEONE = flat(named("owners-to-someone"))
_THEM = named("owners-them")
_PERIODS = named("owners-periods")
_PLACES = named("owners-places")
_TURNS = named("owners-turns")
_MODALS = named("owners-modals")
_JOINING = named("owners-joining")
_WATCHED = flat(named("owners-watched"))
_WRITING = flat(named("owners-writing"))
_SEEN = flat(named("owners-seen"))


@dataclass(frozen=True, slots=True)
class Statement:
    """What a candidate says of one side: the first content word after the subject, and those that follow it."""

    owner: Owner
    subject: int
    head: int
    rest: tuple[int, ...]
    held: bool = False


def owners(text: Text, known: Told) -> Iterator[Unsupported]:
    """Statements whose words the sources tell of the other side."""
    quoted = quotations(text.text)
    for statement in _statements(text):
        if any(a < text.tokens[statement.subject].start < b for a, b in quoted):
            continue
        if _turned(text, statement, known):
            last = max((statement.head, *statement.rest))
            said = text.text[text.tokens[statement.subject].start : text.tokens[last].end]
            whose = "you" if statement.owner == "other" else "the other side"
            yield Unsupported(said, f"The notes say this of {whose}: “{said}”.", "owner")
    yield from _possessed(text, known)


def _statements(text: Text) -> Iterator[Statement]:
    last = 0
    while last < len(text.tokens):
        first = last
        _, last = text.sentence(first)
        lows = [text.tokens[i].low for i in range(first, last)]
        if together(text, first, last) or "?" in text.text[text.tokens[last - 1].end : text.tokens[last - 1].end + 2]:
            continue
        for i in range(first, last):
            if _subject(text, first, i) and not _asked(text, first, i):
                yield from _statement(text, i, last)
            elif text.tokens[i].low in ("my", "your") and not _MODALS & set(lows):
                yield from _holding(text, i, last)


def _subject(text: Text, first: int, i: int) -> bool:
    """Whether "I" or "you" does something here; "I drove you" and "with you" are no subjects."""
    token = text.tokens[i]
    if token.low != "you":
        return token.low == "i"
    before = text.tokens[i - 1]
    if i == first or token.gap != " " or before.low in _JOINING:
        return True
    after = text.tokens[i + 1] if i + 1 < len(text.tokens) else None
    does = after is not None and (content(text, i + 1) or after.low in _AUXILIARIES)
    return does and before.low not in _PLACES and lemma(before.low) not in _TO_SOMEONE


def _asked(text: Text, first: int, i: int) -> bool:
    """Whether the subject stands in a request or a condition, where nothing is stated."""
    before = [text.tokens[j].low for j in range(first, i)]
    after = text.tokens[i + 1].low if i + 1 < len(text.tokens) else ""
    shortened = text.tokens[i].text.casefold().endswith(("'d", "'ll"))
    return shortened or after in _MODALS or bool(_MODALS & set(before)) or text.tokens[first].low in ("if", "please")


def _statement(text: Text, subject: int, last: int) -> Iterator[Statement]:
    end = next((j for j in range(subject + 1, last) if text.tokens[j].low in _TURNS), last)
    words = [j for j in range(subject + 1, end) if content(text, j) or text.tokens[j].kind == "number"]
    if (
        words
        and text.tokens[subject].low == "i"
        and any(text.tokens[j].low in _PLACES for j in range(subject + 1, words[0]))
    ):
        return
    heads = [j for j in words if j == words[0] or (text.tokens[j - 1].low == "and" and content(text, j))]
    for head in heads:
        theirs = "your" if text.tokens[subject].low == "i" else "my"
        edge = next((j for j in range(head + 1, end) if text.tokens[j].low == theirs), end)
        after = [j for j in words if head < j <= head + 9]
        rest = tuple([j for j in after if j < edge] or after)[:6]
        if rest:
            yield Statement("me" if text.tokens[subject].low == "i" else "other", subject, head, rest)


def _holding(text: Text, holder: int, last: int) -> Iterator[Statement]:
    """What is told of one side's thing: "Your audit accuracy was 97.4%"."""
    end = next((j for j in range(holder + 1, last) if text.tokens[j].low in _TURNS | MINE | {"your"}), last)
    words = [j for j in range(holder + 1, end) if content(text, j) or text.tokens[j].kind == "number"][:7]
    before = text.tokens[holder - 1] if holder else None
    inner = before is not None and text.tokens[holder].gap == " " and before.low not in {*_JOINING, *_PERIODS}
    if inner:
        return
    if len(words) > 2 and words[0] == holder + 1:
        owner: Owner = "me" if text.tokens[holder].low == "my" else "other"
        yield Statement(owner, holder, words[0], tuple(words[1:]), held=True)


def _turned(text: Text, statement: Statement, known: Told) -> bool:
    head = text.tokens[statement.head].low
    if lemma(head) in (_SEEN if statement.owner == "me" else _WATCHED):
        return False
    scored: list[tuple[float, list[Owner | None], bool, bool]] = []
    for sentence in known.sentences:
        heads = where(head, sentence)
        rest = [p for j in statement.rest for p in where(text.tokens[j].low, sentence)[:1]]
        if not rest or (not heads and len(rest) < 2):
            continue
        if statement.held and not heads:
            continue
        score = len(rest) + 1.5 * bool(heads)
        spots = heads or tuple(rest)
        hinted = not any(sentence.said.get(spot) for spot in spots)
        source = known.index.texts[sentence.text]
        whose = [
            None if _crossed(text, statement, sentence, spot, source) else _whose(sentence, spot, statement.held)
            for spot in spots
        ]
        if sentence.telling and hinted and len(rest) < 3:
            whose = [None]
        scored.append((score, [None] if sentence.together else whose, hinted, bool(heads)))
    if statement.owner == "me" and lemma(head) in _WRITING and not any(direct for *_, direct in scored):
        return False
    if any(direct for *_, direct in scored):
        scored = [entry for entry in scored if entry[3]]
    if not scored:
        return False
    best = max(score for score, *_ in scored)
    found = [(owners, hinted) for score, owners, hinted, _ in scored if score == best]
    weak = any(hinted for _, hinted in found)
    wanted = (1.5 if len(statement.rest) < 2 else 2.5) + 0.5 * weak
    near = [o for score, owners, *_ in scored for o in owners if score > best - 1]
    turned = all(o not in (None, statement.owner) for owners, _ in found for o in owners)
    return best >= wanted and turned and statement.owner not in near


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


def _whose(sentence: Sentence, spot: int, held: bool) -> Owner | None:
    if held:
        return sentence.possessed.get(spot) or sentence.hinted.get(spot)
    return sentence.said.get(spot) or sentence.hinted.get(spot)


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
            telling = [j for j in spots if lemma(text.tokens[j].low) not in common and len(text.tokens[j].low) > 3]
            found = [(s, p) for j in telling for s in known.sentences for p in where(text.tokens[j].low, s)]
            if found and all(
                s.possessed.get(p) not in (None, owned[j]) and not s.together for s, p in found for j in spots[:1]
            ):
                said = text.text[holder.start : text.tokens[spots[-1]].end]
                whose = "the other side's" if holder.low in MINE else "yours"
                yield Unsupported(said, f"In the notes it is {whose}: “{said}”.", "owner")
