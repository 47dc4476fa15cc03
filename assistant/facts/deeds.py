"""What one side did to the other, who wants what, and what is done against what is only hoped for."""

from __future__ import annotations

from collections.abc import Iterator

from assistant.facts.clauses import Told
from assistant.facts.joined import quotations
from assistant.facts.lexicon import meanings, named
from assistant.facts.sources import Text, flat, lemmas_of
from assistant.facts.text import lemma
from assistant.facts.whose import ME, Owner, content, is_subject, sentences, tells, wishes
from assistant.records import Unsupported

_HOPING = flat(named("deeds-hoping"))
_SEEKING = {(lemma("apply"), "for"), (lemma("look"), "at"), (lemma("go"), "for")}
_BEING = named("deeds-being")
_ADVERTISED = named("deeds-advertised")
_COPULAS = named("deeds-copulas")
_MODALS = named("owners-modals")
_OPEN = named("deeds-open")
_PARTICLES = named("particles")
_NOTICED = flat(("see", "notice", "read", "find", "hear"))
_OBJECTS: dict[str, Owner] = {"me": "me", "us": "me", "him": "other", "her": "other", "them": "other"}
Deed = tuple[Owner, str, Owner]


def deeds(text: Text, known: Told) -> Iterator[Unsupported]:
    """Deeds between the two sides turned round, wishes of the reader made up, and hopes told as done or the reverse."""
    yield from _between(text, known)
    for first, last in sentences(text):
        if "?" in text.text[text.tokens[last - 1].end : text.tokens[last - 1].end + 2]:
            continue
        for i in range(first, last):
            if (
                text.tokens[i].low not in ("i", "we", "you")
                or not is_subject(text, first, i)
                or _conditional(text, first, i)
            ):
                continue
            end = next((j for j in range(i + 1, last) if text.tokens[j].low in {*ME, "you", "he", "she"}), last)
            found = _wanted(text, i, end, known) if text.tokens[i].low == "you" else _done(text, i, end, known)
            if found:
                yield found


def _conditional(text: Text, first: int, i: int) -> bool:
    return any(text.tokens[j].low in _OPEN for j in range(first, i))


def _between(text: Text, known: Told) -> Iterator[Unsupported]:
    """The same verb between the two sides, told the other way round only: "you told me" for "I told her"."""
    told = _told_between(known)
    quoted = quotations(text.text)
    for i, j in _pairs(text):
        verb = lemma(text.tokens[j].low)
        doer: Owner = "me" if text.tokens[i].low in ME else "other"
        to: Owner = "other" if doer == "me" else "me"
        if any(a < text.tokens[i].start < b for a, b in quoted) or _does(known, verb, doer):
            continue
        if (to, verb, doer) in told and (doer, verb, to) not in told:
            said = text.text[text.tokens[i].start : text.tokens[j + 1].end]
            yield Unsupported(said, f"The notes say this the other way round: “{said}”.", "owner")


def _does(known: Told, verb: str, doer: Owner) -> bool:
    """Whether the sources tell the verb of its doer without saying to whom: "I mailed 12 days ago"."""
    for n, p in known.places.get(verb, ()):
        sentence = known.sentences[n]
        tokens = known.index.texts[sentence.text].tokens
        after = tokens[p + 1].low if p + 1 < sentence.last else ""
        if sentence.said.get(p) == doer and after not in _OBJECTS and after not in ("to", "from", "by", "you", "it"):
            return True
    return False


def _pairs(text: Text) -> Iterator[tuple[int, int]]:
    """Subjects and verbs of "I told you", "you told me"."""
    for i, token in enumerate(text.tokens):
        after = {t.low for t in text.tokens[i + 1 : i + 3]}
        wish = token.text.casefold().endswith("'d") and bool(after & {"rather", "like", "love", "prefer"})
        if token.low not in {*ME, "you"} or wish:
            continue
        other = ("you",) if token.low in ME else ("me", "us")
        for j in range(i + 1, min(i + 5, len(text.tokens) - 1)):
            if text.tokens[j].low in {*ME, "you"} or text.tokens[j].gap not in (" ", ""):
                break
            if (
                content(text, j)
                and text.tokens[j].low != "like"
                and text.tokens[j + 1].low in other
                and text.tokens[j + 1].gap == " "
            ):
                yield i, j
                break


def _told_between(known: Told) -> frozenset[Deed]:
    found: set[Deed] = set()
    for sentence in known.sentences:
        source = known.index.texts[sentence.text]
        for p in range(sentence.first, sentence.last - 1):
            doer = sentence.said.get(p) or sentence.hinted.get(p)
            after = source.tokens[p + 1].low
            to = _OBJECTS.get(after) or (
                "other" if after in known.theirs or (after == "you" and not sentence.text) else None
            )
            if doer in ("me", "other") and to and doer != to and content(source, p) and source.tokens[p + 1].gap == " ":
                found.add((doer, lemma(source.tokens[p].low), to))
    return frozenset(found)


def _wanted(text: Text, i: int, end: int, known: Told) -> Unsupported | None:
    """Told as in "you're applying for": the reader wants only what the sources say the reader wants."""
    j = next((j for j in range(i + 1, end) if text.tokens[j].low not in _BEING), end)
    if known.index.lows & _ADVERTISED and text.tokens[j].low in ("looking", "hiring", "want", "need"):
        return None
    if j < end and _seeks(text, j, known):
        last = min(j + 3, end)
        said = text.text[text.tokens[i].start : text.tokens[last - 1].end]
        return Unsupported(said, f"The notes do not say this of the reader: “{said}”.", "owner")
    to_know = any(text.tokens[k].low in ("know", "hear", "see") for k in range(j, end))
    if j >= end or not wishes(text, j) or text.tokens[j].low in _MODALS or to_know:
        return None
    for n, spots in known.where(text.tokens[j].low).items():
        sentence = known.sentences[n]
        if any((sentence.said.get(p) or sentence.hinted.get(p)) != "me" for p in spots):
            return None
    last = min(j + 3, end)
    said = text.text[text.tokens[i].start : text.tokens[last - 1].end]
    return Unsupported(said, f"The notes do not say this of the reader: “{said}”.", "owner")


def _seeks(text: Text, j: int, known: Told) -> bool:
    """Whether "applying for", "looking at" or "going for" stands before the name of what is aimed at."""
    after = text.tokens[j + 1].low if j + 1 < len(text.tokens) else ""
    if (lemma(text.tokens[j].low), after) not in _SEEKING:
        return False
    spots = [known.places.get(lemma(t.low), ()) for t in text.tokens[j + 2 : j + 6] if t.capital]
    aimed = any(found and all(p in known.sentences[n].aims for n, p in found) for found in spots)
    return aimed and not any(
        (known.sentences[n].said.get(p) or known.sentences[n].hinted.get(p)) == "other"
        for n, p in known.places.get(lemma(text.tokens[j].low), ())
    )


def _done(text: Text, i: int, end: int, known: Told) -> Unsupported | None:
    """A hope told as done, a post that is asked for told as held, and a thing done told as a hope."""
    start = next((j for j in range(i + 1, end) if text.tokens[j].low not in _BEING), end)
    if start >= end or text.tokens[i].text.casefold().endswith(("'d", "'ll")):
        return None
    hoping = next((j for j in range(i + 1, end) if wishes(text, j) or _modal(text, j)), None)
    if hoping is not None:
        return _hoped(text, i, hoping, end, known)
    words = [j for j in range(start, min(start + 9, end)) if content(text, j)]
    copula = any(text.tokens[j].low in _COPULAS for j in range(i + 1, start))
    having = start > i + 1 and text.tokens[i + 1].low in ("have", "had")
    if words and (copula or having) and _post(text, start, words[0]):
        return _held(text, i, words, end, known, copula)
    if not words or copula or not _past(text, start) or lemma(text.tokens[start].low) in _NOTICED:
        return None
    places = {j: known.where(text.tokens[j].low) for j in words}
    head = next((j for j in words if places[j]), words[0])
    heads = [(n, p) for n, found in places[head].items() for p in found]
    shared = [n for n, _ in heads if any(n in places[j] for j in words if j != head)]
    aimed = [p in known.sentences[n].wished and not _own_clause(known, n, p) for n, p in heads]
    telling = [j for j in words if j != head and places[j]]
    done = any(
        sum(any(p not in s.wished and p not in s.aims for p in places[j].get(n, ())) for j in telling) > 1
        for n, s in enumerate(known.sentences)
    )
    if done and lemma(text.tokens[head].low) not in known.places:
        return None
    rare = any(lemma(text.tokens[j].low) not in lemmas_of("free") for j in words if places[j])
    if heads and all(aimed) and rare and shared:
        said = text.text[text.tokens[i].start : text.tokens[words[-1]].end]
        return Unsupported(said, f"The notes only hope for this: “{said}”.", "hope")
    return None


def _own_clause(known: Told, n: int, p: int) -> bool:
    """Whether "I" stands before a word within a wish: "want the checklist I use"."""
    wished = known.sentences[n].wished
    tokens = known.index.texts[known.sentences[n].text].tokens
    return any(tokens[j].low in ("i", "we") and j in wished for j in (p - 1, p - 2))


def _modal(text: Text, j: int) -> bool:
    return text.tokens[j].low in _MODALS and not (text.tokens[j].capital and j > 0)


def _held(text: Text, i: int, words: list[int], end: int, known: Told, copula: bool) -> Unsupported | None:
    """A post or degree that the sources only aim at: "I'm a data analyst", "I have a PhD"."""
    phrase = [words[0]]
    for j in range(words[0] + 1, end):
        if text.tokens[j].gap not in (" ", "-", "/") or not (content(text, j) or text.tokens[j].low in _PARTICLES):
            break
        phrase.append(j)
    keys = [lemma(text.tokens[j].low) for j in phrase if content(text, j)]
    if not (copula or lemmas_of("roles") & set(keys)) or not all(key in known.places for key in keys):
        return None
    if len(keys) > 1 and "".join(key[0] for key in keys) in known.index.capitals:
        return None
    if any(keys[-1] in flat(meanings("abbreviations").get(low, ())) for low in known.index.lows if low != keys[-1]):
        return None
    whole = [n for n, s in enumerate(known.sentences) if all(key in s.keys for key in keys)]
    spots = [(n, p) for n in whole for p in known.sentences[n].keys[keys[-1]]]
    spots = [(n, p) for n, p in spots or known.places.get(keys[-1], []) if not _addresses(known, n, p)]
    aimed = [
        (p in known.sentences[n].wished or p in known.sentences[n].aims)
        and not (_labelled_mine(known, n, p) or _lasted(known, n))
        for n, p in spots
    ]
    if not spots or not all(aimed) or (len(keys) == 1 and keys[0] in lemmas_of("free")):
        return None
    said = text.text[text.tokens[i].start : text.tokens[phrase[-1]].end]
    return Unsupported(said, f"The notes only hope for this: “{said}”.", "hope")


def _labelled_mine(known: Told, n: int, p: int) -> bool:
    """Whether a label gives a post to the writer: "my job: checkout developer"."""
    sentence = known.sentences[n]
    tokens = known.index.texts[sentence.text].tokens
    start = p
    while start > 0 and "\n" not in tokens[start].gap:
        start -= 1
    return tokens[start].low == "my" and start + 2 < len(tokens) and ":" in tokens[start + 2].gap


def _lasted(known: Told, n: int) -> bool:
    """Whether a sentence gives years, which only a post that is held has: "floor layer, 8 yrs"."""
    sentence = known.sentences[n]
    source = known.index.texts[sentence.text]
    return bool(sentence.text) and any(
        q.family == "months" and q.factor == 12 and sentence.first <= q.first < sentence.last for q in source.quantities
    )


def _post(text: Text, start: int, word: int) -> bool:
    """Whether a post or trade follows "I am": "I'm a data analyst", not "I'm after …" or "I'm raising …"."""
    if text.tokens[start - 1].low in ("have", "had", "has") and tells(text, start):
        return False
    articles = all(text.tokens[j].low in ("a", "an", "the") for j in range(start, word))
    return articles and not text.tokens[word].low.endswith("ing")


def _past(text: Text, start: int) -> bool:
    return text.tokens[start].low in ("did", "got", "had") or tells(text, start)


def _addresses(known: Told, n: int, p: int) -> bool:
    """Whether a title stands before the reader's name: "Dear Sister Adeleke"."""
    tokens = known.index.texts[known.sentences[n].text].tokens
    return p + 1 < len(tokens) and tokens[p + 1].low in known.theirs


def _hoped(text: Text, i: int, hoping: int, end: int, known: Told) -> Unsupported | None:
    words = [j for j in range(hoping + 1, end) if content(text, j)][:5]
    if not words or text.tokens[words[0] - 1].low != "to":
        return None
    if (
        lemma(text.tokens[hoping].low) not in _HOPING
        or len(words) < 2
        or lemma(text.tokens[words[0]].low) in lemmas_of("free")
    ):
        return None
    done = known.where(text.tokens[words[0]].low)
    if not done or any(p in known.sentences[n].wished for n, spots in done.items() for p in spots):
        return None
    for n, spots in done.items():
        sentence = known.sentences[n]
        mine = all((sentence.said.get(p) or sentence.hinted.get(p)) == "me" for p in spots)
        if mine and any(n in known.where(text.tokens[j].low) for j in words[1:]):
            said = text.text[text.tokens[i].start : text.tokens[words[-1]].end]
            return Unsupported(said, f"The notes tell this as done: “{said}”.", "hope")
    return None
