"""How much of an excerpt a text keeps, and which of its words stand in none."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import lru_cache

from assistant.facts.sources import index, lemmas_of, read
from assistant.facts.text import lemma
from assistant.records import Document, Excerpt


@lru_cache(maxsize=1024)
def keeps(text: str, excerpt: Excerpt) -> float:
    """The share, 0..1, of the excerpt's content words and numbers kept in any form; 1 for an excerpt without any."""
    said = index((Document("message", text),))
    wanted = read(excerpt.text, source=True)
    numbers = [any(q.same(other) or other.same(q) for other in said.quantities) for q in wanted.quantities]
    function = lemmas_of("function")
    words = [
        said.means(token) if token.kind != "link" else token.low in said.links
        for i, token in enumerate(wanted.tokens)
        if i not in wanted.covered and lemma(token.low) not in function and len(token.low) > 1
    ]
    marks = numbers + words
    return sum(marks) / len(marks) if marks else 1.0


def strays(text: str, told: Sequence[Document], added: Iterable[str] = ()) -> tuple[str, ...]:
    """The content words and numbers of a text that none of `told` holds in any form, beyond the `added` words."""
    known = index(tuple(told))
    said = read(text)
    free = lemmas_of("function") | {lemma(word) for word in added}
    words = [
        token.text
        for i, token in enumerate(said.tokens)
        if i not in said.covered and lemma(token.low) not in free and len(token.low) > 1 and not known.means(token)
    ]
    counts = [(said.text[q.start : q.end], q) for q in said.quantities]
    numbers = [t for t, q in counts if not any(q.same(other) or other.same(q) for other in known.quantities)]
    return (*words, *numbers)
