"""What two texts share: word by word for the eye, sentence by sentence to say what took whose place."""

from __future__ import annotations

import re
from collections.abc import Sequence
from difflib import SequenceMatcher
from typing import Literal

Op = Literal["keep", "drop", "add"]

_TOKEN = re.compile(r"\s+|\w+(?:['’]\w+)*|[^\w\s]")
# Above this many tokens difflib's exact search takes seconds; common words are then no anchors any more.
_EXACT_TOKENS = 3000
# From this share of common words on, one sentence counts as another's new form.
_SAME_SENTENCE = 0.34
# Words of every outreach message: sharing them says nothing.
_COMMON = frozenset(
    {"about", "been", "could", "from", "have", "please", "really", "some", "that", "this", "with", "would", "your"}
)


def word_diff(before: str, after: str) -> list[tuple[Op, str]]:
    """Runs of kept, dropped and added text: keep and drop join to exactly `before`, keep and add to exactly `after`."""
    old, new = _TOKEN.findall(before), _TOKEN.findall(after)
    matcher = SequenceMatcher(None, old, new, autojunk=max(len(old), len(new)) > _EXACT_TOKENS)
    runs: list[tuple[Op, str]] = []
    dropped = added = ""
    codes = matcher.get_opcodes()
    for index, (code, i, j, k, m) in enumerate(codes):
        kept = "".join(old[i:j])
        # A lone space or comma between two changes is no common ground; kept, it would chop the diff into crumbs.
        crumb = code == "equal" and 0 < index < len(codes) - 1 and not re.search(r"\w", kept) and "\n" not in kept
        if code == "equal" and not crumb:
            runs += _changes(dropped, added)
            runs.append(("keep", kept))
            dropped = added = ""
        else:
            dropped += kept
            added += "".join(new[k:m])
    return runs + _changes(dropped, added)


def _changes(dropped: str, added: str) -> list[tuple[Op, str]]:
    pair: tuple[tuple[Op, str], ...] = (("drop", dropped), ("add", added))
    return [(op, text) for op, text in pair if text]


def pair_sentences(before: Sequence[str], after: Sequence[str]) -> dict[int, int]:
    """For each sentence of `before` that lives on in `after`, which one it became; the closest first, each once."""
    old, new = [_stems(s) for s in before], [_stems(s) for s in after]
    closeness = [
        (_share(mine, yours), -abs(i / len(old) - j / len(new)), i, j)
        for i, mine in enumerate(old)
        for j, yours in enumerate(new)
    ]
    pairs: dict[int, int] = {}
    for share, _, i, j in sorted(closeness, reverse=True):
        if share >= _SAME_SENTENCE and i not in pairs and j not in pairs.values():
            pairs[i] = j
    return pairs


def _stems(sentence: str) -> frozenset[str]:
    """Content words by their first five letters, so that "refer" meets "referral"."""
    return frozenset(
        w[:5] for w in re.findall(r"\w+", sentence.casefold()) if (len(w) > 3 or w.isdigit()) and w not in _COMMON
    )


def _share(mine: frozenset[str], yours: frozenset[str]) -> float:
    return len(mine & yours) / min(len(mine), len(yours)) if mine and yours else 0.0
