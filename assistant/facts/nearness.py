"""Objects in another fact's place: a name, or a span of time, beside words that the sources tell of another one."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from assistant.facts.clauses import Told
from assistant.facts.lexicon import named
from assistant.facts.sources import Text, flat, lemmas_of
from assistant.facts.text import lemma
from assistant.facts.whose import Owner, content
from assistant.records import Unsupported

Spot = tuple[int, int]
Run = tuple[int, ...]
_PLACING = named("nearness-placing")
DATES = lemmas_of("calendar")
_STRICT = frozenset(("at", "in", "with", "for"))
_PREPOSITIONS = named("nearness-prepositions")
_OFFERS = frozenset(("job", "role", "post", "position", "opening", "vacancy"))
POSTS = flat(named("pairs-titles")) | lemmas_of("roles") - flat(named("nearness-no-posts"))
POST = re.compile(r"(?:log|graph|cian|ic|n|t)ist$|ician$|eer$|ographer$|arian$|^i{1,3}$")
NATIONAL = re.compile(r"(?:ish|ese|[aei]an|ench|utch|erman|swiss|greek|arabic|welsh)$")
_SAME, _SENTENCE, _NEXT, _LINE = 1.0, 0.45, 0.2, 0.1
_CROSSED = ((0.35, 0.0), (0.9, -0.2))
_RIVAL = 1.3
_OWN_RIVAL = 1.8
_PHRASE = 4


@dataclass(frozen=True, slots=True)
class Thing:
    """A name of a candidate: its words, the words beside it with their weights, and the preposition before it."""

    run: tuple[int, ...]
    key: frozenset[str]
    beside: dict[str, float]
    placing: str


def things(text: Text, known: Told) -> Iterator[Unsupported]:
    """Names that stand by each other's words, and one that stands where the sources have another."""
    people = known.mine | known.theirs
    here = [t for t in _things(text, known) if t.placing in _PLACING and not t.key & people and not t.key & DATES]
    spots = {t.run: spots_of(known, t.key) for t in here}
    near = {(a.run, b.run): fit(known, spots[a.run], b) for a in here for b in here if spots[a.run]}
    refused = False
    for n, one in enumerate(here):
        for two in here[n + 1 :]:
            if one.key & two.key or not spots[one.run] or not spots[two.run] or _fitting(text, one, two):
                continue
            if _in_order(text, one, two, spots):
                continue
            gains = near[one.run, two.run] - near[one.run, one.run], near[two.run, one.run] - near[two.run, two.run]
            crossed = any(sum(gains) >= whole and min(gains) >= least for whole, least in _CROSSED)
            if crossed or (sum(gains) >= 0 and _prepositions_crossed(known, one, two, spots)):
                refused = True
                said = f"{_words(text, one.run)} / {_words(text, two.run)}"
                yield Unsupported(said, f"The notes tell these two the other way round: {said}.", "pairing")
    for thing in here:
        if not refused and _told_elsewhere(text, known, thing, spots[thing.run], here):
            refused = True
            said = text.text[text.tokens[thing.run[0] - 1].start : text.tokens[thing.run[-1]].end]
            yield Unsupported(said, f"In the notes another name stands here: “{said}”.", "pairing")
    if not refused:
        yield from _rivals(text, known, here, spots, near)


def _prepositions_crossed(known: Told, one: Thing, two: Thing, spots: dict[Run, list[Spot]]) -> bool:
    """Whether two names stand behind each other's preposition: "in Alba Foods at Leeds"."""
    own = [{before_name(known, spot) for spot in spots[thing.run]} for thing in (one, two)]
    if one.placing == two.placing or one.placing in own[0] or two.placing in own[1]:
        return False
    return one.placing in own[1] or two.placing in own[0]


def _fitting(text: Text, one: Thing, two: Thing) -> bool:
    """Whether one is a post and the other a place, each behind a preposition of its own: "for Buyer at Orla Foods"."""
    posts = [thing for thing in (one, two) if _is_post(text, thing.run)]
    places = [thing for thing in (one, two) if thing not in posts]
    if len(short := [thing for thing in (one, two) if _is_short(text, thing.run)]) == 1 and len(short[0].run) == 1:
        return True
    return len(posts) == 1 and posts[0].placing not in ("at", "in", "with") and places[0].placing != "for"


def _in_order(text: Text, one: Thing, two: Thing, spots: dict[Run, list[Spot]]) -> bool:
    """Whether two names of one phrase stand in the sources' own order: "the Tulsa office of Cardinal Title"."""
    if two.run[0] - one.run[-1] > _PHRASE or text.sentence(one.run[0]) != text.sentence(two.run[0]):
        return False
    steps = [b[1] - a[1] for a in spots[one.run] for b in spots[two.run] if a[0] == b[0]]
    return bool(steps) and all(0 < step < _PHRASE + len(one.run) + len(two.run) for step in steps)


def _is_short(text: Text, run: Run) -> bool:
    """Whether a name is a short form, as degrees, exams and licences have: "GCSE", "PhD", "HGV"."""
    return sum(c.isupper() for c in text.tokens[run[0]].text) > 1


def _is_post(text: Text, run: Run) -> bool:
    last = text.tokens[run[-1]].low
    return lemma(last) in POSTS or POST.search(last) is not None


def _rivals(
    text: Text, known: Told, here: Sequence[Thing], spots: dict[Run, list[Spot]], near: dict[tuple[Run, Run], float]
) -> Iterator[Unsupported]:
    told = frozenset(word for thing in here for word in thing.key)
    for thing in here:
        if thing.placing not in _PLACING or not spots[thing.run]:
            continue
        owner = _subject(text, thing.run[0])
        if owner is None:
            continue
        least = _OWN_RIVAL if any(owner_at(known, spot) == owner for spot in spots[thing.run]) else _RIVAL
        role, own = _is_role(thing.key), near[thing.run, thing.run]
        for key, places in known.names.items():
            if key & told or _is_role(key) != role or key & DATES or key & (known.mine | known.theirs):
                continue
            if fit(known, places, thing) - own >= least and any(before_name(known, p) == thing.placing for p in places):
                said = text.text[text.tokens[thing.run[0] - 1].start : text.tokens[thing.run[-1]].end]
                yield Unsupported(said, f"In the notes another name stands here: “{said}”.", "pairing")
                break


def _told_elsewhere(text: Text, known: Told, thing: Thing, spots: Sequence[Spot], here: Sequence[Thing]) -> bool:
    """Whether the sources have "officer at X", and Y only behind other words, where a text says "officer at Y"."""
    if thing.placing not in _STRICT or not spots:
        return False
    word = _governing([token.low for token in text.tokens[: thing.run[0]]], thing.placing)
    if not word or word in lemmas_of("free"):
        return False
    if any(
        before_name(known, spot) not in _PREPOSITIONS or _governed(known, spot, thing.placing) == word for spot in spots
    ):
        return False
    lows = [token.low for token in text.tokens]
    others = [
        other
        for other in here
        if other is not thing and not other.key & (thing.key | known.mine | known.theirs)
        if _governing(lows[: other.run[0]], other.placing) != word
    ]
    return any(
        _governed(known, place, thing.placing) == word for other in others for place in spots_of(known, other.key)
    )


def _governed(known: Told, spot: Spot, placing: str) -> str:
    """The word that a name of the sources hangs on by a preposition: "officer" in "officer at Alba Foods"."""
    source = known.index.texts[known.sentences[spot[0]].text]
    at = spot[1]
    while at > 0 and source.tokens[at].capital and source.tokens[at - 1].capital and source.tokens[at].gap == " ":
        at -= 1
    return _governing([token.low for token in source.tokens[known.sentences[spot[0]].first : at]], placing)


def _governing(lows: list[str], placing: str) -> str:
    if lows and lows[-1] in ("the", "a", "an"):
        lows = lows[:-1]
    if not lows or lows[-1] != placing:
        return ""
    lows = lows[:-1]
    while lows and lows[-1] in _OFFERS:
        lows = lows[:-1]
    return lemma(lows[-1]) if lows else ""


def _subject(text: Text, i: int) -> Owner | None:
    """Of which side a sentence speaks before a place: the nearest "I" or "you"."""
    first, _ = text.sentence(i)
    for j in range(i - 1, first - 1, -1):
        if text.tokens[j].low in ("i", "you", "he", "she", "who"):
            return "me" if text.tokens[j].low == "i" else "other" if text.tokens[j].low == "you" else None
    return None


def owner_at(known: Told, spot: Spot) -> Owner | None:
    """Whom the sources tell a place of."""
    sentence = known.sentences[spot[0]]
    return sentence.said.get(spot[1]) or sentence.hinted.get(spot[1])


def fit(known: Told, spots: Sequence[Spot], thing: Thing) -> float:
    """How near the sources tell an object to a thing's words, and after the same preposition."""
    total = 0.0
    for word, weight in thing.beside.items():
        total += weight * max((_nearness(known, a, b) for b in known.places.get(word, ()) for a in spots), default=0.0)
    return total + 0.5 * (thing.placing in _PLACING and any(before_name(known, a) == thing.placing for a in spots))


def _nearness(known: Told, a: Spot, b: Spot) -> float:
    if a[0] == b[0]:
        return _SAME if known.parts[a] == known.parts[b] else _SENTENCE
    if known.lines[a[0]] != known.lines[b[0]]:
        return 0.0
    return _NEXT if abs(a[0] - b[0]) == 1 else _LINE


def before_name(known: Told, spot: Spot) -> str:
    """The word before a name of the sources, its article left out."""
    source = known.index.texts[known.sentences[spot[0]].text]
    at = spot[1]
    while at > 0 and source.tokens[at].capital and source.tokens[at - 1].capital and source.tokens[at].gap == " ":
        at -= 1
    at -= at > 1 and source.tokens[at - 1].low == "the"
    return source.tokens[at - 1].low if at else ""


def spots_of(known: Told, key: frozenset[str]) -> list[Spot]:
    """Where the sources hold a name, whole where they have it whole."""
    found = [spot for word in key for spot in known.places.get(word, ())]
    whole = [s for s in found if sum(abs(s[1] - o[1]) < 4 and s[0] == o[0] for o in found) >= len(key)]
    return whole or found


def _things(text: Text, known: Told) -> Iterator[Thing]:
    for run in runs(text):
        key = frozenset(lemma(text.tokens[j].low) for j in run)
        if len(run) == 1 and (text.starts_sentence(run[0]) and not any(word in known.capitals for word in key)):
            continue
        after = text.tokens[run[-1] + 1] if run[-1] + 1 < len(text.tokens) else None
        national = len(run) == 1 and NATIONAL.search(text.tokens[run[0]].low) is not None
        if national and after and after.gap == " " and content(text, run[-1] + 1):
            continue
        before = text.tokens[run[0] - 1].low if run[0] and not text.starts_sentence(run[0]) else ""
        if before == "the" and run[0] > 1:
            before = text.tokens[run[0] - 2].low
        yield Thing(tuple(run), key, beside_of(text, run[0], run[-1]), before)


def beside_of(
    text: Text, first: int, last: int, edge: str = r"[.?!;\n]", reach: int = 6, *, names: bool = False
) -> dict[str, float]:
    """The content words and numbers about a place, as far as the clause goes, with what each weighs."""
    found: dict[str, float] = {}
    for step, start in ((-1, first - 1), (1, last + 1)):
        j = start
        while 0 <= j < len(text.tokens) and abs(j - start) < reach:
            gap = text.tokens[j + 1].gap if step < 0 else text.tokens[j].gap
            if re.search(edge, gap) or (text.tokens[j].low in ("but", "and") and _opens(text, j)):
                break
            token = text.tokens[j]
            own = step > 0 and j == start and gap == " "
            if token.kind == "number":
                found[token.low] = 1.0
            elif not own and content(text, j) and (names or not (token.capital and not text.starts_sentence(j))):
                found[lemma(token.low)] = 0.4 if lemma(token.low) in lemmas_of("free") else 1.0
            j += step
    return found


def _opens(text: Text, j: int) -> bool:
    """Whether "and" joins another statement, with a subject of its own."""
    return j + 1 < len(text.tokens) and text.tokens[j + 1].low in ("i", "you", "my", "your", "we", "he", "she", "it")


def _is_role(key: frozenset[str]) -> bool:
    return bool(key & lemmas_of("roles"))


def _words(text: Text, run: tuple[int, ...]) -> str:
    return text.text[text.tokens[run[0]].start : text.tokens[run[-1]].end]


def runs(text: Text) -> Iterator[list[int]]:
    """Names: runs of capitalised words that carry meaning."""
    i = 0
    while i < len(text.tokens):
        run: list[int] = []
        while i < len(text.tokens) and _named(text, i) and (not run or text.tokens[i].gap in (" ", "-", " & ")):
            run.append(i)
            i += 1
        if run:
            yield run
        else:
            i += 1


def _named(text: Text, i: int) -> bool:
    return text.tokens[i].capital and content(text, i)
