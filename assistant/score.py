"""How close a message is to the kind's bundled good examples, and how far from its bad ones.

Names and numbers are masked before embedding, so that topic and addressee decide less than the manner. The score is a
logistic function of four things: a line through the embedding space of messages; the difference between the nearest
good and the nearest bad examples; the worst sentence, by a line through the space of sentences, since one bad sentence
hardly moves the vector of a whole message; and the weight of the findings. models/fit_closeness.py fits it, and
models/closeness.json holds it with its measured figures.
Few-shot heads on sentence embeddings: Tunstall et al., Efficient Few-Shot Learning Without Prompts, 2022.
"""

from __future__ import annotations

import hashlib
import json
import math
import re
from array import array
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from operator import mul
from pathlib import Path
from typing import Literal

from assistant import models, paths
from assistant.engine import Embedder
from assistant.errors import DataError
from assistant.lint import faults, lint
from assistant.lint_parts import parts
from assistant.reading import say
from assistant.records import Example, Library, Neighbour

Label = Literal["good", "bad"]
Vector = Sequence[float]
# A name or "Best regards," is no sentence to judge.
LEAST_WORDS = 4
# No one sentence and no pile of findings decides alone.
CAPS = (-6.0, 6.0)
NEIGHBOURS = 3  # so many nearest examples of a label count in the score: one alone is too much of a chance

_LINK = re.compile(r"\b(?:https?://|www\.)\S*[\w/]|\S+@\S+\.\w+")
_GREETING = re.compile(
    r"\A(hi|hello|dear|hey|good (?:morning|afternoon|evening))(?: [\w.'’-]+){0,3} ?(?:[,!:]|(?=\n))", re.IGNORECASE
)
_SIGNATURE = re.compile(r"\n[A-ZÀ-Ý][\w.'’-]*(?: [A-ZÀ-Ý][\w.'’-]*){0,3}[ .]*\Z")
_CAPITALS = re.compile(r"(?<=[\w,;:'’\"“(&-] )[A-ZÀ-Ý][\w'’-]*(?: (?:& )?[A-ZÀ-Ý][\w'’-]*)*")
_NUMBER = re.compile(
    r"[$€£]?\b\d[\d.,:/%-]*\w*|\b(?:one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve)\b", re.IGNORECASE
)
_FIRST_PERSON = re.compile(r"I(?:['’](?:m|d|ve|ll))?\Z")


def spans(text: str) -> Iterator[tuple[int, int]]:
    """Where a text's sentences of four words and more lie, without the space around them."""
    for start, end in parts(text).sentences:
        sentence = text[start:end]
        if len(sentence.split()) >= LEAST_WORDS:
            start += len(sentence) - len(sentence.lstrip())
            yield start, start + len(sentence.strip())


def sentences(text: str) -> list[str]:
    return [text[start:end] for start, end in spans(text)]


def mask(text: str) -> str:
    """The text with links, names and numbers replaced by one word each; lower-case names stay."""
    text = _LINK.sub("link", text.strip())
    text = _SIGNATURE.sub("\nName", text)
    text = _GREETING.sub(r"\1 Name,", text)
    text = _CAPITALS.sub(_name, text)
    return _NUMBER.sub("some", text)


def _name(found: re.Match[str]) -> str:
    first, _, rest = found.group().partition(" ")
    if _FIRST_PERSON.match(first):
        return f"{first} Name" if rest else first
    return "Name"


@dataclass(frozen=True, slots=True)
class Calibration:
    """The fitted numbers. `head` holds for the embedder with that sha256 only; `alone` for any other.

    head: score = logistic(weights · vector + difference · d + kind's bias + worst · w + faults · f), where
          d is the similarity to good − to bad examples, w the highest of sentence · (vector of a sentence) + its bias,
          f the weight of the findings, both cut off at CAPS
    alone: score = logistic(difference · d + bias)
    """

    embedder: str
    weights: tuple[float, ...]
    difference: float
    biases: Mapping[str, float]
    alone: tuple[float, float]
    sentence: tuple[float, ...] = ()
    sentence_bias: float = 0.0
    worst: float = 0.0
    faults: float = 0.0

    @classmethod
    def load(cls, path: Path) -> Calibration:
        """Raises DataError for a file that is missing or not of this form."""
        try:
            data = json.loads(path.read_text("utf-8"))
            head, alone = data["head"], data["alone"]
            return cls(
                embedder=str(data["embedder"]),
                weights=tuple(map(float, head["weights"])),
                difference=float(head["difference"]),
                biases={str(kind): float(bias) for kind, bias in head["biases"].items()},
                alone=(float(alone["difference"]), float(alone["bias"])),
                sentence=tuple(map(float, head["sentence"]["weights"])),
                sentence_bias=float(head["sentence"]["bias"]),
                worst=float(head["worst"]),
                faults=float(head["faults"]),
            )
        except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
            raise DataError(
                f"The numbers of the closeness score cannot be read ({error}).",
                "Install the assistant again, or run models/fit_closeness.py.",
                file=path,
            ) from error


class Remembering:
    """An embedder that keeps the vectors it was last asked for: candidates share sentences, and heads ask again."""

    def __init__(self, embedder: Embedder, most: int = 3000) -> None:
        self.sha256: str | None = getattr(embedder, "sha256", None)
        self._embedder = embedder
        self._most = most
        self._kept: dict[str, Vector] = {}

    def embed(self, texts: Sequence[str]) -> list[Vector]:
        new = [text for text in dict.fromkeys(texts) if text not in self._kept]
        if len(self._kept) + len(new) > self._most:
            self._kept.clear()
            new = list(dict.fromkeys(texts))
        if new:
            # as single floats, which they were: a list holds eight times as much
            self._kept.update(zip(new, (array("f", row) for row in self._embedder.embed(new)), strict=True))
        return [self._kept[text] for text in texts]


class Closeness:
    """Scores texts against the bundled examples of a kind. Embeds lazily; vectors of the examples are kept on disk.

    Methods raise KeyError for an unknown kind.
    """

    def __init__(self, library: Library, embedder: Embedder, calibration: Calibration | None = None) -> None:
        self._library = library
        self._embedder = embedder
        self._calibration = calibration or Calibration.load(paths.MODELS / "closeness.json")
        # an embedder that cannot say what it is gets no vectors from disk, and no weights made for another
        self._identity: str | None = getattr(embedder, "sha256", None)
        self._fitted = self._calibration.embedder == self._identity
        self._texts: dict[str, Vector] = {}
        self.sentences = Remembering(embedder)
        self._kinds: dict[str, dict[str, tuple[Vector, Vector]]] = {}

    def measure(self, texts: Sequence[str], kind: str) -> list[float]:
        """Closeness of each text to the kind's good examples, 0..1: the calibrated chance that it is a good message."""
        self.prepare(texts)
        return [self._score(text, kind, fitted=self._fitted) for text in texts]

    def prepare(self, texts: Sequence[str]) -> None:
        """Embeds at once all that `measure` needs of these texts: each call reads all of the model's weights."""
        parts = [s for text in texts for s in sentences(text)] if self._fitted and self._calibration.sentence else []
        self.sentences.embed([mask(text) for text in (*texts, *parts)])
        self._embed(texts)

    def worst(self, text: str) -> float:
        """The highest score of a fault among the text's sentences, within CAPS; the lower cap where it has none."""
        low, high = CAPS
        rows = self.sentences.embed([mask(s) for s in sentences(text)])
        scores = [dot(self._calibration.sentence, row) + self._calibration.sentence_bias for row in rows]
        return min(max([low, *scores]), high)

    def weight(self, text: str, kind: str) -> float:
        """The weight of what patterns find in the text, cut off at the upper cap."""
        return min(faults(lint(text, self._library.kind(kind), self._library, said=say(text))), CAPS[1])

    def nearest(self, text: str, kind: str, label: Label) -> Neighbour | None:
        """The kind's most similar example with that label; None where it has none."""
        self._embed([text])
        ranked = [(dot(self._texts[text], manner), example) for example, manner, _ in self._examples(kind, label)]
        best = max(ranked, key=lambda pair: pair[0], default=None)
        return Neighbour(best[1], best[0]) if best else None

    def choose(self, query: str, kind: str, k: int, label: Label = "good") -> tuple[Example, ...]:
        """The `k` examples whose notes and text are about the most similar things, the most similar first."""
        (vector,) = self._embedder.embed([query])
        ranked = [(dot(vector, topic), example) for example, _, topic in self._examples(kind, label)]
        ranked.sort(key=lambda pair: (-pair[0], pair[1].id))
        return tuple(example for _, example in ranked[:k])

    def _examples(self, kind: str, label: Label) -> list[tuple[Example, Vector, Vector]]:
        """Each example with the vector of its masked text, and that of its notes and text as they are."""
        examples = self._library.kind(kind).examples
        if kind not in self._kinds:
            texts = [mask(e.text) for e in examples] + [f"{e.notes}\n{e.text}".strip() for e in examples]
            rows = self._vectors(kind, texts) if texts else []
            pairs = zip(rows[: len(examples)], rows[len(examples) :], strict=True)
            self._kinds[kind] = {example.id: pair for example, pair in zip(examples, pairs, strict=True)}
        return [(e, *self._kinds[kind][e.id]) for e in examples if e.label == label]

    def difference(self, text: str, kind: str) -> float:
        """How much nearer the text is to the kind's good examples than to its bad ones."""
        self._embed([text])
        good, bad = (self._similarity(self._texts[text], kind, label) for label in ("good", "bad"))
        return good - bad

    def _score(self, text: str, kind: str, *, fitted: bool) -> float:
        difference, numbers = self.difference(text, kind), self._calibration
        if not fitted:
            slope, bias = numbers.alone
            return logistic(slope * difference + bias)
        total = (
            dot(numbers.weights, self._texts[text]) + numbers.difference * difference + numbers.biases.get(kind, 0.0)
        )
        if numbers.sentence:
            total += numbers.worst * self.worst(text) + numbers.faults * self.weight(text, kind)
        return logistic(total)

    def _similarity(self, vector: Vector, kind: str, label: Label) -> float:
        near = sorted((dot(vector, manner) for _, manner, _ in self._examples(kind, label)), reverse=True)
        return sum(near[:NEIGHBOURS]) / len(near[:NEIGHBOURS]) if near else 0.0

    def _embed(self, texts: Sequence[str]) -> None:
        new = [text for text in dict.fromkeys(texts) if text not in self._texts]
        if len(self._texts) > 500:
            self._texts.clear()
            new = list(dict.fromkeys(texts))
        rows = self.sentences.embed([mask(text) for text in new])
        self._texts.update(zip(new, rows, strict=True))

    def _vectors(self, kind: str, texts: list[str]) -> Sequence[Vector]:
        if self._identity is None:
            return self._embedder.embed(texts)
        name = f"{kind}-{hashlib.sha256(chr(0).join([self._identity, *texts]).encode()).hexdigest()[:16]}"
        kept = _read_vectors(name, len(texts))
        if kept is not None:
            return kept
        rows = self._embedder.embed(texts)
        _keep_vectors(name, rows)
        return rows


def dot(one: Vector, other: Vector) -> float:
    """The cosine of two unit vectors."""
    return float(sum(map(mul, one, other)))


def logistic(x: float) -> float:
    return 1.0 / (1.0 + math.exp(-max(-60.0, min(60.0, x))))


def _read_vectors(name: str, count: int) -> list[Vector] | None:
    """Vectors kept on disk, or None where there are none or the file is not as it was written."""
    try:
        data = (paths.user_cache() / f"examples-{name}.f32").read_bytes()
    except OSError:
        return None
    digest, body = data[:32], data[32:]
    if hashlib.sha256(body).digest() != digest or not count or len(body) % (4 * count):
        return None
    numbers = array("f", body)
    width = len(numbers) // count
    return [numbers[i : i + width] for i in range(0, len(numbers), width)] if width else None


def _keep_vectors(name: str, rows: Sequence[Vector]) -> None:
    body = b"".join(array("f", row).tobytes() for row in rows)
    try:
        folder = paths.user_cache()
        models.write_private(folder / f"examples-{name}.f32", hashlib.sha256(body).digest() + body)
        for old in folder.glob(f"examples-{name.rpartition('-')[0]}-{'?' * 16}.f32"):
            if old.stem != f"examples-{name}":
                old.unlink(missing_ok=True)
    except OSError:
        return
