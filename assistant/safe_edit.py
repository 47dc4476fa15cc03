"""The safe edit: the user's own words around the kind's fixed phrases, for when no candidate of the model passes."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from assistant.lint import lint
from assistant.phrasing import Phrasing
from assistant.reading import say
from assistant.records import Brief, Document, Draft, FollowUp, Kind, Library
from assistant.safe_edit_parts import ALIKE, SENTENCE_END, Part, own_words
from assistant.safe_edit_recipes import RECIPES, first_message


def safe_edit(
    draft: Draft,
    brief: Brief,
    kind: Kind,
    library: Library,
    sources: Sequence[Document],
    *,
    max_chars: int | None,
    follow_up: FollowUp | None = None,
) -> str:
    """A message of the kind built from `brief`; within `max_chars` unless even its barest form is longer.

    Where the brief holds nothing to build from, the draft's own sentences without a finding are what is left.
    """
    return edit(Phrasing(draft, brief, kind, library, sources, follow_up), max_chars)


def edit(words: Phrasing, max_chars: int | None) -> str:
    """The message that the kind's recipe makes of these words."""
    parts = [p for p in _said_once(RECIPES.get(words.kind.id, first_message)(words)) if p.text]
    if not any(p.drop or p.paragraph for p in parts) and not words.brief.proof and not words.brief.target:
        parts = [Part(_clean_sentences(words.draft, words.kind, words.library), 0)]
    return _fit(parts, words.kind, max_chars)


def _said_once(parts: Sequence[Part]) -> Iterator[Part]:
    """The parts without sentences that another one tells: two slots can hold the same words."""
    sentences = [(part, text, own_words(text)) for part in parts for text in SENTENCE_END.split(part.text)]
    dropped: set[int] = set()
    for i, (part, _, mine) in enumerate(sentences):
        others = [(j, words) for j, (_, _, words) in enumerate(sentences) if j != i and j not in dropped]
        again = any(len(mine & words) >= ALIKE * len(mine) and (len(mine) < len(words) or j < i) for j, words in others)
        if again and part.drop and len(mine) > 1:
            dropped.add(i)
    for part in parts:
        kept = [text for i, (owner, text, _) in enumerate(sentences) if owner is part and i not in dropped]
        yield replace(part, text=" ".join(kept))


# --- putting together -----------------------------------------------------------------------------------------


def _fit(parts: list[Part], kind: Kind, max_chars: int | None) -> str:
    """The parts as paragraphs; while too long, second sentences go, then the part that can best be spared.

    What was spared early comes back where what was spared later made room enough.
    """

    def fits(some: Sequence[Part]) -> bool:
        text = _join(some)
        return len(text.split()) <= kind.max_words and (max_chars is None or len(text) <= max_chars)

    spared: list[Part] = []
    while not fits(left := _without(parts, spared)) and any(p.drop for p in left):
        long = max((p for p in left if p.drop and len(SENTENCE_END.split(p.text)) > 1), key=_drop, default=None)
        if long is None:
            spared.append(max((p for p in left if p.drop), key=_drop))
            continue
        less = replace(long, text=" ".join(SENTENCE_END.split(long.text)[:-1]))
        parts = [less if p is long else p for p in parts]
    for part in reversed(spared):
        fewer = [p for p in spared if p is not part]
        spared = fewer if fits(_without(parts, fewer)) else spared
    return _join(_without(parts, spared))


def _without(parts: Sequence[Part], spared: Sequence[Part]) -> list[Part]:
    return [p for p in parts if not any(p is one for one in spared)]


def _drop(part: Part) -> int:
    return part.drop


def _join(parts: Sequence[Part]) -> str:
    paragraphs: dict[int, list[str]] = {}
    for part in parts:
        paragraphs.setdefault(part.paragraph, []).append(part.text)
    return "\n\n".join(" ".join(texts).replace("\n ", "\n") for texts in paragraphs.values())


def _clean_sentences(draft: Draft, kind: Kind, library: Library) -> str:
    findings = lint(draft.text, kind, library, said=say(draft.text))
    kept = [
        s.text
        for s in draft.sentences
        if not any(f.end > f.start and f.start < s.end and s.start < f.end for f in findings)
    ]
    return " ".join(kept) or draft.text
