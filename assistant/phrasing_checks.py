"""What no sentence of a message may be: a label, a fragment, half a bracket, a note's shorthand."""

from __future__ import annotations

import re

from assistant.voice import grammar
from assistant.voice.clean import clean
from assistant.voice.pieces import lookup, role_length

SENTENCE_END = re.compile(
    r"(?<=[.!?])(?<!\bDr\.)(?<!\bMr\.)(?<!\bMs\.)(?<!\bMrs\.)(?<!\bSt\.)(?<!\bProf\.)\s+(?=[^\W\d_a-z])"
)
# A note's own shorthand, which no message should hold, and a verb that was left in the third person.
_SHORTHAND = re.compile(
    r" = | ?=> | -> | → | / |^[a-z]+:|\bno (?:answer|reply|response)\b(?! (?:is|needed))|\b(?:qs|pls|plz|mgr|dept|"
    r"asap|etc|wanna|gonna|gotta)\b"
    r"|\{|\}|<|>|&\w+;|(?<!\be\.g)(?<!\bapprox)(?<!\bCo)(?<!\bLtd)(?<!\bInc)(?<!\bSt)[.] [a-z]"
)
_CUT_OFF = re.compile(
    r"\b(?:if|whether) \w+(?:['’](?:d|ll|s|re|ve)| would| could| can| will)[.?]$|"
    r"\b(?:I['’]m|my|if|whether|because|and|or|the|an?)[.?]$|\b(?:of|with)\.$"
)
_UNTURNED = re.compile(
    r"''|\bYou\b[^.]*\band (?:heard|saw|read|met) your\b|\byou (?:heard|saw|met|read) you\b|"
    r"\byour (?:in|on|at|from|with|by|of|to)\b|"
    r"\bis you\b|\bI['’]t\b|^You (?!always\b|perhaps\b|is\b|as\b|was\b)[a-z]+(?<!s)(?<!u)s\b|\b(?:an?|the) (?:is|"
    r"are|am)\b"
    r"|\bthe only the\b|\bmy mine\b|^I['’]m writing because of [^.]*, (?:I|we|it|you)\b|\bYou turn(?:ed)? out you\b|"
    r"\bYou[\'’]re your\b|^We both (?:at|in|from|on|with)\b|^I \w+\.$|\bI[\'’]m a friend of mine\b|\basked(?: you)?\.$|"
    r"\bbeen an? [^.,]* and \w+ing\b|"
    r"\b(the|an?|you|your|I|me|my|we|our|is|are|was|were|to|of|in|on|at|for|from|with|and|or|it|not) \1\b",
    re.IGNORECASE,
)
# "Background: four looms": words before a colon that are no clause.
_LABEL = re.compile(r"^(?:[^\s:]+ ){0,3}[^\s:]+: ")
_LAST_WORDS = (grammar.PREPOSITIONS | grammar.DETERMINERS | {"and", "or", "but", "re", "that", "which"}) - {
    "on", "in", "up", "down", "out", "off", "over", "through", "around", "one", "two", "three", "four", "five",
    "own", "some", "all", "both", "each", "before", "since", "there", "that", "this", "her", "his", "inside",
}  # fmt: skip
# "I'm 180 people", "I've been 5 years at": an age stands alone.
_COUNTED = re.compile(
    r"\b(?:I['’]m|I am|[Yy]ou['’]re) (?:[£$€~]|\d+(?! ?years? old|(?<=\b\d\d)(?:,| and| now)? \w+ing\b)"
    r"(?=[a-z%]| \w))|\b(?:I['’]ve|has) been \d|"
    r"\bis \d+ years (?:at|in|with)\b|"
    r"\bI['’]m I\b"
)
# A person is no shop: the sender's firm or product was read as the sender.
_THING = re.compile(
    r"^(?:I['’]m|I am|You['’]re|You are) (?:now |still )?(?:an? |the )"
    r"(?:(?!(?:at|in|for|of|with|on|from|to)\b)[\w'’-]+ ){0,4}?(?:shop|store|app|firm|"
    r"company|studio|"
    r"business|charity|school|platform|tool|start-?up|agency|team|website|site|market|museum|hospital|clinic|office|"
    r"restaurant|cafe|bakery|system|project|software|service|festival|library|club|farm|group)(?=[.,]|$| (?:in|at|"
    r"with|for|of|that)\b)",
)
# "reading age up 7 months" is a result and no deed of anybody's.
_DOING = re.compile(r"\b(?:is|['’]m) \w+ing (?:\w+ )?(?:up|down|from) \d")
# "I'm an HND in science": what is learnt is nobody's trade.
_FIELD = re.compile(
    r"^(?:I['’]m|I am) an? (?:(?!of\b|in\b|for\b)[\w'’-]+ ){0,4}?\w+(?:ence|ics|tion|ment|ness|ism|ship|ture|logy)"
    r"(?=[.,]|$| (?:in|at|with|for|of)\b)"
)
THIRD_PERSON = re.compile(r"\b(?:he|she|his|her|hers|him|they|their|them)\b", re.IGNORECASE)
OTHERS = re.compile(
    r"\bmy (?:\w+ )?(?:boss|lead|friend|client|patient|tutor|teacher|manager|partner|mate|neighbou?r)\b|"
    r"\b(?:mum|mom|mother|dad|father|wife|husband|son|daughter|kids?|child(?:ren)?|sister|brother|aunt|uncle|"
    r"gran\w*)\b",
    re.IGNORECASE,
)
# "people you worked with" is whole though it ends so.
_STRANDED = re.compile(
    r"(\b(?:people|those|anyone|someone|friends|ones|whom?|that|which|what|nobody|things?) "
    r"(?:I|you|we|they)(?:['’]ve| have| had| haven['’]t)? \w+) (?:with|for|from|to|on|about)[.?]$"
)
# "Program A at Holm" has no article in its middle.
_ARTICLE = re.compile(r"((?<![&\w])a|(?:(?<=^)|(?<=[.!?] ))A) ([aeiouAEFHILMNORSX][\w'’-]*)")
_CAPITAL_TRADE = re.compile(r"\b(an?) ([A-Z][a-z]+)\b(?=[,.]| (?:in|at|for|with|from)\b)")
# What a note begins with these, without a subject, is the sender's own seeing and doing.
NOTICED = re.compile(
    r"(?:noticed|saw|seen|read|heard|found|spotted|watched|used(?! to)|tried|stayed|ate|visited|bought)\b",
    re.IGNORECASE,
)
# What is wished for is no trade and no proof.
WISH = re.compile(
    r"(?:hi,? |hello,? )?(?:i |i['’]d )?(?:want|would like|like|love|hope|wish|need|am looking|'m looking)s? to\b",
    re.IGNORECASE,
)
# Outside a follow-up, nothing was told before that something could be since.
SINCE = re.compile(r"^Since then,? (?=I\b)")
# Telling readers who they are, or who they are to the sender, is no news to them.
KNOWN = re.compile(
    # What they were is told with where and when: "You were my assessor when I sat the exam".
    r"^You(?:['’]re|['’]ve been| were(?! (?:\S+ ){5})| are) (?:[Mm]y(?! \w+(?: \w+)?['’]s )|"
    r"an? (?:friend(?! of my\b)|colleague|ex[- ]?colleague|neighbou?r|cousin|relative))\b"
    r"(?!.*\band (?:you\b|(?!was\b|were\b|had\b)\w+(?:ed|ote|aught|old|ave|aid)\b))"
)
NO_NEWS = re.compile(
    r"^(?:You work (?:at|for|in|as) |You['’]re )(?!in\b|on\b|going|moving|looking|building|hiring|starting|opening|"
    r"the (?:one|only|first))"
)
# A reader's trade before what they did is no opening: "You're a baker at Holm, and you taught me".
_TRADE_FIRST = re.compile(r"^You(?:['’]re (?!in\b|on\b|\w+ing\b)| work (?:at|for|in) )[^.]*?,? and (?=(\w+) [a-z])")
_OPENS = re.compile(
    r"(?:how(?: (?:much|many|long|far|often|soon))?|what|which|where|when|why|who(?:m|se)?) ", re.IGNORECASE
)
_SUBJECTS = frozenset("i you we he she they it".split())
_STARTS = re.compile(r"^(?:I|We|You|It|They|He|She|There|That|This|Both|Please|Thanks?)\b", re.IGNORECASE)
_PART = re.compile(
    r"^(?P<be>(?:I['’]m|I am|I was|I['’]ve been|You['’]re|You were)(?: now| still| also)?) (?P<rest>[a-zA-Z].*)$"
)


def well_said(text: str) -> bool:
    """Whether every sentence of a text can stand in a message as it is."""
    return balanced(text) and all(_stands(s) for s in SENTENCE_END.split(text))


def balanced(text: str) -> bool:
    """Whether brackets and quotation marks are closed."""
    straight = re.sub(r"(?<=\w)'(?=\w)|(?<=s)'(?=\s)", "", text)
    pairs = all(text.count(a) == text.count(b) for a, b in ("()", "[]", "“”"))
    return (
        pairs and text.count('"') % 2 == 0 and len(re.findall(r"(?<!\w)'(?=\w)", straight)) <= straight.count("'") / 2
    )


def _stands(sentence: str) -> bool:
    sentence = _STRANDED.sub(r"\1.", sentence)
    faults = (_SHORTHAND, _CUT_OFF, _UNTURNED, _COUNTED, _THING, _FIELD, _DOING)
    if any(fault.search(sentence) for fault in faults) or _other_subject(sentence):
        return False
    label = _LABEL.match(sentence)
    if label and not _has_verb(label.group().split()):
        return False
    words = sentence.split()
    if sentence.endswith("?"):
        return not _as_stated(sentence) and _has_verb(["it", *words])
    return lookup(words[-1]) not in _LAST_WORDS and _has_verb(words)


def _as_stated(question: str) -> bool:
    """Whether a question keeps the order of a statement: "How you price your jars?", "Which jar pupils could open?"."""
    if not (asked := _OPENS.match(question)):
        return False
    low = [lookup(w) for w in question[asked.end() :].split()]
    helpers = grammar.BE_HAVE_DO.keys() | grammar.BE_HAVE_DO.values() | grammar.MODALS | {"did", "had", "have", "do"}
    helps = next((i for i, w in enumerate(low) if w in helpers or w.split("'")[0] in helpers), len(low))
    subject = next((i for i, w in enumerate(low) if w in _SUBJECTS), len(low))
    stranded = low[-1:] and low[-1] in grammar.PREPOSITIONS and helps < len(low) and helps > 1
    # "Who told you?" and "What helped you most?" ask for the subject.
    return (subject < helps and not any(grammar.is_past(w) or grammar.base_of_third(w) for w in low[:subject])) or bool(
        stranded and low[helps] in grammar.MODALS and low[helps - 1].endswith("s")
    )


def _other_subject(sentence: str) -> bool:
    """Whether a verb in the third person follows "You", as in "You studied in Molde, likes skiing"."""
    words = [lookup(w) for w in re.findall(r", (?:and )?(\w+s)\b(?! and\b|,|\.)", sentence)]
    return sentence.startswith("You ") and any(grammar.base_of_third(w) and not grammar.noun_too(w[:-1]) for w in words)


def _has_verb(words: list[str]) -> bool:
    if len(words) > 1 and (
        _STARTS.match(words[0])
        or re.search(r"['’](?:m|re|ve|d|ll)$|^(?:it|that|there|here|what)['’]s$", words[0].lower())
    ):
        return True
    if any(re.search(r"['’](?:re|ve|d|ll|m)$", w) for w in words[1:]):
        return True
    low = [lookup(word) for word in words]
    known = {*grammar.BE_HAVE_DO, *grammar.BE_HAVE_DO.values(), *grammar.MODALS, *grammar.words("auxiliaries")}
    objects = grammar.DETERMINERS | grammar.PRONOUNS
    # After a number, "calls" and the like are things: "12 calls a week".
    counted = words[0][0].isdigit()
    return any(
        word in known
        or grammar.is_past(word)
        or word == "used"
        or (not counted and grammar.base_of_third(word))
        or (grammar.is_base(word) and (not grammar.noun_too(word) or after in objects or before.endswith("s")))
        for before, word, after in zip(low, low[1:], [*low[2:], ""], strict=False)
    )


def deed_of_it(text: str) -> bool:
    """Whether a note begins with a verb of the third person ("runs at 60 fps")."""
    first = text.split(" ", 1)[0].casefold()
    return first.endswith("s") and (grammar.is_base(first[:-1]) or grammar.is_base(first[:-2]))


def mended(text: str) -> str:
    """A sentence with its short forms spelt out and the article that a trade needs: "I'm bosun" → "I'm a bosun"."""
    text = _ARTICLE.sub(_an, clean(text))
    text = _CAPITAL_TRADE.sub(lambda m: m.group().lower() if grammar.is_listed_role(m[2].lower()) else m.group(), text)
    text = re.sub(r"\bI have (?=(?:an?|my|the|\d+|[A-Z]\w+) [^.,]*?\bsince \w)", "I've had ", text)
    if not (match := _PART.match(text)):
        return text
    words = match["rest"].split()
    length = role_length(words)
    first, last = lookup(words[0]), lookup(words[length - 1]) if length else ""
    bare = first in grammar.DETERMINERS or first in grammar.PREPOSITIONS or first in grammar.ADVERBS
    bare = bare or (first.endswith("ing") and length < 2)
    named = words[0][:1].isupper() and not words[0].isupper()
    if (
        not length
        or bare
        or named
        or last in grammar.UNIQUE_ROLES
        or first in {"ex", "former", "senior"}
        or last.endswith("s")
    ):
        return text
    return f"{match['be']} {grammar.article(words[0])} {match['rest']}"


def _an(match: re.Match[str]) -> str:
    before, word = match.groups()
    named = word[0].isupper() and not (word.isupper() and len(word) > 1)
    return match.group() if named or grammar.article(word) == "a" else f"{before}n {word}"


def one_end_mark(text: str) -> str:
    """One end mark where a verbatim excerpt brought its own."""
    return re.sub(r"([.?!])[.]+$", r"\1", re.sub(r"\s+", " ", text))


def capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def fields_of(phrase: str) -> set[str]:
    return set(re.findall(r"\{(\w+)\}", phrase))


def somebody_else(text: str) -> bool:
    """Whether "her" may be a third person whom the text calls by a relation: mum is ill, I look after her."""
    joined = re.match(r"(?:he|she) and my\b", text, re.IGNORECASE)  # the reader, with somebody of the sender's
    return bool(OTHERS.search(text) and THIRD_PERSON.search(text) and not joined)


def without_trade(text: str) -> str:
    """What the reader did, without the trade told before it."""
    match = _TRADE_FIRST.match(text)
    verb = match.group(1).casefold() if match else ""
    if not match or not (verb in ("you", "we", "have") or grammar.is_past(verb)):
        return text
    rest = text[match.end() :]
    return capital(rest) if verb in ("you", "we") else f"You {rest}"
