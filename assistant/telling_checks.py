"""What a telling may not do to its excerpts: turn sides round, join what stood apart, deal the facts anew."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import Counter
from collections.abc import Mapping, Sequence

from assistant.records import Brief, Document, Excerpt, Slot
from assistant.voice.grammar import is_base, is_role_noun

SENDERS: tuple[Slot, ...] = ("about", "proof", "offer")
READERS: tuple[Slot, ...] = ("why_them", "history")
# The words that a telling may add to its excerpt: those that the written tellings (models/corpus) add most, by slot.
ADDED: Mapping[Slot, str] = {
    "target": "like apply consider reach work ask role know meet interested write well look company job position "
    "person post open love want question join take place hope become get go come use",
    "about": "make work spend study hold use play come finish one",
    "proof": "go make take get work spend find build bring put come hold one",
    "offer": "give offer send put share bring get come make",
    "ask": "speak give ask send like talk time answer spare help please tell consider possible use meet know one open "
    "write take come make put get",
    "why_them": "say work write go make tell give read show one",
    "history": "write ask send say tell answer understand message take thank meet speak come together",
    "exit": "please fine know problem understand good need mind free use go",
}
# At least this share of the words that a telling takes over stands in the excerpts' order.
IN_ORDER = 0.65

_ME = re.compile(r"\b(?:I|me|my|mine|we|us|our)\b|\bI['’]", re.IGNORECASE)
_YOU = re.compile(r"\b(?:you|your|yours|we|our|us|both)\b", re.IGNORECASE)
_READER_FIRST = re.compile(r"^(?:You|Your|You['’]\w+)\b")
_YOURS = re.compile(r"\b(?:you|your|yours|you['’]\w+)\b", re.IGNORECASE)
# "their" may be the reader's ("used their tool"), "you" needs somebody in person.
_YOU_ALONE = re.compile(r"\b(?:gave|told|asked|sent|showed|taught|helped|met|with|for|to) you\b", re.IGNORECASE)
_A_PERSON = re.compile(r"^my\b|\b(?:he|she|him|her|they|them|you|u)\b", re.IGNORECASE)
_SOMEBODY = re.compile(r"^my\b|\b(?:he|she|they|him|her|his|their|them|you|your|u|ur|yr)\b", re.IGNORECASE)
_PERSONS = tuple(
    re.compile(rf"\b(?:{forms})\b", re.IGNORECASE) for forms in ("he|him|his", "she|her|hers", "they|them|their")
)
# A name, or somebody by what they are: "asked the dean".
_NAMED = re.compile(
    r"(?<=[\w,] )(?!(?:I|Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec|Mon|Tue|Wed|Thu|Fri|Sat|Sun)[a-z]*\b)"
    r"[A-Z]|^\w+ the\b"
)
# "2 of them" are those just named, whatever they are.
_OF_THEM = re.compile(r"\bof them\b")
_QUOTED = re.compile(r"\"[^\"]*\"|“[^”]*”|(?<!\w)'[^']*'(?!\w)")
# Those who do or suffer it, not what is theirs; "her" is either.
_THEMSELVES = tuple(re.compile(rf"\b(?:{forms})\b", re.IGNORECASE) for forms in ("he|him", "they|them"))
_WOULD_LIKE = re.compile(r"\b(?:Would|Do) you (?:like|want) to\b")
_I_WOULD_LIKE = re.compile(
    r"(?:^|\bI (?:would |['’]d )?)(?:would like|wants?|like) to\b|\bI['’]d like to\b", re.IGNORECASE
)
_MAKE = re.compile(r"\bmake an? ")
_PRESENT = re.compile(r"\bI (?!had\b|was\b)(\w+)\b")
_I_DID = re.compile(r"\b(?:I|We) (?:have )?(\w+ed|\w+t|won|ran|made|sang|drew|grew|took|wrote)\b")
_FIELD = re.compile(r"\bin (\w+ing)\b")
_NO_VERB = re.compile(
    r"^You (?:in|on|at|from|with|of|for|by)\b(?! behalf)|^I['’]m \w+ing of\b|\b(?:is|was) (?:why|the reason)\.$"
)
_TRADE = re.compile(r"\b(?:I['’]m|been|is|was) an? ([A-Z][a-z]{2,})(?= for\b| with\b|[.,])")
_I_ED = re.compile(r"\bI ((?:\w+-)?\w+?)(?:i?ed)\b")
_ENCLOSED = re.compile(r"\b(?:find|see) (?:my|the|attached) (?:\w+ )?(?:resume|résumé|cv|portfolio)\b", re.IGNORECASE)
_IN_MINUTES = re.compile(r"(?<!ask you that )(?<!answer that )\bin (?:\d+|ten|fifteen|twenty) min")
_ASKED_THEM = re.compile(r"\bask (?:him|her|them) (?:to|if|whether|for|about|how|what|which)\b", re.IGNORECASE)
_HAD = re.compile(r"\bI had an? ")
_WE = re.compile(r"\b(?:we|our|ours|us)\b", re.IGNORECASE)
_TOGETHER = re.compile(
    r"\b(?:we|our|ours|us|both|together|met|shared?|talked|spoke|chatted|same|with (?:me|him|her|them|you))\b|^my\b",
    re.IGNORECASE,
)
_OF_MINE = re.compile(r"\b(?:at|in|for|of|with|from) which\b|\bwhere (?:I|we|my|you|your)\b")
_I = re.compile(r"\b(?:I|me|my|mine)\b|\bI['’]", re.IGNORECASE)
_SUBJECT = re.compile(r"^(?:he|she|they)\b", re.IGNORECASE)
# A preposition joins two things of a note in a way that it did not say: "link (printers)" is no "link to printers".
_JOINS = frozenset(
    "to in for on from of by into about over after before through against under since until during".split()
)
_AT_SHORT = re.compile(r"\b(?:at|in) (?:the )?([A-Z]{2,})\b")
_JOINED_SAFELY = re.compile(
    r"\bfor \w+ (?:years?|yrs|months?|weeks?|days?|nights?|evenings?|hours?|seasons?|summers?|winters?|autumns?)\b|"
    r"\b(?:in|at) (?:the )?(?=[A-Z])|\bin (?:\d{4}|(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)\w*)\b"
    r"|\bof experience\b|\b(?:[Oo]n|of|[Ii]n|with) (?:the )?\d|\b[Oo]n (?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)days?\b"
    r"|\b(?:from|to|for|by) (?:up to |about |over )?[$€£]?\d"
    r"|\bby (?:phone|e?mail|text|video|post)\b",
)
# One of these for another that the note has joins nothing anew: "in the board" told as "on the board".
_LIKE = {
    "on": ("in", "at", "about", "of"), "in": ("on", "at", "into"), "at": ("in", "on"), "into": ("in", "to"),
    "about": ("on", "of", "over"), "of": ("on", "in", "for"), "by": ("with", "on"), "to": ("on", "for", "at", "into"),
    "for": ("to", "during"), "from": ("of", "in", "since"), "since": ("from",), "until": ("to",),
}  # fmt: skip
# Verbs that say only that somebody is there or does it, those that ask for a deed, and whom a preposition can name
# without joining two things.
_PLAIN_VERBS = frozenset(
    "am was were are is be been i'm you're work works worked working study studied speak spoke".split()
)
_TOLD_TO = frozenset("said told asked advised promised offered wanted need".split())
_PRONOUNS = frozenset("you me us it them him her".split())
_TITLES = set("Dr Mr Mrs Ms Miss Prof Professor Sister Father Sir Madam The Of And De Van Von".split())


def named_right(text: str, brief: Brief, *, note: bool) -> bool:
    """Whether nobody is called by name who is "you" or "I" here; in a note the sender is, or nobody at all is meant."""
    said = set(re.findall(r"\w+", text))
    mine, theirs = (
        {w[0].upper() + w[1:] for e in es for w in re.findall(r"\w+", e.text)} for es in (brief.sender, brief.recipient)
    )
    if note and text.endswith("?") and not any(forms.search(text) for forms in _PERSONS):
        return True
    return bool(said & mine) if note else not said & (mine | theirs) - _TITLES


def reader_brought_in(text: str, excerpts: tuple[Excerpt, ...], brief: Brief, slot: Slot = "about") -> bool:
    """Whether the telling speaks of the reader where no excerpt does, as in "we work with you" for "we work".

    What stands between the two ("asked 3 weeks ago") was done to the reader, unless it names somebody else.
    """
    if slot in SENDERS and _YOU_ALONE.search(text) and not any(_A_PERSON.search(e.text) for e in excerpts):
        names = {w.casefold() for e in brief.recipient for w in e.text.split()}
        return not any(names & set(re.findall(r"\w+", e.text.casefold())) for e in excerpts)
    if not _YOURS.search(text) or (slot == "history" and not any(_NAMED.search(e.text) for e in excerpts)):
        return False
    names = {w.casefold() for e in brief.recipient for w in e.text.split()}
    return not any(_SOMEBODY.search(e.text) or names & set(re.findall(r"\w+", e.text.casefold())) for e in excerpts)


def me_brought_in(text: str, excerpts: tuple[Excerpt, ...]) -> bool:
    """Whether the telling says "I" where the excerpt has another subject, as in "I worked" for "he worked"."""
    return bool(_I.search(text)) and any(_SUBJECT.search(e.text) and not _I.search(e.text) for e in excerpts)


def persons_anew(text: str, excerpts: tuple[Excerpt, ...]) -> bool:
    """Whether he, she or they are more often there than in the excerpts: "he gave me his number" for "she gave".

    Nor does "his" of a note make a "him": "he told you" is no telling of "told his sister".
    """
    return any(said > noted for said, noted in _persons(text, excerpts, _PERSONS + _THEMSELVES))


def _persons(
    text: str, excerpts: tuple[Excerpt, ...], persons: Sequence[re.Pattern[str]] = _PERSONS
) -> list[tuple[int, int]]:
    """How often he, she and they are named, in any form, in no quotation: in the text, and in the excerpts."""
    bare, *noted = (_OF_THEM.sub("", _QUOTED.sub("", t)) for t in (text, *(e.text for e in excerpts)))
    return [(len(forms.findall(bare)), sum(len(forms.findall(t)) for t in noted)) for forms in persons]


def half_turned(text: str, excerpts: tuple[Excerpt, ...]) -> bool:
    """Whether of one person's words only some became "you": "You worked nights and says he is fair"."""
    counts = _persons(text, excerpts)
    if any(0 < said < noted for said, noted in counts):
        return True
    # Where the reader is he or she, "their" is of others.
    if any(noted for _, noted in counts[:2]) and counts[2][0] < counts[2][1]:
        return True
    one = any(said for said, _ in counts[:2])
    return one and all(said == noted for said, noted in counts) and bool(_READER_FIRST.search(text))


def mine_lost(text: str, excerpts: tuple[Excerpt, ...]) -> bool:
    """Whether "my" or "our" of a note about the reader is no longer there: "your mum's side" for "my mum's side"."""
    return any(_ME.search(e.text) for e in excerpts) and not _ME.search(text)


def done_by_mine(text: str, excerpts: tuple[Excerpt, ...]) -> bool:
    """Whether "I" did what somebody of mine has done: "I passed" for "41 of my 44 students passed"."""
    return any(
        re.search(rf"\b(?:my|our) (?:[\w'’]+ ){{1,3}}?{verb}\b", e.text, re.IGNORECASE)
        for verb in _I_DID.findall(text)
        for e in excerpts
    )


def had_anew(text: str, excerpts: tuple[Excerpt, ...]) -> bool:
    """Whether what somebody has is told as what they had."""
    return bool(_HAD.search(text)) and not any(re.search(r"\bhad\b", e.text) for e in excerpts)


def sense_changed(text: str, excerpts: tuple[Excerpt, ...]) -> bool:
    """Whether a small word changes the sense: another's wish, a thing made, the past, a field of work."""
    noted = " ".join(e.text for e in excerpts)
    if _WOULD_LIKE.search(text) and _I_WOULD_LIKE.search(noted):
        return True  # "Would you like to offer him a place?" for "would like to offer him a place"
    if _NO_VERB.search(text) or any(not is_role_noun(word.casefold()) for word in _TRADE.findall(text)):
        return True  # "You in the video", "I'm ageing of cells", "I've been a Leeds for 8 years"
    if _ASKED_THEM.search(text) and _ASKED_THEM.search(noted):
        return True  # "Could you ask him to ring?" for "ask him to ring": he is the reader
    if any(_noun_only(verb, noted) for verb in _I_ED.findall(text)) or _ENCLOSED.search(text):
        return True  # "I re-injured 5 athletes" for "re-injuries 5", "Could you find my resume?"
    if _IN_MINUTES.search(text) and not _IN_MINUTES.search(noted):
        return True  # "Could you call me in 15 minutes?" for "15 min call"
    if _MAKE.search(text) and not re.search(r"\bma[kd]", noted):
        return True  # "I make a blender" for "tea blender"
    if any(re.search(rf"\bI {verb}e?d\b", text) for verb in _PRESENT.findall(noted)):
        return True  # "I restored clocks" for "I restore clocks"
    # "a BSc in finishing" for "BSc finishing in June"
    return any(re.search(rf"(?<!in ){word} (?:in|on|at|by)\b", noted) for word in _FIELD.findall(text))


def _noun_only(stem: str, noted: str) -> bool:
    """Whether a verb of the telling stands in a note as things that are counted alone: "re-injuries 5 in 40"."""
    counted = re.search(rf"\b{re.escape(stem)}(?:ies|s) (?:from )?\d", noted, re.IGNORECASE)
    return bool(counted) and not re.search(rf"\b{re.escape(stem)}(?:i?ed|y|ying|ing)\b", noted, re.IGNORECASE)


def turned_to_reader(text: str, excerpts: tuple[Excerpt, ...]) -> bool:
    """Whether "her" of a draft has become "you": a draft speaks to its reader, so its third persons are others."""
    drafted = all(e.source == "draft" for e in excerpts)
    return drafted and len(_YOURS.findall(text)) > sum(len(_YOURS.findall(e.text)) for e in excerpts)


def ours_anew(text: str, sources: Sequence[Document]) -> bool:
    """Whether the telling says "we" where nobody has done so: one person's deed is not a firm's."""
    return bool(_WE.search(text)) and not any(_TOGETHER.search(d.text) for d in sources)


def joined_anew(text: str, excerpts: tuple[Excerpt, ...], slot: Slot = "proof") -> bool:
    """Whether the telling joins two things by a preposition, or a clause of its own, that the excerpts do not have."""
    if _OF_MINE.search(text) and not any(_OF_MINE.search(e.text) for e in excerpts):
        return True
    noted = Counter(w for e in excerpts for w in re.findall(r"[\w'’]+", e.text.casefold()))
    said = re.findall(r"[\w'’]+", _JOINED_SAFELY.sub(" | ", text))
    joins = Counter(w for w in map(str.casefold, said) if w in _JOINS)
    added = joins - noted
    left_out = Counter({w: n for w, n in noted.items() if w in _JOINS}) - joins
    # "inspector at CWI" for "CWI inspector"
    if any(re.search(rf"(?:^|[^\w ] ?){short} [a-z]", e.text) for short in _AT_SHORT.findall(text) for e in excerpts):
        return True
    # "electrician, 6 years, hospital maintenance": where and how long somebody has been what they are.
    plain = {"in", "for"} if slot == "about" else set()
    safe = Counter(
        word.casefold()
        for left, word, right in zip(said, said[1:], said[2:], strict=False)
        if _joins_safely(left, word, right, noted)
    )
    return any(
        count > safe[word] + sum(left_out[other] for other in _LIKE.get(word, ()))
        for word, count in added.items()
        if word not in plain
    )


def _joins_safely(left: str, word: str, right: str, noted: Mapping[str, int]) -> bool:
    """Whether a preposition of the telling's own says no more than the note: after a verb of its own ("I work in"),
    before a pronoun, as an infinitive ("said to ring"), or for a comma between two plain things.
    """
    left, low = left.casefold(), right.casefold()
    if word == "to" and (left in _TOLD_TO or is_base(low)):
        return True
    if word == "about" and low in ("how", "why", "what", "which", "when", "where"):
        return True
    of_its_own = left in _PLAIN_VERBS and left not in noted
    for_a_comma = right.islower() if word in ("on", "with") else word == "in" and low in ("the", "a")
    return of_its_own or low in _PRONOUNS or for_a_comma


def in_order(text: str, excerpts: tuple[Excerpt, ...]) -> bool:
    """Whether most of the excerpts' words come in their order: one stretch may move, but facts are not dealt anew."""
    noted = re.findall(r"\w+", " ".join(e.text for e in excerpts).casefold())
    places = [noted.index(w) for w in re.findall(r"\w+", text.casefold()) if noted.count(w) == 1]
    turned = (places[at:] + places[:at] for at in range(max(1, len(places))))
    return max(map(_rising, turned)) >= IN_ORDER * len(places)


def _rising(places: Sequence[int]) -> int:
    """The length of the longest rising run, gaps allowed."""
    ends: list[int] = []  # ends[k]: the lowest end of a rising run of k + 1 places
    for place in places:
        at = bisect_left(ends, place)
        ends[at : at + 1] = [place]
    return len(ends)


def sides_right(text: str, slot: Slot, *, note: bool) -> bool:
    """Whether a telling has the sides right by its pronouns: a fact of mine tells of me, one of yours of you."""
    if note:
        return not _ME.search(text)
    if slot in SENDERS:
        # "He may write in 2028" is offered to the reader; no other fact of the sender's begins with them.
        if _READER_FIRST.search(text):
            return slot == "offer"
        return bool(_ME.search(text)) or (slot != "about" and not _YOURS.search(text))
    return slot != "why_them" or bool(_YOU.search(text)) or not _ME.search(text)
