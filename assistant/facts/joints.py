"""Names that hang together: "Chamber of Trades", "Orla Foods in Leeds", "Station 14", "Ana's clinic"."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise

from assistant.facts.clauses import Told
from assistant.facts.lexicon import named, words
from assistant.facts.nearness import NATIONAL, POST, POSTS, Run, before_name, runs, spots_of
from assistant.facts.sources import Text, ends_sentence
from assistant.facts.text import lemma
from assistant.facts.whose import content
from assistant.records import Unsupported

Key = frozenset[str]
_LINKS = frozenset(("in", "at", "of", "from", "the"))
_STRANDING = frozenset(("at", "in", "for", "with", "by", "to", "from"))
_PREPOSITIONS = named("nearness-prepositions")
_ASIDE = 5
_ANOTHER = "In the notes another name stands here"


def joints(text: Text, known: Told) -> Iterator[Unsupported]:
    """Names joined that the sources join with others, or in the other order, and what hangs on a name without it."""
    here = [(run, _key(text, run)) for run in map(tuple, runs(text))]
    if "joints" not in known.kept:
        known.kept["joints"] = [pair for source in known.index.texts for pair in _pairs(source, loose=True)]
    told: list[tuple[Key, Key]] = [(a, b) for _, _, a, b in known.kept["joints"]]
    keys = [key for _, key in here]
    people = known.mine | known.theirs
    for one, two, a, b in _pairs(text, loose=False):
        again = {text.tokens[j].low for j in two} <= {text.tokens[j].low for j in one}
        if again and not any(a == c and b == d for c, d in told):
            said = text.text[text.tokens[one[0]].start : text.tokens[two[-1]].end]
            yield Unsupported(said, f"{_ANOTHER}: “{said}”.", "pairing")
        post = _is_post(text, one) or any(p in known.sentences[n].aims for n, p in spots_of(known, a))
        post = text.tokens[one[-1]].text.isupper() or (post and text.tokens[one[-1] + 1].low != "of")
        if not post and not (a | b) & people and _joined_otherwise(a, b, told, keys, known):
            said = text.text[text.tokens[one[0]].start : text.tokens[two[-1]].end]
            yield Unsupported(said, f"{_ANOTHER}: “{said}”.", "pairing")
    yield from _swapped(text, here, told, known)
    for run, _ in here:
        if run[0] and (_stranded(text, run, known) or _numbers_other(text, run, known)):
            said = text.text[text.tokens[run[0] - 1].start : text.tokens[min(run[-1] + 1, len(text.tokens) - 1)].end]
            yield Unsupported(said, f"{_ANOTHER}: “{said}”.", "pairing")


def _key(text: Text, run: Run) -> Key:
    return frozenset(lemma(text.tokens[j].low) for j in run)


def _pairs(text: Text, *, loose: bool) -> Iterator[tuple[Run, Run, Key, Key]]:
    """Names with no more than "in", "at" or "of the" between them; where `loose`, a comma or a bracket will do too."""
    for one, two in pairwise(map(tuple, runs(text))):
        between = range(one[-1] + 1, two[0])
        gaps = [text.tokens[j].gap for j in range(one[-1] + 1, two[0] + 1)]
        linked = between and all(text.tokens[j].low in _LINKS for j in between) and set(gaps) == {" "}
        parted = loose and len(between) < 2 and all(re.fullmatch(r",? |,? ?\(|\) ", gap) for gap in gaps)
        parted = parted and all(text.tokens[j].low in _LINKS for j in between)
        aside = loose and gaps[0] == " (" and gaps[-1] == "), " and len(between) < _ASIDE
        dated = any(text.tokens[j].low in words("calendar") for j in (*one, *two))
        if (linked or parted or aside) and not dated and not text.tokens[one[-1]].text.endswith("'s"):
            yield one, two, _key(text, one), _key(text, two)


def _is_post(text: Text, run: Run) -> bool:
    last = text.tokens[run[-1]].low
    return lemma(last) in POSTS or POST.search(last) is not None


def _joined_otherwise(a: Key, b: Key, told: list[tuple[Key, Key]], here: list[Key], known: Told) -> bool:
    """Whether the sources join one of two names with another name of the text, and never have the two in a sentence."""
    firsts, seconds = spots_of(known, a), spots_of(known, b)
    if not firsts or not seconds or {n for n, _ in firsts} & {n for n, _ in seconds}:
        return False
    after = [two for one, two in told if one & a and len(one & a) == min(len(one), len(a))]
    ahead = [one for one, two in told if two & b and len(two & b) == min(len(two), len(b))]
    others = [key for key in here if not key & (a | b)]
    return any(other & key for other in (*after, *ahead) for key in others)


def _swapped(
    text: Text, here: list[tuple[Run, Key]], told: list[tuple[Key, Key]], known: Told
) -> Iterator[Unsupported]:
    """A firm behind "in" and its town behind "at": "at Leeds", "in Orla Foods" for the notes' "Orla Foods, Leeds"."""
    at = [(run, key) for run, key in here if _before(text, run) in ("at", "with")]
    within = [(run, key) for run, key in here if _before(text, run) == "in" and _may_be_firm(text, run)]
    for town, a in at:
        for _, b in within:
            ordered = any(one == b and two == a for one, two in told) and not any(
                one == a and two == b for one, two in told
            )
            own = any(before_name(known, spot) in ("at", "with", "@") for spot in spots_of(known, a))
            own = own or any(before_name(known, spot) == "in" for spot in spots_of(known, b))
            if ordered and not own:
                said = text.text[text.tokens[town[0] - 1].start : text.tokens[town[-1]].end]
                yield Unsupported(said, f"{_ANOTHER}: “{said}”.", "pairing")


def _may_be_firm(text: Text, run: Run) -> bool:
    """Whether a name behind "in" is no field, language or post, and stands by itself."""
    after = text.tokens[run[-1] + 1] if run[-1] + 1 < len(text.tokens) else None
    goes_on = after is not None and after.gap == " " and content(text, run[-1] + 1)
    field = text.tokens[run[0]].text.isupper() or NATIONAL.search(text.tokens[run[-1]].low)
    return not (goes_on or field or _is_post(text, run))


def _before(text: Text, run: Run) -> str:
    if not run[0] or text.starts_sentence(run[0]):
        return ""
    at = run[0] - 1
    while at and text.tokens[at + 1].gap == " " and (text.tokens[at].low == "the" or text.tokens[at].capital):
        at -= 1
    return text.tokens[at].low


def _stranded(text: Text, run: Run, known: Told) -> bool:
    """Whether "at Ana's" ends where the sources only have "Ana's clinic"."""
    token = text.tokens[run[-1]]
    person = token.low in known.mine | known.theirs | words("calendar")
    if not token.text.endswith("'s") or text.tokens[run[0] - 1].low not in _STRANDING or not _ends(text, run[-1]):
        return False
    places = [(known.index.texts[known.sentences[n].text], p) for n, p in known.places.get(lemma(token.low), ())]
    bare = person or any(not source.tokens[p].text.endswith("'s") for source, p in places)
    return bare and not any(source.tokens[p].text.endswith("'s") and _ends(source, p) for source, p in places)


def _ends(text: Text, j: int) -> bool:
    """Whether nothing that could be owned follows a place."""
    after = text.tokens[j + 1] if j + 1 < len(text.tokens) else None
    return (
        after is None or after.gap != " " or after.low in _PREPOSITIONS or after.low in ("and", "but", "which", "where")
    )


def _numbers_other(text: Text, run: Run, known: Told) -> bool:
    """Whether a number follows a name where the sources have it behind another: "Elm Surgery 14" for "Station 14"."""
    j = run[-1] + 1
    if j >= len(text.tokens) or text.tokens[j].kind != "number" or text.tokens[j].gap != " ":
        return False
    counts = j + 1 < len(text.tokens) and text.tokens[j + 1].gap in (" ", "-") and content(text, j + 1)
    if (
        counts
        or text.tokens[run[-1]].low in words("calendar")
        or any(q.family for q in text.quantities if q.first == j)
    ):
        return False
    low, key = text.tokens[j].low, lemma(text.tokens[run[-1]].low)
    before = []
    for source in known.index.texts:
        for i in range(1, len(source.tokens)):
            if source.tokens[i].low == low:
                ahead = source.tokens[i - 1]
                if ends_sentence(source.tokens[i].gap) or not ahead.capital or not content(source, i - 1):
                    return False
                before.append(lemma(ahead.low))
    return bool(before) and key not in before
