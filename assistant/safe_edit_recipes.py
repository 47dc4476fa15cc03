"""One recipe a kind: which sentences, in which paragraph, and which can be spared."""

from __future__ import annotations

import re
from collections.abc import Callable

from assistant import voice
from assistant.phrasing import Phrasing
from assistant.phrasing_checks import capital
from assistant.phrasing_roles import bare_target, is_place_name, is_plural, job, names_role
from assistant.safe_edit_introduction import introduction
from assistant.safe_edit_parts import NOUN, Part, alike, called_in_turn, way_out, why
from assistant.safe_edit_reply import reply
from assistant.voice.grammar import base_of_third, is_base, is_past

# A request can be refused; any other question may be one that the reader cannot answer.
REQUEST = re.compile(r"(?:could|would|can|will|may|shall|do) (?:you|we|I)\b", re.IGNORECASE)
TERMS = re.compile(r",|\b(?:clos(?:es|ing)|deadline|starts?|says|requires?)\b")
CLAUSE = re.compile(
    r"\b(?:said|says|asked|told|wrote|promised|would|could|should|can|will|he|she|they|I|he'd|she'd|is|are|was|were|it's)\b|\?",
    re.IGNORECASE,
)


def first_message(words: Phrasing) -> list[Part]:
    """Why you and what for, who I am with the proof, the ask and the way out: the shape of most first messages."""
    return _letter(words, words.phrase("target", target=words.target()), [Part(words.phrase("ask"), 3)])


def referral(words: Phrasing) -> list[Part]:
    role = job(words.target())
    fits = words.brief.proof or words.brief.about
    told, phrase = words.own("target"), words.phrase("target", target=role)
    # A telling of another job than the rules found may be of the reader's own.
    told = told if not phrase or role.removeprefix("the ").split(" ")[0] in told else ""
    # The model words a title with its terms as one list: "Buyer, castings, permanent, closing in May".
    target = words.first(*((phrase, told) if TERMS.search(told) else (told, phrase)))
    ask = "ask" if target and fits else "ask_no_proof" if target else "ask_no_role"
    return _letter(
        words,
        target,
        [
            Part(_asked(words, "refer|recommend|put .* word|forward|pass on") or words.phrase(ask), 3),
            Part(words.phrase("forward") if ask == "ask" else "", 3, drop=5),
        ],
    )


def informational(words: Phrasing) -> list[Part]:
    topic = words.target() or words.question()
    question = words.phrase("question", target=f"{capital(topic.rstrip('?'))}?") if topic.endswith("?") else ""
    wanted = (*words.texts("target"), *words.texts("ask"))
    indirect = (voice.as_indirect(bare_target(t), recipient=words.recipient, sender=words.sender) for t in wanted)
    asked = words.first(
        words.worded("target", question=True),
        question,
        words.request("target"),
        *(words.phrase("indirect", target=t) for t in indirect),
        "" if topic.endswith("?") else words.phrase("topic", target=topic),
    )
    call = _asked(words, "minutes|call|talk|meet") or words.phrase("ask_length", length=words.length())
    call = call or words.phrase("ask")
    return _letter(words, "", [Part(asked, 3), Part(call if asked else words.phrase("ask_no_question"), 3)])


def pitch(words: Phrasing) -> list[Part]:
    thing = voice.as_thing(
        words.text("offer") or words.text("ask").rstrip("?"), recipient=words.recipient, sender=words.sender
    )
    told = "" if NOUN.match(words.text("offer")) else words.offer()
    question = words.first(words.worded("ask", question=True), words.question(), words.request("ask"))
    wanted = "" if told else words.phrase("ask_offer", offer=thing)
    call = words.phrase("ask_length", length=words.length() if words.brief.ask and not told else "")
    question = "" if alike(question, told) else question
    ask = words.first(question, wanted, call, words.phrase("ask" if told or words.offer() else "ask_bare"))
    return _letter(words, "", [Part(told if told != question else "", 3, drop=5), Part(ask, 3)])


def _asked(words: Phrasing, about: str) -> str:
    """The ask as a model has worded it, where it is what such a message asks for."""
    told = words.worded("ask", question=True)
    return told if re.search(rf"\b(?:{about})", told) else ""


def _letter(words: Phrasing, wanted: str, ask: list[Part]) -> list[Part]:
    before = [Part(words.about_reader("history"), 1, drop=4), Part(why(words), 1, drop=1)]
    if before[0].text.startswith("I "):
        before.reverse()  # What the reader did comes before what the sender did about it.
    who, proof = words.about_sender("about"), words.about_sender("proof")
    return [
        Part(words.greeting(), 0),
        *before,
        Part(wanted, 1),
        Part(who, 2, drop=3),
        Part(proof if proof != who else "", 2, drop=2),
        *ask,
        Part(way_out(words), 3),
        Part(words.phrase("thanks"), 3, drop=6),
        Part(words.sender, 4),
    ]


def connection_note(words: Phrasing) -> list[Part]:
    greeting = words.greeting()
    who = words.about_sender("about") or words.about_sender("proof")
    said = [words.about_reader("history"), why(words), who]
    if said[0] and alike(said[0], said[1]):
        said[0] = ""
    if said[0].startswith("I ") and said[1]:
        said[:2] = said[1::-1]
    first = next((i for i, text in enumerate(said) if text), None)
    if first is not None and greeting.endswith(","):
        said[first] = voice.lower(said[first])
    return [
        Part(greeting, 0),
        Part(said[0], 0, drop=2),
        Part(said[1], 0, drop=1),
        Part(said[2], 0, drop=3),
        Part(_asked(words, "connect|in touch|follow") or words.phrase("ask"), 0),
        Part("" if words.sender and words.sender in said[2] else words.sender, 0, drop=4),
    ]


def forwardable(words: Phrasing) -> list[Part]:
    mine = not words.sender  # nobody to speak of by name: the note is the sender's own
    about = words.about_person("about", words.sender) or (words.about_sender("about") if mine else "")
    proof = words.about_person("proof", words.sender) or (words.about_sender("proof") if mine else "")
    target = bare_target(words.target())
    doing = target.split(" ", 1)[0].casefold()
    verb = target[:1].islower() and (is_base(doing) or base_of_third(doing)) and not NOUN.match(target)
    applied = is_place_name(target) or NOUN.match(target) or " who " in target or is_plural(target)
    goal = words.first(
        words.worded("target", note=True, question=False),
        words.about_person("target", words.sender) if verb else "",
        "" if applied else words.phrase("target_role", sender=words.sender, target=job(target)),
        words.phrase("target", sender=words.sender, target=target),
        words.phrase("target_mine", target=voice.as_thing(target)) if mine else "",
    )
    about = "" if alike(about, proof) else about
    return called_in_turn(words, [Part(about, 0, drop=2), Part(proof, 0), Part(goal, 0, drop=1)])


SPOKEN = re.compile(r"\b(?:call(?:ed)?|rang|phoned|spoke|met|talked|chatted)\b", re.IGNORECASE)
WROTE = re.compile(r"\b(?:wrote|written|mail\w*|e-mail\w*|sent|messaged?|texted|dm)\b", re.IGNORECASE)


def follow_up(words: Phrasing) -> list[Part]:
    target = (words.question() if words.follow_up else "") or words.target() or words.question()
    asks = target.endswith("?")
    told = words.about_reader("history") or words.did("history")
    first = target.split(" ", 1)[0].casefold()
    topic = "" if asks or CLAUSE.search(target) or is_base(first) or is_past(first) else target.removeprefix("about ")
    titled = names_role(topic.split(" at ")[0]) and not re.match(r"[a-z]+ing\b", topic)
    topic = "" if is_place_name(topic) else job(topic) if titled else voice.with_article(topic)
    ask = words.first(
        words.worded("ask", question=True),
        words.question(),
        words.phrase("ask_referral") if _referral_asked(words) and topic else "",
        words.request("ask", "history", "target"),
        words.phrase("ask_referral") if _referral_asked(words) else "",
        words.phrase("ask_call", length=words.length()),
    )
    asked = capital(target) if asks else ""
    asked = ask if asked and ask.endswith("?") and alike(asked, ask) else asked
    topic = "" if alike(topic, ask) and words.sent() else topic
    dated = re.match(r"(?:I|We|In|On|At)\b", told) and re.search(r"\d|\bago\b|\blast\b", told)
    spoken = any(SPOKEN.search(t) and not WROTE.search(t) for t in words.texts("history"))
    reminder = words.first(
        told if spoken or (dated and len(told.split()) >= 7) else "",
        words.phrase("reminder", sent=words.sent(), target=topic),
        told if len(told.split()) >= 7 and (not ask or re.match(r"(?:I|We)\b", told)) else "",
        words.phrase("reminder_asked", sent=words.sent(), ask=asked),
        words.phrase("reminder_asked_undated", ask=asked),
        words.phrase("reminder_undated", target=topic),
        words.phrase("reminder_bare", sent=words.sent()),
        told,
        words.about_reader("target"),
        "" if why(words).startswith("You're ") else why(words),
        words.phrase("reminder_plain"),
    )
    question = words.phrase("short_answer") if ask and ask in reminder else ask or asked or words.phrase("ask")
    last = words.follow_up is not None and words.follow_up.number > 1
    return [
        Part(words.greeting(), 0),
        Part(reminder, 1),
        Part(words.about_sender("proof") or words.offer(), 1, drop=2),
        Part(question, 2),
        Part(words.phrase("last") if last else "", 2),
        Part(way_out(words, "exit" if REQUEST.match(question) else "exit_question"), 2),
        Part(words.sender, 3),
    ]


def _referral_asked(words: Phrasing) -> bool:
    asked = " ".join(e.text for e in (*words.brief.ask, *words.brief.history)).casefold()
    return bool(re.search(r"\brefer(?:red|ral|ring)?\b", asked))


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
