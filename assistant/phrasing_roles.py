"""The role that is wanted as words of a sentence: "Junior Buyer, castings" at "Kettleby Pumps"."""

from __future__ import annotations

import re
from collections.abc import Sequence

from assistant import voice
from assistant.voice.grammar import is_role_noun
from assistant.voice.pieces import finite

_JOB = re.compile(
    r"^(?:the )?(?:job|role|post|position|title|opening|vacancy)(?: title)?\s*(?:is|:|=|-)\s*", re.IGNORECASE
)
_DEADLINE = re.compile(
    r"[,;]? \(?(?:deadline|clos(?:es|ing)|apply by|due|open until|says|start(?:s|ing)?|from (?:january|february|"
    r"march|april|may|"
    r"june|july|august|september|october|november|december))\b.*$",
    re.IGNORECASE,
)
LABEL = re.compile(r"^(?:[A-Za-z]+(?: [a-z]+)?)\s*[:=]\s*(?=\S)")
_WANTING = re.compile(
    r"^(?:i |she |he )?(?:wants?|wanted|would like|i'd like|'d like|like|hoping|hope|need)?,? ?"
    r"to (?:hear|know|ask|learn|understand)\b"
    r"(?: (?:him|her|them|you))?(?: (?:about|from))?\s*",
    re.IGNORECASE,
)
_WANTS = re.compile(
    r"^(?:i |she |he |they )?(?:wants?|is looking for|looking for|seeks?|would like)(?: (?:a|an|the))? (?=\S)",
    re.IGNORECASE,
)
# What qualifies a job and not its name: hours and contract.
_TERMS = re.compile(
    r"permanent|temporary|(?:full|part)[ -]time|\d+ (?:hours?|hrs)\b.*|remote\b.*|hybrid|fixed[ -]term|"
    r"summer",
    re.IGNORECASE,
)
# A bare word for a job names none.
_NAMELESS = re.compile(
    r"(?:the |a |an |any |this )?(?:open )?(?:job|role|position|post|vacanc(?:y|ies)|opening|opportunity|"
    r"internship|apprenticeship|work)s?"
    r"(?: (?:there|at \S+))?",
    re.IGNORECASE,
)
JOB_WORD = re.compile(
    r"\b(?:jobs?|roles?|positions?|posts?|openings?|vacanc(?:y|ies)|places?|internships?|apprenticeships?|"
    r"contracts?|traineeships?|placements?|"
    r"scheme|programme|program|course|fellowship|scholarship|residency|shifts?|slots?|panel|work)\b",
    re.IGNORECASE,
)
# Where a job is, after its title.
_PLACE = re.compile(r"(.*?)(?:( (?:at|in|with) (?=[^a-z])| for )(.*))?$", re.DOTALL)
_DETERMINED = re.compile(r"(?:the|an?|your|one|any|my|our|some|work|\d+)\b", re.IGNORECASE)

# Sentences that say what somebody is, and for how long.
WHO = re.compile(r"^(?:I['’]m\b|I am\b|I have \d+ (?:years|yrs|months)\b)")
TRADE = re.compile(r"I(?:['’]m| am|['’]ve been) (?:an?|the) ")
YEARS = re.compile(r"(?:I've|[^\W\d_a-z][\w'’-]* has) been an? [^,.]* for [^,.]* (?:years|months|seasons)\.")


def names_role(text: str) -> bool:
    """Whether a word of it says what somebody is at work: "Lift Service Engineer"."""
    # "CleanWater" is a name for all its -er.
    return any(is_role_noun(w.strip(".,;()")) for w in text.split() if not re.search(r"[a-z][A-Z]", w))


def says_who(text: str) -> bool:
    """Enough to say who somebody is: a trade, or a few words; not a stray "my one-line"."""
    words = text.split()
    return len(words) >= 4 or names_role(text)


def is_place_name(text: str) -> bool:
    """A short run of capitalised words without a comma or a trade: "Marlowe Lifts", not "Lift Service Engineer"."""
    words = text.split()
    capitals = all(w[:1].isupper() or len(w) <= 3 for w in words)
    return capitals and 0 < len(words) <= 5 and not names_role(text)


def bare_target(text: str) -> str:
    """What is wanted without its label, its deadline and the verb of wanting."""
    text = text.replace('"', "") if text.count('"') % 2 else text
    text = _WANTING.sub("", LABEL.sub("", _JOB.sub("", text)))
    return _DEADLINE.sub("", _WANTS.sub("", text)).strip(" ,;-")


# More of them make a list of skills and no place.
MOST_COMMAS = 2


def asked_for(texts: Sequence[str], *, recipient: str, sender: str, question: bool, told: str = "") -> str:
    """The targets as one question or noun phrase: the role, and where it is if that stands apart; "" for none.

    `told` is what draft and notes say: a name after "at" in it is a place.
    """
    found = [
        t
        for text in texts
        for part in re.split(r"(?<=[.;])\s+", text)
        if (t := bare_target(part)) and not (sender and sender in t)
    ]
    named = [t for t in found if not _NAMELESS.fullmatch(t)]
    found = named or found
    if not found:
        return ""
    # A bare name is where the role is, not the role, unless nothing else is there.
    places = {t for t in found if not names_role(t) and re.search(rf"\b(?:at|in|of) {re.escape(t)}", told)}
    found.sort(
        key=lambda t: (
            question and not t.endswith("?"),
            t in places,
            not JOB_WORD.search(t),
            not names_role(t),
            is_place_name(t),
        )
    )
    role = voice.as_topic(found[0], recipient=recipient, sender=sender)
    if role.endswith("?"):
        return role
    heads = (t.split(",")[0] for t in found[1:] if t.count(",") <= MOST_COMMAS)
    place = next((h for h in heads if is_place_name(h) and h.split()[0].casefold() not in role.casefold()), "")
    return f"{role} at {place}" if place and not re.search(r"\bat\b", role) else role


def is_plural(target: str) -> bool:
    """Whether things or people are wanted, and no one role: "two pupils", "shops with a yard"."""
    head = re.split(r",| (?:at|in|for|with|of|to|from|out|on|near)\b", target)[0]
    return head.endswith("s") and not head.endswith("ss") and not re.search(r"\b(?:sales|operations|services)$", head)


def job(target: str) -> str:
    """A target as the words after "I'm applying for": "the Buyer role (castings) at Korn"; "" where it names no job."""
    whole = _PLACE.match(re.sub(r"^(?:only|just) ", "", target, flags=re.IGNORECASE))
    title, at, place = whole.groups("") if whole else (target, "", "")
    details = [d for inner in re.findall(r"\(([^()]*)\)?", title) for d in inner.split(", ") if d]
    head, *rest = re.split(r",\s+|\s+[–—-]\s+", re.sub(r"\s*\([^()]*\)?", "", title).strip(" .,;"))
    rest = [d.strip(" .,;") for d in (*rest, *details) if d.strip(" .,;") and not _TERMS.fullmatch(d.strip(" .,;"))]
    if not head or _NAMELESS.fullmatch(head) or finite(head.split()):
        return ""
    if is_plural(head):
        return target
    named = _DETERMINED.match(head) or JOB_WORD.search(head)
    words = head if _DETERMINED.match(head) else f"the {head}" if named else f"the {head} role"
    more = f" ({', '.join(rest)})" if rest else ""
    return f"{words}{more}{at}{place.strip(' .,;')}"
