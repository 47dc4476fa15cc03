"""The safe edit: the user's own words around the kind's fixed phrases, for when no candidate of the model passes."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

from assistant.lint import lint
from assistant.phrasing import Phrasing, capital, is_place_name, lower
from assistant.reading import first_name, say
from assistant.records import Brief, Document, Draft, FollowUp, Kind, Library
from assistant.voice.grammar import base_of_third, is_base, is_past

PERSON = re.compile(
    r"^((?:(?:Dr|Mr|Mrs|Ms|Prof)\.? )?[^\W\d_a-z][\w'’.-]*(?: (?:[a-z]{2,3} )?[^\W\d_a-z][\w'’.-]*){1,3})(?=$|[\s,.(])"
)
# An unwanted message is declined; any other reply takes a no.
UNWANTED = re.compile(
    r"\b(?:stop|spam\w*|unsubscribe|remove me|off (?:his|her|your|their|the) list|sell(?:s|ing)|"
    r"pitch(?:ed|es)?|promo\w*|"
    r"recruiters?|cold (?:e?mail|call|pitch)|not (?:interested|looking)|wants? (?:me|us) (?:for|to)|"
    r"offers? (?:me|us|paid))\b",
    re.IGNORECASE,
)
CLAUSE = re.compile(
    r"\b(?:said|says|asked|told|wrote|promised|would|he|she|they|he'd|she'd|is|are|was|were|it's)\b|\?", re.IGNORECASE
)
SENTENCE_END = re.compile(r"(?<=[.!?])\s+")
NOUN = re.compile(r"(?:an?|one|\d+|the|my|our|some|two|three)\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Part:
    """One sentence: `paragraph` groups it; the highest `drop` goes first when all is too long (0: it stays)."""

    text: str
    paragraph: int
    drop: int = 0


def safe_edit(
    draft: Draft,
    brief: Brief,
    kind: Kind,
    library: Library,
    sources: Sequence[Document],
    *,
    max_chars: int | None,
    follow_up: FollowUp | None = None,
) -> str:
    """A message of the kind built from `brief`; within `max_chars` unless even its barest form is longer.

    Where the brief holds nothing to build from, the draft's own sentences without a finding are what is left.
    """
    return edit(Phrasing(draft, brief, kind, library, sources, follow_up), max_chars)


def edit(words: Phrasing, max_chars: int | None) -> str:
    """The message that the kind's recipe makes of these words."""
    parts = [p for p in _said_once(RECIPES.get(words.kind.id, first_message)(words)) if p.text]
    if not any(p.drop or p.paragraph for p in parts) and not words.brief.proof and not words.brief.target:
        parts = [Part(_clean_sentences(words.draft, words.kind, words.library), 0)]
    return _fit(parts, words.kind, max_chars)


# --- one recipe a kind: which sentences, in which paragraph, and which can be spared -------------------------------


def first_message(words: Phrasing) -> list[Part]:
    """Why you, who I am and what for, the proof, the ask and the way out: the shape of most first messages."""
    return _letter(words, [Part(words.phrase("target", target=words.target()), 2)], [Part(words.phrase("ask"), 3)])


def referral(words: Phrasing) -> list[Part]:
    role = words.target()
    fits = words.brief.proof or words.brief.about
    target = words.first(
        words.own("target"), words.phrase("target", target=role), words.phrase("target_plain", target=role)
    )
    ask = [
        Part(words.phrase("ask" if role and fits else "ask_no_proof" if role else "ask_no_role"), 3),
        Part(words.phrase("forward") if role and fits else "", 3, drop=5),
    ]
    return _letter(words, [Part(target, 2)], ask)


def informational(words: Phrasing) -> list[Part]:
    topic = words.target() or words.question()
    question = words.phrase("question", target=f"{capital(topic.rstrip('?'))}?") if topic.endswith("?") else ""
    asked = words.first(words.own("target"), question, words.phrase("topic", target=topic.rstrip("?")))
    ask = words.phrase("ask_length", length=words.length()) or words.phrase("ask")
    return _letter(words, [], [Part(asked, 3), Part(ask if asked else words.phrase("ask_no_question"), 3)])


def pitch(words: Phrasing) -> list[Part]:
    offer = lower(words.text("offer"))
    noun = bool(NOUN.match(offer))
    told = "" if noun else words.offer()
    ask = words.first(words.own("ask"), words.phrase("ask_offer", offer=offer) if noun else "", words.phrase("ask"))
    return _letter(words, [], [Part(told, 3, drop=5), Part(ask, 3)])


def _letter(words: Phrasing, wanted: list[Part], ask: list[Part]) -> list[Part]:
    before = [Part(words.about_reader("history"), 1, drop=4), Part(words.why(), 1, drop=1)]
    if before[0].text.startswith("I "):
        before.reverse()  # What the reader did comes before what the sender did about it.
    who, proof = words.about_sender("about"), words.about_sender("proof")
    return [
        Part(words.greeting(), 0),
        *before,
        Part(who, 2, drop=3),
        *wanted,
        Part(proof if proof != who else "", 2, drop=2),
        *ask,
        Part(words.phrase("exit"), 3),
        Part(words.phrase("thanks"), 3, drop=6),
        Part(words.sender, 4),
    ]


def connection_note(words: Phrasing) -> list[Part]:
    greeting = words.greeting()
    said = [words.about_reader("history"), words.why(), words.about_sender("about") or words.about_sender("proof")]
    first = next((i for i, text in enumerate(said) if text), None)
    if first is not None and greeting.endswith(","):
        said[first] = lower(said[first])
    return [
        Part(greeting, 0),
        Part(said[0], 0, drop=2),
        Part(said[1], 0, drop=1),
        Part(said[2], 0, drop=3),
        Part(words.phrase("ask"), 0),
        Part(words.sender, 0, drop=4),
    ]


def introduction(words: Phrasing) -> list[Part]:
    person, target = _wanted_person(words)
    # "Ann Lee, curator" is a person described; "Ann Lee told the paper …" is a sentence already.
    key = "target_plain" if target.removeprefix(person).lstrip()[:1] in (",", "(", "-", "–") else "target"
    told = target != person and target[:1].isupper() and len(target.split()) > 2
    described = words.phrase(key, target=target) if told else ""
    # The reason may be about the third person: only what names the introducer is surely about them.
    named = any(words.recipient and first_name(words.recipient) in t for t in words.texts("why_them"))
    return [
        Part(words.greeting(), 0),
        Part(words.about_reader("history"), 1, drop=3),
        Part(words.first(words.phrase("know", person=person), words.phrase("know_plain")), 1),
        Part(words.first(described), 1),
        Part(words.about_reader("why_them") if named else "", 1, drop=4),
        Part(words.phrase("opt_in"), 2),
        Part(words.phrase("exit"), 2),
        Part(words.phrase("thanks"), 2, drop=6),
        Part(words.sender, 3),
        *_note(words),
    ]


def _wanted_person(words: Phrasing) -> tuple[str, str]:
    """Who is to be met, and the words about them: the target that opens with a name."""
    targets = [t for t in words.texts("target") if not t.startswith(words.recipient or "\n")]
    found = [(m.group(1).rstrip(".,"), t) for t in targets if (m := PERSON.match(t))]
    matches = [(name, t) for name, t in found if not is_base(name.split()[0].casefold())]  # "Want Saturday job"
    # "Redfern Toys" alone is as likely a firm as a person; with more words after the name it is a person described.
    described = [(name, t) for name, t in matches if name != t]
    return next(iter([*described, *matches]), ("", targets[0] if targets else ""))


def _note(words: Phrasing) -> list[Part]:
    about = words.about_person("about", words.sender, "note_")
    proof = words.about_person("proof", words.short_name() if about else words.sender, "note_")
    if not (about or proof):
        return []
    asks = words.phrase("note_ask", sender=words.short_name(), ask=words.length())
    return [
        Part(words.phrase("note_heading"), 5),
        Part(about, 6, drop=2),
        Part(proof, 6),
        Part(words.first(asks, words.phrase("note_ask_plain", sender=words.short_name())), 6, drop=5),
    ]


def forwardable(words: Phrasing) -> list[Part]:
    mine = not words.sender  # nobody to speak of by name: the note is the sender's own
    about = words.about_person("about", words.sender) or (words.about_sender("about") if mine else "")
    short = words.short_name() if about else words.sender
    proof = words.about_person("proof", short) or (words.about_sender("proof") if mine else "")
    target = words.target()
    key = "target" if NOUN.match(target) else "target_plain" if is_place_name(target) else "target_role"
    doing = target.split(" ", 1)[0].casefold()
    goal = (
        words.about_person("target", short)
        if target[:1].islower() and (is_base(doing) or base_of_third(doing))
        else words.first(words.phrase(key, sender=short, target=target), words.phrase("target_plain", target=target))
    )
    return [Part(about, 0, drop=2), Part(proof, 0), Part(goal, 0, drop=1)]


def follow_up(words: Phrasing) -> list[Part]:
    target = (words.question() if words.follow_up else "") or words.target() or words.question()
    asks = target.endswith("?")
    told = words.about_reader("history") or words.did("history")
    first = target.split(" ", 1)[0].casefold()
    topic = "" if asks or CLAUSE.search(target) or is_base(first) or is_past(first) else target
    reminder = words.first(
        words.phrase("reminder", sent=words.sent(), target=topic),
        told if len(told.split()) >= 7 else "",
        words.phrase("reminder_asked", sent=words.sent(), ask=capital(target)) if asks else "",
        words.phrase("reminder_asked_undated", ask=capital(target)) if asks else "",
        words.phrase("reminder_undated", target=topic),
        words.about_reader("target"),
        "" if words.why().startswith("You're ") else words.why(),
        words.phrase("reminder_plain", target=topic),
        words.phrase("reminder_bare", sent=words.sent()),
    )
    question = "" if not asks else words.phrase("short_answer") if capital(target) in reminder else capital(target)
    last = words.follow_up is not None and words.follow_up.number > 1
    return [
        Part(words.greeting(), 0),
        Part(reminder, 1),
        Part(words.about_sender("proof"), 1, drop=2),
        Part(question or words.phrase(_bump_key(words)), 2),
        Part(words.phrase("last") if last else "", 2),
        Part(words.phrase("exit"), 2),
        Part(words.sender, 3),
    ]


def _bump_key(words: Phrasing) -> str:
    asked = " ".join(e.text for e in (*words.brief.ask, *words.brief.history)).casefold()
    if re.search(r"\brefer", asked):
        return "ask_referral"
    return "ask_call" if words.length() == "15 minutes" else "ask"


def reply(words: Phrasing) -> list[Part]:
    told = " ".join([words.draft.text, *(d.text for d in words.sources)])
    if UNWANTED.search(told):
        return [
            Part(words.greeting(), 0),
            Part(words.phrase("decline_thanks"), 1),
            Part(words.first(words.about_sender("about"), words.about_sender("proof")), 1, drop=2),
            Part(words.phrase("decline"), 1),
            Part(words.phrase("wish"), 1, drop=1),
            Part(words.sender, 2),
        ]
    return [
        Part(words.greeting(), 0),
        Part(words.phrase("thanks"), 1),
        Part(words.reported() or words.phrase("accept"), 1),
        Part(words.phrase("door"), 1, drop=1),
        Part(words.sender, 2),
    ]


RECIPES: dict[str, Callable[[Phrasing], list[Part]]] = {
    "referral": referral,
    "informational": informational,
    "connection-note": connection_note,
    "introduction": introduction,
    "forwardable": forwardable,
    "follow-up": follow_up,
    "pitch": pitch,
    "reply": reply,
}


def _said_once(parts: Sequence[Part]) -> Iterator[Part]:
    """The parts without sentences that stand before: two slots can hold the same words."""
    said = [(s, set(re.findall(r"\w+", s.casefold()))) for p in parts for s in SENTENCE_END.split(p.text)]
    number = -1
    for part in parts:
        kept = []
        for sentence in SENTENCE_END.split(part.text):
            number += 1
            words = said[number][1]
            longer = any(
                words <= other and (len(words) < len(other) or j < number)
                for j, (_, other) in enumerate(said)
                if j != number
            )
            if len(words) < 4 or not longer:
                kept.append(sentence)
        yield replace(part, text=" ".join(kept))


# --- putting together -----------------------------------------------------------------------------------------


def _fit(parts: list[Part], kind: Kind, max_chars: int | None) -> str:
    """The parts as paragraphs; while too long, second sentences go, then the part that can best be spared."""
    while True:
        text = _join(parts)
        too_long = len(text.split()) > kind.max_words or (max_chars is not None and len(text) > max_chars)
        spare = max((p for p in parts if p.drop), key=_drop, default=None)
        if not too_long or spare is None:
            return text
        long = max((p for p in parts if p.drop and len(SENTENCE_END.split(p.text)) > 1), key=_drop, default=None)
        if long is None:
            parts = [p for p in parts if p is not spare]
        else:
            less = replace(long, text=" ".join(SENTENCE_END.split(long.text)[:-1]))
            parts = [less if p is long else p for p in parts]


def _drop(part: Part) -> int:
    return part.drop


def _join(parts: Sequence[Part]) -> str:
    paragraphs: dict[int, list[str]] = {}
    for part in parts:
        paragraphs.setdefault(part.paragraph, []).append(part.text)
    return "\n\n".join(" ".join(texts) for texts in paragraphs.values())


def _clean_sentences(draft: Draft, kind: Kind, library: Library) -> str:
    findings = lint(draft.text, kind, library, said=say(draft.text))
    kept = [
        s.text
        for s in draft.sentences
        if not any(f.end > f.start and f.start < s.end and s.start < f.end for f in findings)
    ]
    return " ".join(kept) or draft.text
