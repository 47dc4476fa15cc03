"""Negations dropped or added, and hedges lost: the same words, said with another truth."""

from __future__ import annotations

import itertools
import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass

from assistant.facts.clauses import Sentence, Told, where
from assistant.facts.lexicon import named
from assistant.facts.sources import Text, ends_sentence, flat, lemmas_of
from assistant.facts.text import lemma
from assistant.facts.whose import content, sentences
from assistant.records import Unsupported

_NOT = named("polarity-not")
_NEAR_NOT = flat(named("polarity-near-not"))
_TENSED = named("polarity-tensed")
_OPEN = frozenset(("if", "whether", "unless", "should"))
_OPINION = frozenset(("know", "worry", "want", "think", "mind", "see", "need", "expect"))
_COURTESY = named("polarity-courtesy")


@dataclass(frozen=True, slots=True)
class Negation:
    """A negating word and the words it bears on, nearest first."""

    at: int
    scope: tuple[int, ...]


def _negations(text: Text, first: int, last: int) -> list[Negation]:
    found = []
    for i in range(first, last):
        if text.tokens[i].low == "no" and not _denying_no(text, i, first, last):
            continue
        numbered = text.tokens[i].low == "no" and re.match(r"\.? ?\d", text.text[text.tokens[i].end :])
        if text.tokens[i].low not in _NOT or numbered:
            continue
        scope = []
        for j in range(i + 1, min(i + 7, last)):
            if re.search(r"[,:()=]", text.tokens[j].gap) or text.tokens[j].low in ("but", "because", "so", "which"):
                break
            if content(text, j) or j in text.covered:
                scope.append(j)
        given = text.tokens[i - 1].low == "for"
        if not scope and not given and text.tokens[i].low in ("nothing", "none", "not") and i > first:
            scope = [j for j in (i - 1, i - 2) if j >= first and content(text, j)][:1]
        found.append(Negation(i, tuple(scope[:3])))
    return found


def _denying_no(text: Text, i: int, first: int, last: int) -> bool:
    """Whether "no" denies a noun; in "a simple no" and "yes or no" it is an answer."""
    before = text.tokens[i - 1].low if i > first else ""
    follows = i + 1 < last and text.tokens[i + 1].gap == " " and content(text, i + 1)
    return follows and before not in ("or", "yes", "a", "say", "simple", "word", "an")


def negations(text: Text, told: Told) -> Iterator[Unsupported]:
    """A negation that the retold source sentence lacks, and a source's negation that the text lost."""
    last = 0
    while last < len(text.tokens):
        first = last
        _, last = text.sentence(first)
        if _way_out(text, first, last):
            continue
        own = _negations(text, first, last)
        for negation in own:
            if not _same_words(text, negation.at, told) and _added(text, negation, first, last, told):
                said = _quote(text, negation.at, negation.scope)
                yield Unsupported(said, f"The notes do not deny this: “{said}”.", "negation")
        yield from _dropped(text, first, last, told)
        yield from _stranded(text, first, last, told)


def _same_words(text: Text, at: int, told: Told) -> bool:
    """Whether a source has the very denial: "never off" in "never off by more"."""
    if at + 1 >= len(text.tokens):
        return False
    after = text.tokens[at + 1].low
    after = text.tokens[at + 2].low if after in ("the", "a", "an", "any") and at + 2 < len(text.tokens) else after
    return any(
        a.low == text.tokens[at].low and b.low == after
        for source in told.index.texts
        for a, b in itertools.pairwise(source.tokens)
    )


def _way_out(text: Text, first: int, last: int) -> bool:
    asks = "?" in text.text[text.tokens[last - 1].end : text.tokens[last - 1].end + 2]
    return asks or text.tokens[first].low in ("if", "please", "say", "no", "feel", "let", "thanks", "thank", "unless")


def _quote(text: Text, at: int, others: tuple[int, ...]) -> str:
    spots = (at, *others)
    return text.text[text.tokens[min(spots)].start : text.tokens[max(spots)].end]


def denied(source: Text, first: int, last: int, spot: int, reach: int = 8) -> bool:
    """Whether a source denies a word: a negation or its like stands near it, with no comma between."""
    for step in (-1, 1):
        j = spot
        while first <= j < last and abs(j - spot) < reach:
            if _denies(source, j):
                return True
            edge = source.tokens[j].gap if step < 0 else source.tokens[j + 1].gap if j + 1 < last else ";"
            if re.search(r"[,;:()]", edge):
                break
            j += step
    return False


def _denies(text: Text, j: int) -> bool:
    low = text.tokens[j].low
    if low == "no":
        return j + 1 < len(text.tokens) and text.tokens[j + 1].gap == " "
    return low in _NOT or low == "0" or lemma(low) in _NEAR_NOT


def _added(text: Text, negation: Negation, first: int, last: int, told: Told) -> bool:
    """A denied statement of fact that no source denies, or that the sources rather say without the denial."""
    at = negation.at
    low = text.tokens[at].low
    before = text.tokens[at - 1].low if at > first else ""
    if any(text.tokens[j].low in _OPEN for j in range(first, at)) or before in (
        "this",
        "that",
        "why",
        "or",
        "and",
        "but",
    ):
        return False
    lows = {text.tokens[j].low for j in range(first, at)}
    if [t.low for t in text.tokens[at + 1 : at + 3]] in (["for", "me"], ["for", "us"], ["for", "you"]):
        return False
    if lows & {"maybe", "perhaps", "might", "suppose", "guess"}:
        return False
    spared = text.tokens[at + 1].low in ("have", "need") if at + 1 < last else False
    if (spared and "you" in lows) or {"happy", "hear"} <= lows or {"glad", "hear"} <= lows:
        return False
    near = {text.tokens[j].low for j in range(max(first, at - 2), at)}
    doing = bool(near & {"do", "does"})
    if low == "not" and (not (near & _TENSED or doing) or "please" in near or (at + 1 < last and _about(text, at + 1))):
        return False
    if not negation.scope:
        return low == "not" and before in ("is", "was")
    if doing:
        told_of = any(text.tokens[j].low in ("i", "we", "you", "he", "she", "they") for j in range(first, at))
        if not told_of or text.tokens[negation.scope[0]].low in _OPINION:
            return False
        return _denied_more(text, negation, first, told) is False
    courteous = text.tokens[negation.scope[0]].low in _COURTESY
    mine = any(text.tokens[j].low in ("i", "we", "this", "it", "there") for j in range(max(first, at - 3), at))
    if low not in ("not", "never") and (courteous or low == "nothing"):
        return False
    if courteous and mine and low == "not":
        return False
    more = _denied_more(text, negation, first, told)
    if more is None:
        if low == "never":
            return text.tokens[negation.scope[0]].low not in named("polarity-unheard")
        return low == "not" and not mine
    return not more


def _about(text: Text, j: int) -> bool:
    return text.tokens[j].low in ("about", "only", "just", "to")


def _denied_more(text: Text, negation: Negation, first: int, told: Told) -> bool | None:
    """Whether the sources say a negation's words rather with a denial than without one; None where they do not."""
    ahead = [j for j in range(max(first, negation.at - 6), negation.at) if content(text, j)][-2:]
    spots = {j: _everywhere(text, j, told) for j in (*negation.scope, *ahead)}
    denials: dict[int, float] = defaultdict(float)
    plain: dict[int, float] = defaultdict(float)
    for j, found in spots.items():
        weight = 1.0 if j == negation.scope[0] else 0.6 if j in negation.scope else 0.4
        for n, places in found.items():
            sentence = told.sentences[n]
            source = told.index.texts[sentence.text]
            if any(denied(source, sentence.first, sentence.last, p, 5) for p in places):
                denials[n] += weight
            else:
                plain[n] += weight
    if not any(spots[j] for j in negation.scope[:2]):
        return None
    best = max(denials.values(), default=0.0)
    return best >= 0.6 and best >= max(plain.values(), default=0.0) - 0.4


def _everywhere(text: Text, j: int, told: Told) -> dict[int, tuple[int, ...]]:
    """The places of a word in the sources, or of a number of the same value."""
    if j not in text.covered:
        return told.where(text.tokens[j].low)
    found = {n: _places(text, j, sentence, told) for n, sentence in enumerate(told.sentences)}
    return {n: places for n, places in found.items() if places}


def _places(text: Text, j: int, sentence: Sentence, told: Told) -> tuple[int, ...]:
    """Where a sentence holds a word, or a number of the same value."""
    if j not in text.covered:
        return where(text.tokens[j].low, sentence)
    mine = [q for q in text.quantities if q.first <= j <= q.last]
    source = told.index.texts[sentence.text]
    return tuple(
        q.first for q in source.quantities if sentence.first <= q.first < sentence.last and any(m.same(q) for m in mine)
    )


def _stranded(text: Text, first: int, last: int, told: Told) -> Iterator[Unsupported]:
    """What a lost denial leaves behind: "We do know each other", "have crossed yet", "with ever seeing it"."""
    conditional = any(text.tokens[i].low in _LOOSE for i in range(first, last))
    for i in range(first, last):
        low, after = text.tokens[i].low, text.tokens[i + 1] if i + 1 < last else None
        before = text.tokens[i - 1].low if i > first else ""
        ends = after is None or after.gap != " " or after.low in ("and", "so", "but")
        free = not any(_denies(text, j) for j in range(first, i))
        stressed = low in ("do", "does", "did") and after is not None and after.low in named("polarity-stressed")
        if stressed and before in _SELVES and not _contrasts(text, first, i, told):
            said = _quote(text, i, (i + 1,))
        elif low == "yet" and ends and i > first + 1 and free and not conditional:
            said = _quote(text, i - 1, (i,))
        elif (
            low in _ANY
            and free
            and not conditional
            and {text.tokens[j].low for j in range(max(first, i - 2), i)} & _OPENED
        ):
            said = _quote(text, max(first, i - 2), (i,))
        else:
            continue
        yield Unsupported(said, f"A denial seems to be lost: “{said}”.", "negation")


def _contrasts(text: Text, first: int, i: int, told: Told) -> bool:
    """Whether "I do have" answers a denial just before it, or is the sources' own."""
    back = max((j for j in range(first) if ends_sentence(text.tokens[j].gap)), default=0)
    denies = any(text.tokens[j].low in _NOT for j in range(back, first))
    pair = (text.tokens[i].low, text.tokens[i + 1].low)
    own = any((a.low, b.low) == pair for source in told.index.texts for a, b in itertools.pairwise(source.tokens))
    return own or denies


def _dropped(text: Text, first: int, last: int, told: Told) -> Iterator[Unsupported]:
    words = [i for i in range(first, last) if content(text, i)]
    hits = {i: told.where(text.tokens[i].low) for i in words}
    for number in sorted({n for found in hits.values() for n in found} & told.denying(_negations).keys()):
        sentence = told.sentences[number]
        source = told.index.texts[sentence.text]
        for negation in told.denying(_negations)[number]:
            target = negation.scope[:1]
            if len(negation.scope) > 1 and source.tokens[target[0]].low in _HAVING:
                target = negation.scope[-1:]
            hit = [i for i in words if target and target[0] in hits[i].get(number, ())]
            if not hit or lemma(source.tokens[target[0]].low) in _COURTESY or _of_the_letter(source, negation):
                continue
            whole_noun = _compound(source, negation)
            if whole_noun and not any(whole_noun in hits[i].get(number, ()) for i in words):
                continue
            if _kept_elsewhere(text, source.tokens[target[0]].low):
                continue
            bound = [i for i in words if set(negation.scope) & set(hits[i].get(number, ()))]
            if any(denied(text, first, last, i) for i in bound):
                continue
            shared = [i for i in words if number in hits[i]]
            close = [i for i in shared if any(abs(p - target[0]) < 6 for p in hits[i][number])]
            both = [i for i in shared if any(p in negation.scope[1:] for p in hits[i][number])]
            common = lemma(source.tokens[target[0]].low) in lemmas_of("free")
            apart = _contrast(source, negation, sentence)
            least = (2 if sentence.text else 3) + (common and not both) - (len(words) < 3 and not common) + apart
            named_ = [source.tokens[p] for p in negation.scope[:2] if source.tokens[p].capital]
            if len(named_) > 1 and not both:
                continue
            exact = any(lemma(text.tokens[i].low) == lemma(source.tokens[target[0]].low) for i in hit)
            lone = exact and [target[0]] == _part(source, sentence.first, sentence.last, target[0])
            whole = sum(content(source, j) for j in range(sentence.first, sentence.last)) == 1
            plain_no = source.tokens[negation.at].low in ("no", "without", "zero")
            alone = not common and ((lone and plain_no) or (whole and negation.at > target[0]))
            rare = any(lemma(text.tokens[i].low) not in lemmas_of("free") for i in close)
            vague = not rare and source.tokens[target[0]].low in _OPINION
            if apart and source.tokens[target[0]].low in told.theirs:
                continue
            if vague or len(close) < (1 if alone else least) or (len(close) > 1 and _elsewhere(text, close, told)):
                continue
            said = _quote(source, negation.at, negation.scope[:2])
            why = f"The notes say “{said}”; the text leaves the denial out."
            yield Unsupported(_quote(text, hit[0], tuple(close)), why, "negation")
            return


def _contrast(source: Text, negation: Negation, sentence: Sentence) -> bool:
    """Whether "not" sets a thing apart and denies no verb: "did the drawings, not the log"."""
    at = negation.at
    opens = at == sentence.first or re.search(r"[,(-]", source.tokens[at].gap) is not None
    after = source.tokens[at + 1] if at + 1 < sentence.last else None
    thing = after is not None and (after.capital or after.low in ("the", "a", "an", "my", "his", "her", "our", "their"))
    return source.tokens[at].low == "not" and opens and thing


def _of_the_letter(source: Text, negation: Negation) -> bool:
    """Whether a denial tells how to write: "no job ask", "no pitch"."""
    plain_no = source.tokens[negation.at].low == "no"
    return plain_no and any(source.tokens[j].low in _LETTER for j in negation.scope[:2])


def _compound(source: Text, negation: Negation) -> int | None:
    """The second word of "no lab coat", without which nothing of the denial is told."""
    if source.tokens[negation.at].low not in ("no", "without") or len(negation.scope) < 2:
        return None
    one, two = negation.scope[:2]
    close = one == negation.at + 1 and two == one + 1 and source.tokens[two].gap == " "
    return two if close else None


def _kept_elsewhere(text: Text, low: str) -> bool:
    """Whether the text itself denies a word in one of its sentences."""
    spots = [i for i, token in enumerate(text.tokens) if lemma(token.low) == lemma(low)]
    return any(denied(text, *text.sentence(i), i, 5) for i in spots)


def _elsewhere(text: Text, shared: list[int], told: Told) -> bool:
    """Whether a sentence of the sources says the same words without a denial."""
    for sentence in told.sentences:
        source = told.index.texts[sentence.text]
        spots = [sentence.keys.get(lemma(text.tokens[i].low), ()) for i in shared]
        if all(spots) and not any(denied(source, sentence.first, sentence.last, p, 4) for s in spots for p in s):
            return True
    return False


_SORTS = ("only", "almost", "about", "mostly", "partly", "probably", "under", "over")
_MARKS = {low: sort for sort in _SORTS for low in named(f"mark-{sort}")}
_TWO_WORDS = {("so", "far"): "so far", ("up", "to"): "up to", ("at", "least"): "at least", ("more", "than"): "over"}
_BEFORE_NUMBERS = named("polarity-before-numbers")


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
            weak = number and all(q.weak for q in source.quantities if q.first <= anchor <= q.last)
            if weak or (not number and (not content(source, anchor) or common)):
                bounds = sort == "only" and anchor > i and low not in _POINTING
                found = _restricted(text, source, sentence, i, equal) if bounds else None
            else:
                found = _unhedged(text, source, sentence.first, sentence.last, anchor, low, number, equal)
            if found:
                said = source.text[source.tokens[min(i, anchor)].start : source.tokens[max(i, anchor)].end]
                yield Unsupported(found, f"The notes say “{said}”.", "hedge")


def _restricted(text: Text, source: Text, sentence: Sentence, at: int, equal: frozenset[str]) -> str | None:
    """The text's words for what a source says "only" of, where an everyday word follows: "we only do …"."""
    near = [j for j in _part(source, sentence.first, sentence.last, at) if at - 6 <= j <= at + 6 and j != at]
    keys = {lemma(source.tokens[j].low) for j in near}
    after = {lemma(source.tokens[j].low) for j in near if j > at}
    if len(keys) < 2 or not keys - lemmas_of("free"):
        return None
    found: str | None = None
    for first, last in sentences(text):
        hit = [j for j in range(first, last) if lemma(text.tokens[j].low) in keys]
        held = {lemma(text.tokens[j].low) for j in hit}
        if not held & after or len(held) < max(2, 0.6 * len(keys)) or _way_out(text, first, last):
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
            main = _main_clause(source, sentence, at)
            keys = {lemma(source.tokens[j].low) for j in main if content(source, j)}
            if not keys or (len(keys) < 2 and not keys - lemmas_of("free")) or _said_plainly(told, sentence, keys):
                continue
            least = 0.75 * len(keys) if keys - lemmas_of("free") else len(keys)
            for first, last in sentences(text):
                hit = [j for j in range(first, last) if lemma(text.tokens[j].low) in keys]
                held = {lemma(text.tokens[j].low) for j in hit}
                told_plainly = not any(text.tokens[j].low in named("hedge-if") for j in range(first, last))
                if told_plainly and len(held) >= max(min(2, len(keys)), least) and not _way_out(text, first, last):
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


_LETTER = frozenset(("ask", "asks", "pitch", "mention", "flattery", "begging", "greeting"))
_SELVES = frozenset(("i", "we", "you", "he", "she", "they"))
_POINTING = frozenset(("the", "this", "that", "these"))
_ANY = frozenset(("ever", "anyone", "anybody", "anything"))
_OPENED = frozenset(("with", "know"))
_LOOSE = frozenset(
    ("if", "whether", "as", "before", "than", "when", "would", "could", "can", "most", "first", "hardly")
)
_HAVING = frozenset(("got", "get", "own", "hold", "held"))
_IF = frozenset(("if", "unless", "provided"))
_ASKED = frozenset(("ask", "asked", "asking", "asks", "wonder", "wondering", "know", "check"))
_ASKS = named("polarity-asks-if")


def _asking(source: Text, sentence: Sentence, at: int) -> bool:
    """Whether "if" asks rather than sets a condition: "asked if", "know if", "if possible"."""
    before = source.tokens[at - 1].low if at > sentence.first else ""
    after = source.tokens[at + 1].low if at + 1 < sentence.last else ""
    wondering = {t.low for t in source.tokens[max(sentence.first, at - 8) : at]} & _ASKED
    closes = "?" in source.text[source.tokens[sentence.last - 1].end :][:2]
    return (
        bool(wondering)
        or before in _ASKS
        or lemma(before) in _ASKS
        or after in ("possible", "needed", "not", "so", "any")
        or closes
    )


def _main_clause(source: Text, sentence: Sentence, at: int) -> list[int]:
    """The positions of what a condition bears on: what goes before it, or else what follows its comma or "I"."""
    follows = "," in source.tokens[at].gap and any(t.low in _SELVES for t in source.tokens[at + 2 : sentence.last])
    if at - sentence.first > 2 and not follows:
        start = next(
            (j for j in range(at, sentence.first, -1) if re.search(r"[,():]", source.tokens[j].gap)), sentence.first
        )
        return list(range(start, at))
    for j in range(at + 3, sentence.last):
        if "," in source.tokens[j].gap or source.tokens[j].low in _SELVES:
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
        elif sort == "only" and i > first and source.tokens[i].gap in (" ", "-"):
            yield sort, i, i - 1


def _part(source: Text, first: int, last: int, at: int) -> list[int]:
    """The content words about a place that no comma parts from it."""
    start = next((j for j in range(at, first, -1) if re.search(r"[,()]", source.tokens[j].gap)), first)
    end = next((j for j in range(at + 1, last) if re.search(r"[,()]", source.tokens[j].gap)), last)
    return [j for j in range(start, end) if content(source, j) or source.tokens[j].kind == "number"]


def _counts_the_same(text: Text, spot: int, around: set[str]) -> bool:
    """Whether what a small number counts in the text stands by it in the source too."""
    after = [j for j in range(spot + 1, min(spot + 3, len(text.tokens))) if content(text, j)]
    return not after or lemma(text.tokens[after[0]].low) in around


def _unhedged(
    text: Text, source: Text, first: int, last: int, anchor: int, low: str, number: bool, equal: frozenset[str]
) -> str | None:
    """The text's words for a hedged source word, when none of its places keeps a hedge of that sort."""
    if number:
        wanted = [q for q in source.quantities if q.first <= anchor <= q.last and not q.weak]
        spots = [q.first for q in text.quantities if any(q.same(w) for w in wanted)]
    else:
        spots = [i for i, t in enumerate(text.tokens) if content(text, i) and lemma(t.low) == lemma(low)]
    around = {lemma(source.tokens[j].low) for j in _part(source, first, last, anchor)} - {lemma(low)}
    bare = []
    for spot in spots:
        start, end = text.sentence(spot)
        shared = {lemma(text.tokens[j].low) for j in range(start, end) if j != spot} & around
        if not shared and around and (not number or len(around) > 2):
            continue
        if number and wanted[0].value < 4 and wanted[0].family is None and not _counts_the_same(text, spot, around):
            continue
        if any(text.tokens[j].low in equal or "~" in text.tokens[j].gap for j in range(start, end)):
            return None
        bare.append((start, end, spot))
    if not bare:
        return None
    start, end, spot = bare[0]
    return text.text[text.tokens[max(start, spot - 1)].start : text.tokens[min(end - 1, spot + 2)].end]
