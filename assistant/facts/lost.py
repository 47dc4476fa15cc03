"""Denials of the sources that a text leaves out, and what a lost one leaves behind."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator

from assistant.facts.clauses import Sentence, Told
from assistant.facts.denials import COURTESY, NOT, OPINION, SELVES, Negation, denials, denied, denies, part, quote
from assistant.facts.lexicon import named
from assistant.facts.sources import Text, ends_sentence, lemmas_of
from assistant.facts.text import lemma
from assistant.facts.whose import content, wished
from assistant.records import Unsupported

_LETTER = frozenset(("ask", "asks", "pitch", "mention", "flattery", "begging", "greeting"))
_ANY = frozenset(("ever", "anyone", "anybody", "anything"))
_OPENED = frozenset(("with", "know"))
_LOOSE = frozenset(
    ("if", "whether", "as", "before", "than", "when", "would", "could", "can", "most", "first", "hardly")
)
_YET_LOOSE = _LOOSE - {"can", "would", "as"}
_HAVING = frozenset(("got", "get", "own", "hold", "held"))


def stranded(text: Text, first: int, last: int, told: Told) -> Iterator[Unsupported]:
    """What a lost denial leaves behind: "We do know each other", "have crossed yet", "with ever seeing it"."""
    conditional = any(text.tokens[i].low in _LOOSE for i in range(first, last))
    denial = next((j for j in range(first, last) if denies(text, j)), last)
    yet_open = any(text.tokens[i].low in _YET_LOOSE for i in range(first, last))
    for i in range(first, last):
        low, after = text.tokens[i].low, text.tokens[i + 1] if i + 1 < last else None
        before = text.tokens[i - 1].low if i > first else ""
        ends = after is None or after.gap != " " or after.low in ("and", "so", "but")
        free = i <= denial
        stressed = low in ("do", "does", "did") and after is not None and after.low in named("polarity-stressed")
        of_some = before in SELVES or (before.endswith("s") and i > first + 1 and content(text, i - 1))
        if stressed and of_some and not _contrasts(text, first, i, told):
            said = quote(text, i, (i + 1,))
        elif (
            (low == "yet" and ends and i > first + 1 and free and before != "as" and not yet_open)
            or (low == "either" and free and (after is None or after.gap != " ") and i > first + 1)
            or (low == "ever" and before == "with")
        ):
            said = quote(text, i - 1, (i,))
        elif (
            low in _ANY
            and free
            and not conditional
            and {text.tokens[j].low for j in range(max(first, i - 2), i)} & _OPENED
        ):
            said = quote(text, max(first, i - 2), (i,))
        else:
            continue
        yield Unsupported(said, f"A denial seems to be lost: “{said}”.", "negation")


def _contrasts(text: Text, first: int, i: int, told: Told) -> bool:
    """Whether "I do have" answers a denial just before it, or is the sources' own."""
    back = max((j for j in range(first) if ends_sentence(text.tokens[j].gap)), default=0)
    denies = any(text.tokens[j].low in NOT for j in range(back, first))
    pair = (text.tokens[i].low, text.tokens[i + 1].low)
    own = any((a.low, b.low) == pair for source in told.index.texts for a, b in itertools.pairwise(source.tokens))
    return own or denies


def dropped(text: Text, first: int, last: int, told: Told) -> Iterator[Unsupported]:
    """What a source denies and a sentence of the text says without the denial."""
    words = [i for i in range(first, last) if content(text, i)]
    hits = {i: told.where(text.tokens[i].low) for i in words}
    for number in sorted({n for found in hits.values() for n in found} & told.denying(denials).keys()):
        sentence = told.sentences[number]
        source = told.index.texts[sentence.text]
        for negation in told.denying(denials)[number]:
            target = negation.scope[:1]
            if len(negation.scope) > 1 and source.tokens[target[0]].low in _HAVING:
                target = negation.scope[-1:]
            hit = [i for i in words if target and target[0] in hits[i].get(number, ())]
            courteous = bool(target) and {low := source.tokens[target[0]].low, lemma(low)} & COURTESY
            if (
                not hit
                or (courteous and not _named_deed(source, negation.at, target[0]))
                or _of_the_letter(source, negation)
            ):
                continue
            whole_noun = _compound(source, negation)
            if whole_noun and not any(whole_noun in hits[i].get(number, ()) for i in words):
                continue
            if _kept_elsewhere(text, source.tokens[target[0]].low):
                continue
            if set(hit) <= wished(text, first, last):
                continue
            bound = [i for i in words if set(negation.scope) & set(hits[i].get(number, ()))]
            if any(denied(text, first, last, i) for i in bound):
                continue
            shared = [i for i in words if number in hits[i]]
            close = [i for i in shared if any(abs(p - target[0]) < 6 for p in hits[i][number])]
            both = [i for i in shared if any(p in negation.scope[1:] for p in hits[i][number])]
            common = lemma(source.tokens[target[0]].low) in lemmas_of("free")
            apart = _contrast(source, negation, sentence)
            least = (
                3
                if courteous
                else (2 if sentence.text else 3) + (common and not both) - (len(words) < 3 and not common) + apart
            )
            named_ = [source.tokens[p] for p in negation.scope[:2] if source.tokens[p].capital]
            if len(named_) > 1 and not both:
                continue
            exact = any(lemma(text.tokens[i].low) == lemma(source.tokens[target[0]].low) for i in hit)
            lone = exact and [target[0]] == part(source, sentence.first, sentence.last, target[0])
            whole = sum(content(source, j) for j in range(sentence.first, sentence.last)) == 1
            plain_no = source.tokens[negation.at].low in ("no", "without", "zero")
            alone = not common and ((lone and plain_no) or (whole and negation.at > target[0]))
            rare = any(lemma(text.tokens[i].low) not in lemmas_of("free") for i in close)
            vague = not rare and source.tokens[target[0]].low in OPINION
            if apart and source.tokens[target[0]].low in told.theirs:
                continue
            if vague or len(close) < (1 if alone else least) or (len(close) > 1 and _elsewhere(text, close, told)):
                continue
            said = quote(source, negation.at, negation.scope[:2])
            why = f"The notes say “{said}”; the text leaves the denial out."
            yield Unsupported(quote(text, hit[0], tuple(close)), why, "negation")
            return


def _named_deed(source: Text, at: int, target: int) -> bool:
    """Whether a denial of asking or needing tells what others do: "never ask about QA", not "not asking for a job"."""
    low = source.tokens[target].low
    return low in ("ask", "asks", "asked", "needed", "expected") and source.tokens[at].low in ("never", "not")


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
