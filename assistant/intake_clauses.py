"""Excerpts read to the end of their clause: what was read as "asked for a talk about" is half a fact."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from assistant.phrasing_times import TODAY
from assistant.records import Brief, Document, Excerpt, Slot
from assistant.voice.grammar import DETERMINERS, PREPOSITIONS
from assistant.voice.pieces import finite

# Slots whose excerpts are clauses or things; names are read whole, and what is to be left out is not said.
WHOLE: tuple[Slot, ...] = ("about", "proof", "why_them", "offer", "ask", "target", "history")
# When and for whom stands in the history, what for in the target: these go on only with a preposition.
BY_PREPOSITION: tuple[Slot, ...] = ("target", "history")
# Slots of facts: an ask or a role with a semicolon in it is one.
PARTED: tuple[Slot, ...] = ("about", "proof", "why_them", "offer", "history")
LEAST_PARTED = 3  # words
_BETWEEN = re.compile(r"(?:;|(?<=[a-z0-9)]{2})\.) +(?=\w)")
_POINTS = re.compile(r"(?:it|its|they|them|their|this|that|these|those|then|so|he|she|his|her)\b", re.IGNORECASE)
# A longer rest is a text that its writer did not punctuate.
MOST_ADDED = 12  # words
_REST = re.compile(r"(?:[^,.;:!?()\n–—\"“”]|[.,](?=\d))*")
# "My proof was 40 looms", "her comment on the post is why", "he said good question lol".
_LABELLED = re.compile(
    r"(?:(?:my )?(?:proof|result|point|reason) (?:was|is|were|are) )?(?P<said>\S.*?)"
    r"(?: (?:is|was|are|were|=) (?:why|the reason)(?: (?:I|for)\b.*)?)?"
    r"(?:[ ,]*(?:\b(?:lol|haha+|hihi|hmm+|x+)\b|[:;]-?[)D(]))*",
    re.IGNORECASE | re.DOTALL,
)
# A half clause goes on behind a bracket: "asked if the place (autumn) can be in English".
_BRACKET = re.compile(r" \(([^()\n]*)\)(?= \w)")
_NEXT = re.compile(r" ([^\W_][\w'’-]*)")
_JOINS = re.compile(
    r" (?=(?:and|but|because|so|since|then|who|which|that|if|whether|while|when|where|as|I|i|we|he|she|they|you|it|my)"
    r"(?:['’]\w+)?\b)"
)
_ASKING = re.compile(r"\b(?:if|whether|how|what|which|who|when|where|why) $", re.IGNORECASE)
# "asked if the thesis worker place" has lost its verb.
_HALF = re.compile(r"\b(?:if|whether) (?P<rest>\w+(?: \w+){0,4})$", re.IGNORECASE)
# A result stands under the name of who had it: "Dale Cider: lost labels from 9 to 1".
_FIRM = re.compile(r"(?:^|\n)[ \t*•-]*(?P<name>[A-Z][\w'’.]*(?: (?:& )?[A-Z][\w'’.]*){1,3}: )$")
# "Holt & Sons" was read from its second half on.
_FIRST_HALF = re.compile(r"[A-Z][\w'’]* & $")
_OPEN_ENDS = PREPOSITIONS | DETERMINERS | {"or", "and", "how", "what", "which", "whether", "why", "when", "where"}


def whole_clauses(brief: Brief, sources: Sequence[Document]) -> Brief:
    """The brief with each excerpt that stops inside a clause taken on to its end, where that names no person read."""
    texts = {d.name: d.text for d in sources}
    names = [e.text for e in (*brief.recipient, *brief.sender)]
    for slot in WHOLE:
        found = [_whole(e, slot, texts[e.source], names) if e.source in texts else e for e in brief.get(slot)]
        kept = [e for e in found if not any(_inside(e, other) for other in found)]
        kept = [_without_today(_unlabelled(e)) for e in kept]
        parted = [p for e in kept for p in (_parted(e) if slot in PARTED else (e,))]
        brief = replace(brief, **{slot: tuple(dict.fromkeys(parted))})
    return brief


def _without_today(excerpt: Excerpt) -> Excerpt:
    """An excerpt up to today's date, which is no part of what happened: "sent 2 Nov, now 13 Nov"."""
    found = TODAY.search(excerpt.text)
    if not found or len(excerpt.text[: found.start()].split()) < LEAST_PARTED:
        return excerpt
    return replace(excerpt, text=excerpt.text[: found.start()], end=excerpt.start + found.start())


def _unlabelled(excerpt: Excerpt) -> Excerpt:
    """An excerpt without the words that only say what it is for."""
    found = _LABELLED.fullmatch(excerpt.text)
    if not found:
        return excerpt
    start, end = found.span("said")
    return replace(excerpt, text=found["said"], start=excerpt.start + start, end=excerpt.start + end)


def _parted(excerpt: Excerpt) -> Iterator[Excerpt]:
    """An excerpt of two clauses as two, so that each is told; what begins with "it" stays with what that is."""
    ends = [m for m in _BETWEEN.finditer(excerpt.text)]
    starts = [0, *(m.end() for m in ends)]
    pieces = [excerpt.text[a:b] for a, b in zip(starts, [*(m.start() for m in ends), None], strict=True)]
    if len(pieces) == 1 or any(len(p.split()) < LEAST_PARTED or _POINTS.match(p) for p in pieces):
        yield excerpt
        return
    for start, piece in zip(starts, pieces, strict=True):
        at = excerpt.start + start
        yield replace(excerpt, text=piece, start=at, end=at + len(piece))


def _inside(one: Excerpt, other: Excerpt) -> bool:
    within = one.source == other.source and other.start <= one.start and one.end <= other.end
    return within and (one.start, one.end) != (other.start, other.end)


def _whole(excerpt: Excerpt, slot: Slot, text: str, names: Sequence[str]) -> Excerpt:
    start, end = excerpt.start, excerpt.end
    if text[start:end] != excerpt.text or "\n" in excerpt.text:
        return excerpt
    if slot in ("ask", "target") and (asking := _ASKING.search(text[:start])):
        start = asking.start()
    if name := _FIRST_HALF.search(text[:start]):
        start = name.start()
    if slot == "proof" and (firm := _FIRM.search(text[:start])):
        start = firm.start("name")
    added = _added(excerpt.text, slot, text[end:])
    if added and not any(name in added for name in names):
        end += len(added)
    return replace(excerpt, text=text[start:end], start=start, end=end)


def _added(said: str, slot: Slot, rest: str) -> str:
    """What follows up to the end of the clause; "" where the excerpt ends with one."""
    following = _NEXT.match(rest) or (_BRACKET.match(rest) if _half(said) else None)
    if not following or said[-1] in ".,;:!?)":
        return ""
    open_end = said.split()[-1].casefold() in _OPEN_ENDS or _half(said)
    if slot in BY_PREPOSITION and not open_end and following.group(1).casefold() not in PREPOSITIONS:
        return ""
    bracket = _BRACKET.match(rest) if open_end else None
    found = _REST.match(rest, bracket.end() if bracket else 0)
    added = (bracket.group() if bracket else "") + (found.group() if found else "")
    if join := _JOINS.search(added, 1 if open_end else 0):
        added = added[: join.start()]
    return added.rstrip() if len(added.split()) <= MOST_ADDED else ""


def _half(said: str) -> bool:
    """Whether a text stops between "if" and its verb."""
    match = _HALF.search(said)
    return match is not None and not finite(match["rest"].split())
