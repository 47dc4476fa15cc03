"""The reply: a no is taken with thanks and the door left open, an unwanted message is declined kindly."""

from __future__ import annotations

import re
from collections.abc import Sequence

from assistant import voice
from assistant.phrasing import Phrasing
from assistant.phrasing_checks import THIRD_PERSON
from assistant.records import Slot
from assistant.safe_edit_parts import Part
from assistant.voice.grammar import is_base

# An unwanted message is declined, and so is a request that the sender was asked; any other reply takes a no.
UNWANTED = re.compile(
    r"\b(?:stop|spam\w*|unsubscribe|remove me|off (?:his|her|your|their|the) list|sell(?:s|ing)|"
    r"pitch(?:ed|es)?|promo\w*|"
    r"recruiters?|cold (?:e?mail|call|pitch)|not (?:interested|looking)|wants? (?:me|us) (?:for|to)|"
    r"offers? (?:me|us|paid|an? (?:\w+ )?job)|do(?:n['’]?t| not) want|leave me alone|no thank(?:s| you))\b",
    re.IGNORECASE,
)
ASKED_OF_ME = re.compile(
    r"\b(?:can['’]?t|cannot|won['’]?t|unable to) (?:refer|introduce|recommend|forward|do it|do this|help) ?(?:you|"
    r"u|him|her|them)\b"
    r"|\b(?:asked|asks|wants|wanted) me (?:for|to)\b"
    r"|(?<!\bI )(?<!\bi )(?<!\bwe )\b(?:asked|asks|wants) for (?:\d+ ?min|an? (?:call|chat|intro|referral|"
    r"meeting|job))",
    re.IGNORECASE,
)
NO_MORE = re.compile(
    r"\b(?:stop|no more (?:e?-?mails?|messages?|calls?)|unsubscribe|remove (?:me|my)|off (?:his|her|your|"
    r"their|the) list)\b",
    re.IGNORECASE,
)
ANOTHER_TIME = re.compile(r"\b(?:next (?:year|spring|autumn|month)|again|later)\b", re.IGNORECASE)
POINTS = re.compile(r"\b(?:it|them|that)\b")
# "You" who does something is the sender, and "me" would not do.
SUBJECT_YOU = re.compile(r"\byou(?:['’]|,| (?:are|were|have|had|can|could|will|would|should|may|did|do|need|want)\b)")
SAYING = re.compile(r"(?:[:,]|\b(?:that|said|says|wrote|told me|replied|answered))\s*$", re.IGNORECASE)
CANNOT = re.compile(r"\bI (?:can['’]t|cannot|don['’]t|only|never)\b")
REPORTED = re.compile(
    r"^.{0,80}?\b(?:said|told me|replied|answered|wrote(?: back)?|says)\b[\s:,\"“]*(?:that )?"
    r"(?=(?:he|she|they|it|there|I|we|his|her|their)\b|the )",
    re.IGNORECASE,
)
# "Said no to a referral, she only refers people she knows": the reason stands after the comma.
SAID_NO = re.compile(
    r"^.{0,40}?\b(?:said no|can['’]?t|cannot|won['’]?t|turned me down|declined)\b[^,;:(–—]*[,;:(–—]\s*(?:because )?"
    r"(?=(?:he|she|they|his|her|their|the)\b)",
    re.IGNORECASE,
)
# What is a no or its reason, other than kind words beside it.
REFUSAL = re.compile(
    r"n['’]t\b|\b(?:cannot|cant|no|not|never|only|full|filled|closed|busy|already|chose|chosen|taken|until|"
    r"another|internal)\b"
)
PLANNED = re.compile(r"I(?:['’]ll| will| want| plan|['’]d| would|['’]m (?:open|going|happy|glad|free)| can| hope)\b")


def reply(words: Phrasing) -> list[Part]:
    told = " ".join([words.draft.text, *(d.text for d in words.sources)])
    if ASKED_OF_ME.search(told):
        offered = _offered(words)
        return [
            Part(words.greeting(), 0),
            Part(words.phrase("asked_thanks"), 1),
            Part("" if CANNOT.search(offered) else words.phrase("asked_decline"), 1),
            Part("" if CANNOT.search(offered) else words.about_sender("about"), 1, drop=2),
            Part(offered or words.about_sender("proof"), 1, drop=1),
            Part(words.phrase("wish"), 1, drop=3),
            Part(words.sender, 2),
        ]
    if UNWANTED.search(told):
        stop = NO_MORE.search(told) and not ANOTHER_TIME.search(told)
        return [
            Part(words.greeting(), 0),
            Part(words.phrase("decline_thanks"), 1),
            Part(words.first(words.about_sender("about"), words.about_sender("proof")), 1, drop=2),
            Part(words.phrase("decline"), 1),
            Part(plan(words), 1, drop=1),
            Part(words.phrase("stop") if stop else "", 1),
            Part("" if stop else words.phrase("wish"), 1, drop=1),
            Part(words.sender, 2),
        ]
    planned, given = plan(words), thanked(words)
    # "I'll read it" stands after what the reader named.
    named = words.about_reader("history", only=_unreported(words)) if POINTS.search(planned) and not given else ""
    return [
        Part(words.greeting(), 0),
        Part(given or words.phrase("thanks"), 1),
        Part(reported(words) or words.phrase("accept"), 1),
        Part(named, 1, drop=3),
        Part("" if POINTS.search(planned) and not (named or given) else planned, 1, drop=2),
        Part(words.phrase("door"), 1, drop=1),
        Part(words.sender, 2),
    ]


def _unreported(words: Phrasing) -> tuple[int, ...]:
    texts = words.texts("history")
    return tuple(i for i, t in enumerate(texts) if not (REPORTED.match(t) or SAID_NO.match(t)))


def _offered(words: Phrasing) -> str:
    """What the sender can do in place of it, and what the reader can: You can apply on the staff page."""
    rules = (voice.as_recipient(t, recipient=words.recipient, sender=words.sender) for t in words.texts("offer"))
    theirs = next((words.first(t) for t in rules if re.search(r"\b[Yy]ou can\b", t)), "")
    mine = words.offer()
    return " ".join(dict.fromkeys(t for t in (mine, theirs) if t))


def reported(words: Phrasing) -> str:
    """Why the reader said no, as a clause after "I understand that"."""
    for text in _whole_lines(words):
        if not (match := REPORTED.match(text) or SAID_NO.match(text)):
            continue
        clauses = re.split(r"[,;(:–—]\s*", text[match.end() :])
        for clause in (clauses[0], text[match.end() :]):
            told = _as_quoted(clause) if re.match(r"(?:I|[Ww]e)\b", clause) else ""
            told = told or voice.as_recipient(clause, recipient=words.recipient, sender=words.sender)
            told = told or ("" if THIRD_PERSON.search(clause) else clause)
            said = words.phrase("accept_why", history=voice.lower(told)) if REFUSAL.search(told) else ""
            if said := words.first(said):
                return said
    return ""


def _whole_lines(words: Phrasing) -> list[str]:
    """What was told before, with what stands before it on its line: "she wrote: we chose somebody else"."""
    found = []
    for index, excerpt in enumerate(words.brief.history):
        source = next((d.text for d in words.sources if d.name == excerpt.source), "")
        before = source[source.rfind("\n", 0, excerpt.start) + 1 : excerpt.start]
        text = words.text("history", index)
        found += [text, before + text] if SAYING.search(before) else [text]
    return found


def _as_quoted(clause: str) -> str:
    """What the reader said in the first person, told to them: "I only refer friends" → "you only refer friends"."""
    if SUBJECT_YOU.search(clause):
        return ""
    turned = re.sub(r"\bI['’]m\b", "you're", re.sub(r"\bI am\b", "you are", clause))
    swapped = {"you": "me", "your": "my", "my": "your", "our": "your"}
    pattern = r"\b(?:I|me|[Ww]e|us|you|your|[Mm]y|[Oo]ur)\b(?!['’])"
    turned = re.sub(pattern, lambda m: swapped.get(m.group().casefold(), "you"), turned)
    return turned.replace("We'", "you'").replace("we'", "you'").replace("I'", "you'").strip('"”“ ')


def thanked(words: Phrasing) -> str:
    """Thanks for what the reader gave with the answer, as in: Thank you for the list of other schools."""
    texts = (*words.texts("history"), *words.texts("offer"), words.draft.text, *(d.text for d in words.sources))
    given = (voice.thanked_for(t, recipient=words.recipient, sender=words.sender) for t in texts)
    return words.first(*(words.phrase("thanks_for", offer=g) for g in given))


def plan(words: Phrasing) -> str:
    """What the sender will do now, as in: I'll apply again in September."""
    wanted: tuple[Slot, ...] = ("offer", "target", "ask", "exit")
    told = [t for slot in wanted if (t := words.worded(slot, question=False)) and _theirs(t, words.texts(slot), words)]
    # "I'll write to him" may be of a third person, whom the reader named.
    notes = (t for slot in wanted for t in words.texts(slot) if not THIRD_PERSON.search(t))
    rules = [voice.as_sender(t, sender=words.sender, recipient=words.recipient) for t in notes]
    return words.first(*(m for m in (*told, *rules) if _planned(m)))


def _theirs(told: str, texts: Sequence[str], words: Phrasing) -> bool:
    """Whether "you" in a telling stands for somebody in the notes: "I'll write to both" is not "to both of you"."""
    people = re.compile(
        rf"{THIRD_PERSON.pattern}|\b(?:you|your|{'|'.join(voice.name_forms(words.recipient)) or 'you'})\b", re.I
    )
    return not re.search(r"\byou", told) or any(map(people.search, texts))


def _planned(text: str) -> bool:
    """A statement of what the sender will do, with a verb to do it: not "I can." or "I'll ok"."""
    match = PLANNED.match(text)
    will = match and re.search(r"(?:ll|will|can)$", match.group())
    verb = next(iter(text[match.end() :].split()), "") if match else ""
    return bool(match) and len(text.split()) > 3 and not text.endswith("?") and (not will or is_base(verb))
