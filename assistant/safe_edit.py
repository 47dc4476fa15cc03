"""The safe edit: the user's own words around the kind's fixed phrases, for when no candidate of the model passes.

Each sentence is made from one excerpt of the brief, and goes in only if the gate supports it on its own; so nothing
in the message is anybody's but the user's, or a phrase from `prompts/kinds/<kind>/kind.toml`.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from assistant import voice
from assistant.facts import unsupported
from assistant.reading import first_name, salutation
from assistant.records import Brief, Document, Draft, FollowUp, Kind, Slot

_LENGTH = re.compile(r"\b(\d{1,2}|ten|fifteen|twenty)[\s-]*min(?:ute)?s?\b", re.IGNORECASE)
_AGO = re.compile(
    r"\b(?:(?:\w+ ){1,2}(?:day|week|month)s? ago|last (?:week|month|\w+day)|(?:on )?\d{1,2}(?:st|nd|rd|th)? "
    r"(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)\w*|on \w+day)\b",
    re.IGNORECASE,
)
_FORMAL = re.compile(r"\b(?:dear|sir|madam|respected|esteemed|sincerely|faithfully|regards)\b", re.IGNORECASE)
_THIRD_PERSON = re.compile(r"\b(?:he|she|his|her|hers|him|they|their|them)\b", re.IGNORECASE)
_PERSON = re.compile(
    r"^((?:(?:Dr|Mr|Mrs|Ms|Prof)\.? )?[^\W\d_a-z][\w'’.-]*(?: (?:[a-z]{2,3} )?[^\W\d_a-z][\w'’.-]*){0,3})"
)
_TITLE = re.compile(r"^(?:Dr|Mr|Mrs|Ms|Prof)\b", re.IGNORECASE)
_QUESTION = re.compile(
    r"^(?:after|before|in|for|with)?[^,]{0,40},?\s*\b(?:where|what|which|when|who|how|why|whether|if|is|are|do|does|did|"
    r"can|could|would|should|will)\b",
    re.IGNORECASE,
)
_REFUSED = re.compile(
    r"\b(?:said no|turned (?:me|us) down|declined|can ?not|can't|couldn't|won't|not (?:able|hiring|possible)|frozen?|"
    r"filled|sorry|unfortunately|no longer|replied|answered|wrote back|referred someone)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class _Part:
    """One sentence: `paragraph` groups it, the highest `drop` goes first when it is too long (0: never)."""

    text: str
    paragraph: int
    drop: int = 0


def safe_edit(
    draft: Draft,
    brief: Brief,
    kind: Kind,
    sources: Sequence[Document],
    *,
    max_chars: int | None,
    follow_up: FollowUp | None = None,
) -> str:
    """A message of the kind built from `brief`; within `max_chars` unless even its barest form is longer."""
    writer = _Writer(draft, brief, kind, sources, follow_up)
    parts = _RECIPES.get(kind.id, _Writer.any)(writer)
    return _fit([p for p in parts if p.text], kind, max_chars)


class _Writer:
    """Makes the sentences of one message; which variant of a phrase is used depends on the draft alone."""

    def __init__(
        self, draft: Draft, brief: Brief, kind: Kind, sources: Sequence[Document], follow_up: FollowUp | None
    ) -> None:
        self.draft = draft
        self.brief = brief
        self.kind = kind
        self.sources = sources
        self.follow_up = follow_up
        self.recipient = self._text("recipient")
        self.sender = self._text("sender")
        self.formal = bool(_TITLE.match(self.recipient) or _FORMAL.search(draft.text))
        self._pick = int.from_bytes(hashlib.sha256(draft.text.encode()).digest()[:4])

    # --- words ----------------------------------------------------------------------------------------------

    def phrase(self, key: str, **fields: str) -> str:
        """One of the kind's phrases for `key`, its fields filled; "" where a field is empty or the kind has none."""
        if not all(fields.values()):
            return ""
        variants = (self.kind.phrases.get(f"{key}_formal") if self.formal else None) or self.kind.phrases.get(key, ())
        fitting = [v for v in variants if all("{" + name + "}" in v for name in fields) and _fields(v) <= set(fields)]
        if not fitting:
            return ""
        text = fitting[self._pick % len(fitting)]
        for name, value in fields.items():
            text = text.replace("{" + name + "}", value)
        return _tidy(text)

    def first(self, *options: str) -> str:
        """The first option that says anything and that the gate supports."""
        return next((o for o in options if o and self._supported(o)), "")

    def _supported(self, text: str) -> bool:
        allowed = [p for group in self.kind.phrases.values() for p in group]
        return not unsupported(text, self.sources, brief=self.brief, allowed=allowed)

    def _text(self, slot: Slot, index: int = 0) -> str:
        excerpts = self.brief.get(slot)
        return _strip(excerpts[index].text) if len(excerpts) > index else ""

    # --- sentences ------------------------------------------------------------------------------------------

    def greeting(self) -> str:
        return salutation(self.recipient, self.draft.greeting.text if self.draft.greeting else None)

    def why(self) -> str:
        text = self._text("why_them")
        plain = "" if _THIRD_PERSON.search(text) else self.phrase("why_plain", why_them=_lower(text))
        return self.first(voice.as_recipient(text, recipient=self.recipient, sender=self.sender), plain)

    def history(self) -> str:
        text = self._text("history")
        return self.first(voice.as_recipient(text, recipient=self.recipient, sender=self.sender))

    def intro(self) -> str:
        text = self._text("about")
        return self.first(voice.as_sender(text, sender=self.sender, recipient=self.recipient))

    def proof(self) -> str:
        text = self._text("proof")
        return self.first(
            voice.as_sender(text, sender=self.sender, recipient=self.recipient), self.phrase("proof_plain", proof=text)
        )

    def target(self) -> str:
        """What is wanted as one noun phrase: the role, and where it is if that stands apart."""
        texts = [_strip(e.text) for e in self.brief.target]
        if not texts:
            return ""
        role = voice.as_topic(texts[0])
        rest = [t for t in texts[1:] if t.casefold() not in role.casefold() and _is_name(t)]
        return f"{role} at {rest[0]}" if rest and not re.search(r"\bat\b", role) else role

    def exit(self) -> str:
        return self.phrase("exit")

    def signature(self, paragraph: int) -> _Part:
        return _Part(self.sender, paragraph)

    def length(self) -> str:
        words = " ".join(e.text for e in (*self.brief.ask, *self.brief.target))
        match = _LENGTH.search(words) or _LENGTH.search(self.draft.text)
        return f"{match.group(1)} minutes" if match else ""

    # --- messages -------------------------------------------------------------------------------------------

    def any(self) -> list[_Part]:
        """What most first messages are: why you, what for, who I am, the ask, the way out."""
        return [
            _Part(self.greeting(), 0),
            _Part(self.history(), 1, drop=4),
            _Part(self.why(), 1, drop=1),
            _Part(self.intro(), 2, drop=3),
            _Part(self.phrase("target", target=self.target()), 2),
            _Part(self.proof(), 2, drop=2),
            _Part(self.phrase("ask"), 3),
            _Part(self.exit(), 3),
            self.signature(4),
        ]

    def referral(self) -> list[_Part]:
        target = self.target()
        ask = self.phrase("ask" if target and self.brief.proof else "ask_no_proof" if target else "ask_no_role")
        return [
            _Part(self.greeting(), 0),
            _Part(self.history(), 1, drop=4),
            _Part(self.why(), 1, drop=1),
            _Part(self.intro(), 2, drop=3),
            _Part(self.first(self.phrase("target", target=target), self.phrase("target_plain", target=target)), 2),
            _Part(self.proof(), 2, drop=2),
            _Part(ask, 3),
            _Part(self.phrase("forward") if self.brief.proof else "", 3, drop=5),
            _Part(self.exit(), 3),
            self.signature(4),
        ]

    def informational(self) -> list[_Part]:
        topic = voice.as_topic(self._text("target"))
        question = topic if topic.endswith("?") else ""
        asked = self.first(
            self.phrase("question", target=_capital(question)),
            self.phrase("topic", target=topic.rstrip("?.")) if topic else "",
        )
        length = self.length()
        ask = self.phrase("ask_length", length=length) if length else self.phrase("ask")
        return [
            _Part(self.greeting(), 0),
            _Part(self.history(), 1, drop=4),
            _Part(self.why(), 1, drop=1),
            _Part(self.intro(), 2, drop=3),
            _Part(self.proof(), 2, drop=2),
            _Part(asked, 3),
            _Part(ask if asked else self.phrase("ask_no_question"), 3),
            _Part(self.exit(), 3),
            self.signature(4),
        ]

    def connection_note(self) -> list[_Part]:
        return [
            _Part(self.greeting(), 0),
            _Part(self.history(), 0, drop=2),
            _Part(self.why(), 0, drop=1),
            _Part(self.first(self.intro(), self.proof()), 0, drop=3),
            _Part(self.phrase("ask"), 0),
            _Part(self.sender, 0, drop=4),
        ]

    def introduction(self) -> list[_Part]:
        target = self._text("target")
        match = _PERSON.match(target)
        person = match.group(1).rstrip(".,") if match else ""
        described = self.phrase("target_plain", target=target) if target != person else ""
        name = self.sender
        short = first_name(name) if name else ""
        return [
            _Part(self.greeting(), 0),
            _Part(self.history(), 1, drop=3),
            _Part(self.first(self.phrase("know", person=person), self.phrase("know_plain")), 1),
            _Part(self.first(described), 1),
            _Part(self.first(self.phrase("why_plain", why_them=_lower(self._text("why_them")))), 1, drop=4),
            _Part(self.phrase("opt_in"), 2),
            _Part(self.exit(), 2),
            self.signature(3),
            *self._note(name, short),
        ]

    def _note(self, name: str, short: str) -> list[_Part]:
        about = self.third_person("about", name)
        proof = self.third_person("proof", short if about else name)
        ask = self._text("ask")
        wish = self.first(self.phrase("note_ask_plain", sender=short or name)) if ask else ""
        if not (about or proof):
            return []
        return [
            _Part(self.phrase("note_heading"), 5),
            _Part(about, 6, drop=2),
            _Part(proof, 6),
            _Part(wish, 6, drop=5),
        ]

    def third_person(self, slot: Slot, name: str) -> str:
        text = self._text(slot)
        told = voice.as_third_person(text, name=name) if text and name else ""
        plain = {"about": "intro_plain", "proof": "proof_plain"}[slot]
        prefix = "note_" if self.kind.id == "introduction" else ""
        fields = {"sender": name, slot: text}
        return self.first(told, self.phrase(prefix + plain, **fields))

    def forwardable(self) -> list[_Part]:
        about = self.third_person("about", self.sender)
        short = first_name(self.sender) if self.sender and about else self.sender
        target = self.target()
        goal = self.first(
            self.phrase("target", sender=short, target=target), self.phrase("target_plain", target=target)
        )
        return [
            _Part(about, 0, drop=2),
            _Part(self.third_person("proof", short), 0),
            _Part(goal, 0, drop=1),
        ]

    def bump(self) -> list[_Part]:
        target = self.target()
        sent = self._sent()
        reminder = self.first(
            self.phrase("reminder", sent=sent, target=target) if sent else "",
            self.phrase("reminder_undated", target=target),
            self.history(),
        )
        last = self.follow_up is not None and self.follow_up.number > 1
        return [
            _Part(self.greeting(), 0),
            _Part(reminder, 1),
            _Part(self.proof(), 1, drop=2),
            _Part(self._bump_ask(), 2),
            _Part(self.phrase("last") if last else "", 2),
            _Part(self.exit(), 2),
            self.signature(3),
        ]

    def _bump_ask(self) -> str:
        asked = " ".join(e.text for e in self.brief.ask).casefold()
        if re.search(r"\brefer", asked):
            return self.phrase("ask_referral")
        if self.length():
            return self.phrase("ask_call")
        return self.phrase("ask")

    def _sent(self) -> str:
        if self.follow_up and self.follow_up.sent:
            return f"on {self.follow_up.sent.day} {self.follow_up.sent:%B}"
        words = " ".join(e.text for e in (*self.brief.history, *self.brief.target))
        match = _AGO.search(words)
        return match.group(0) if match else ""

    def pitch(self) -> list[_Part]:
        offer = _lower(self._text("offer"))
        noun = bool(re.match(r"(?:an?|one|\d+|the|my|our|some|two|three)\b", offer))
        ask = self.phrase("ask_offer", offer=offer) if noun else self.phrase("ask")
        told = "" if noun else voice.as_sender(offer, sender=self.sender, recipient=self.recipient) if offer else ""
        return [
            _Part(self.greeting(), 0),
            _Part(self.history(), 1, drop=4),
            _Part(self.why(), 1, drop=1),
            _Part(self.intro(), 2, drop=3),
            _Part(self.proof(), 2, drop=2),
            _Part(self.first(told), 3, drop=5),
            _Part(self.first(ask, self.phrase("ask")), 3),
            _Part(self.exit(), 3),
            self.signature(4),
        ]

    def reply(self) -> list[_Part]:
        notes = " ".join(d.text for d in self.sources[1:]) or self.draft.text
        refused = bool(_REFUSED.search(notes))
        body = (
            [_Part(self.phrase("thanks"), 1), _Part(self.phrase("accept"), 1), _Part(self.phrase("door"), 1, drop=1)]
            if refused
            else [
                _Part(self.phrase("decline_thanks"), 1),
                _Part(self.phrase("decline"), 1),
                _Part(self.phrase("wish"), 1, drop=1),
            ]
        )
        return [_Part(self.greeting(), 0), *body, self.signature(2)]


_RECIPES: dict[str, Callable[[_Writer], list[_Part]]] = {
    "referral": _Writer.referral,
    "informational": _Writer.informational,
    "connection-note": _Writer.connection_note,
    "introduction": _Writer.introduction,
    "forwardable": _Writer.forwardable,
    "follow-up": _Writer.bump,
    "pitch": _Writer.pitch,
    "reply": _Writer.reply,
}


def _fit(parts: list[_Part], kind: Kind, max_chars: int | None) -> str:
    """The parts as paragraphs; while too long, the part that can best be spared goes."""
    while True:
        text = _join(parts)
        too_long = len(text.split()) > kind.max_words or (max_chars is not None and len(text) > max_chars)
        spare = max((p for p in parts if p.drop), key=lambda p: p.drop, default=None)
        if not too_long or spare is None:
            return text
        parts = [p for p in parts if p is not spare]


def _join(parts: Sequence[_Part]) -> str:
    paragraphs: dict[int, list[str]] = {}
    for part in parts:
        paragraphs.setdefault(part.paragraph, []).append(part.text)
    return "\n\n".join(" ".join(texts) for texts in paragraphs.values())


def _fields(phrase: str) -> set[str]:
    return set(re.findall(r"\{(\w+)\}", phrase))


def _strip(text: str) -> str:
    return text.strip().strip("-*•;,").strip()


def _tidy(text: str) -> str:
    """One end mark where a verbatim excerpt brought its own."""
    return re.sub(r"([.?!])[.]+$", r"\1", re.sub(r"\s+", " ", text))


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def _lower(text: str) -> str:
    """The first letter small, unless the first word is a name, an initialism or "I"."""
    word = text.split(" ", 1)[0]
    common = word.casefold() in {
        "the",
        "a",
        "an",
        "we",
        "my",
        "our",
        "one",
        "two",
        "their",
        "her",
        "his",
        "its",
        "there",
    }
    return text[:1].lower() + text[1:] if common else text


def _is_name(text: str) -> bool:
    words = [w for w in text.split() if w[:1].isalpha()]
    return 0 < len(words) <= 4 and all(w[:1].isupper() for w in words if len(w) > 3)
