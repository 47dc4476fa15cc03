"""A firm told as the wrong side's: the sender's own as the one applied to, the reader's as the sender's."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from assistant.facts.clauses import Told
from assistant.facts.joined import quotations
from assistant.facts.lexicon import named
from assistant.facts.nearness import DATES, Run, Spot, before_name, owner_at, runs, spots_of
from assistant.facts.sources import Text, flat, lemmas_of
from assistant.facts.text import lemma
from assistant.facts.whose import Owner
from assistant.records import Unsupported

_ANOTHER = "In the notes another place stands here"
SEEKS = named("nearness-seeks") | flat(named("nearness-seeks"))
_SETTLED = named("nearness-settled")
_LONGING = named("nearness-longing")
_BEING = frozenset(("i", "am", "now", "currently", "current", "currentli", "still", "also", "at", "with", "the", "th"))
_PASSING = named("nearness-passing") | flat(named("nearness-passing"))


def employers(text: Text, known: Told) -> Iterator[Unsupported]:
    """The sender's own firm told as the one applied to or as the reader's; the reader's firm told as the sender's."""
    quoted = quotations(text.text)
    for run in map(tuple, runs(text)):
        before = text.tokens[run[0] - 1].low if run[0] and not text.starts_sentence(run[0]) else ""
        key = frozenset(lemma(text.tokens[j].low) for j in run)
        if any(a < text.tokens[run[0]].start < b for a, b in quoted) or _where_i(text, run[-1]):
            continue
        if before not in ("at", "with") or key & DATES or key & (known.mine | known.theirs):
            continue
        spots = spots_of(known, key)
        why = _wrong(text, run, key, spots, known) if spots else None
        if why is not None:
            said = text.text[text.tokens[run[0] - 1].start : text.tokens[run[-1]].end]
            sort = "pairing" if why == _ANOTHER else "owner"
            yield Unsupported(said, f"{why}: “{said}”.", sort)


def _wrong(text: Text, run: Run, key: frozenset[str], spots: Sequence[Spot], known: Told) -> str | None:
    """Why a place cannot stand where it does, or None."""
    if text.tokens[run[0] - 1].low == "at" and _moved(text, run, key, spots, known):
        return _ANOTHER
    clause = _clause(text, run[0])
    if clause is None or any(known.sentences[n].together for n, _ in spots):
        return None
    side, lows = clause
    owners = {known.sentences[n].possessed.get(p) or owner_at(known, (n, p)) for n, p in spots}
    aims = [p in known.sentences[n].aims for n, p in spots]
    seeks = bool(lows & SEEKS)
    # "I'd like to apply" passes nothing by; "I like" does.
    passing = _PASSING - ({"like", "lik"} if "'d like" in text.text[: text.tokens[run[0]].start] else set())
    joint = bool(({"our", "us", "we"} & lows) | ({"i", "me", "we", "us", "our"} & _lows(text, run[0])))
    if (seeks or (side == "other" and not joint)) and not lows & passing and owners == {"me"}:
        told_of = [known.sentences[n] for n, _ in spots]
        ahead = any(_ahead(known, n, p) for n, p in spots)
        own = all(known.sentences[n].possessed.get(p) == "me" for n, p in spots)
        open_ = not own and any((SEEKS | _PASSING) & s.keys.keys() for s in told_of)
        open_ = open_ or ahead or _there(known, "other")
        return None if open_ else "The notes name this place as the sender's own"
    parts = {owner_at(known, (n, p)) for word in key for n, p in known.places.get(word, ())}
    theirs = (
        "me" not in parts
        and owners <= {"other", None}
        and all(aim or owner_at(known, spot) == "other" for aim, spot in zip(aims, spots, strict=True))
    )
    being = lows <= _BEING and "other" in owners and "me" not in parts
    theirs = theirs or being
    post = "am" in lows and (being or bool(lows & lemmas_of("roles"))) and not _there(known, "me")
    settled = (post or bool(lows & _SETTLED)) and not lows & (_PASSING | _LONGING)
    if side == "me" and not seeks and theirs and settled:
        return "The notes do not name this place as the sender's"
    return None


def _there(known: Told, side: Owner) -> bool:
    """Whether the sources tell of a side with "there", which may be any place named before."""
    return any(
        owner_at(known, (n, p)) == side
        for n, s in enumerate(known.sentences)
        for p in range(s.first, s.last)
        if known.index.texts[s.text].tokens[p].low == "there"
    )


def _moved(text: Text, run: Run, key: frozenset[str], spots: Sequence[Spot], known: Told) -> bool:
    """Whether the place that both shared stands where another does, or another in its stead."""
    first, last = text.sentence(run[0])
    lows = [token.low for token in text.tokens[first:last]]
    ahead = [text.tokens[j].low for j in range(first, run[0])]
    subject = next((low for low in reversed(ahead) if low in ("i", "you", "we", "he", "she", "they")), "")
    joint = subject == "we" and not {"if", "could", "can", "may", "would"} & set(lows)
    once = [p in known.sentences[n].together for n, p in spots]
    elsewhere = {
        other: [p in known.sentences[n].together and _at(known, n, p) for n, p in places]
        for other, places in known.names.items()
        if not other & (key | known.mine | known.theirs | DATES)
    }
    own = [owner_at(known, spot) == "me" and not _ahead(known, *spot) for spot in spots]
    if any(once) and all(a or b for a, b in zip(once, own, strict=True)):
        current = lows[-1] == "now" or bool(SEEKS & set(lows))
        aimed = any(
            p in known.sentences[n].aims or owner_at(known, (n, p)) == "other"
            for other in elsewhere
            for n, p in known.names[other]
            if _at(known, n, p)
        )
        return current and aimed and not joint
    aims = [_ahead(known, n, p) or owner_at(known, (n, p)) == "other" for n, p in spots]
    return joint and not any(once) and all(aims) and any(any(found) for found in elsewhere.values())


def _ahead(known: Told, number: int, place: int) -> bool:
    """Whether a place is only aimed at or wished for."""
    return place in known.sentences[number].aims or place in known.sentences[number].wished


def _at(known: Told, number: int, place: int) -> bool:
    """Whether a name of the sources is told as a place."""
    return before_name(known, (number, place)) in ("at", "in", "@")


def _clause(text: Text, i: int) -> tuple[Owner, set[str]] | None:
    """The side that a place's clause speaks of and the clause's words up to the place; None where it asks."""
    first, last = text.sentence(i)
    if "?" in text.text[text.tokens[last - 1].end : text.tokens[last - 1].end + 2] or text.tokens[first].low in (
        "if",
        "at",
    ):
        return None
    for j in range(i - 1, first - 1, -1):
        low = text.tokens[j].low
        if low in ("i", "you"):
            owner: Owner = "me" if low == "i" else "other"
            said = [text.tokens[k].low for k in range(j, i) if k == j or not text.tokens[k].capital]
            return owner, {lemma(low) for low in said} | set(said)
        if low in ("he", "she", "they", "who", "we", "where", "my", "your"):
            return None
    return None


def _lows(text: Text, i: int) -> set[str]:
    """The words of a sentence in front of a place, as far as the comma."""
    first, last = text.sentence(i)
    start = next((j + 0 for j in range(i, first, -1) if "," in text.tokens[j].gap), first)
    return {text.tokens[j].low for j in range(start, last)}


def _where_i(text: Text, last: int) -> bool:
    """Whether "where I" follows a place: "at Orla Foods, where I'm a planner"."""
    return [token.low for token in text.tokens[last + 1 : last + 3]] == ["where", "i"]
