"""Turning a note about the reader to the reader: she runs → you run. None wherever the owner could be somebody else."""

from __future__ import annotations

import re

from assistant.voice import grammar
from assistant.voice.agreement import agree_after, agree_before, agree_joined, short_form, words_from
from assistant.voice.clean import outside_quotes

_TOKEN = re.compile(r"https?://\S+|\"[^\"\n]*\"|“[^”\n]*”|[\w]+(?:['’-]\w+)*['’]?|\s+|.", re.DOTALL)
_READER, _READERS = "\ue000", "\ue001"
_SEX = {"he": "m", "him": "m", "his": "m", "himself": "m", "she": "f", "her": "f", "hers": "f", "herself": "f"}
_TITLES = grammar.words("titles")
_KIN = grammar.words("kin")
_ORG_BEFORE = grammar.words("org_before")
_TIMES = grammar.TIME_UNITS | {
    "spring",
    "summer",
    "autumn",
    "fall",
    "winter",
    "term",
    "night",
    "monday",
    "tuesday",
    "wednesday",
}
_CONTRACTED = re.compile(r"^(he|she|they)['’](s|d|ll|re|ve)$", re.IGNORECASE)


def tokens(text: str) -> list[str]:
    """Words, spaces and marks in order; a quotation or a link is one token. Joined they are `text`."""
    return _TOKEN.findall(text)


def name_forms(name: str) -> tuple[str, ...]:
    """The ways a note may name a person, longest first: with title, in full, last, first."""
    words = [word.strip(".,") for word in re.sub(r"\([^)]*\)", "", name).split()]
    title = [word for word in words if word.casefold() in _TITLES]
    bare = [word for word in words if word.casefold() not in _TITLES and word]
    if not bare:
        return ()
    forms = [" ".join(bare), bare[-1], bare[0]]
    titled = [f"{mark} {form}" for form in forms for t in title for mark in (t, f"{t}.")]
    return tuple(dict.fromkeys(form for form in [*titled, *forms] if len(form) > 1))


def name_as(text: str, name: str, subject: str, possessive: str) -> str:
    """`text` with the person's name turned into a pronoun, where it stands alone as a name."""
    for form in name_forms(name):
        pattern = rf"(?<![\w@./-])(?:(?:Mr|Mrs|Ms|Miss|Mx|Dr|Prof|Professor)\.? )?{re.escape(form)}(['’]s|['’](?!\w))?"
        parts, end = [], 0
        for match in re.finditer(pattern + r"(?![\w@-]|\.\w)", text):
            whole = _in_longer_name(text[: match.start()], text[match.end() :])
            instead = match.group() if whole else possessive if match.group(1) else subject
            parts += [text[end : match.start()], instead]
            end = match.end()
        text = "".join([*parts, text[end:]])
    return text


def _in_longer_name(before: str, after: str) -> bool:
    """Whether a name is a part of another one ("Cho" in "Cho Drugs", "Bell" in "The Bell Ringers")."""
    left, right = before.split(" "), after.split(" ")
    follows = right[0] == "" and len(right) > 1 and right[1][:1].isupper()
    return follows or (len(left) > 2 and left[-1] == "" and left[-2][:1].isupper() and left[-2][-1:].isalpha())


def _names_another(done: list[str], mine: frozenset[str]) -> bool:
    """Whether the words so far name or describe a person whom a later he or she could mean."""
    words = [token for token in done if token[:1].isalnum()]
    for index, word in enumerate(words):
        low = word.casefold().rstrip("'’")
        low = re.sub(r"['’]s$", "", low)
        before = words[index - 1].casefold() if index else ""
        if low in _TITLES and word[0].isupper() and index + 1 < len(words):
            return True
        person = low in _KIN or grammar.is_role_noun(low)
        if person and before in {"my", "his", "her", "your", "our", "their", "a", "the", "another"}:
            return not (
                before in {"a", "the"}
                and index >= 2
                and words[index - 2].casefold() in {"is", "was", "as", "are", "were"}
            )
        if person and before.endswith(("'s", "’s")):
            return True
        common = index == 0 and (grammar.is_base(low) or grammar.noun_too(low) or grammar.is_listed_role(low))
        if common:
            continue
        if index + 1 < len(words) and word[0].isupper() and low not in mine and low not in grammar.PRONOUNS:
            follows = words[index + 1].casefold()
            if (
                index
                and before not in _ORG_BEFORE
                and words[index - 1][0].islower()
                and before in {"with", "and", "told", "asked", "knows", "by"}
            ):
                return True
            if (
                follows in {"says", "said", "told", "thinks", "wrote", "knows", "is", "was", "who"}
                and before not in _ORG_BEFORE
            ):
                return True
    return False


def _possessive(items: list[str], index: int) -> bool:
    """Whether "her" at `index` owns what follows, rather than being the object."""
    words = words_from(items, index + 1)
    if not words:
        return False
    after = items[words[0]].casefold()
    before = next((items[i].casefold() for i in range(index - 1, -1, -1) if items[i][0].isalnum()), "")
    acts = grammar.is_base(after) and (before in {"let", "lets"} or not grammar.noun_too(after))
    if before in grammar.words("takes_object") and (acts or grammar.is_number(after)):
        return False
    if before in {"sent", "send", "wrote"} and after in {"email", "mail", "message", "note", "text", "letter"}:
        return False
    if after in {"last", "next", "this"}:
        return not (len(words) > 1 and items[words[1]].casefold() in _TIMES)
    stops = grammar.PREPOSITIONS | grammar.DETERMINERS | grammar.PRONOUNS | grammar.ADVERBS | grammar.MODALS
    stops -= {"two", "three", "four", "five", "one", "own", "past", "last", "inside"}
    if after in stops | {
        "and",
        "or",
        "but",
        "if",
        "that",
        "because",
        "when",
        "how",
        "what",
        "which",
        "whether",
        "why",
        "where",
        "who",
        "there",
        "here",
        "yesterday",
        "again",
        "today",
    }:
        return False
    return after not in {"is", "was", "has", "had", "did"}


def _antecedent(done: list[str], mine: frozenset[str]) -> bool:
    """Whether something before can be what "they" means: a plural, or a name that is not the reader's."""
    words = [token for token in done if token[:1].isalnum()]
    return any(
        (len(word) > 3 and word.endswith("s") and not word.endswith("ss") and not grammar.base_of_third(word))
        or (word[0].isupper() and index > 0 and word.casefold() not in mine and word.casefold() not in {"i", "i'm"})
        or word.casefold() in {"team", "people", "council", "shop", "company", "firm", "crew", "school"}
        for index, word in enumerate(words)
    )


def _word(items: list[str], index: int, low: str) -> str:
    """The second person of one pronoun of the third."""
    after = [items[i] for i in words_from(items, index + 1)]
    if contracted := _CONTRACTED.match(low):
        skip = [word for word in after if word.casefold() not in grammar.ADVERBS]
        return "you" + short_form(contracted.group(2), skip[0] if skip else "")
    if low in {"himself", "herself"}:
        return "yourself"
    before = next((items[i].casefold() for i in range(index - 1, -1, -1) if items[i][0].isalnum()), "")
    ends = not after or not items[index + 1].isspace()  # "that page of his, two screens"
    if low == "hers" or (low == "his" and (not after or (ends and before == "of"))):
        return "yours"
    if low == "his" or (low == "her" and _possessive(items, index)):
        return "your"
    return "you"


def _sex_of(name: str) -> set[str]:
    title = name.casefold().replace(".", "").split(" ", 1)[0]
    return (
        {"m"}
        if title in {"mr", "sir", "uncle"}
        else {"f"}
        if title in {"mrs", "ms", "miss", "aunt", "auntie", "dame"}
        else {"m", "f"}
    )


def second_person(text: str, recipient: str = "", sender: str = "") -> str | None:
    """`text` with the reader as "you"; None where a pronoun could be another person's, or a verb is doubtful."""
    text = outside_quotes(text, lambda part: name_as(part, recipient, _READER, _READERS)) if recipient else text
    items = tokens(text)
    mine = frozenset(word.casefold() for form in (*name_forms(recipient), *name_forms(sender)) for word in form.split())
    sexes = {_SEX[low] for item in items if (low := re.sub(r"['’]\w+$", "", item.casefold())) in _SEX}
    if len(sexes) > 1 or sexes - _sex_of(recipient):
        return None
    if _READER in items and any(
        low in {"he", "she", "him"} or (low == "her" and not _possessive(items, i))
        for i, low in enumerate(map(str.casefold, items))
    ):
        return None
    for index, item in enumerate(items):
        low = item.casefold()
        is_name = item in (_READER, _READERS)
        if not is_name and re.sub(r"['’]\w+$", "", low) in {"they", "them", "their", "themselves"}:
            if not _antecedent(items[:index], mine):
                return None
            continue
        if not is_name and re.sub(r"['’]\w+$", "", low) not in _SEX:
            continue
        if is_name and index > 1 and grammar.is_role_noun(items[index - 2]):
            return None
        if not is_name and _names_another(items[:index], mine):
            return None
        new = ("your" if item == _READERS else "you") if is_name else _word(items, index, low)
        sentence_start = not "".join(items[:index]).strip() or bool(re.search(r"[.!?]\s+$", "".join(items[:index])))
        items[index] = new.capitalize() if item[0].isupper() or (is_name and sentence_start) else new
        if low in {"he", "she"} and agree_before(items, index):
            continue
        subject = low in {"he", "she"} or (item == _READER and index + 2 < len(items))
        if subject:
            present = agree_after(items, index)
            if not agree_joined(items, index + 1, present):
                return None
    return "".join(items)
