"""Verbs put into the second person: she runs the ward and teaches → (you) run the ward and teach."""

from __future__ import annotations

from assistant.voice import grammar


def _agree(verb: str) -> str:
    low = verb.casefold()
    if low in grammar.BE_HAVE_DO:
        return grammar.BE_HAVE_DO[low]
    straight = low.replace("’", "'")
    if straight in grammar.BE_HAVE_DO:
        return grammar.BE_HAVE_DO[straight]
    if grammar.is_past(low) or low in grammar.MODALS or low in grammar.ADVERBS or not low.endswith("s"):
        return verb
    return grammar.strip_third(verb)


def words_from(items: list[str], start: int) -> list[int]:
    """Indexes of the words from `start` on, up to the next mark other than a space."""
    found = []
    for index in range(start, len(items)):
        if items[index][0].isalnum():
            found.append(index)
        elif not items[index].isspace():
            break
    return found


def agree_after(items: list[str], subject: int) -> bool:
    """Puts the verb after the subject into the second person; whether it was in the present."""
    for index in words_from(items, subject + 1):
        word = items[index]
        low = word.casefold()
        if low in grammar.ADVERBS or (low.endswith("ly") and not low.endswith("ply")):
            continue
        changed = _agree(word)
        items[index] = changed
        return changed != word
    return False


def agree_before(items: list[str], subject: int) -> bool:
    """In a question's order ("how does she recruit") the helping verb stands first; whether it did."""
    if subject < 2 or not items[subject - 1].isspace():
        return False
    helper = items[subject - 2]
    second = grammar.BE_HAVE_DO.get(helper.casefold())
    if second is None:
        return helper.casefold() in {"did", "didn't", *grammar.MODALS}
    items[subject - 2] = second.capitalize() if helper[0].isupper() else second
    return True


def agree_joined(items: list[str], start: int, present: bool) -> bool:
    """Does the same for verbs joined by "and" or a comma ("runs the ward and teaches"); False when one is doubtful."""
    for index in range(start, len(items)):
        if items[index] in ".;:!?" or items[index].casefold() in {
            "that",
            "which",
            "who",
            "whether",
            "how",
            "if",
            "you",
        }:
            return True
        if items[index].casefold() not in {"and", "but", "or", "then", ","}:
            continue
        words = words_from(items, index + 1)
        while words and items[words[0]].casefold() in grammar.ADVERBS | {"and", "then"}:
            words.pop(0)
        if not words:
            continue
        word = items[words[0]]
        if word.casefold() in grammar.BE_HAVE_DO:
            items[words[0]] = grammar.BE_HAVE_DO[word.casefold()]
            continue
        if not present:
            continue
        base = grammar.base_of_third(word)
        if base is None or word[0].isupper():
            continue
        after = items[words[1]].casefold() if len(words) > 1 else ""
        if not grammar.noun_too(base) or after in grammar.DETERMINERS or after in grammar.PRONOUNS:
            items[words[0]] = base
        elif items[index] != ",":
            return False
    return True


def short_form(ending: str, after: str) -> str:
    if ending == "s":
        low = after.casefold()
        has = low in {"been", "got", "had"} or (
            grammar.is_participle(low) and low not in {"based", "retired", "qualified"}
        )
        return "'ve" if has else "'re"
    return f"'{ending}"
