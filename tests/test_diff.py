"""The diff loses no character, and says what took whose place."""

from __future__ import annotations

import random

import pytest

from assistant.diff import pair_sentences, word_diff


def rebuilt(before: str, after: str) -> tuple[str, str]:
    runs = word_diff(before, after)
    old = "".join(text for op, text in runs if op != "add")
    new = "".join(text for op, text in runs if op != "drop")
    return old, new


@pytest.mark.parametrize("seed", range(60))
def test_nothing_is_lost(seed: int) -> None:
    dice = random.Random(seed)
    bits = [
        "pump",
        "don’t",
        "it's",
        " ",
        "  ",
        "\n\n",
        ",",
        ".",
        "—",
        "é",
        "日本",
        "\t",
        "12%",
        "🙂",
        "_",
        "\u200b",
        "\r\n",
        "-",
    ]
    before = "".join(dice.choices(bits, k=dice.randrange(0, 80)))
    after = "".join(dice.choices(bits, k=dice.randrange(0, 80))) if seed % 3 else before[::-1]
    assert rebuilt(before, after) == (before, after)


@pytest.mark.parametrize(("before", "after"), [("", ""), ("", "Hi."), ("Hi.", ""), ("Hi.", "Hi."), (" \n", "\n ")])
def test_empty_and_equal_texts(before: str, after: str) -> None:
    assert rebuilt(before, after) == (before, after)
    assert all(text for _, text in word_diff(before, after))


def test_a_long_text_is_still_exact() -> None:
    before = "the tide turns and the boats come in. " * 1500
    after = before.replace("boats", "ferries", 700)
    assert rebuilt(before, after) == (before, after)


def test_words_are_changed_whole() -> None:
    assert word_diff("I moved the crates.", "I moved the barrels.") == [
        ("keep", "I moved the "),
        ("drop", "crates"),
        ("add", "barrels"),
        ("keep", "."),
    ]


def test_a_space_between_two_changes_is_part_of_them() -> None:
    assert word_diff("red apples now", "green pears now") == [
        ("drop", "red apples"),
        ("add", "green pears"),
        ("keep", " now"),
    ]


def test_sentences_find_their_new_form_wherever_it_stands() -> None:
    before = ["I repair church organs.", "Your talk was amazing.", "Could you maybe refer me to someone?"]
    after = ["Would you refer me to the rector?", "For nine years I have repaired organs in churches."]
    assert pair_sentences(before, after) == {0: 1, 2: 0}


def test_a_sentence_has_one_new_form_only() -> None:
    assert pair_sentences(["I glaze tiles."], ["I glaze tiles.", "I glaze tiles."]) == {0: 0}
    assert pair_sentences([], ["a"]) == {}
    assert pair_sentences(["a"], []) == {}
