"""Hedges lost: "only", "almost", "about" and "if"."""

from __future__ import annotations

import re
from collections.abc import Iterator

from assistant.facts.clauses import Sentence, Told
from assistant.facts.denials import SELVES, part, way_out
from assistant.facts.lexicon import named
from assistant.facts.sources import Text, lemmas_of
from assistant.facts.text import lemma
from assistant.facts.verbatim import ahead, side
from assistant.facts.whose import content, sentences
from assistant.records import Unsupported

_SORTS = ("only", "almost", "about", "mostly", "partly", "probably", "under", "over")
_MARKS = {low: sort for sort in _SORTS for low in named(f"mark-{sort}")}
_TWO_WORDS = {("so", "far"): "so far", ("up", "to"): "up to", ("at", "least"): "at least", ("more", "than"): "over"}
_BEFORE_NUMBERS = named("polarity-before-numbers")
_NEAREST = 4
_BESIDE = 2
_PLENTY = 4
_POINTING = frozenset(("the", "this", "that", "these"))
_PLEASING = frozenset(("could", "can", "would", "want", "wants", "like", "likes", "wish", "fancy", "care", "prefer"))
_IF = frozenset(("if", "unless", "provided"))
_ASKED = frozenset(("ask", "asked", "asking", "asks", "wonder", "wondering", "know", "check"))
_LONGING = frozenset(("want", "wants", "wanted", "wish"))
_WISHING = named("hedge-wishing")
_ASKS = named("polarity-asks-if")
_BEGINNING = frozenset(
    lemma(low) for low in ("started", "began", "joined", "opened", "moved", "got", "heard", "learnt")
)


def hedges(text: Text, told: Told) -> Iterator[Unsupported]:
    """A source's "only", "almost", "about" or "if" that the retold words lost, and one that the text put in."""
    yield from _lost(text, told)
    yield from _unconditional(text, told)


def _lost(text: Text, told: Told) -> Iterator[Unsupported]:
    for sentence in told.sentences:
        source = told.index.texts[sentence.text]
        for sort, i, anchor in _marked(source, sentence.first, sentence.last):
            low = source.tokens[anchor].low
            number = anchor in source.covered or source.tokens[anchor].kind == "number"
            common = lemma(low) in lemmas_of("free") and sort not in ("mostly", "partly")
            equal = named(f"hedge-{sort.replace(' ', '-')}")
            if number and _plain_elsewhere(told, source, anchor):
                continue
            weak = number and all(q.weak for q in source.quantities if q.first <= anchor <= q.last)
            if weak or (not number and (not content(source, anchor) or common)):
                bounds = sort == "only" and anchor > i and low not in _POINTING
                found = _restricted(text, source, sentence, i, equal) if bounds else None
            else:
                found = _unhedged(text, source, sentence.first, sentence.last, anchor, low, number, equal)
            if not found and sort in ("only", "almost", "probably", "mostly", "partly"):
                found = _word_for_word(text, source, i, sentence.last, named(f"hedge-same-{sort}"))
            if found and not (not number and _of_another(text, sentence, anchor, low)):
                said = source.text[source.tokens[min(i, anchor)].start : source.tokens[max(i, anchor)].end]
                yield Unsupported(found, f"The notes say “{said}”.", "hedge")


def _plain_elsewhere(told: Told, source: Text, anchor: int) -> bool:
    """Whether another place of the sources says the same number without a hedge."""
    here = [q for q in source.quantities if q.first <= anchor <= q.last]
    for other in told.index.texts:
        for quantity in other.quantities:
            same = any(quantity.same(q) and quantity.family == q.family and quantity is not q for q in here)
            if same and quantity.value > 3 and not _hedged(other, quantity.first):
                return True
    return False


def _hedged(source: Text, i: int) -> bool:
    """Whether a hedge stands before a number, or a mark of one."""
    near = [token.low for token in source.tokens[max(0, i - 2) : i]]
    marked = "~" in source.tokens[i].gap or "≈" in source.tokens[i].gap
    return marked or any(low in _MARKS or low in ("most", "least", "to", "around", "far", "than", "up") for low in near)


def _word_for_word(text: Text, source: Text, at: int, last: int, same: frozenset[str]) -> str | None:
    """The text's words where it says what stands about a hedge word for word, without it: "seen drawings".

    Whoever is spoken of may be "you" in one and "she" in the other. A word like the hedge counts only by these words.
    """
    behind = ahead(source, at + 1, last)
    before = [side(source.tokens[at - 1].low)]
    if not (at and source.tokens[at].gap == " " and content(source, at - 1)):
        before = []
    if (behind[:1] and behind[0] in _LONGING) or _lately(source, at, last):
        return None
    telling = sum(content(source, j) or j in source.covered for j in range(at + 1, at + 1 + len(behind)))
    runs = [behind] if telling > 1 or (telling and len(behind) > 2) else []
    if before and behind and (telling or lemma(before[0]) not in lemmas_of("free")):
        runs.append(before + behind[: 1 if telling else 2])
    for first, end in sentences(text):
        lows = [text.tokens[j].low for j in range(first, end)]
        if way_out(text, first, end):
            continue
        sides = [side(low) for low in lows]
        for run in runs:
            for j in range(len(lows) - len(run) + 1):
                if sides[j : j + len(run)] == run and not same & set(
                    lows[max(0, j - _BESIDE) : j + len(run) + _BESIDE]
                ):
                    return text.text[text.tokens[first + j].start : text.tokens[first + j + len(run) - 1].end]
    return None


def _lately(source: Text, at: int, last: int) -> bool:
    """Whether "only" tells how late something began: "we only started last month"."""
    lows = [token.low for token in source.tokens[at + 1 : min(at + 8, last)]]
    return bool(lows) and lemma(lows[0]) in _BEGINNING and bool({"last", "ago", "since", "yesterday", "in"} & set(lows))


def _restricted(text: Text, source: Text, sentence: Sentence, at: int, equal: frozenset[str]) -> str | None:
    """The text's words for what a source says "only" of, where an everyday word follows: "we only do …"."""
    near = [j for j in part(source, sentence.first, sentence.last, at) if at - 6 <= j <= at + 6 and j != at]
    if source.tokens[at + 1].low in _WISHING:
        return None
    keys = {lemma(source.tokens[j].low) for j in near}
    after = {lemma(source.tokens[j].low) for j in near if j > at}
    if len(keys) < 2 or not keys - lemmas_of("free"):
        return None
    found: str | None = None
    for first, last in sentences(text):
        hit = [j for j in range(first, last) if lemma(text.tokens[j].low) in keys]
        held = {lemma(text.tokens[j].low) for j in hit}
        if not held & after or len(held) < max(2, 0.6 * len(keys)) or way_out(text, first, last):
            continue
        if not any(text.tokens[j].low in equal for j in range(first, last)):
            found = found or text.text[text.tokens[hit[0]].start : text.tokens[hit[-1]].end]
        else:
            return None
    return found


def _unconditional(text: Text, told: Told) -> Iterator[Unsupported]:
    """What the sources say only for the case that something holds, told without the condition."""
    for sentence in told.sentences:
        source = told.index.texts[sentence.text]
        for at in range(sentence.first, sentence.last):
            if source.tokens[at].low not in _IF or _asking(source, sentence, at):
                continue
            main = [j for j in _main_clause(source, sentence, at) if content(source, j)]
            main = main[-_NEAREST:] if main and main[-1] < at else main[:_NEAREST]
            keys = {lemma(source.tokens[j].low) for j in main}
            if not keys or (len(keys) < 2 and not keys - lemmas_of("free")) or _said_plainly(told, sentence, keys):
                continue
            least = 0.75 * len(keys) if keys - lemmas_of("free") else len(keys)
            for first, last in sentences(text):
                hit = [j for j in range(first, last) if lemma(text.tokens[j].low) in keys]
                held = {lemma(text.tokens[j].low) for j in hit}
                told_plainly = not any(text.tokens[j].low in named("hedge-if") for j in range(first, last))
                if told_plainly and len(held) >= max(min(2, len(keys)), least) and not way_out(text, first, last):
                    said = source.text[source.tokens[at].start : source.tokens[min(at + 3, sentence.last - 1)].end]
                    bare = text.text[text.tokens[hit[0]].start : text.tokens[hit[-1]].end]
                    yield Unsupported(bare, f"The notes say this only “{said} …”.", "hedge")
                    break


def _said_plainly(told: Told, conditional: Sentence, keys: set[str]) -> bool:
    """Whether another sentence of the sources says most of it without a condition."""
    for other in told.sentences:
        tokens = told.index.texts[other.text].tokens[other.first : other.last]
        held = sum(key in other.keys for key in keys)
        if other is not conditional and held >= 0.75 * len(keys) and not any(t.low in _IF for t in tokens):
            return True
    return False


def _asking(source: Text, sentence: Sentence, at: int) -> bool:
    """Whether "if" asks rather than sets a condition: "asked if", "know if", "if possible"."""
    before = source.tokens[at - 1].low if at > sentence.first else ""
    after = source.tokens[at + 1].low if at + 1 < sentence.last else ""
    wondering = {t.low for t in source.tokens[max(sentence.first, at - 20) : at]} & _ASKED
    closes = "?" in source.text[source.tokens[sentence.last - 1].end :][:2]
    return (
        bool(wondering)
        or before in _ASKS
        or lemma(before) in _ASKS
        or after in ("possible", "needed", "not", "so", "any")
        or (after in ("you", "we", "i", "she", "he", "they") and source.tokens[at + 2].low in _PLEASING)
        or closes
    )


def _main_clause(source: Text, sentence: Sentence, at: int) -> list[int]:
    """The positions of what a condition bears on: what goes before it, or else what follows its comma or "I"."""
    follows = "," in source.tokens[at].gap and any(t.low in SELVES for t in source.tokens[at + 2 : sentence.last])
    if at - sentence.first > 2 and not follows:
        start = next(
            (j for j in range(at, sentence.first, -1) if re.search(r"[,():]", source.tokens[j].gap)), sentence.first
        )
        return list(range(start, at))
    for j in range(at + 3, sentence.last):
        if "," in source.tokens[j].gap or source.tokens[j].low in SELVES:
            return list(range(j, sentence.last))
    return []


def _marked(source: Text, first: int, last: int) -> Iterator[tuple[str, int, int]]:
    """The hedges of a source sentence: their sort, their place, and the place of the word they bear on."""
    for i in range(first, last):
        low = source.tokens[i].low
        after = source.tokens[i + 1] if i + 1 < last else None
        if (low, after.low if after else "") in _TWO_WORDS and after is not None:
            back = [j for j in range(i - 1, max(first, i - 5) - 1, -1) if j in source.covered or content(source, j)]
            if low == "so" and back:
                yield "so far", i, next((j for j in back if j in source.covered), back[0])
            elif low != "so" and i + 2 in source.covered:
                yield _TWO_WORDS[low, after.low], i, i + 2
            continue
        if i in source.covered and ("~" in source.tokens[i].gap or "≈" in source.tokens[i].gap):
            yield "about", i, i
        sort = _MARKS.get(low)
        if sort is None:
            continue
        if after is not None and after.gap in (" ", "-"):
            if low not in _BEFORE_NUMBERS or i + 1 in source.covered:
                yield sort, i, i + 1
        elif sort in ("only", "mostly") and i > first and source.tokens[i].gap in (" ", "-"):
            restricts = sort == "mostly" or i - 1 in source.covered or len(part(source, first, last, i - 1)) > 1
            if restricts:  # "Yaw only." tells of nothing else.
                yield sort, i, i - 1


def _counts_the_same(text: Text, spot: int, around: set[str]) -> bool:
    """Whether what a small number counts in the text stands by it in the source too."""
    after = [j for j in range(spot + 1, min(spot + 3, len(text.tokens))) if content(text, j)]
    return not after or lemma(text.tokens[after[0]].low) in around


def _of_another(text: Text, sentence: Sentence, anchor: int, low: str) -> bool:
    """Whether a text uses a word of its sender alone, and the hedge bears on the reader's: "she does horses only"."""
    if (sentence.said.get(anchor) or sentence.hinted.get(anchor)) != "other":
        return False
    spots = [i for i, t in enumerate(text.tokens) if lemma(t.low) == lemma(low)]
    about = [{t.low for t in text.tokens[slice(*text.sentence(i))]} for i in spots]
    return all("i" in lows and not lows & {"you", "your"} for lows in about)


def _unhedged(
    text: Text, source: Text, first: int, last: int, anchor: int, low: str, number: bool, equal: frozenset[str]
) -> str | None:
    """The text's words for a hedged source word, when none of its places keeps a hedge of that sort."""
    if number:
        wanted = [q for q in source.quantities if q.first <= anchor <= q.last and not q.weak]
        spots = [q.first for q in text.quantities if any(q.same(w) for w in wanted)]
    else:
        spots = [i for i, t in enumerate(text.tokens) if content(text, i) and lemma(t.low) == lemma(low)]
    around = {lemma(source.tokens[j].low) for j in part(source, first, last, anchor)} - {lemma(low)}
    bare = []
    for spot in spots:
        start, end = text.sentence(spot)
        if any(text.tokens[j].low in equal or "~" in text.tokens[j].gap for j in range(start, end)):
            return None
        shared = {lemma(text.tokens[j].low) for j in range(start, end) if j != spot} & around
        if not shared and around and (not number or len(around) > 2):
            continue
        small = number and wanted[0].value < 4 and wanted[0].family is None
        if small and not _counts_the_same(text, spot, around) and len(shared) < _PLENTY:
            continue
        bare.append((start, end, spot))
    if not bare:
        return None
    start, end, spot = bare[0]
    return text.text[text.tokens[max(start, spot - 1)].start : text.tokens[min(end - 1, spot + 2)].end]
