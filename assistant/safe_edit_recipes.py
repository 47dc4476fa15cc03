"""One recipe a kind: which sentences, in which paragraph, and which can be spared."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import replace

from assistant import voice
from assistant.phrasing import Phrasing
from assistant.phrasing_checks import capital
from assistant.phrasing_roles import JOB_WORD, bare_target, is_place_name, is_plural, job, names_role
from assistant.records import Document
from assistant.safe_edit_follow_up import follow_up
from assistant.safe_edit_introduction import introduction
from assistant.safe_edit_parts import NOUN, Part, alike, called_in_turn, own_words, thanks, way_out, why
from assistant.safe_edit_reply import reply
from assistant.voice.grammar import article, base_of_third, is_base
from assistant.voice.pieces import sort_piece

# A clause is no topic: "I should do the diploma first".
STATED = re.compile(r"(?:I|we|you|he|she|they|it|there|if|whether)\b", re.IGNORECASE)
OURS = re.compile(r"(?:we|our|my|I)\b(?!['’]?(?:d| would| want))", re.IGNORECASE)
WANTED = re.compile(r"(?:he |she |i )?(?:wants?|looking for|seeks?|seeking|would like|hoping)\b", re.IGNORECASE)
APPLIED = re.compile(r"\bI(?:['’]ve)? applied\b")
ASKS_FOR = frozenset("applying apply considered like d role job".split())
AT_HAND = re.compile(r"(?<=[,;] )I(?: can|['’]m (?:free|in|around)| am (?:free|in|around)) [^,;.?]+")
# One sentence that says what the reader did, short enough to follow "because".
YOU_DID = re.compile(r"You (?!are\b|have\b|know\b|both\b|always\b)[a-z]+ (?:[^.!?\s]+ ?){2,16}\.$")
# What the reader is or does is no news to them, but a reason.
STATE = re.compile(r"You(?:['’]re| are| were my| work| run| own| have| lead| teach) (?:[^.!?\s]+ ?){2,16}\.$")
ASKS = re.compile(r"(?:is|are|do|does|did|can|could|should|would|will|has|have|was|were)\b", re.IGNORECASE)
HAS_APPLIED = re.compile(r"\bapplied\b(?! (?:to|for) (?:my|our|the same|all|them|it)\b)", re.IGNORECASE)
# Not yet, not by the sender, or of another kind: "applied maths".
NOT_APPLIED = re.compile(
    r"\b(?:not|never|haven['’]?t|hasn['’]?t|didn['’]?t|before|if|once|until|when|he|she|they|who|people|friend|"
    r"others|\d+) (?:\w+ ){0,2}applied\b"
    r"|\bapplied\W{0,3}(?:no\b(?!\.? ?\d)|not\b|nope|y/n: no|scien\w+|math\w*|art|linguist\w*|physic\w*|econom\w*|"
    r"research|ethic\w*)",
    re.IGNORECASE,
)
WANT = re.compile(r"^(?:i )?(?:want|need|ask|asking)(?: for)? ", re.IGNORECASE)
REFERS = "refer|recommend|put .* word|forward|pass|vouch|nominat|endors|(?:my|the) (?:name|cv|résumé|resume|profile)"
TERMS = re.compile(r"^The (?:role|job|post|position|vacancy) |,|\b(?:clos(?:es|ing)|deadline|starts?|says|requires?)\b")


def first_message(words: Phrasing) -> list[Part]:
    """Why you and what for, who I am with the proof, the ask and the way out: the shape of most first messages."""
    return _letter(words, words.phrase("target", target=words.target()), [Part(words.phrase("ask"), 3)])


def referral(words: Phrasing) -> list[Part]:
    role = job(words.target())
    fits = words.brief.proof or words.brief.about
    told, phrase = words.own("target"), words.phrase("target", target=role)
    if applied(words.sources):
        told, phrase = "", words.first(words.phrase("target_applied", target=role)) or phrase
    # A telling of another job than the rules found may be of the reader's own.
    told = told if not phrase or role.removeprefix("the ").split(" ")[0] in told else ""
    # The model words a title with its terms as one list: "Buyer, castings, permanent, closing in May".
    plain = names_role(role) or TERMS.search(told)
    target = words.first(*((phrase, told) if plain else (told, phrase)))
    ask = "ask" if target and fits else "ask_no_proof" if target else "ask_no_role"
    return _letter(
        words,
        target,
        [
            Part(_referral_asked(words) or words.phrase(ask), 3),
            Part(words.phrase("forward") if ask == "ask" else "", 3, drop=5),
        ],
    )


def applied(sources: Sequence[Document]) -> bool:
    """Whether draft or notes say that the sender has applied: "applied on the 3rd", and not "applied? not yet"."""
    return any(
        not NOT_APPLIED.search(d.text[max(0, m.start() - 24) : m.end() + 16])
        for d in sources
        for m in HAS_APPLIED.finditer(d.text)
    )


def _referral_asked(words: Phrasing) -> str:
    """The ask as a model has worded it: for a referral, or for what the notes ask instead of one."""
    noted = any(re.search(rf"\b(?:{REFERS})", t, re.IGNORECASE) for t in words.texts("ask"))
    return _asked(words, REFERS) or ("" if noted else _asked(words, r"\w"))


def informational(words: Phrasing) -> list[Part]:
    topic = words.target() or words.question()
    question = words.phrase("question", target=f"{capital(topic.rstrip('?'))}?") if topic.endswith("?") else ""
    wanted = (*words.texts("target"), *words.texts("ask"))
    indirect = (voice.as_indirect(bare_target(t), recipient=words.recipient, sender=words.sender) for t in wanted)
    asked = words.first(
        *_questions(words),
        question,
        words.request("target"),
        *(words.phrase("indirect", target=t) for t in indirect),
        f"I'd like {topic.rstrip('.')}." if topic.startswith("to ") else "",
        *(f"{capital(t.rstrip('?'))}?" for t in words.texts("target") if ASKS.match(t)),
        words.phrase("topic", target="" if topic.endswith("?") or _no_thing(topic) else topic),
    )
    call = _asked(words, "minutes|call|talk|meet|phone|zoom|video|coffee|e?mail|line|visit|come") or words.phrase(
        "ask_length", length=words.length()
    )
    free = _free(words)
    call = "" if free and "free" not in call and " to " in call else call
    call = call or words.phrase("ask_length", length=words.length()) or words.phrase("ask")
    free = "" if alike(free, call) else free
    return _letter(
        words, "", [Part(asked, 3), Part(call if asked else words.phrase("ask_no_question"), 3), Part(free, 3, drop=5)]
    )


def _no_thing(topic: str) -> bool:
    """Whether a topic is a clause or a deed ("got a price list"), which nothing can be about."""
    return bool(STATED.match(topic)) or not topic or sort_piece(topic)[0] in ("verb", "passive", "done", "clause")


def _free(words: Phrasing) -> str:
    """When or where it would suit the sender, noted after the length: 20 minutes, I can come before opening."""
    found = (m.group() for t in words.texts("ask") if (m := AT_HAND.search(t)))
    return words.first(*(voice.as_sender(t, sender=words.sender, recipient=words.recipient) for t in found))


def _questions(words: Phrasing) -> list[str]:
    """The questions as a model has told them, with those who are they and his still theirs and not yours or mine."""
    told = [(t, words.told("target", i)) for i, t in enumerate(words.texts("target"))]
    return [
        q
        for t, q in told
        if q.endswith("?")
        and not (re.search(r"\bthe(?:y|m|ir)\b", t) and not re.search(r"\bthe(?:y|m|ir)\b", q))
        and not (re.search(r"\bmy\b", q) and re.search(r"\bhis|her\b", t) and not re.search(r"\b(?:my|I)\b", t))
    ]


def pitch(words: Phrasing) -> list[Part]:
    offered = words.text("offer") or WANT.sub("", words.text("ask").rstrip("?"))
    thing = voice.as_thing(offered, recipient=words.recipient, sender=words.sender)
    told = "" if NOUN.match(words.text("offer")) else words.offer()
    question = words.first(words.worded("ask", question=True), words.question(), words.request("ask"))
    wanted = "" if told else words.phrase("ask_offer", offer=thing)
    call = words.phrase("ask_length", length=words.length() if words.brief.ask and not told else "")
    question = "" if alike(question, told) else question
    ask = words.first(question, wanted, call, words.phrase("ask" if told or words.offer() else "ask_bare"))
    return _letter(words, _ours(words), [Part(told if told != question else "", 3, drop=5), Part(ask, 3)])


def _ours(words: Phrasing) -> str:
    """What the sender makes or sells, where the notes say it of themselves: Our thing is a printed list."""
    told = (*words.texts("offer"), *words.texts("proof"), *words.texts("about"))
    stated = (i for i, t in enumerate(words.texts("target")) if OURS.match(t) and not any(alike(t, o) for o in told))
    return words.about_sender("target", only=tuple(stated))


def _asked(words: Phrasing, about: str) -> str:
    """The ask as a model has worded it, where it is what such a message asks for."""
    told = re.sub(r" if (?:you can|possible|that['’]s ok)\?$", "?", words.worded("ask", question=True))
    return told if re.search(rf"\b(?:{about})", told, re.IGNORECASE) else ""


def _letter(words: Phrasing, wanted: str, ask: list[Part]) -> list[Part]:
    before = [Part(words.about_reader("history"), 1, drop=4), Part(why(words), 1, drop=1)]
    if before[0].text.startswith("I ") and not before[1].text.startswith("I'm writing"):
        before.reverse()  # What the reader did comes before what the sender did about it.
    if APPLIED.search(before[0].text) and own_words(wanted.split("(")[0]) - own_words(before[0].text) <= ASKS_FOR:
        wanted = ""  # the history names the role already
    before = _opened(words, before)
    who, proof = words.about_sender("about"), words.about_sender("proof")
    body = [
        *before,
        Part(wanted, 1),
        Part(who, 2, drop=3),
        Part(proof if proof != who else "", 2, drop=2),
        *ask,
        Part(way_out(words), 3),
    ]
    return [Part(words.greeting(), 0), *body, *thanks(words, 3, body)]


def _opened(words: Phrasing, before: list[Part]) -> list[Part]:
    """The reasons with some of the openings in "You" turned: I'm writing to you because you wrote about kilns."""
    first = next((i for i, p in enumerate(before) if p.text), None)
    text = before[first].text if first is not None else ""
    if not STATE.match(text) and (words.turn("opening", 2) or not YOU_DID.match(text)):
        return before
    why_known = words.first(words.phrase("why_known", why_them=voice.lower(text)))
    return [replace(p, text=why_known or p.text) if i == first else p for i, p in enumerate(before)]


def connection_note(words: Phrasing) -> list[Part]:
    greeting = words.greeting()
    who, proof = words.about_sender("about"), words.about_sender("proof")
    who, proof = (who, "" if alike(who, proof) else proof) if who else (proof, "")
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
        Part(proof, 0, drop=4),
        Part(_asked(words, "connect|in touch|follow") or words.phrase("ask"), 0),
        Part("" if words.sender and words.sender in said[2] else words.sender, 0, drop=5),
    ]


def forwardable(words: Phrasing) -> list[Part]:
    mine = not words.sender  # nobody to speak of by name: the note is the sender's own
    about = words.about_person("about", words.sender) or (words.about_sender("about") if mine else "")
    proof = words.about_person("proof", words.sender) or (words.about_sender("proof") if mine else "")
    target = bare_target(words.target())
    doing = target.split(" ", 1)[0].casefold()
    verb = target[:1].islower() and (is_base(doing) or base_of_third(doing)) and not NOUN.match(target)
    applied = is_place_name(target) or NOUN.match(target) or " who " in target or is_plural(target)
    titled = names_role(target) or JOB_WORD.search(target)
    # What is wanted in so many words comes before whom the note is for.
    order = sorted(range(len(words.brief.target)), key=lambda i: not WANTED.match(words.text("target", i)))
    told = (words.told("target", i, note=True) for i in order)
    role = "" if applied or not titled or verb else words.phrase("target_role", sender=words.sender, target=job(target))
    goal = words.first(
        role if names_role(_head(target)) else "",
        *(_with_article(t) for t in told if not t.endswith("?")),
        words.about_person("target", words.sender) if verb else "",
        role,
        words.phrase("target", sender=words.sender, target=target),
        words.phrase("target_mine", target=voice.as_thing(target)) if mine else "",
    )
    about = "" if alike(about, proof) else about
    return called_in_turn(words, [Part(about, 0, drop=2), Part(proof, 0), Part(goal, 0, drop=1)])


def _head(target: str) -> str:
    """The last word of what is wanted, before where and when: "engineer" of "data engineer (streaming) in Faro"."""
    return " ".join(re.split(r"[,(]| (?:at|in|for|from|with) ", target)[0].split()[-1:]).rstrip(".")


def _with_article(text: str) -> str:
    """What somebody is looking for, with the article that a note leaves out: looking for a live-in post."""
    match = re.match(r"(.* (?:looking for|seeking|seeks) )([a-z].*)", text)
    head = _head(match[2]) if match else ""
    if not match or re.search(r"(?:s|ing|work|help|advice)$", head) or voice.with_article(match[2]) == match[2]:
        return text
    return f"{match[1]}{article(match[2].split()[0])} {match[2]}"


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
