"""Makes both parts of the reader from models/corpus: models/reader.json, then models/reader.safetensors on top of it.

    python models/train_reader.py               # all: three minutes, then about an hour on one core
    python models/train_reader.py --more        # after new cases: the same, but on from the tuned reader there is; half
    python models/train_reader.py --patterns    # reader.json alone
    python models/train_reader.py --lean        # only the last step: how readily the tuned reader speaks

Needs the libraries of `pip install -e ".[train]"`; seeds are fixed. Learnt from train.jsonl and the written cases; the
leanings are chosen on validation.jsonl and fresh.jsonl.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from models import cases as corpus  # noqa: E402
from models import reader_patterns  # noqa: E402
from models.cases import Case  # noqa: E402

PATTERNS = ROOT / "models" / "reader.json"
TUNED = ROOT / "models" / "reader.safetensors"
# So many variants of each case; each epoch of the tuned reader sees all cases and a share of the variants.
VARIANTS = 4
VARIANTS_WRITTEN = 2
VARIANTS_HELD_OUT = 3


def main(only: str) -> None:
    cases, written = corpus.train(), [*corpus.written(), *corpus.told(), *corpus.noted()]
    held_out = [*corpus.validation(), *corpus.fresh()]
    if only == "--lean":
        lean(cases, held_out)
        return
    data, heads = reader_patterns.build(cases, written)
    PATTERNS.write_text(json.dumps(data, ensure_ascii=False, separators=(",", ":")) + "\n", encoding="utf-8")
    print(f"{PATTERNS.stat().st_size / 1024:.0f} KB", {k: len(v["weights"]) for k, v in data.items() if k != "common"})
    if only != "--patterns":
        tune(cases, written, held_out, heads, more=only == "--more")


def tune(
    cases: list[Case], written: list[Case], held_out: list[Case], heads: list[reader_patterns.Head], *, more: bool
) -> None:
    from assistant.encoder import Encoder
    from assistant.models import bundled_embedder
    from assistant.reader_head import load_head
    from models import reader_tagger
    from models.reader_widen import Widener

    encoder, whole = Encoder(bundled_embedder()), load_head()
    widener = Widener(cases, whole.common, reader_tagger.SEED)
    variants = [widener.variant(c) for c in cases for _ in range(VARIANTS)]
    variants += [widener.variant(c) for c in written for _ in range(VARIANTS_WRITTEN)]
    if more:  # as many as one epoch sees
        variants = variants[:: reader_tagger.EPOCHS]
    known = {str(c["id"]): heads[reader_patterns.fold_of(c)] for c in [*cases, *written]}

    def items(some: list[Case]) -> list[reader_tagger.Item]:
        # A case is read by the head that has not seen it; the whole one has not seen those held out.
        return [reader_tagger.item(c, known.get(str(c["id"]).split("/")[0], whole), encoder) for c in some]

    own = items([*cases, *(widener.variant(c) for c in cases), *corpus.noted()])
    reader_tagger.train(items([*cases, *written]), items(variants), own, items(held_out), TUNED, more=more)
    lean(cases, held_out)


def lean(cases: list[Case], held_out: list[Case]) -> None:
    from models.reader_lean import fit
    from models.reader_widen import Widener

    widener = Widener(held_out, reader_patterns.common_words(cases), reader_patterns.SEED)
    fit(held_out, [widener.variant(c) for c in held_out for _ in range(VARIANTS_HELD_OUT)], TUNED)


if __name__ == "__main__":
    main(sys.argv[1] if len(sys.argv) > 1 else "")
