"""A firm told as the wrong side's: the sender's own as the one applied to, the reader's as the sender's."""

from __future__ import annotations

from collections.abc import Iterator

from assistant.facts.clauses import Told, quotations
from assistant.facts.lexicon import named
from assistant.facts.nearness import DATES, owner_at, runs, spots_of
from assistant.facts.sources import Text, flat
from assistant.facts.text import lemma
from assistant.facts.whose import Owner
from assistant.records import Unsupported

_SEEKS = named("nearness-seeks") | flat(named("nearness-seeks"))
_SETTLED = named("nearness-settled")
_LONGING = named("nearness-longing")
_PASSING = named("nearness-passing") | flat(named("nearness-passing"))


def employers(text: Text, known: Told) -> Iterator[Unsupported]:
    """The sender's own firm told as the one applied to or as the reader's; the reader's firm told as the sender's."""
    quoted = quotations(text.text)
    for run in runs(text):
        before = text.tokens[run[0] - 1].low if run[0] and not text.starts_sentence(run[0]) else ""
        key = frozenset(lemma(text.tokens[j].low) for j in run)
        if any(a < text.tokens[run[0]].start < b for a, b in quoted) or _where_i(text, run[-1]):
            continue
        if before not in ("at", "with") or key & DATES or key & (known.mine | known.theirs):
            continue
        spots = spots_of(known, key)
        wished = [spot[1] in known.sentences[spot[0]].wished for spot in spots]
        owners = {owner_at(known, spot) for spot in spots}
        aimed = [spot[1] in known.sentences[spot[0]].aims for spot in spots]
        shared = any(known.sentences[n].together for n, _ in spots)
        clause = _clause(text, run[0])
        if not spots or shared or clause is None:
            continue
        side, lows = clause
        seeks = bool(lows & _SEEKS)
        mine = owners == {"me"} and not any(aimed) and not any(wished)
        mine = mine and not any((_SEEKS | _PASSING) & known.sentences[n].keys.keys() for n, _ in spots)
        theirs = owners <= {"other", None} and all(
            aim or owner_at(known, spot) == "other" for aim, spot in zip(aimed, spots, strict=True)
        )
        settled = bool(lows & _SETTLED) and not lows & (_PASSING | _LONGING)
        joint = bool(lows & {"our", "us", "we"}) or bool(_lows(text, run[0]) & {"i", "me", "we", "us", "our"})
        if (seeks or (side == "other" and not joint)) and mine and not lows & _PASSING:
            why = "The notes name this place as the sender's own"
        elif side == "me" and not seeks and theirs and settled:
            why = "The notes do not name this place as the sender's"
        else:
            continue
        said = text.text[text.tokens[run[0] - 1].start : text.tokens[run[-1]].end]
        yield Unsupported(said, f"{why}: “{said}”.", "owner")


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
            return owner, {lemma(text.tokens[k].low) for k in range(j, i)} | {text.tokens[k].low for k in range(j, i)}
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
