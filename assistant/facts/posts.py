"""Posts told as places, and people told as posts: "at Ticketing Operations Lead", "applying for Ana Ruiz"."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise

from assistant.facts.clauses import Told
from assistant.facts.lexicon import named
from assistant.facts.nearness import POST, POSTS, Spot, before_name, owner_at, runs, spots_of
from assistant.facts.sources import Text
from assistant.facts.text import lemma
from assistant.facts.whose import content
from assistant.records import Unsupported

_LABELS = frozenset(("job", "role", "post", "position", "vacancy", "opening", "title"))
_LABEL = re.compile(r" |\s*[:=→-]\s*[\"'“]?")
_WORKER = re.compile(r"(?:er|or|ant|ent|ist|ian|ee|ive|man|woman|person)$")
_ARTICLES = frozenset(("the", "a", "an"))
_ADDRESS = frozenset(("mr", "mrs", "ms", "dr", "prof", "professor", "captain", "chef", "sister", "madam", "sir", "mme"))
_STAYING = frozenset(("at", "@", "of"))
_SEEKING = frozenset(("apply", "applying", "applied", "go", "going"))
_APPLYING = frozenset(("apply", "applying", "applied"))
_WANTED = named("nearness-wanted")
_NEAR = 8


def placed(text: Text, known: Told) -> Iterator[Unsupported]:
    """A post told as a place: "at Ticketing Operations Lead", "in Planning Engineer"."""
    yield from _turned(text, known)
    for run in runs(text):
        first = run[0] - (run[0] > 1 and text.tokens[run[0] - 1].low == "it" and text.tokens[run[0] - 1].text == "IT")
        before = text.tokens[first - 1].low if first and not text.starts_sentence(first) else ""
        why, start = "", first - 1
        if before == "for" and text.tokens[first - 2].low in _APPLYING and _is_person(text, run, known):
            why, start = "The notes name this as a person, not a role", first - 2
        elif _applied_for(text, run) and _no_aim(text, run, known):
            why, start = "The notes do not name this as what is applied for", first - 2
        elif before == "at" and _is_person(text, run, known) and _nowhere(text, run, known):
            why = "The notes name this as a person, not a place"
        elif before in ("at", "in") and _post_there(text, first, run, before, known):
            why = "The notes name this as a role, not a place"
        if why:
            said = text.text[text.tokens[start].start : text.tokens[run[-1]].end]
            yield Unsupported(said, f"{why}: “{said}”.", "pairing")


def _post_there(text: Text, first: int, run: Sequence[int], before: str, known: Told) -> bool:
    """Whether a post stands behind a word of place that no source sets before it."""
    last = text.tokens[run[-1]].low
    post = lemma(last) in POSTS or POST.search(last) or _key(text, run) in _labelled(known)
    after = text.tokens[run[-1] + 1] if run[-1] + 1 < len(text.tokens) else None
    goes_on = after is not None and after.gap == " " and (content(text, run[-1] + 1) or after.capital)
    if not post or last.endswith("s") or goes_on or text.tokens[first - 2].low in _WANTED:
        return False
    return not any(before_name(known, spot) == before for spot in spots_of(known, _key(text, run)))


def _nowhere(text: Text, run: Sequence[int], known: Told) -> bool:
    """Whether a person's name stands for a place, which no source makes of it."""
    spots = spots_of(known, _key(text, run))
    return not text.tokens[run[-1]].text.endswith("'s") and not any(before_name(known, s) in _STAYING for s in spots)


def _applied_for(text: Text, run: Sequence[int]) -> bool:
    """Whether "apply for" or "go for" stands before a name that nothing follows."""
    at = run[0] - 1
    while at > 1 and text.tokens[at + 1].gap == " " and (text.tokens[at].low in _ARTICLES or text.tokens[at].capital):
        at -= 1
    after = text.tokens[run[-1] + 1] if run[-1] + 1 < len(text.tokens) else None
    goes_on = after is not None and after.gap in (" ", "-") and (content(text, run[-1] + 1) or after.kind == "number")
    seeks = text.tokens[at].low == "for" and text.tokens[at - 1].low in _SEEKING
    return seeks and not goes_on and not text.tokens[run[-1]].text.endswith("'s")


def _no_aim(text: Text, run: Sequence[int], known: Told) -> bool:
    """Whether the sources name something to aim at, and a name of theirs is no part of it, nor ever behind "for"."""
    key = _key(text, run)
    spots, posts = spots_of(known, key), _labelled(known)
    aims = any(p in s.aims and known.index.texts[s.text].tokens[p].capital for s in known.sentences for p in s.aims)
    if not spots or not (aims or posts) or _names_post(text, run):
        return False
    if posts:
        return not any(key & post for post in posts)
    aimed = any(p in known.sentences[n].aims or p in known.sentences[n].wished for n, p in spots)
    return not aimed and all(owner_at(known, spot) and before_name(known, spot) != "for" for spot in spots)


def _labelled(known: Told) -> list[frozenset[str]]:
    """The names that the sources label as a post: "Job: Room Attendant", "role = Fraud Investigator, motor"."""
    if "labelled" not in known.kept:
        known.kept["labelled"] = [
            _key(source, run)
            for source in known.index.texts
            for run in _behind_label(source)
            if any(_WORKER.search(source.tokens[j].low) or lemma(source.tokens[j].low) in POSTS for j in run)
        ]
    held: list[frozenset[str]] = known.kept["labelled"]
    return held


def _behind_label(source: Text) -> Iterator[Sequence[int]]:
    for run in runs(source):
        if source.tokens[run[0]].low in _LABELS and len(run) > 1:
            yield run[1:]
        elif run[0] and source.tokens[run[0] - 1].low in _LABELS and _LABEL.fullmatch(source.tokens[run[0]].gap):
            yield run


def _key(text: Text, run: Sequence[int]) -> frozenset[str]:
    return frozenset(lemma(text.tokens[j].low) for j in run)


def _is_person(text: Text, run: Sequence[int], known: Told) -> bool:
    """Whether a name is wholly that of one of the two sides."""
    words = [text.tokens[j].low for j in run]
    words = words[1:] if words[0] in _ADDRESS and len(words) > 1 else words
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
        firsts, seconds = (spots_of(known, _key(text, run)) for run in (one, two))
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
