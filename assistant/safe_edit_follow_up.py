"""The follow-up: what was written and when, what is new, and the same ask again, free to ignore."""

from __future__ import annotations

import re

from assistant import voice
from assistant.phrasing import Phrasing
from assistant.phrasing_checks import capital
from assistant.phrasing_roles import is_place_name, job, names_role
from assistant.phrasing_times import BARE_DATE, TODAY, WROTE
from assistant.records import Slot
from assistant.safe_edit_parts import ALIKE, Part, alike, own_words, sign_off, way_out, why
from assistant.voice.grammar import is_base, is_past

# A request can be refused; any other question may be one that the reader cannot answer.
REQUEST = re.compile(r"(?:could|would|can|will|may|shall|do) (?:you|we|I)\b", re.IGNORECASE)
CLAUSE = re.compile(
    r"\b(?:said|says|asked|told|wrote|promised|would|could|should|can|will|he|she|they|I|he'd|she'd|is|are|was|were|it's)\b|\?",
    re.IGNORECASE,
)
ASKS = re.compile(r"(?:how|what|which|who|when|where|why|whether|if)\b", re.IGNORECASE)
ASKING = frozenset("could would can will may please give let like still be want".split())
IMPATIENT = re.compile(r"\bor not\?$|\bany (?:news|updates?)\b", re.IGNORECASE)
DATED = re.compile(r"(?:I|We|In|On|At)\b.*(?:\d|\bago\b|\blast\b)")
SPOKEN = re.compile(r"\b(?:call(?:ed)?|rang|phoned|spoke|met|talked|chatted|(?:on|by) (?:the )?phone)\b", re.IGNORECASE)


def follow_up(words: Phrasing) -> list[Part]:
    topic, ask, done = _topic(words), _ask(words), words.did("target")
    referral = _referral_asked(words) and topic
    asked = _asked(words, ask)
    again = words.phrase("ask_referral") if referral else ask
    if words.sent() and _indirect(words) and (call := words.phrase("ask_call", length=words.length())):
        again = call  # what the talk is about stands in the reminder
    reminder = _reminder(words, "" if alike(topic, again) and words.sent() else topic, again, asked)
    again = _about_it(words, again, topic, reminder)
    news, promised = words.offer(), words.about_reader("history")
    if again and (_asked_in(again, reminder) or (news and _asked_in(again, news))):
        question = words.phrase("short_answer") if again in reminder else words.phrase("ask")
    else:
        question = again or asked or words.phrase("ask_open" if _left_open(words, reminder) else "ask")
    # The reason to write was told before; it is told again where no ask of its own says what it was about.
    reason = "" if ask or not done else why(words)
    last = words.follow_up is not None and words.follow_up.number > 1
    return [
        Part(words.greeting(), 0),
        Part(reminder, 1),
        Part("" if alike(done, reminder) else done, 1, drop=3),
        Part(promised if promised.startswith("You ") and not alike(promised, reminder) else "", 1, drop=4),
        Part("" if reason.startswith("You're ") else reason, 1, drop=4),
        Part(_met(words, reminder), 1, drop=5),
        Part(words.about_sender("proof") or ("" if news else words.about_sender("about")), 1, drop=2),
        Part(news, 1, drop=3),
        Part(asked if _not_said(asked, question, reminder) else "", 2, drop=1),
        Part(question, 2),
        Part(words.phrase("last") if last else "", 2),
        Part(way_out(words, _exit(question)), 2),
        *sign_off(words, 3),
    ]


def _exit(question: str) -> str:
    """Which way out fits: none that asks for silence behind "let me know either way"."""
    if "either way" in question or "yes or no" in question:
        return "exit_either"
    return "exit" if REQUEST.match(question) else "exit_question"


def _met(words: Phrasing, reminder: str) -> str:
    """Where the two met, which reminds the reader of who writes."""
    slots: tuple[Slot, ...] = ("history", "why_them")
    told = (words.about_reader(s, only=(i,)) for s in slots for i in range(len(words.brief.get(s))))
    return next((t for t in told if t.startswith("We ") and not alike(t, reminder)), "")


def _not_said(asked: str, question: str, reminder: str) -> bool:
    """Whether what was asked stands neither in the reminder nor in the ask."""
    return bool(asked) and not _asked_in(asked, reminder) and not _asked_in(asked, question)


def _about_it(words: Phrasing, ask: str, topic: str, reminder: str) -> str:
    """The ask with what it is about, where the reminder does not say that."""
    indirect = _indirect(words)
    if ask == words.phrase("ask_referral") and topic and not alike(topic, reminder):
        return words.first(words.phrase("ask_referral_role", target=topic)) or ask
    call = words.phrase("ask_call", length=words.length())
    if indirect and ask in (call, "") and not alike(indirect, reminder):
        return (
            words.first(
                words.phrase("ask_call_about", length=words.length(), target=indirect),
                words.phrase("ask_about", target=indirect),
            )
            or ask
        )
    return ask


def _wanted(words: Phrasing) -> str:
    return (words.question() if words.follow_up else "") or words.target() or words.question()


def _topic(words: Phrasing) -> str:
    """What the first message was about, as words after "about"; "" for a clause or a question."""
    target = _wanted(words)
    first = target.split(" ", 1)[0].casefold()
    deed = target[:1].islower() and (is_base(first) or is_past(first))  # "Sail Maker" is none
    if target.endswith("?") or ASKS.match(target) or CLAUSE.search(target) or deed:
        return ""
    topic = re.sub(r"^(?:you )?(?:about|for) ", "", target, flags=re.IGNORECASE)
    if ASKS.match(topic):
        return ""
    titled = names_role(topic.split(" at ")[0]) and not re.match(r"[a-z]+ing\b", topic)
    return "" if is_place_name(topic) else job(topic) if titled else voice.with_article(topic)


def _asked(words: Phrasing, ask: str) -> str:
    """The question of the first message, where what is wanted is one."""
    target = _wanted(words)
    asked = capital(target) if target.endswith("?") else ""
    return ask if asked and ask.endswith("?") and alike(asked, ask) else asked


def _ask(words: Phrasing) -> str:
    options = (words.worded("ask", question=True), words.question(), words.request("ask", "history", "target"))
    return words.first(
        *(t for t in options if not IMPATIENT.search(t)),
        words.phrase("ask_referral") if _referral_asked(words) else "",
        words.phrase("ask_call", length=words.length()),
    )


def _reminder(words: Phrasing, topic: str, ask: str, asked: str) -> str:
    """One sentence that says what was written before, as fully as the notes tell it."""
    sent, done = words.sent(), words.did("target")
    done_before, told = words.did("history"), words.about_reader("history")
    told = done_before if DATED.match(done_before) and not DATED.match(told) else told or done_before
    told = BARE_DATE.sub("on ", TODAY.sub("", told))
    long = len(told.split())
    dated = DATED.match(told)
    spoken = SPOKEN.search(told) and not WROTE.search(told)
    indirect = _indirect(words)
    full = dated and long >= 7 and (not topic or long > 9 or alike(topic, told))
    full = full and not (sent and indirect and not alike(indirect, told))
    asked_too = f"{told.rstrip('.')} and asked {indirect}." if full and indirect and not ask else ""
    return words.first(
        asked_too if asked_too and not alike(indirect, told) else "",
        told if spoken or full else "",
        words.phrase("reminder", sent=sent, target=topic),
        words.phrase("reminder_indirect", sent=sent, target="" if alike(indirect, ask) else indirect),
        told if long >= 7 and (not ask or re.match(r"(?:I|We)\b", told)) else "",
        words.phrase("reminder_done", sent=sent, target=done.removeprefix("I ") if done.startswith("I ") else ""),
        words.phrase("reminder_asked", sent=sent, ask=asked),
        words.phrase("reminder_asked_undated", ask=asked),
        words.phrase("reminder_undated", target=topic),
        words.phrase("reminder_question", sent=sent if ask and words.phrase("ask_referral") != ask else ""),
        words.phrase("reminder_bare", sent=sent),
        told,
        words.about_reader("target"),
        "" if why(words).startswith("You're ") else why(words),
        words.phrase("reminder_plain"),
    )


def _left_open(words: Phrasing, reminder: str) -> bool:
    """Whether the reminder asks what no yes or no can answer."""
    indirect = _indirect(words)
    return bool(indirect) and indirect in reminder and not re.match(r"(?:if|whether)\b", indirect)


def _indirect(words: Phrasing) -> str:
    """What was to be asked, as words after "to ask": how you priced your first sets."""
    wanted = (_wanted(words), *words.texts("target"))
    told = (voice.as_indirect(t, recipient=words.recipient, sender=words.sender) for t in wanted)
    return next(filter(None, told), "")


def _asked_in(ask: str, reminder: str) -> bool:
    """Whether the reminder has said what is asked, however the question is put."""
    asked = own_words(ask) - ASKING
    return bool(asked) and len(asked & own_words(reminder)) >= ALIKE * len(asked)


def _referral_asked(words: Phrasing) -> bool:
    asked = " ".join(e.text for e in (*words.brief.ask, *words.brief.history)).casefold()
    return bool(re.search(r"\brefer(?:red|ral|ring)?\b", asked))
