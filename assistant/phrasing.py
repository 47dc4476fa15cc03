"""Sentences of a safe edit: each made from one excerpt of the brief, or from a fixed phrase of the kind.

A sentence goes in only if the gate supports it on its own, so nothing in the message is anybody's but the user's, or
a phrase from `prompts/kinds/<kind>/kind.toml`.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping, Sequence
from itertools import islice

from assistant import voice
from assistant.facts import unsupported
from assistant.lint import lint
from assistant.reading import first_name, salutation
from assistant.records import Brief, Document, Draft, FollowUp, Kind, Library, Slot
from assistant.voice.grammar import is_past, is_role_noun

MONTH = r"(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)[a-z]*"
LENGTH = re.compile(r"\b(\d{1,2}|ten|fifteen|twenty)[\s-]*min(?:ute)?s?\b", re.IGNORECASE)
AGO = re.compile(
    r"\b(?:(?:\d+|a|one|two|three|four|five|six) (?:day|week|month)s? ago|"
    r"last (?:week|month|(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day)|"
    rf"on (?:the )?\d{{1,2}}(?:st|nd|rd|th)?(?: of)? {MONTH}|on {MONTH} \d{{1,2}})\b",
    re.IGNORECASE,
)
FORMAL = re.compile(r"\b(?:dear|sir|madam|respected|esteemed|sincerely|faithfully|regards)\b", re.IGNORECASE)
TITLE = re.compile(r"^(?:Dr|Mr|Mrs|Ms|Prof|Professor)\b", re.IGNORECASE)
FIRST_PERSON = re.compile(r"\b(?:I|my|me|we|our)\b|\bI['’]")
THIRD_PERSON = re.compile(r"\b(?:he|she|his|her|hers|him|they|their|them)\b", re.IGNORECASE)
OTHERS = re.compile(
    r"\bmy (?:\w+ )?(?:boss|lead|friend|client|patient|tutor|teacher|manager|partner|mate|neighbou?r)\b|"
    r"\b(?:mum|mom|mother|dad|father|wife|husband|son|daughter|kids?|child(?:ren)?|sister|brother|aunt|uncle|gran\w*)\b",
    re.IGNORECASE,
)
WHO = re.compile(r"^(?:I'm\b|I have \d+ (?:years|yrs|months)\b)")
LABELLED = re.compile(r"^(?:My background|In figures):")
JOB = re.compile(r"^(?:the )?(?:job|role|post|position|title)(?: title)?\s*(?:is|:|=|-)\s*", re.IGNORECASE)
DEADLINE = re.compile(r",? \(?(?:deadline|clos(?:es|ing)|apply by|due|open until)\b.*$", re.IGNORECASE)
ASKED = re.compile(
    r"(?:^|[,:;.]\s*)((?:is|are|do|does|did|can|could|would|should|will|what|which|how|where|when|who|why)\b[^?]*\?)",
    re.IGNORECASE,
)
REQUEST = re.compile(r"\b(?:refer|introduc|intro\b|connect|forward|call|chat|meet)", re.IGNORECASE)
REPORTED = re.compile(
    r"^.{0,60}?\b(?:said|told me|replied|answered|wrote(?: back)?)\b[\s:,]*(?:that )?"
    r"(?=(?:he|she|they|it|there)\b|the )",
    re.IGNORECASE,
)
# Telling readers who they are to the sender is no news to them.
KNOWN = re.compile(r"^You're (?:my|an? (?:friend|colleague|ex-?colleague|neighbou?r|cousin|relative))\b")
NAMELESS_JOB = re.compile(
    r"^(?!(?:the|an?|your|one|any)\b).*\b(?:job|role|position|post|opening|vacancy)\b", re.IGNORECASE
)
QUESTION = re.compile(
    r"^(?:(?:could|would|can|will|may|shall|do|did|are|is|have) (?:you|i|we)\b|"
    r"(?:what|which|who|when|where|how|why) (?:do|does|did|is|are|was|were|can|could|would|should|will)\b)",
    re.IGNORECASE,
)
QUESTION_END = re.compile(r"\.$")
# A note's own shorthand, which no message should hold, and a verb that was left in the third person.
SHORTHAND = re.compile(r" = | ?=> | -> | → |^[a-z]+:|\bno (?:answer|reply|response)\b(?! (?:is|needed))")
UNTURNED = re.compile(r"\bis you\b|\bI['’]t\b|^You (?!always\b|perhaps\b|is\b|as\b|was\b)[a-z]+(?<!s)(?<!u)s\b")
LABEL = re.compile(r"^(?:[A-Za-z]+(?: [a-z]+)?)\s*[:=]\s*(?=\S)")
WANTING = re.compile(
    r"^(?:i )?(?:wants?|wanted|would like|i'd like|'d like|like|hoping|hope|need)? ?"
    r"to (?:hear|know|ask|learn|understand)\b"
    r"(?: (?:him|her|them|you))?(?: (?:about|from))?\s*",
    re.IGNORECASE,
)
# What a note begins with these, without a subject, is the sender's own seeing and doing.
NOTICED = re.compile(
    r"(?:noticed|saw|seen|read|heard|found|spotted|watched|used|tried|stayed|ate|visited|bought)\b", re.IGNORECASE
)
NOBODY = re.compile(
    r"(?:sirs?|madam|ma'am|everyone|team|all|whom|st|marketing|hiring|sales|support|hr)\b", re.IGNORECASE
)
# How many sentences of a slot a message tells at most; of others one.
MOST: Mapping[Slot, int] = {"about": 2, "proof": 2, "why_them": 2}
# Words that keep their place in the middle of a sentence in small letters.
COMMON_START = re.compile(
    r"^(?:the|a|an|we|my|our|one|two|three|their|her|his|its|there|you|your|both|same|some|at|in|on|since|after)\b",
    re.IGNORECASE,
)


class Phrasing:
    """Makes the sentences of one message; which variant of a phrase is used depends on the draft alone."""

    def __init__(
        self,
        draft: Draft,
        brief: Brief,
        kind: Kind,
        library: Library,
        sources: Sequence[Document],
        follow_up: FollowUp | None,
    ) -> None:
        self.draft = draft
        self.brief = brief
        self.kind = kind
        self.library = library
        self.sources = sources
        self.follow_up = follow_up
        self.recipient = self.text("recipient")
        if NOBODY.match(self.recipient) or (" " not in self.recipient and names_role(self.recipient)):
            self.recipient = ""
        self.sender = self.text("sender")
        if self.sender.islower() and (names_role(self.sender) or self.sender.endswith("ing")):
            self.sender = ""  # a trade read as a name
        if kind.id == "forwardable" and not self.sender and brief.recipient:
            # Such a note is about one person; with one side named only, that is who it is about.
            self.sender = self.text("recipient", -1)
        self.formal = bool(TITLE.match(self.recipient) or FORMAL.search(draft.text))
        self.allowed = [p for group in kind.phrases.values() for p in group]
        self._pick = int.from_bytes(hashlib.sha256(draft.text.encode()).digest()[:4])

    # --- words --------------------------------------------------------------------------------------------------

    def text(self, slot: Slot, index: int = 0) -> str:
        """The words of one excerpt; "" where the brief holds none."""
        excerpts = self.brief.get(slot)
        return re.sub(r"\s+", " ", excerpts[index].text).strip("-*•;, ") if len(excerpts) > index else ""

    def texts(self, slot: Slot) -> tuple[str, ...]:
        """The words of every excerpt of a slot."""
        return tuple(self.text(slot, i) for i in range(len(self.brief.get(slot))))

    def phrase(self, key: str, **fields: str) -> str:
        """One of the kind's phrases for `key`, its fields filled; "" where a field is empty or the kind has none."""
        if not all(fields.values()):
            return ""
        formal = self.kind.phrases.get(f"{key}_formal") if self.formal else None
        fitting = [v for v in formal or self.kind.phrases.get(key, ()) if fields_of(v) == set(fields)]
        if not fitting:
            return ""
        text = fitting[self._pick % len(fitting)]
        for name, value in fields.items():
            text = text.replace("{" + name + "}", value.rstrip(".;, "))
        return one_end_mark(text)

    def first(self, *options: str) -> str:
        """The first option that says anything, that the gate supports, and in which no words are a fault."""
        told = (QUESTION_END.sub("?", o) if QUESTION.match(o) else o for o in options if o)
        return next((o for o in told if self._clean(o) and self._supported(o)), "")

    def some(self, slot: Slot, options: Sequence[str]) -> str:
        """The first options that hold, as many as a message tells of that slot."""
        held = (self.first(o) for o in dict.fromkeys(options))
        return " ".join(list(islice((h for h in held if h), MOST.get(slot, 1))))

    def _supported(self, text: str) -> bool:
        return not unsupported(text, self.sources, brief=self.brief, allowed=self.allowed)

    def _clean(self, text: str) -> bool:
        named = " " in self.recipient and self.recipient in text  # told to themselves by name
        if named or SHORTHAND.search(text) or UNTURNED.search(text):
            return False
        findings = lint(text, self.kind, self.library, said=Brief())
        return not any(f.end > f.start for f in findings)

    # --- sentences ----------------------------------------------------------------------------------------------

    def own(self, slot: Slot) -> str:
        """A slot told as a whole, where a model has done it; the fixed phrases stand in for it."""
        return ""

    def greeting(self) -> str:
        return salutation(self.recipient, self.draft.greeting.text if self.draft.greeting else None)

    def told(self, slot: Slot, index: int, *, note: bool = False) -> str:
        """One excerpt as a model has told it, in a `note` by somebody else; "" where none has."""
        return ""

    def about_reader(self, slot: Slot) -> str:
        """What concerns the reader, told to them, as in: You posted about shared kiln slots."""
        # What was done before, told without a subject ("sent the samples"), is as likely the sender's doing.
        unsure = slot == "history" or self.kind.id == "follow-up"
        options = []
        for index, text in enumerate(self.texts(slot)):
            option = self.told(slot, index)
            own = NOTICED.match(text) or (unsure and is_past(text.split(" ", 1)[0].casefold()))
            if not option and not own and not _somebody_else(text):
                option = voice.as_recipient(text, recipient=self.recipient, sender=self.sender)
                option = "" if KNOWN.match(option) else option
            options.append(option)
        return self.some(slot, options)

    def why(self) -> str:
        """Why this reader: told to them, or as the notes have it where that cannot be mistaken."""
        plain = (
            self.phrase("why_plain", why_them=lower(t)) for t in self.texts("why_them") if not THIRD_PERSON.search(t)
        )
        return self.about_reader("why_them") or self.first(*plain)

    def about_sender(self, slot: Slot) -> str:
        """What concerns the sender, in the first person, as in: I priced 3 loft jobs."""
        options, texts = [], []
        for index, text in enumerate(self.texts(slot)):
            if option := self.told(slot, index):
                options.append(option)
            elif (slot != "about" or _says_who(text)) and not _somebody_else(text):
                texts.append(text)
                options.append(self._of_sender(text))
        if slot == "about":
            # Who somebody is often stands among the proofs: "lab technician, 5 yrs".
            proofs = [t for i, t in enumerate(self.texts("proof")) if not self.told("proof", i)]
            options += [t for text in proofs if WHO.match(t := self._of_sender(text))]
        # A deed before a trade, a result that can be counted before one that cannot.
        options.sort(key=lambda t: (slot == "proof" and bool(WHO.match(t)), not _counts(t)))
        labelled = [o for o in options if LABELLED.match(o)]
        key = "proof_plain" if slot == "proof" else "intro_plain"
        stated = self.some(slot, [o for o in options if o not in labelled])
        return stated or self.first(*labelled, *(self.phrase(key, **{slot: text}) for text in texts))

    def _of_sender(self, text: str) -> str:
        return voice.as_sender(text, sender=self.sender, recipient=self.recipient)

    def offer(self) -> str:
        """What the sender offers, as a sentence, as in: I can send a free size chart."""
        texts = self.texts("offer")
        told = [
            self.told("offer", i) or voice.as_offer(t, sender=self.sender, recipient=self.recipient)
            for i, t in enumerate(texts)
        ]
        plain = [t for t in texts if len(t.split()) > 2 and not THIRD_PERSON.search(t)]
        return self.first(*told, *(self.phrase("offer_plain", offer=t) for t in plain))

    def about_person(self, slot: Slot, name: str, prefix: str = "") -> str:
        """What concerns the sender, told by somebody else, as in: Jalen wrote up 83 casualty cards."""
        if not name:
            return ""
        options, texts = [], []
        for index, text in enumerate(self.texts(slot)):
            bare = LABEL.sub("", text)
            if option := self.told(slot, index, note=True):
                options.append(option)
            elif slot != "about" or _says_who(text):
                options.append(voice.as_third_person(bare, name=name))
                texts += [] if FIRST_PERSON.search(bare) else [bare]
        stated = self.some(slot, options)
        if stated.startswith(first_name(name)) and not stated.startswith(name):
            stated = name + stated.removeprefix(first_name(name))
        key = prefix + ("proof_plain" if slot == "proof" else "intro_plain")
        return stated or self.first(*(self.phrase(key, sender=name, **{slot: text}) for text in texts))

    def target(self) -> str:
        """What is wanted as one noun phrase or question: the role, and where it is if that stands apart."""
        texts = [
            DEADLINE.sub("", WANTING.sub("", LABEL.sub("", JOB.sub("", t))))
            for text in self.texts("target")
            for t in re.split(r"(?<=[.;])\s+", text)
        ]
        texts = [t for t in texts if t]
        if not texts:
            return ""
        asks = self.kind.id == "informational"
        # A bare name is where the role is, not the role, unless nothing else is there.
        texts.sort(key=lambda t: (asks and not t.endswith("?"), not names_role(t), is_place_name(t)))
        role = voice.as_topic(texts[0], recipient=self.recipient, sender=self.sender)
        if NAMELESS_JOB.match(role) and not role.endswith("?"):
            role = f"the {role}"
        heads = (t.split(",")[0] for t in texts[1:])
        place = next((h for h in heads if is_place_name(h) and h.casefold() not in role.casefold()), "")
        return f"{role} at {place}" if place and not re.search(r"\bat\b", role) and not role.endswith("?") else role

    def length(self) -> str:
        """The minutes asked for, where draft or notes name a number of them."""
        words = " ".join(e.text for e in (*self.brief.ask, *self.brief.target))
        match = LENGTH.search(words) or LENGTH.search(self.draft.text)
        return f"{match.group(1)} minutes" if match else ""

    def sent(self) -> str:
        """When the earlier message went out: as the command said, or in the notes' own words."""
        if self.follow_up and self.follow_up.sent:
            return f"on {self.follow_up.sent.day} {self.follow_up.sent:%B}"
        words = " ".join(e.text for e in (*self.brief.history, *self.brief.target))
        match = AGO.search(words)
        return match.group(0) if match else ""

    def question(self) -> str:
        """A question to be answered, other than for a call: in the ask, or in the earlier message of a follow-up."""
        asks = [m.group(1) for text in self.texts("ask") if (m := ASKED.search(text))]
        told = [voice.as_topic(a, recipient=self.recipient, sender=self.sender) for a in asks]
        told += [re.sub(r"\s+", " ", s.text) for s in self.draft.sentences if self.follow_up and s.text.endswith("?")]
        return self.first(*(q for q in told if q.endswith("?") and not LENGTH.search(q) and not REQUEST.search(q)))

    def did(self, slot: Slot) -> str:
        """What the sender did before, noted without a subject, as in: I sent you six photos on Sunday."""
        texts = (t for t in self.texts(slot) if is_past(t.split(" ", 1)[0].casefold()) and not _somebody_else(t))
        return self.first(*(self._of_sender(t) for t in texts))

    def reported(self) -> str:
        """What the reader said, as a clause after "I understand that"."""
        for text in self.texts("history"):
            match = REPORTED.match(text)
            for clause in (text[match.end() :], re.split(r"[,;]", text[match.end() :])[0]) if match else ():
                told = voice.as_recipient(clause, recipient=self.recipient, sender=self.sender)
                told = told or ("" if THIRD_PERSON.search(clause) else clause)
                if said := self.first(self.phrase("accept_why", history=lower(told))):
                    return said
        return ""

    def short_name(self) -> str:
        return first_name(self.sender) if self.sender else ""


def _somebody_else(text: str) -> bool:
    """Whether "her" may be a third person whom the text calls by a relation: mum is ill, I look after her."""
    return bool(OTHERS.search(text) and THIRD_PERSON.search(text))


def _counts(text: str) -> bool:
    return any(c.isdigit() for c in text)


def _says_who(text: str) -> bool:
    """Enough to say who somebody is: a trade, or a few words; not a stray "my one-line"."""
    words = text.split()
    return len(words) >= 4 or names_role(text)


def fields_of(phrase: str) -> set[str]:
    return set(re.findall(r"\{(\w+)\}", phrase))


def one_end_mark(text: str) -> str:
    """One end mark where a verbatim excerpt brought its own."""
    return re.sub(r"([.?!])[.]+$", r"\1", re.sub(r"\s+", " ", text))


def capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def lower(text: str) -> str:
    """The first letter small where the first word is no name."""
    return text[:1].lower() + text[1:] if COMMON_START.match(text) else text


def names_role(text: str) -> bool:
    """Whether a word of it says what somebody is at work: "Lift Service Engineer"."""
    return any(is_role_noun(w.strip(".,;()")) for w in text.split())


def is_place_name(text: str) -> bool:
    """A short run of capitalised words without a comma or a trade: "Marlowe Lifts", not "Lift Service Engineer"."""
    words = text.split()
    capitals = all(w[:1].isupper() or len(w) <= 3 for w in words)
    return capitals and 0 < len(words) <= 5 and not names_role(text)
