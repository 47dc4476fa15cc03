"""One round of rejection sampling: the writer's own replies that the judge would send, as further training pairs.

    python -m models.resample OUT/resampled.jsonl [CASES]

For each training case the writer answers a brief with other labels or a fact less, several times; of the replies that
pass the gate and keep what the brief holds, the one with the fewest findings is kept. `models.train_writer` adds the
file to its pairs when it lies in its folder.
"""

from __future__ import annotations

import json
import random
import sys
from pathlib import Path

from assistant import models as files
from assistant.check import examine, score
from assistant.facts import keeps, leftovers, unsupported
from assistant.library import load_library
from assistant.llama import LlamaEngine
from assistant.records import Brief, Document, Library
from assistant.writer import LABELS, build_prompt
from models.pairs import Slots, as_brief, brief_of, free_words, load, mended, passes_gate, widened

SAMPLES = 4
TEMPERATURE = 0.7
REPLY_TOKENS = 260
KEPT_BAR = 0.6  # share of an excerpt's content words from which on it counts as said
SEED = 20261123


def worth(reply: str, brief: Brief, kind: str, library: Library, limit: int | None) -> float | None:
    """The linter's score of a reply that says all the brief holds, 0..1; None for one that drops an excerpt."""
    if any(
        keeps(reply, e) < KEPT_BAR for _, slot in LABELS for e in brief.get(slot) if slot not in ("recipient", "exit")
    ):
        return None
    return score(examine(reply, library.kind(kind), library, known=brief, max_chars=limit))


def main(target: Path, count: int) -> None:
    library = load_library()
    engine = LlamaEngine(files.bundled_generator(), adapter=files.bundled_adapter())
    cases = [c for c in load("train") if passes_gate(c)]
    free = free_words(cases)
    rng = random.Random(SEED)
    rng.shuffle(cases)
    found = 0
    with target.open("w", encoding="utf-8") as out:
        for number, case in enumerate(cases[:count], start=1):
            slots: Slots = brief_of(case, free)
            slots, _ = widened(case, slots, mended(case["plain"], slots, free), free, rng)
            brief, sources = as_brief(slots), (Document("draft", case["draft"]), Document("notes", case["context"]))
            prompt = build_prompt(case["kind"], brief, case["max_chars"])
            ranked = []
            for reply in engine.generate(prompt, range(SAMPLES), max_tokens=REPLY_TOKENS, temperature=TEMPERATURE):
                if reply.finished and not unsupported(reply.text, sources, brief=brief) and not leftovers(reply.text):
                    ranked.append((worth(reply.text, brief, case["kind"], library, case["max_chars"]), reply.text))
            good = max(((s, t) for s, t in ranked if s is not None), default=None)
            if good:
                found += 1
                line = {
                    "id": case["id"],
                    "kind": case["kind"],
                    "max_chars": case["max_chars"],
                    "slots": slots,
                    "reply": good[1],
                }
                out.write(json.dumps(line, ensure_ascii=False) + "\n")
            if number % 20 == 0:
                print(f"{found} of {number} cases have a reply to learn from", flush=True)


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]) if len(sys.argv) > 2 else 200)
