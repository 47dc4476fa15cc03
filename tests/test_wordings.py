"""The words of each fault in the ways that people put them, and clean sentences that come close."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

import pytest

from assistant.library import load_library
from assistant.lint import lint
from assistant.records import Brief

LIBRARY = load_library()
WORDINGS = tomllib.loads((Path(__file__).parent / "data" / "wordings.toml").read_text(encoding="utf-8"))


def shown_in(text: str, kind: str) -> list[tuple[str, str]]:
    """Principle and quote of what is found in words; what is absent from a single sentence says nothing."""
    found = lint(text, LIBRARY.kind(kind), LIBRARY, said=Brief())
    return [(f.principle, f.quote) for f in found if f.quote]


@pytest.mark.parametrize("group", WORDINGS["fault"], ids=lambda g: f"{g['principle']}-{g['kind']}")
def test_a_fault_is_seen_in_whatever_words_it_comes(group: dict[str, Any]) -> None:
    unseen = [t for t in group["texts"] if group["principle"] not in dict(shown_in(t, group["kind"]))]
    assert unseen == []


@pytest.mark.parametrize("group", WORDINGS["clean"], ids=lambda g: g["kind"])
def test_a_sentence_that_comes_close_stays_clean(group: dict[str, Any]) -> None:
    assert {text: shown for text in group["texts"] if (shown := shown_in(text, group["kind"]))} == {}
