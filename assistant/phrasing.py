"""Sentences of a safe edit: each made from one excerpt of the brief, or from a fixed phrase of the kind."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from assistant import voice
from assistant.names import first_name, salutation
from assistant.phrasing_checks import (
    KNOWN,
    NO_NEWS,
    NOTICED,
    SINCE,
    WISH,
    capital,
    deed_of_it,
    mended,
    somebody_else,
    without_trade,
)
from assistant.phrasing_roles import LABEL, TRADE, WHO, YEARS, asked_for, names_role, says_who
from assistant.phrasing_times import LENGTH, ago, minutes
from assistant.phrasing_words import Words
from assistant.records import Slot
from assistant.voice.grammar import is_past
from assistant.voice.pieces import finite

__all__ = ["Phrasing", "names_role"]

FIRST_PERSON = re.compile(r"\b(?:I|my|me|we|our)\b|\bI['’]")
ASKED = re.compile(
    r"(?:^|[,:;.]\s*)((?:is|are|do|does|did|can|could|would|should|will|what|which|how|where|when|who|why)\b[^?]*\?)",
    re.IGNORECASE,
)
REQUEST = re.compile(r"\b(?:refer|introduc|intro\b|connect|forward|call|chat|meet)", re.IGNORECASE)
FREE = re.compile(r"I['’]m free (?:for|on|with|of|till|until)\b")  # the offer is, and not the sender


class Phrasing(Words):
    """Makes the sentences of one message."""

    # --- sentences ----------------------------------------------------------------------------------------------

    def greeting(self) -> str:
        return salutation(self.recipient, self.draft.greeting.text if self.draft.greeting else None)

    def about_reader(self, slot: Slot, *, only: Sequence[int] | None = None) -> str:
        """What concerns the reader, told to them, as in: You posted about shared kiln slots."""
        # What was done before, told without a subject ("sent the samples"), is as likely the sender's doing.
        unsure = slot == "history" or self.kind.id == "follow-up"
        options = []
        for index, text in enumerate(self.texts(slot)):
            option = self.told(slot, index)
            if (found := NOTICED.match(text)) and option.startswith(f"You {found.group().casefold()}"):
                option = ""  # what was noticed without a subject, the sender noticed
            # What is noted of the sender too, without a subject, is no deed of the reader's.
            if text in (*self.texts("proof"), *self.texts("about")) and is_past(text.split(" ", 1)[0].casefold()):
                continue
            option = option or voice.as_found(text, recipient=self.recipient, sender=self.sender)
            own = found or (unsure and is_past(text.split(" ", 1)[0].casefold()))
            if not option and not own and not somebody_else(text):
                option = self._of_reader(text)
            bare = KNOWN.match(option) or re.fullmatch(r"I \S+ \S+", option)  # "I walked past." tells nobody why
            if only is None or index in only:
                options.append("" if bare else option)
        options = [without_trade(o) for o in options]
        news = self.some(slot, (o for o in options if not NO_NEWS.match(o)))
        known = [o for o in options if NO_NEWS.match(o)] if slot == "why_them" and not news else []
        return news or self.first(*(self.phrase("why_known", why_them=voice.lower(mended(o))) for o in known), *known)

    def _of_reader(self, text: str) -> str:
        """A note about the reader told to them, or the first piece of it that can be."""
        if aside := re.fullmatch(rf"([^()]+?) \(({NOTICED.pattern}[^()]*)\)\.?", text, NOTICED.flags):
            both = [self._of_reader(t) for t in aside.group(1, 2)]
            return " ".join(both) if all(both) else both[0]
        pieces = (
            voice.as_recipient(t, recipient=self.recipient, sender=self.sender)
            for t in (text, re.sub(r"\s*\([^()]*\)$", "", text), *re.split(r"[,;] ", text))
        )
        whole, *parts = pieces
        told = (whole, *(p for p in parts if "you" in p.casefold()))
        # "three bands" are hardly the reader's own.
        counted = not re.search(r"\b(?:ha(?:s|ve)|got)\b", text)
        told = tuple(t for t in told if not (counted and t.startswith("You have ")))
        return next((t for t in told if t and not KNOWN.match(t) and self._clean(t)), "")

    def about_sender(self, slot: Slot, *, only: Sequence[int] | None = None) -> str:
        """What concerns the sender, in the first person, as in: I priced 3 loft jobs."""
        options, texts = [], []
        for index, text in enumerate(self.texts(slot)):
            if WISH.match(text) or (only is not None and index not in only):
                continue
            option, rule = self.told(slot, index), self._of_sender(text)
            if option or YEARS.fullmatch(rule):  # a trade with its years the rules say best
                option = rule if YEARS.fullmatch(rule) else option
                options.append(option if self.kind.id == "follow-up" else SINCE.sub("", option))
            elif (slot != "about" or says_who(text)) and not somebody_else(text):
                texts.append(text)
                options.append(rule)
        if slot == "about":
            # Who somebody is often stands among the proofs: "lab technician, 5 yrs".
            proofs = [self.told("proof", i) or self._of_sender(t) for i, t in enumerate(self.texts("proof"))]
            options += [t for t in proofs if WHO.match(t)]
        # A deed before a trade, a result that can be counted before one that cannot; who before for how long.
        options.sort(
            key=lambda t: (
                slot == "about" and not TRADE.match(t),
                bool(WHO.match(t)) == (slot == "proof"),
                not re.search(r"\d", t) or bool(re.search(r"\b(?:it|them)\b", t)),  # what "it" is comes first
            )
        )
        stated = self.some(slot, options)
        return stated or (self._pointed_at(texts) if slot == "proof" else "")

    def _of_sender(self, text: str) -> str:
        """A note about the sender in the first person, or the piece of it that can be."""
        text = re.sub(rf"\bI['’]m {re.escape(self.sender)},? (?=\w)", "I'm ", text) if self.sender else text
        pieces = text.split(", ")
        if stated := next(
            (t for t in pieces[1:] if re.match(r"I(?:['’]m)?(?: \S+){2}", t) and not finite(pieces[0].split())), ""
        ):
            pieces.insert(1, stated)
            text = stated
        # "harbour scene: 5 weeks, runs at 60 fps": what runs is the scene.
        others = [t for t in pieces[1:] if not deed_of_it(t) or deed_of_it(pieces[0])]
        options = (voice.as_sender(t, sender=self.sender, recipient=self.recipient) for t in (text, *others, pieces[0]))
        return next((t for t in options if t and self._clean(mended(t))), "")

    def _pointed_at(self, texts: Iterable[str], prefix: str = "", **fields: str) -> str:
        """A proof that is a counted thing and no deed, as in: I can point to 16 rooms each day."""
        counted = (voice.as_counted(LABEL.sub("", text)) for text in texts)
        return self.first(*(self.phrase(f"{prefix}proof_plain", proof=c, **fields) for c in counted))

    def offer(self) -> str:
        """What the sender offers, as a sentence, as in: I can send a free size chart."""
        left_out = {e.text for e in self.brief.leave_out}
        texts = [t for t in self.texts("offer") if t not in left_out]
        rules = [voice.as_offer(t, sender=self.sender, recipient=self.recipient) for t in texts]
        told = self.worded("offer", question=False) if texts else ""
        if told.startswith("My ") and not any(re.search(r"\b[Mm]y\b", t) for t in texts):
            told = self.first(f"The{told.removeprefix('My')}")
        return ("" if FREE.match(told) else told) or self.first(*(r for r in rules if not FREE.match(r)))

    def about_person(self, slot: Slot, name: str, prefix: str = "") -> str:
        """What concerns the sender, told by somebody else, as in: Jalen wrote up 83 casualty cards."""
        if not name:
            return ""
        options, texts = [], []
        for index, text in enumerate(self.texts(slot)):
            bare = LABEL.sub("", text)
            bare = capital(bare) if re.match(r"(?:at|in|since|with) ", bare) and finite(bare.split()) else bare
            rule = voice.as_third_person(bare, name=name)
            if (option := self.told(slot, index, note=True)) and not YEARS.fullmatch(rule):
                options.append(option)
            elif slot != "about" or says_who(text):
                options.append(rule)
                texts += [] if FIRST_PERSON.search(bare) else [bare]
        stated = self.some(slot, options)
        return stated or (self._pointed_at(texts, prefix, sender=name) if slot == "proof" else "")

    def target(self) -> str:
        """What is wanted as one noun phrase or question: the role, and where it is if that stands apart."""
        asks, told = self.kind.id == "informational", " ".join(d.text for d in self.sources)
        forms = "|".join(map(re.escape, voice.name_forms(self.recipient))) or "(?!)"
        # What the notes say of the reader after the name is nothing that is wanted: "Ada Berg, head of the library".
        texts = [t for t in self.texts("target") if not re.search(rf"(?:{forms}),? (?:the )?{re.escape(t)}", told)]
        return asked_for(texts, recipient=self.recipient, sender=self.sender, question=asks, told=told)

    def length(self) -> str:
        """The minutes asked for, where draft or notes name a number of them."""
        return minutes(self.brief, self.kind, self.draft.text)

    def sent(self) -> str:
        """When the earlier message went out: as the command said, or in the notes' own words."""
        if self.follow_up and self.follow_up.sent:
            return f"on {self.follow_up.sent.day} {self.follow_up.sent:%B}"
        return ago(" ".join(e.text for e in (*self.brief.history, *self.brief.target)))

    def question(self) -> str:
        """A question to be answered, other than for a call: in the ask, or in the earlier message of a follow-up."""
        asks = [m.group(1) for text in self.texts("ask") if (m := ASKED.search(text))]
        told = [voice.as_topic(a, recipient=self.recipient, sender=self.sender) for a in asks]
        told += [re.sub(r"\s+", " ", s.text) for s in self.draft.sentences if self.follow_up and s.text.endswith("?")]
        return self.first(*(q for q in told if q.endswith("?") and not LENGTH.search(q) and not REQUEST.search(q)))

    def request(self, *slots: Slot) -> str:
        """What was asked of the reader as a question, as in: Could you look at my plan?"""
        texts = (t for slot in slots for t in self.texts(slot))
        return self.first(*(voice.as_request(t, recipient=self.recipient, sender=self.sender) for t in texts))

    def did(self, slot: Slot) -> str:
        """What the sender did before, noted without a subject, as in: I sent you six photos on Sunday."""
        texts = (t for t in self.texts(slot) if is_past(t.split(" ", 1)[0].casefold()) and not somebody_else(t))
        return self.first(*(self._of_sender(t) for t in texts))

    def short_name(self) -> str:
        return first_name(self.sender) if self.sender else ""
