"""Posts told as places, and people told as posts: "at Ticketing Operations Lead", "applying for Ana Ruiz"."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise

from assistant.facts.clauses import Told
from assistant.facts.lexicon import named
from assistant.facts.nearness import POST, POSTS, Spot, before_name, runs, spots_of
from assistant.facts.sources import Text
from assistant.facts.text import lemma
from assistant.facts.whose import content
from assistant.records import Unsupported

_APPLYING = frozenset(("apply", "applying", "applied"))
_WANTED = named("nearness-wanted")
_NEAR = 8


def placed(text: Text, known: Told) -> Iterator[Unsupported]:
    """A post told as a place: "at Ticketing Operations Lead", "in Planning Engineer"."""
    yield from _turned(text, known)
    for run in runs(text):
        first = run[0] - (run[0] > 1 and text.tokens[run[0] - 1].low == "it" and text.tokens[run[0] - 1].text == "IT")
        before = text.tokens[first - 1].low if first and not text.starts_sentence(first) else ""
        last = text.tokens[run[-1]].low
        if before == "for" and text.tokens[first - 2].low in _APPLYING and _is_person(text, run, known):
            said = text.text[text.tokens[first - 2].start : text.tokens[run[-1]].end]
            yield Unsupported(said, f"The notes name this as a person, not a role: “{said}”.", "pairing")
        if before not in ("at", "in") or not (lemma(last) in POSTS or POST.search(last)) or last.endswith("s"):
            continue
        if text.tokens[first - 2].low in _WANTED:
            continue
        after = text.tokens[run[-1] + 1] if run[-1] + 1 < len(text.tokens) else None
        if after and after.gap == " " and (content(text, run[-1] + 1) or after.capital):
            continue
        spots = spots_of(known, frozenset(lemma(text.tokens[j].low) for j in run))
        if not any(before_name(known, spot) == before for spot in spots):
            said = text.text[text.tokens[first - 1].start : text.tokens[run[-1]].end]
            yield Unsupported(said, f"The notes name this as a role, not a place: “{said}”.", "pairing")


def _is_person(text: Text, run: Sequence[int], known: Told) -> bool:
    """Whether a name is wholly that of one of the two sides."""
    words = [text.tokens[j].low for j in run]
    return all(word in known.mine for word in words) or all(word in known.theirs for word in words)


def _turned(text: Text, known: Told) -> Iterator[Unsupported]:
    """A post and its place exchanged: "for Orla Foods at Buyer" where the sources have "Buyer at Orla Foods"."""
    named_ = [run for run in runs(text) if run[0] and not text.starts_sentence(run[0])]
    for one, two in pairwise(named_):
        behind = text.tokens[one[0] - 1].low, text.tokens[two[0] - 1].low
        joined = text.sentence(one[0]) == text.sentence(two[0]) and two[0] - one[-1] < _NEAR
        if (
            _names_post(text, one)
            or not joined
            or behind[0] not in ("for", "about", "as", "of", "in", "to")
            or behind[1] not in ("at", "in", "with")
        ):
            continue
        firsts, seconds = (spots_of(known, frozenset(lemma(text.tokens[j].low) for j in run)) for run in (one, two))
        if behind[1] in {before_name(known, spot) for spot in seconds}:
            continue
        pairs = [(a, b) for a in firsts for b in seconds if a[0] == b[0] and abs(a[1] - b[1]) < _NEAR + 4]
        ordered = pairs and all(b[1] < a[1] for a, b in pairs)
        if ordered and all(before_name(known, a) == behind[1] or _stands_apart(known, a) for a, _ in pairs):
            said = text.text[text.tokens[one[0] - 1].start : text.tokens[two[-1]].end]
            yield Unsupported(said, f"The notes tell these two the other way round: “{said}”.", "pairing")


def _names_post(text: Text, run: Sequence[int]) -> bool:
    last = text.tokens[run[-1]].low
    return lemma(last) in POSTS or POST.search(last) is not None


def _stands_apart(known: Told, spot: Spot) -> bool:
    """Whether a comma or a bracket stands before a name, in what is aimed at."""
    sentence = known.sentences[spot[0]]
    source = known.index.texts[sentence.text]
    at = spot[1]
    while at > 0 and source.tokens[at].capital and source.tokens[at - 1].capital and source.tokens[at].gap == " ":
        at -= 1
    return "," in source.tokens[at].gap and spot[1] in sentence.aims
