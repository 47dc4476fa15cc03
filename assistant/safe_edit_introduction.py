"""The introduction: whom, why it is worth their time, their permission first; then a note that can be passed on."""

from __future__ import annotations

import re

from assistant import voice
from assistant.names import first_name
from assistant.phrasing import Phrasing
from assistant.phrasing_checks import KNOWN, SENTENCE_END, capital
from assistant.phrasing_roles import LABEL, is_place_name, names_role
from assistant.records import Excerpt, Slot
from assistant.safe_edit_note import names, note
from assistant.safe_edit_parts import Part, alike, thanks, way_out
from assistant.voice.grammar import is_base, is_listed_role
from assistant.voice.grammar import words as words_of
from assistant.voice.pieces import finite, sort_piece

_WORD = r"(?:[^\W\d_a-z]\.|[^\W\d_a-z](?:[\w'’-]|\.(?=\w))*)"
_PARTICLE = "(?:de|van|von|der|den|da|di|del|du|la|le|el|al|bin|ibn|dos|das|ten|ter|af|av|zu)"
_NAME = rf"(?:(?:Dr|Mr|Mrs|Ms|Prof)\.? )?{_WORD}(?: (?:{_PARTICLE} )?{_WORD}){{1,3}}"
PERSON = re.compile(rf"^({_NAME})(?=$|[\s,.(])")
# A name after other words is a person's after one that says so: "with Dr. Lund", "her student Ana Reis".
LATER = re.compile(rf"(?P<before>[\w-]+)(?P<comma>,?) (?P<name>{_NAME}|(?:Dr|Mr|Mrs|Ms|Prof)\.? [A-Z][\w'’-]+)")
BEFORE = frozenset(
    "from to with under called named meet supervised taught trained coached mentored managed hired friend client know "
    "knows".split()
) | words_of("kin")
SLOTS: tuple[Slot, ...] = ("target", "why_them")
ALONE = re.compile(r"^([A-Z][a-zà-ÿ'’-]+)(?= ?[,(])")
# Told as it stands, such a text would be of the reader or of people whom nobody has named.
NOT_OF_PERSON = re.compile(r"\b(?:you|your|my)\b|^(?:they|their|his|her)\b", re.IGNORECASE)
THEY = re.compile(r"^they (?=[a-z])", re.IGNORECASE)
AT = re.compile(r" (?:at|in|from|of|who) ")
TITLED = re.compile(rf"(?P<who>(?:the |an? )?[a-z][\w &'’-]*), (?P<name>{_NAME})(?=$|[\s,.(])")
# "heads the lab" is a deed though "heads" alone could be a thing.
DOES = re.compile(r"[a-z]+s (?:the|an?|his|her|their)\b")
REACHED = re.compile(r"I(?:['’]d| would) like to (?:reach|meet|be introduced|speak|talk)\b[^?]*$")
REACHED_WHOM = re.compile(
    rf"I(?:['’]d| would) like to (?:reach|meet|be introduced to|(?:speak|talk) (?:to|with)) (?P<name>{_NAME})"
)
HE = re.compile(r"(?:he|she|they)\b", re.IGNORECASE)
BOTH = re.compile(r"\b(?:he|his|him)\b.*\b(?:she|her|hers)\b|\b(?:she|her|hers)\b.*\b(?:he|his|him)\b", re.IGNORECASE)
SAID = re.compile(r"(?:he|she) (?:told|asked|mentioned to|said to|wrote to) (?:him|her)\b", re.IGNORECASE)
RELATED = re.compile(
    r"\b(?:your|ur|yr|his|her|their) ((?:\w+[ -])?(?:aunt|uncle|cousin|brother|sister|mum|mom|dad|father|mother|"
    r"wife|husband|"
    r"friend|boss|manager|"
    r"contact|colleague|neighbou?r|landlord|client|supplier|coach|teacher|tutor|accountant)(?:[ -]in[ -]law)?)\b",
    re.IGNORECASE,
)
KIN = re.compile(
    r"\b(?:your|ur|his|her|their) (?:\w+ )?(?:aunt|uncle|cousin|brother|sister|mum|mom|dad|father|mother|wife|"
    r"husband|son|daughter|partner|niece|nephew)(?:[ -]in[ -]law)?\b",
    re.IGNORECASE,
)


def introduction(words: Phrasing) -> list[Part]:
    person, described = _wanted(words)
    related = "" if person else _related(words)
    if related:
        described = words.about_reader("why_them")  # "your sister works at a press"
    short = first_name(person) if person else ""
    reached = described.startswith("I'")  # "I'm hoping to reach …" says what for
    ask_first = words.phrase("opt_in_plain" if person or related else "opt_in_nobody")
    return [
        Part(words.greeting(), 0),
        Part(words.about_reader("history"), 1, drop=3),
        Part(described, 1),
        Part(_reason(words, person, described), 1, drop=2),
        Part(
            words.first(
                words.phrase("know_related", person=short) if person and _kin(words) else "",
                words.phrase("know_asked", person=short) if reached or person in described else "",
                words.phrase("know_reach", person=short) if described and short else "",
                words.phrase("know", person=person),
                words.phrase("know_related", person=related),
                words.phrase("know_plain"),
            ),
            2,
        ),
        Part(words.first("" if described else words.phrase("opt_in", person=short), ask_first), 2),
        Part(way_out(words), 2),
        *thanks(words, 2, ()),
        *note(words, person),
    ]


def _wanted(words: Phrasing) -> tuple[str, str]:
    """Who is to be met, and the sentence that says who they are; "" for each that draft and notes do not say."""
    ours = {f for name in (words.recipient, words.sender) for f in voice.name_forms(name)}
    found: list[tuple[str, str]] = []
    for slot in SLOTS:
        for text in words.texts(slot):
            bare = next((s for s in SENTENCE_END.split(LABEL.sub("", text)) if PERSON.match(s)), LABEL.sub("", text))
            match = PERSON.match(bare) or ALONE.match(bare)
            for form in voice.name_forms(words.recipient):
                bare = re.sub(rf",? {re.escape(form)} (?:said|says|told)(?: me| us)?$", "", bare)
            name = match.group(1).rstrip(".,") if match else _named_later(bare)
            if name and name not in ours and not is_base(name.split()[0].casefold()) and not _of_trade(name):
                found.append((name, bare))
            elif titled := TITLED.match(bare):
                # "the owner of Osteria Bianca, Carla Neri" is told as a person is named.
                found.append((titled["name"], f"{titled['name']}, {titled['who']}"))
    found = [(name, text) for name, text in found if name not in ours]
    # "Redfern Toys" alone is as likely a firm as a person; with more words after the name it is a person described.
    found.sort(key=lambda pair: pair[0] == pair[1])
    for name, text in found:
        after = text.removeprefix(name)
        # "Ann Lee, curator" is a person described; "Ann Lee told the paper …" is a sentence already.
        apposed = after.lstrip()[:1] in (",", "(", "-", "–") or (AT.match(after) and not _states(text, name))
        if text.startswith(name) and (not after or apposed):
            who = _with_who(text) if "(" not in text or ")" in text else text.split("(")[0].strip()
            reached = (t for t in _told(words) if name in t and REACHED.match(t))
            return name, words.first(
                *reached, words.phrase("target_plain", target=who), words.phrase("target_plain", target=name)
            )
        if text.startswith(name):
            known = (t for t in _told(words) if name in t and re.search(r"\byou(?:r|\b)", t.casefold()))
            return name, words.first(
                *known, f"{_with_and(text.rstrip('.'))}.", words.phrase("target_plain", target=name)
            )
        yours = re.sub(r"^(?:his|her|their) ", "Your ", text, flags=re.IGNORECASE)
        told = [*_told(words), voice.as_recipient(text, recipient=words.recipient, sender=words.sender)]
        told.append(f"{yours}." if yours != text else "")
        told.sort(key=len, reverse=True)  # the fullest: a telling may stop at "You said one client, Vera Dunmore."
        bracket = re.search(rf"{re.escape(name)} \([^()]*\)", text)
        whole = yours[:1].lower() + yours[1:] if yours != text else ""
        named = re.sub(r"\s*\([^()]*\)", "", bare[bare.find(name) :])
        named = named if named.startswith(f"{name}, who ") else ""
        plain = (
            words.phrase("target_plain", target=t) for t in (whole, named, bracket.group() if bracket else "", name)
        )
        return name, words.first(*(t for t in told if name in t), *plain)
    return _reached(words, ours)


def _reached(words: Phrasing, ours: set[str]) -> tuple[str, str]:
    """Who is to be met as the model has told it, where a note names them in small letters."""
    for told in _told(words):
        match = REACHED_WHOM.match(told)
        if match and match["name"] not in ours and words.first(told):
            return match["name"], words.first(told)
    return "", ""


def _with_and(text: str) -> str:
    """A sentence whose verbs a note joins by commas: Carys buys cookbooks, said she's short of them."""
    *pieces, last = text.split(", ")
    return f"{', '.join(pieces)}, and {last}" if pieces and sort_piece(last)[0] == "verb" else text


def _states(text: str, name: str) -> bool:
    """Whether a text that begins with a name goes on to a verb: Luis Ferrer of the fund wants small projects."""
    head = re.split(r"[,(;]| who ", text.removeprefix(name))[0]
    return bool(finite(["it", *head.split()]))


def _texts(words: Phrasing) -> list[str]:
    return [text for slot in SLOTS for text in words.texts(slot)]


def _told(words: Phrasing) -> list[str]:
    return [words.told(slot, index) for slot in SLOTS for index in range(len(words.brief.get(slot)))]


def _named_later(text: str) -> str:
    """The first name in a text that follows a word for a person or "with" and the like."""
    for match in LATER.finditer(text):
        before = match["before"].casefold()
        if before in BEFORE or (names_role(before) and not match["comma"]):
            return match["name"].rstrip(".,")
    return ""


def _of_trade(name: str) -> bool:
    return any(is_listed_role(word.casefold()) for word in name.split())


def _with_who(text: str) -> str:
    """A person described, with the "who" that a note leaves out: Ann Lee, who runs the lab."""
    pieces = text.split(", ")
    pieces = [pieces[0], *(re.sub(r"^(?:he|she) (?=\w)", "who ", piece) for piece in pieces[1:])]
    verbs = [i for i, piece in enumerate(pieces[1:], 1) if sort_piece(piece)[0] == "verb" or DOES.match(piece)]
    return ", ".join(f"who {p}" if verbs and i == verbs[0] else p for i, p in enumerate(pieces))


def _related(words: Phrasing) -> str:
    """The person whom the draft only calls the reader's something, as in: your aunt."""
    match = RELATED.search(words.draft.text) or next(filter(None, map(RELATED.match, _texts(words))), None)
    return f"your {match.group(1).lower()}" if match else ""


def _kin(words: Phrasing) -> bool:
    """Whether the person to be met is close to the reader, who need not be asked how well they know them."""
    return any(KIN.search(t) for t in (words.draft.text, *_texts(words)))


def _reason(words: Phrasing, person: str, described: str) -> str:
    """Why it is worth their time: what draft or notes say of the person to be met, or of the reader and them."""
    known = {w for w in re.findall(r"[^\W\d_a-z][\w'’-]{3,}", f"{person} {described}") if w not in words.recipient}
    options = []
    everything = [said for text in _texts(words) for said in SENTENCE_END.split(text)]
    for slot in reversed(SLOTS):
        for index, text in [(i, s) for i, t in enumerate(words.texts(slot)) for s in SENTENCE_END.split(t)]:
            if any(text.rstrip(".") in said.rstrip(".") and len(text) < len(said) - 1 for said in everything):
                continue  # a longer one says it whole
            excerpt = words.brief.get(slot)[index]
            text = LABEL.sub("", text).strip("-*•;, ")
            of_person = _nearest(words, excerpt, person) if HE.match(text) else names(text, known, person)
            if any(form in text for form in voice.name_forms(words.recipient)):
                options.append(_with_reader(words, text, person))
                continue
            if (
                text in described
                or text.endswith(" there")
                or TITLED.match(text)
                or is_place_name(text)
                or alike(text, described)
            ):
                continue
            if re.search(r" (?:which|what|how|whether|if|when|where|why) ", text):
                continue  # what is to be asked is no reason
            if person and BOTH.search(text):
                options.append(_of_both(text, words.told(slot, index)))
                continue
            bare = sort_piece(text)[0] in ("verb", "going", "passive", "done")
            whose = THEY.sub("", text) if AT.search(described) else text  # "they" are those whom the person works for
            if person and of_person and not bare and not NOT_OF_PERSON.search(whose):
                options.append(f"{capital(text).rstrip('.')}.")
            elif person and slot == "why_them" and names(text, known, person):
                options.append(words.about_reader("why_them", only=(index,)))
    held = list(dict.fromkeys(o for option in options if " " in option and (o := words.first(option))))
    return " ".join([*held[:1], *(o for o in held[1:2] if not alike(o, held[0]))])


def _of_both(text: str, told: str) -> str:
    """What he did with her, where one is the reader and the other the person to be met."""
    if SAID.match(text):  # what the person to be met told the reader is why they may like to be met
        subject = text.split()[0].casefold()
        other = r"\b(?:him|his)\b" if subject == "she" else r"\bher\b"
        return f"{capital(re.sub(other, 'you', text, count=1)).rstrip('.')}."
    return told if told.startswith("You ") else ""


def _with_reader(words: Phrasing, text: str, person: str) -> str:
    """What names the reader and tells of the person to be met too, who is named in it: You taught with Imogen."""
    said = re.sub(rf"(?:,| -| –| \() ?(?:{'|'.join(voice.name_forms(words.recipient))}) (?:told|said)[^,;]*$", "", text)
    if said != text and person and HE.search(said):
        return f"{capital(said)}."
    short = first_name(person) if person else ""
    named = (
        re.sub(r"\b(?:him|(?:her|them)(?=$|[.,;]| (?:at|in|on|from|for|last|when)\b))", short, text) if short else text
    )
    told = voice.as_recipient(named, recipient=words.recipient, sender=words.sender)
    told = re.sub(rf"({re.escape(person)}), [^,.]*\.$", r"\1.", told) if person else told
    bare = KNOWN.match(told) or re.search(rf"\b(?:is|are) {re.escape(person or ' ')}\W*$", told)
    return "" if bare else told


def _nearest(words: Phrasing, excerpt: Excerpt, person: str) -> bool:
    """Whether a "he" or "she" of this excerpt is the person to be met: named last before it, and not the reader."""
    source = next((d.text for d in words.sources if d.name == excerpt.source), "")
    before = source[: excerpt.start]
    last = max((before.rfind(form) for form in voice.name_forms(person)), default=-1)
    reader = max((before.rfind(form) for form in voice.name_forms(words.recipient)), default=-1)
    return last > reader
