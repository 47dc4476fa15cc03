"""The note that an introducer can pass on as it is: who, with which proof, asks for what."""

from __future__ import annotations

import re
from itertools import pairwise

from assistant import voice
from assistant.phrasing import Phrasing
from assistant.phrasing_roles import bare_target, job, names_role
from assistant.safe_edit_parts import Part, alike, called_in_turn
from assistant.voice.grammar import PREPOSITIONS, is_past
from assistant.voice.pieces import finite

# What the sender would do is no question to anybody: "would like to show him the plans".
WISHED = re.compile(
    r"(?:I ?)?(?:would like|['’]d like|wants?|hop(?:es?|ing)) to "
    r"(?:(?!know|hear|ask|learn|meet|talk|speak|reach)\w+|"
    r"ask (?:him|her|them) (?:which|what|how|if|whether|where|when))",
    re.IGNORECASE,
)
# What is asked of the introducer is no question to the person to be met.
OF_INTRODUCER = re.compile(
    r"\b(?:introduc\w*|intro|hook|connect|link|put (?:me|\w+) in (?:touch|contact)|pass (?:\w+ )?on|forward|"
    r"a (?:good )?word)\b",
    re.IGNORECASE,
)
ASKING = re.compile(
    r"(?:could|would|can|will|may|might|shall|should|do|does|did|is|are|was|were|has|have|what|which|how|when|where|"
    r"who|whose|why)\b",
    re.IGNORECASE,
)
WANTS = re.compile(r"\bwants to\b")
SOMEBODY = re.compile(r"\b(?:some|any)(?:body|one)\b", re.IGNORECASE)
OWNED = re.compile(r"(?:his|her|their|your)\b", re.IGNORECASE)


def note(words: Phrasing, person: str) -> list[Part]:
    """What the introducer can pass on as it is: who, with which proof, asks for what."""
    name, short = words.sender, words.short_name()
    about, proof = words.about_person("about", name, "note_"), words.about_person("proof", name, "note_")
    if not (about or proof):
        return []
    about = "" if alike(about, proof) and len(about) <= len(proof) else about
    proof = "" if about and alike(about, proof) else proof
    length = words.length()
    questions = [
        voice.as_request(t, recipient=person, sender=name) for t in (*words.texts("ask"), *words.texts("target"))
    ]
    questions += [voice.as_topic(t, recipient=person, sender=name) for t in words.texts("ask") if t.endswith("?")]
    told = (words.worded("ask", note=True), words.worded("target", note=True))
    forms = "|".join(map(re.escape, voice.name_forms(person))) or "(?!)"
    wishes = (
        voice.as_topic(t, recipient=person, sender=name) or re.sub(r"\b(?:him|her|them)\b", "you", t)
        for t in (_with_pronoun(t, forms) for t in words.texts("ask"))
        if WISHED.match(t)
    )
    asked = [
        *(WANTS.sub("would like to", voice.as_third_person(t, name=name)) for t in wishes if person),
        *(
            re.sub(r"\b(?:him|her)\b(?! \w+s?\b)|\bwith (?:him|her)\b", _you, t) if person else t
            for t in told
            if not OF_INTRODUCER.search(t)
            and not (any(map(SOMEBODY.search, words.texts("ask"))) and not SOMEBODY.search(t))
            and not any(map(WISHED.match, words.texts("ask")))
            and not (person and names(t, set(), person))
        ),
        *(
            words.phrase("note_question", sender=short, ask=q)
            for q in questions
            if ASKING.match(q)
            and not re.search(r"\b(?:me|my|I)\b", q)
            and not (words.recipient and names(q, set(), words.recipient))
        ),
        words.phrase("note_ask", sender=short, ask=length),
        words.phrase("note_ask_plain", sender=short),
    ]
    roles = (
        t
        for t in words.texts("target")
        if names_role(t)
        and " " in t
        and not OWNED.match(t)
        and not any(t != other and t in other for other in [*words.texts("target"), *words.texts("why_them")])
        and not (person and person in t)
        and not finite(t.split())
        and not _deed(t)
        and not (person and _theirs(t, person, words))
    )
    goal = words.first(*(words.phrase("note_role", sender=short, target=job(bare_target(t))) for t in roles))
    parts = [Part(about, 6, drop=2), Part(proof, 6), Part(goal, 6, drop=3), Part(words.first(*asked), 6, drop=5)]
    return [Part(words.phrase("note_heading"), 5), *called_in_turn(words, parts)]


def _with_pronoun(text: str, forms: str) -> str:
    """A text with the person to be met as him or her, as the text calls them where it does not name them."""
    return re.sub(rf"\b(?:{forms})\b(?!['’])", "her" if re.search(r"\b(?:she|hers?)\b", text) else "him", text)


def names(text: str, known: set[str], person: str) -> bool:
    """Whether a text names the person to be met, or a place or firm that describes them."""
    return any(w in text for w in known) or any(form in text for form in voice.name_forms(person))


def _theirs(role: str, person: str, words: Phrasing) -> bool:
    """Whether draft or notes put a role right behind a person's name: "Ada Ek – now head of sales"."""
    forms = "|".join(map(re.escape, voice.name_forms(person)))
    return any(re.search(rf"(?:{forms})\W{{1,4}}(?:\w+ )?{re.escape(role)}", d.text) for d in words.sources)


def _deed(text: str) -> bool:
    """Whether somebody did something in it: "clinic posted for a nurse"."""
    return any(is_past(w) and after in PREPOSITIONS for w, after in pairwise(text.split()[1:]))


def _you(match: re.Match[str]) -> str:
    return re.sub(r"\w+$", "you", match.group())
