"""A BERT encoder in plain numpy, read straight from a sentence-transformers folder: no torch, nothing converted.

The weights are mapped, not copied: only what is used is ever read. Texts of any length stand side by side in one
matrix, so nothing is padded. The forward pass is that of Devlin et al. 2019, with the exact GELU; the vector of a text
is the mean of its last hidden states, at length one (Reimers and Gurevych 2019).
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from assistant.errors import ModelError
from assistant.mapping import MappedFile

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from assistant.mapping import Bytes

    Matrix = NDArray[np.float32]
    Change = Mapping[str, tuple[Matrix, Matrix]]

# Word pieces that go through the layers together: more are no faster, and take more memory.
_TOGETHER = 512
_SHAPE = {"model_type": "bert", "hidden_act": "gelu", "position_embedding_type": "absolute"}


def _json(path: Path) -> Any:
    return json.loads(path.read_text(encoding="utf-8"))


def can_read(folder: Path) -> bool:
    """Whether the folder's model is one that this encoder computes as sentence-transformers does."""
    try:
        config, parts = (
            _json(folder / "config.json"),
            [p["type"].split(".")[-1] for p in _json(folder / "modules.json")],
        )
        pooling = _json(folder / "1_Pooling" / "config.json")
    except (OSError, ValueError, KeyError, TypeError):
        return False
    bert = all(config.get(key) == value for key, value in _SHAPE.items())
    modes = [key for key, value in pooling.items() if key.startswith("pooling_mode_") and value]
    return bert and parts == ["Transformer", "Pooling", "Normalize"] and modes == ["pooling_mode_mean_tokens"]


def tensors(raw: Bytes) -> dict[str, Any]:
    """Every tensor of a safetensors file by name, as read-only arrays over its bytes.

    The format: eight bytes that hold the header's length, the header in JSON, then the numbers.
    """
    import numpy as np

    start = 8 + int(raw[:8].view("<u8")[0])
    header = json.loads(raw[8:start].tobytes())
    kinds = {"F32": np.float32, "F16": np.float16, "I8": np.int8, "I64": np.int64}
    return {
        name: raw[start + spec["data_offsets"][0] : start + spec["data_offsets"][1]]
        .view(kinds[spec["dtype"]])
        .reshape(spec["shape"])
        for name, spec in header.items()
        if name != "__metadata__"
    }


class Encoder:
    """Texts to vectors, or word pieces to hidden states. Loading takes some milliseconds.

    Raises ModelError for a folder that is missing something or damaged.
    """

    def __init__(self, folder: Path) -> None:
        from tokenizers import Tokenizer

        try:
            self.config = _json(folder / "config.json")
            self._limit = int(_json(folder / "sentence_bert_config.json")["max_seq_length"])
            self.tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
            self._file = MappedFile(folder / "model.safetensors")
            self._weights = tensors(self._file.bytes)
        # the tokenizers library raises a bare Exception for a file that it cannot read
        except Exception as error:
            raise ModelError(
                f"The embedding model cannot be loaded ({error}).",
                "Install its package again; `assistant doctor` checks it.",
                file=folder,
            ) from error
        self.tokenizer.no_padding()
        self.tokenizer.no_truncation()

    def embed(self, texts: Sequence[str]) -> list[list[float]]:
        """One unit vector a text, in order; what lies beyond the model's limit of word pieces is not seen."""
        import numpy as np

        whole = [encoding.ids for encoding in self.tokenizer.encode_batch(list(texts))]
        # cut off, but for the piece that ends every text
        ids = [one if len(one) <= self._limit else [*one[: self._limit - 1], one[-1]] for one in whole]
        rows: list[list[float]] = []
        for batch in _batches(ids):
            for states in self.hidden(batch):
                mean = states.mean(axis=0)
                rows.append((mean / max(float(np.linalg.norm(mean)), 1e-12)).tolist())
        return rows

    def hidden(
        self, ids: Sequence[Sequence[int]], extra: Matrix | None = None, change: Change | None = None
    ) -> list[Matrix]:
        """The last layer's states, one array (pieces, width) a text.

        `extra` (all pieces, width) is added to the input; `change` holds by layer name the two factors, (rank, in) and
        (out, rank), of what is added to that layer's matrix (low-rank adaptation, Hu et al. 2021).
        """
        import numpy as np

        lengths = [len(one) for one in ids]
        ends = np.cumsum(lengths).tolist()
        spans = [slice(end - length, end) for end, length in zip(ends, lengths, strict=True)]
        w = self._weights
        x = w["embeddings.word_embeddings.weight"][[i for one in ids for i in one]]
        x = x + w["embeddings.position_embeddings.weight"][[i for length in lengths for i in range(length)]]
        x = x + w["embeddings.token_type_embeddings.weight"][0]
        if extra is not None:
            x = x + extra
        x = self._normed(x, "embeddings.LayerNorm")
        for layer in range(self.config["num_hidden_layers"]):
            at = f"encoder.layer.{layer}"
            mixed = self._linear(self._attended(x, at, spans, change), f"{at}.attention.output.dense", change)
            x = self._normed(x + mixed, f"{at}.attention.output.LayerNorm")
            wide = _gelu(self._linear(x, f"{at}.intermediate.dense", change))
            x = self._normed(x + self._linear(wide, f"{at}.output.dense", change), f"{at}.output.LayerNorm")
            self._file.release()  # one layer in memory at a time, not all
        return [x[span] for span in spans]

    def _attended(self, x: Matrix, at: str, spans: Sequence[slice], change: Change | None) -> Matrix:
        """Each text's pieces look at that text's pieces only."""
        import numpy as np

        heads = self.config["num_attention_heads"]
        q, k, v = (self._linear(x, f"{at}.attention.self.{part}", change) for part in ("query", "key", "value"))
        q /= np.float32((x.shape[1] // heads) ** 0.5)
        mixed = np.empty_like(x)
        for span in spans:
            # (pieces, width) to (heads, pieces, width of a head)
            one, two, three = (m[span].reshape(-1, heads, x.shape[1] // heads).swapaxes(0, 1) for m in (q, k, v))
            scores = one @ two.swapaxes(1, 2)
            scores -= scores.max(axis=-1, keepdims=True)
            np.exp(scores, out=scores)
            scores /= scores.sum(axis=-1, keepdims=True)
            mixed[span] = (scores @ three).swapaxes(0, 1).reshape(-1, x.shape[1])
        return mixed

    def _linear(self, x: Matrix, name: str, change: Change | None) -> Matrix:
        result: Matrix = x @ self._weights[f"{name}.weight"].T
        result += self._weights[f"{name}.bias"]
        if change is not None and name in change:
            narrow, wide = change[name]
            result += (x @ narrow.T) @ wide.T
        return result

    def _normed(self, x: Matrix, name: str) -> Matrix:
        import numpy as np

        x = x - x.mean(axis=-1, keepdims=True)
        spread = np.sqrt(np.square(x).mean(axis=-1, keepdims=True) + np.float32(self.config["layer_norm_eps"]))
        x /= spread
        x *= self._weights[f"{name}.weight"]
        x += self._weights[f"{name}.bias"]
        return x


def _batches(ids: Sequence[list[int]]) -> Iterator[list[list[int]]]:
    """Neighbours together, as many as fit."""
    batch: list[list[int]] = []
    for one in ids:
        if batch and sum(map(len, batch)) + len(one) > _TOGETHER:
            yield batch
            batch = []
        batch.append(one)
    if batch:
        yield batch


def _gelu(x: Matrix) -> Matrix:
    """The normal distribution at x, times x; erf by Abramowitz and Stegun 7.1.26, wrong by at most 1.5e-7."""
    import numpy as np

    size = np.abs(x)
    size *= np.float32(0.5**0.5)
    t = 1 / (1 + np.float32(0.3275911) * size)
    # coefficients from t^5 down to t
    tail = t * np.float32(1.061405429)
    for coefficient in (-1.453152027, 1.421413741, -0.284496736, 0.254829592):
        tail += np.float32(coefficient)
        tail *= t
    tail *= np.exp(-size * size)
    tail *= np.float32(0.5)
    result: Matrix = x * np.where(x < 0, tail, 1 - tail)
    return result
