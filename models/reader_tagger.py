"""The tuned reader's numbers, models/reader.safetensors: a low-rank change of MiniLM and a decision a word and slot.

The network is computed with transformers and torch; what goes in is made by assistant/reader_tuned.py itself, so that
training and use cannot differ. Matrices are multiplied in bfloat16, which is several times faster on processors that
have it.
"""

from __future__ import annotations

import math
import random
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch
from safetensors.numpy import load_file, save_file
from torch import nn
from torch.nn import functional

from assistant import models
from assistant.encoder import Encoder
from assistant.reader_features import known_names, text_features
from assistant.reader_head import Head
from assistant.reader_tuned import WINDOW, part, pieces
from assistant.records import SLOTS
from models.cases import Case
from models.reader_labels import stretches

SEED = 20261122
# Passes over all cases, then over those of the corpus alone: the others were marked a little otherwise.
EPOCHS, LAST = 6, 3
# The same where a reader that there is learns new cases, and at which share of the rates.
EPOCHS_MORE, LAST_MORE, RATE_MORE = 1, 1, 0.3
PIECES = 2000  # word pieces a batch
RANK = 32
RATE, HEAD_RATE = 1e-3, 2e-3
WARM_UP = 40  # steps
DROPOUT = 0.15
LAYERS = ("attention.self.query", "attention.self.key", "attention.self.value", "attention.output.dense")
LAYERS += ("intermediate.dense", "output.dense")


@dataclass(slots=True)
class Item:
    """A case ready to be learnt: word pieces, and features and labels (words, slots) of its words."""

    ids: list[int]
    owner: list[int]
    first: list[int]
    features: Any
    labels: Any


def item(case: Case, head: Head, encoder: Encoder) -> Item:
    """`head` must not have seen the case: its chances would be better than they are in use."""
    names = known_names(case["draft"])
    scores = head.kinds.scores(text_features(case["draft"], case["context"]))
    kind = max(scores, key=scores.__getitem__)
    texts = {"D": case["draft"], "N": case["context"]}
    parts = [part(text, draft=s == "D", names=names, kind=kind, head=head) for s, text in texts.items()]
    made = pieces(encoder, parts)
    labels = np.zeros((len(made.first), len(SLOTS)), np.int64)
    base = {"D": 0, "N": len(parts[0].words)}
    words = dict(zip(texts, (p.words for p in parts), strict=True))
    for column, slot in enumerate(SLOTS):
        for source, start, end in stretches(case, slot):
            inside = [i for i, w in enumerate(words[source]) if w.start >= start and w.end <= end]
            for number, at in enumerate(inside):
                labels[base[source] + at, column] = 2 if number else 1
    return Item(made.ids, made.owner, made.first, np.concatenate([p.features for p in parts]), labels)


class Adapted(nn.Module):
    """A linear layer that stays as it is, plus two narrow ones that learn."""

    def __init__(self, layer: nn.Linear) -> None:
        super().__init__()
        self.layer = layer
        self.a = nn.Parameter(torch.randn(RANK, layer.in_features) / math.sqrt(layer.in_features))
        self.b = nn.Parameter(torch.zeros(layer.out_features, RANK))

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        changed: torch.Tensor = self.layer(x) + (x @ self.a.T) @ self.b.T
        return changed


class Network(nn.Module):
    """MiniLM with its change, the features' way in, and the head."""

    def __init__(self, folder: Path, features: int) -> None:
        from transformers import BertModel

        super().__init__()
        self.bert = BertModel.from_pretrained(
            str(folder), add_pooling_layer=False, local_files_only=True, attention_probs_dropout_prob=0.0
        )
        self.bert.requires_grad_(False)
        for block in self.bert.encoder.layer:
            for name in LAYERS:
                path, _, last = name.rpartition(".")
                owner = block.get_submodule(path)
                setattr(owner, last, Adapted(getattr(owner, last)))
        width = self.bert.config.hidden_size
        self.input = nn.Linear(features, width, bias=False)
        nn.init.zeros_(self.input.weight)
        self.head = nn.Linear(width + features, 3 * len(SLOTS))
        self.drop = nn.Dropout(DROPOUT)

    def forward(self, batch: dict[str, torch.Tensor]) -> torch.Tensor:
        """(cases, words, slots, 3)"""
        features = batch["features"]
        owned = functional.pad(features, (0, 0, 0, 1))  # the last row is for pieces of no word
        owned = owned.gather(1, batch["owner"].unsqueeze(-1).expand(-1, -1, features.shape[-1]))
        x = self.bert.embeddings.word_embeddings(batch["ids"]) + self.input(owned)
        states = self.bert(inputs_embeds=x, attention_mask=batch["mask"]).last_hidden_state
        words = states.gather(1, batch["first"].unsqueeze(-1).expand(-1, -1, states.shape[-1]))
        scores: torch.Tensor = self.head(torch.cat([self.drop(words), features], -1))
        return scores.view(*words.shape[:2], len(SLOTS), 3)


def batches(items: Sequence[Item], rng: random.Random) -> Iterator[list[Item]]:
    """Items of like length together, in a new order each time."""
    whole: list[list[Item]] = [[]]
    for one in sorted(items, key=lambda i: len(i.ids) + rng.random() * 20):
        if whole[-1] and (len(whole[-1]) + 1) * len(one.ids) > PIECES:
            whole.append([])
        whole[-1].append(one)
    rng.shuffle(whole)
    yield from whole


def collated(items: Sequence[Item]) -> dict[str, torch.Tensor]:
    count, long, wide = len(items), max(len(i.ids) for i in items), max(1, *(len(i.first) for i in items))
    batch = {
        "ids": torch.zeros(count, long, dtype=torch.long),
        "mask": torch.zeros(count, long),
        "owner": torch.full((count, long), wide, dtype=torch.long),
        "first": torch.zeros(count, wide, dtype=torch.long),
        "features": torch.zeros(count, wide, items[0].features.shape[1]),
        "labels": torch.full((count, wide, len(SLOTS)), -100, dtype=torch.long),
    }
    for row, one in enumerate(items):
        length, words = len(one.ids), len(one.first)
        batch["ids"][row, :length] = torch.tensor(one.ids)
        batch["mask"][row, :length] = 1
        batch["owner"][row, :length] = torch.tensor([o if o >= 0 else wide for o in one.owner])
        batch["first"][row, :words] = torch.tensor(one.first, dtype=torch.long)
        batch["features"][row, :words] = torch.from_numpy(one.features)
        batch["labels"][row, :words] = torch.from_numpy(one.labels)
    return batch


def loss_of(network: Network, batch: dict[str, torch.Tensor]) -> torch.Tensor:
    """Per word: the sum over slots of what each decision costs."""
    with torch.autocast("cpu", dtype=torch.bfloat16):
        scores = network(batch)
    return functional.cross_entropy(scores.float().reshape(-1, 3), batch["labels"].reshape(-1)) * len(SLOTS)


def train(
    items: Sequence[Item],
    variants: Sequence[Item],
    own: Sequence[Item],
    held_out: Sequence[Item],
    out: Path,
    *,
    more: bool = False,
) -> None:
    """Trains on all items in every epoch and on a share of the variants in each, at last on `own` items alone.

    Writes `out` after every epoch; with `more`, goes on from what is there, for fewer epochs and at lower rates.
    """
    epochs, last, factor = (EPOCHS_MORE, LAST_MORE, RATE_MORE) if more else (EPOCHS, LAST, 1.0)
    torch.manual_seed(SEED)
    rng = random.Random(SEED)
    network = Network(models.bundled_embedder(), items[0].features.shape[1])
    learnt = {name: p for name, p in network.named_parameters() if p.requires_grad}
    if more:
        load(learnt, out)
    narrow = [p for name, p in learnt.items() if name.endswith((".a", ".b"))]
    heads = [p for name, p in learnt.items() if not name.endswith((".a", ".b"))]
    optimizer = torch.optim.AdamW(
        [{"params": narrow, "lr": factor * RATE}, {"params": heads, "lr": factor * HEAD_RATE}], weight_decay=0.01
    )
    mixed = rng.sample(list(variants), len(variants))
    shares = [[*items, *mixed[epoch::epochs]] for epoch in range(epochs)] + [[*own]] * last
    plan = [[b for b in batches([i for i in share if len(i.ids) <= WINDOW], rng)] for share in shares]
    steps = sum(map(len, plan))

    def rate(step: int) -> float:
        return min(1.0, (step + 1) / WARM_UP) * (0.02 + 0.49 * (1 + math.cos(math.pi * step / steps)))

    schedule = torch.optim.lr_scheduler.LambdaLR(optimizer, rate)
    started, done = time.time(), 0
    for epoch, share in enumerate(plan, start=1):
        network.train()
        total = 0.0
        for batch in share:
            loss = loss_of(network, collated(batch))
            optimizer.zero_grad()
            loss.backward()
            nn.utils.clip_grad_norm_(list(learnt.values()), 1.0)
            optimizer.step()
            schedule.step()
            total += loss.item()
            done += 1
            if done % 50 == 0:
                left = (time.time() - started) / done * (steps - done) / 60
                print(f"step {done} of {steps}, {left:.0f} minutes left", flush=True)
        network.eval()
        with torch.no_grad():
            held = [
                loss_of(network, collated(b)).item()
                for b in batches([i for i in held_out if len(i.ids) <= WINDOW], rng)
            ]
        print(f"epoch {epoch}: training {total / len(share):.3f}, validation {sum(held) / len(held):.3f}", flush=True)
        save(learnt, np.zeros((len(SLOTS), 4)), out)


def save(learnt: dict[str, nn.Parameter], lean: Any, out: Path) -> None:
    """As assistant/reader_tuned.py reads it, in half precision; `lean` is fitted later."""
    tensors = {name.removeprefix("bert."): p.detach().numpy() for name, p in learnt.items()}
    tensors |= {"input": tensors.pop("input.weight"), "head": tensors.pop("head.weight")}
    tensors |= {"bias": tensors.pop("head.bias"), "lean": lean}
    save_file({name: np.ascontiguousarray(t.astype(np.float16)) for name, t in tensors.items()}, str(out))


def load(learnt: dict[str, nn.Parameter], path: Path) -> None:
    """What `save` wrote, into the network's parameters."""
    there = load_file(str(path))
    names = {"input.weight": "input", "head.weight": "head", "head.bias": "bias"}
    with torch.no_grad():
        for name, parameter in learnt.items():
            parameter.copy_(torch.from_numpy(there[names.get(name, name.removeprefix("bert."))].astype(np.float32)))
