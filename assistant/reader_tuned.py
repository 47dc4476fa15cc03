"""The tuned reader: MiniLM, changed a little for this job, reads draft and notes together.

Each word goes in with what its pieces cannot show (capitals, a new line, draft or notes, the likely kind) and with the
chances that the pattern head (assistant/reader_head.py) gives it. It comes out with the chances that it begins, goes on
with or is outside an excerpt of each slot. Slots are decided apart, so that their excerpts may overlap. The numbers,
models/reader.safetensors, are made by models/train_reader.py.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from assistant import paths
from assistant.encoder import Encoder, tensors
from assistant.mapping import MappedFile
from assistant.reader_features import Tagged, name_rows, page, shape, slot_rows
from assistant.reader_head import Head, Tagger, load_head
from assistant.records import SLOTS
from assistant.segments import Stretch

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Matrix = NDArray[np.float32]

SHAPES = ("x", "Xx", "XX", "X", "0", ".")
CLS, SEP = 101, 102
# What each word of an excerpt gains, what one loses that begins or ends inside a segment, and the second look's gain.
GAIN, LATE, EARLY, EAGER = range(4)
# What each word of an excerpt loses where the notes call its slot unknown.
DOUBT = 2.0
# Word pieces that are seen at once, and how many of them two neighbouring stretches share.
WINDOW, SHARED = 508, 120
# Of each of these, one slot at least should hold something: else it is looked for once more.
NEEDED = (("recipient",), ("sender",), ("target",), ("proof",), ("why_them", "history"))


@dataclass(slots=True)
class Part:
    """One text to be read, as draft or as notes. `features` is (words, features), `edges` as in `Page`."""

    text: str
    draft: bool
    words: list[Stretch]
    edges: list[tuple[bool, bool]]
    features: Matrix


@dataclass(slots=True)
class Pieces:
    """The word pieces of all parts in order; `owner` is each one's word (-1: none), `first` each word's first piece."""

    ids: list[int]
    owner: list[int]
    first: list[int]


def part(text: str, *, draft: bool, names: dict[str, str], kind: str, head: Head | None = None) -> Part:
    """One text with its words and what goes in with each; `head` stands in for the shipped one in training."""
    import numpy as np

    head = head or load_head()
    made = page(text, "D" if draft else "N", head.common, names)
    named = [head.names.scores(row) for row in name_rows(made)]
    meant = [head.slots.scores(row) for row in slot_rows(made, head.names.best(named), kind)]
    known = chances(head.names, named), chances(head.slots, meant)
    own = np.zeros((len(made.tokens), len(SHAPES) + 4 + len(head.kinds.labels)), np.float32)
    end = 0
    for at, token in enumerate(made.tokens):
        own[at, SHAPES.index(shape(text[token.start : token.end]))] = 1
        own[at, len(SHAPES)] = at == 0 or "\n" in text[end : token.start]
        end = token.end
    own[:, len(SHAPES) + 1] = draft
    if made.edges:
        own[:, len(SHAPES) + 2 : len(SHAPES) + 4] = made.edges
    own[:, len(SHAPES) + 4 + head.kinds.labels.index(kind)] = 1
    return Part(text, draft, made.tokens, made.edges, np.concatenate((own, *known), axis=1))


def chances(tagger: Tagger, scores: Sequence[Sequence[float]]) -> Matrix:
    """Each token's chance of each label, over all label sequences (the forward-backward algorithm), from its scores."""
    import numpy as np

    count = len(tagger.labels)
    if not scores:
        return np.zeros((0, count), np.float32)
    emitted, moves = np.array(scores), np.array(tagger.transitions)

    def total(scores: Matrix, axis: int) -> Matrix:
        """The logarithm of the sum of what the scores are logarithms of; they are written over."""
        top = np.maximum.reduce(scores, axis=axis, keepdims=True)
        scores -= top
        summed: Matrix = np.add.reduce(np.exp(scores, out=scores), axis=axis)
        np.log(summed, out=summed)
        summed += top.reshape(summed.shape)
        return summed

    before, after = emitted.copy(), np.zeros_like(emitted)
    before[0, [label.startswith("I-") for label in tagger.labels]] = -1e9
    for at in range(1, len(scores)):
        before[at] += total(before[at - 1][:, None] + moves, 0)
    for at in range(len(scores) - 2, -1, -1):
        after[at] = total(moves + (emitted[at + 1] + after[at + 1])[None], 1)
    both = before + after
    result: Matrix = np.exp(both - total(both.copy(), 1)[:, None]).astype(np.float32)
    return result


def pieces(encoder: Encoder, parts: Sequence[Part]) -> Pieces:
    """The parts as one text: the start sign, the draft, a sign between, the notes, a sign at the end."""
    ids, owner = [CLS], [-1]
    first: list[int] = []
    for side in (True, False):
        for one in (p for p in parts if p.draft == side):
            coded = encoder.tokenizer.encode(one.text, add_special_tokens=False)
            at, base = 0, len(first)
            places: dict[int, int] = {}
            for number, (start, _) in enumerate(coded.offsets):
                while at < len(one.words) and one.words[at].end <= start:
                    at += 1
                owner.append(base + at if at < len(one.words) else -1)
                places.setdefault(at, len(ids) + number)
            for word in range(len(one.words)):
                # a word without a piece of its own (a sign that the model does not know) looks at its neighbour's
                first.append(places.get(word, first[-1] if first else 0))
            ids += coded.ids
        ids.append(SEP)
        owner.append(-1)
    return Pieces(ids, owner, first)


class TunedReader:
    """Finds the excerpts of every slot. `folder` is that of MiniLM, `path` the file of what was learnt on top."""

    def __init__(self, encoder: Encoder, path: Path = paths.MODELS / "reader.safetensors") -> None:
        import numpy as np

        numbers = {name: tensor.astype(np.float32) for name, tensor in tensors(MappedFile(path).bytes).items()}
        self._encoder = encoder
        layers = {name.removesuffix(".a") for name in numbers if name.endswith(".a")}
        self._change = {layer: (numbers[f"{layer}.a"], numbers[f"{layer}.b"]) for layer in layers}
        self._input, self._head, self._bias = numbers["input"], numbers["head"], numbers["bias"]
        self._lean = numbers["lean"]

    def read(
        self, texts: Sequence[tuple[str, bool]], names: dict[str, str], kind: str, said: frozenset[str]
    ) -> list[list[Tagged]]:
        """The labelled stretches of each text; the texts come with whether they are read as a draft."""
        return self.tags([self.part(text, draft, names, kind) for text, draft in texts], said)

    def part(self, text: str, draft: bool, names: dict[str, str], kind: str) -> Part:
        """One text made ready."""
        return part(text, draft=draft, names=names, kind=kind)

    def tags(self, parts: Sequence[Part], said: frozenset[str] = frozenset()) -> list[list[Tagged]]:
        """Every excerpt of each part, as labelled stretches of its text; excerpts of different slots may overlap.

        What every message needs and nothing was found for is looked for once more, less strictly: asking for what the
        notes hold is worse than a doubtful excerpt. The slots of `said`, which the notes call unknown, must be plainer.
        """
        import numpy as np

        ordered = [p for side in (True, False) for p in parts if p.draft == side]
        cuts = np.cumsum([len(p.words) for p in ordered])[:-1]
        scored = list(zip(np.split(self.scores(ordered), cuts), ordered, strict=True))
        lean = self._lean.copy()
        lean[[SLOTS.index(slot) for slot in said], GAIN] -= DOUBT
        found = [best(scores, p.edges, lean) for scores, p in scored]
        seen = {SLOTS[slot] for each in found for slot, _, _ in each}
        absent = [SLOTS.index(slot) for need in NEEDED if not (seen | said) & set(need) for slot in need]
        if absent:
            lean[absent, GAIN] += lean[absent, EAGER]
            for each, (scores, p) in zip(found, scored, strict=True):
                each += [one for one in best(scores, p.edges, lean) if one[0] in absent]
        tags = {
            id(p): [Tagged(SLOTS[slot], p.words[start].start, p.words[end - 1].end) for slot, start, end in each]
            for each, p in zip(found, ordered, strict=True)
        }
        return [tags[id(p)] for p in parts]

    def scores(self, parts: Sequence[Part]) -> Matrix:
        """The logarithm of each chance, (words, slots, 3): outside, begins, goes on. The draft's parts come first."""
        import numpy as np

        made = pieces(self._encoder, parts)
        features = np.concatenate([p.features for p in parts])
        extra = np.zeros((len(made.ids), self._input.shape[0]), np.float32)
        owned = np.array(made.owner) >= 0
        extra[owned] = features[[o for o in made.owner if o >= 0]] @ self._input.T
        states = np.concatenate([self._windows(made.ids, extra)[made.first], features], axis=1)
        scores = (states @ self._head.T + self._bias).reshape(-1, len(SLOTS), 3)
        scores -= scores.max(axis=-1, keepdims=True)
        result: Matrix = scores - np.log(np.exp(scores).sum(axis=-1, keepdims=True))
        return result

    def _windows(self, ids: list[int], extra: Matrix) -> Matrix:
        """The hidden state of every piece; a text too long to be seen at once is seen in overlapping stretches."""
        import numpy as np

        if len(ids) <= WINDOW + 2:
            return self._encoder.hidden([ids], extra, self._change)[0]
        rows = np.zeros((len(ids), extra.shape[1]), np.float32)
        none = np.zeros((1, extra.shape[1]), np.float32)
        for start in range(0, len(ids), WINDOW - SHARED):
            end = min(start + WINDOW, len(ids))
            seen = [CLS, *ids[start:end], SEP]
            states = self._encoder.hidden([seen], np.concatenate((none, extra[start:end], none)), self._change)[0]
            # the half of what two stretches share that lies nearer to each one's middle is its own
            own = start + (SHARED // 2 if start else 0)
            rows[own:end] = states[1 + own - start : 1 + end - start]
            if end == len(ids):
                break
        return rows


def best(scores: Matrix, edges: Sequence[tuple[bool, bool]], lean: Matrix) -> list[tuple[int, int, int]]:
    """The best excerpts of each slot, as (slot, first word, word after the last), from scores (words, slots, 3).

    `lean` is each slot's readiness to speak, the columns as named above.
    """
    import numpy as np

    if not len(scores):
        return []
    begins, inside = 1, 2  # 0 is outside
    late, early = lean[:, LATE], lean[:, EARLY]
    scores = scores.copy()
    scores[:, :, begins:] += lean[:, GAIN, None]
    scores[[not first for first, _ in edges], :, begins] -= late
    current = scores[0].copy()
    current[:, inside] = -np.inf
    back = []
    for row, (_, last) in zip(scores[1:], edges, strict=False):
        stayed = np.where(current[:, begins] >= current[:, inside], begins, inside)
        on = np.maximum(current[:, begins], current[:, inside])
        if not last:
            current[:, begins:] -= early[:, None]
        back.append((current.argmax(axis=1), stayed))
        current[:, :inside] = np.maximum.reduce(current, axis=1, keepdims=True)
        current[:, inside] = on
        current += row
    state = current.argmax(axis=1)
    path = [state]
    for came, stayed in reversed(back):
        state = np.where(state == inside, stayed, came)
        path.append(state)
    table = np.array(path[::-1])
    found = []
    for slot in range(table.shape[1]):
        labels = table[:, slot]
        for start in np.flatnonzero(labels == begins).tolist():
            end = start + 1
            while end < len(labels) and labels[end] == inside:
                end += 1
            found.append((slot, start, end))
    return found
