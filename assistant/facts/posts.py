"""Posts told as places, and people told as posts: "at Ticketing Operations Lead", "applying for Ana Ruiz"."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from assistant.facts.clauses import Told
from assistant.facts.lexicon import named
from assistant.facts.nearness import POST, POSTS, before_name, runs, spots_of
from assistant.facts.sources import Text
from assistant.facts.text import lemma
from assistant.facts.whose import content
from assistant.records import Unsupported

_APPLYING = frozenset(("apply", "applying", "applied"))
_WANTED = named("nearness-wanted")


def placed(text: Text, known: Told) -> Iterator[Unsupported]:
    """A post told as a place: "at Ticketing Operations Lead", "in Planning Engineer"."""
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
