"""The very words of the sources with a "not" fewer or one more: "can refer me" for "can't refer me"."""

from __future__ import annotations

import re
from collections.abc import Iterator

from assistant.facts.clauses import Told
from assistant.facts.denials import COURTESY, NOT, denied, way_out
from assistant.facts.lexicon import named, pairs
from assistant.facts.sources import Text, lemmas_of
from assistant.facts.text import lemma
from assistant.facts.verbatim import ahead, side
from assistant.facts.whose import content, sentences
from assistant.records import Unsupported

# The class of an auxiliary ("could" counts as "can"), then the lemmas of what follows it.
Run = tuple[str, ...]
# What a source has none of, with the word behind it where the two are one thing: "no lab coat".
Lack = tuple[str, str]
_CLASSES = pairs("auxiliaries")
_SKIPPED = named("flips-skipped")
_HAVING = named("flips-having")
_ARTICLES = named("flips-articles")
_OPEN = named("flips-open")
_LETTER = named("flips-letter")
_LONGEST = 4
_BEFORE = 5
_NOTHING = frozenset(("nothing", "nobody", "none"))  # "nothing gluten free" is no word's denial
_SOFT = frozenset(("hardly", "barely", "rarely", "yet", "nothing", "nobody", "neither", "instead", "rather", "before"))


def flips(text: Text, told: Told) -> Iterator[Unsupported]:
    """What a text says as the sources do, word for word but for the denial."""
    if "flips" not in told.kept:
        told.kept["flips"] = (*_runs_of(told), _lacks_of(told))
    denying, plain, lacks = told.kept["flips"]
    for first, last in sentences(text):
        if way_out(text, first, last):
            continue
        for i in range(first, last):
            if _hypothetical(text, first, i) and not _plainly_denied(text, i, last, denying):
                break
            run, negated, end = _run(text, i, last)
            said = text.text[text.tokens[i].start : text.tokens[end - 1].end]
            if run and negated and run in plain and run not in denying:
                yield Unsupported(said, f"The notes do not deny this: “{said}”.", "negation")
            elif run and not negated and run in denying and run not in plain:
                yield Unsupported(said, f"The notes deny this: “{said}”.", "negation")
            elif (until := _never(text, i, last, told)) is not None:
                said = text.text[text.tokens[i].start : text.tokens[until - 1].end]
                yield Unsupported(said, f"The notes do not deny this: “{said}”.", "negation")
            elif (until := _bare(text, i, first, last, told)) is not None:
                said = text.text[text.tokens[i].start : text.tokens[until - 1].end]
                yield Unsupported(said, f"The notes deny this: “{said}”.", "negation")
            elif lacks and _has(text, i, first, last, lacks):
                said = text.text[text.tokens[max(first, i - 2)].start : text.tokens[i].end]
                yield Unsupported(said, f"The notes deny this: “{said}”.", "negation")


def _plainly_denied(text: Text, i: int, last: int, denying: frozenset[Run]) -> bool:
    """Whether "would" or "should" opens a run of two words or more that a source denies: "would let go"."""
    run, negated, _ = _run(text, i, last)
    return text.tokens[i].low in ("would", "should") and len(run) > 2 and not negated and run in denying


def _hypothetical(text: Text, first: int, i: int) -> bool:
    """Whether what stands at a place is only thought of: "if you can refer me", "I'd have taken"."""
    token = text.tokens[i]
    return token.low in _OPEN or (i > first and token.text.casefold().endswith("'d"))


def _run(text: Text, i: int, last: int) -> tuple[Run, bool, int]:
    """The run of words that an auxiliary opens, whether it is denied, and its end; no words where there is none."""
    kind = _CLASSES.get(text.tokens[i].low)
    if kind is None:
        return (), False, i + 1
    negated = False
    j = i + 1
    while j < last and text.tokens[j].low in _SKIPPED and text.tokens[j].gap in ("", " "):
        negated = negated or text.tokens[j].low in NOT
        j += 1
    words: list[str] = []
    telling = False
    while j < last and len(words) < _LONGEST and text.tokens[j].gap in (" ", "-"):
        key = lemma(text.tokens[j].low)
        words.append(key)
        j += 1
        if telling:
            break
        if content(text, j - 1) or j - 1 in text.covered:
            telling = True
            if key not in lemmas_of("free"):
                break
    common = all(word in lemmas_of("free") | lemmas_of("function") for word in words)
    loose = common and kind in ("have", "be") and len(words) < _LONGEST - 1
    return ((kind, *words) if telling and not loose else ()), negated, j


def _runs_of(told: Told) -> tuple[frozenset[Run], frozenset[Run]]:
    """The runs that the sources deny, and those that they say plainly."""
    found: dict[bool, set[Run]] = {True: set(), False: set()}
    for sentence in told.sentences:
        source = told.index.texts[sentence.text]
        for i in range(sentence.first, sentence.last):
            run, negated, _ = _run(source, i, sentence.last)
            if run:
                found[negated].add(run)
    return frozenset(found[True]), frozenset(found[False])


def _lacks_of(told: Told) -> frozenset[Lack]:
    """What the sources say there is none of: "no connection", "never late", "not interested"."""
    found: set[Lack] = set()
    for sentence in told.sentences:
        source = told.index.texts[sentence.text]
        for i in range(sentence.first, sentence.last - 1):
            low = source.tokens[i].low
            opens = i == sentence.first or re.search(r"[^\w\s']", source.tokens[i].gap) is not None
            j = i + 1 + (source.tokens[i + 1].low in _ARTICLES)
            sure = low == "not" and source.tokens[j].low == "sure" if j < sentence.last else False
            if low in ("no", "without", "never", "zero") or (low == "not" and opens) or sure:
                found.update(_lack(told, source, j, sentence.last))
    return frozenset(found)


def _lack(told: Told, source: Text, j: int, last: int) -> Iterator[Lack]:
    """The word at a place as what there is none of, unless a source has it elsewhere; a courtesy with its next word."""
    if j >= last or source.tokens[j].capital or not content(source, j) or source.tokens[j].gap != " ":
        return
    low, key = source.tokens[j].low, lemma(source.tokens[j].low)
    after = lemma(source.tokens[j + 1].low) if j + 1 < last and source.tokens[j + 1].gap == " " else ""
    places = told.places.get(key, ())
    if low in _LETTER or not all(_denied_at(told, n, p) for n, p in places):
        pair = [(n, p) for n, p in places if after and _followed(told, n, p) == after]
        if low not in _LETTER | COURTESY and pair and all(_denied_at(told, n, p) for n, p in pair):
            yield key, after
        return
    if low in COURTESY and low != "sure":
        if after:
            yield key, after
        return
    yield key, after if after and content(source, j + 1) and source.tokens[j + 1].low not in COURTESY else ""


def _followed(told: Told, number: int, place: int) -> str:
    """The word behind a place of the sources."""
    tokens = told.index.texts[told.sentences[number].text].tokens
    return lemma(tokens[place + 1].low) if place + 1 < len(tokens) and tokens[place + 1].gap == " " else ""


def _denied_at(told: Told, number: int, place: int) -> bool:
    sentence = told.sentences[number]
    return denied(told.index.texts[sentence.text], sentence.first, sentence.last, place, 4)


def _has(text: Text, i: int, first: int, last: int, lacks: frozenset[Lack]) -> bool:
    """Whether a word stands behind "have", "with" or "is" as if it were there, which the sources say it is not."""
    key = lemma(text.tokens[i].low)
    after = text.tokens[i + 1] if i + 1 < last and text.tokens[i + 1].gap == " " else None
    if not ((key, "") in lacks or (after is not None and (key, lemma(after.low)) in lacks)):
        return False
    before = i - 1
    if before > first and text.tokens[before].low in _ARTICLES:
        before -= 1
    near = before >= first and text.tokens[i].gap == " " and text.tokens[before].low in _HAVING
    return near and text.tokens[before].low not in NOT and (before == first or text.tokens[before - 1].low not in NOT)


def _never(text: Text, i: int, last: int, told: Told) -> int | None:
    """The end of "never said …" where the sources say the same deed without a denial, and nowhere with one."""
    if text.tokens[i].low != "never" or i + 1 >= last or not content(text, i + 1):
        return None
    key = lemma(text.tokens[i + 1].low)
    places = told.places.get(key, ())
    if not places or any(_directly(told, n, p) for n, p in places):
        return None
    rest = [j for j in range(i + 2, min(i + 8, last)) if content(text, j) or j in text.covered][:3]
    held = [j for j in rest if any(n in told.where(text.tokens[j].low) for n, _ in places)]
    return (rest[-1] if rest else i + 1) + 1 if held or not rest else None


def _directly(told: Told, number: int, place: int) -> bool:
    sentence = told.sentences[number]
    source = told.index.texts[sentence.text]
    return any(source.tokens[j].low in NOT for j in range(max(sentence.first, place - 3), place))


def _bare(text: Text, i: int, first: int, last: int, told: Told) -> int | None:
    """The end of words that the sources have behind a denial alone, here without one: "finish the first trip"."""
    if "bare" not in told.kept:
        told.kept["bare"] = _denied_words(told)
    for words in told.kept["bare"].get(side(text.tokens[i].low), ()):
        end = i + len(words)
        if end > last or tuple(side(text.tokens[j].low) for j in range(i, end)) != words:
            continue
        about = {text.tokens[j].low for j in range(max(first, i - _BEFORE), min(end + 2, last))}
        if (
            not about & (NOT | _SOFT)
            and not _wondered(text, i, first)
            and not any(_hypothetical(text, first, j) for j in range(first, i))
        ):
            return end
    return None


def _wondered(text: Text, i: int, first: int) -> bool:
    """Whether somebody would like to know what they do not know."""
    low = [text.tokens[j].low for j in range(max(first, i - 2), i + 1)]
    return low[-1] in ("know", "learn", "understand", "hear", "see") and low[-2:-1] == ["to"]


def _denied_words(told: Told) -> dict[str, list[tuple[str, ...]]]:
    """What stands right behind a denial of the sources, and nowhere without one, by its first word."""
    found: dict[str, list[tuple[str, ...]]] = {}
    for sentence in told.sentences:
        source = told.index.texts[sentence.text]
        for i in range(sentence.first, sentence.last - 1):
            if source.tokens[i].low not in NOT - _NOTHING or source.tokens[i + 1].low in _OPEN:
                continue
            words = tuple(ahead(source, i + 1, sentence.last))
            spots = range(i + 1, i + 1 + len(words))
            telling = [j for j in spots if content(source, j) and lemma(source.tokens[j].low) not in lemmas_of("free")]
            told_apart = _plainly(told, words) or (_telling(words[-1]) and _plainly(told, words[-2:]))
            if telling and len(words) > 1 and not told_apart:
                found.setdefault(words[0], []).append(words)
    return found


def _plainly(told: Told, words: tuple[str, ...]) -> bool:
    """Whether the sources have words in their order somewhere without a denial before them."""
    for source in told.index.texts:
        lows = [side(token.low) for token in source.tokens]
        for j in range(len(lows) - len(words) + 1):
            if tuple(lows[j : j + len(words)]) == words and not NOT & {
                token.low for token in source.tokens[max(0, j - _BEFORE) : j]
            }:
                return True
    return False


def _telling(low: str) -> bool:
    return lemma(low) not in lemmas_of("free") | lemmas_of("function")
