"""The tuned writer: its prompt, the pairs it learns from, its adapter as GGUF, and what it changes in the engine."""

from __future__ import annotations

import hashlib
import json
import random
import re
import shutil
from pathlib import Path
from typing import Any

import pytest

from assistant import models, paths
from assistant.engine import ScriptedEngine
from assistant.errors import ModelError
from assistant.models import ModelFile
from assistant.records import Brief, Excerpt, Message, Prompt
from assistant.writer import LABELS, MESSAGE, QUESTION, build_prompt
from models import cases, pairs, sample_writer, sentences, tellings

CASE: dict[str, Any] = {
    "id": "made-up-1",
    "kind": "referral",
    "draft": "Hi Ines, got anything for me at Brookvale?",
    "context": "Ines Kranz trained me on the night desk. Dispatcher, 6 yrs. I cut missed pickups from 31 to 12 a week. "
    "Brookvale Transit: Shift Planner. Divorced, leave that out. Me: Tomas Rehn",
    "plain": "Hi Ines,\n\nYou trained me on the night desk. I've been a dispatcher for 6 yrs. I cut missed pickups "
    "from 31 to 12 a week. My mother knows Zagreb well.\n\nWould you refer me for Shift Planner at Brookvale Transit?"
    "\n\nTomas Rehn",
    "max_chars": None,
    "missing": [],
    "slots": {
        "recipient": ["Ines Kranz"],
        "sender": ["Tomas Rehn"],
        "target": ["Brookvale Transit: Shift Planner"],
        "proof": ["I cut missed pickups from 31 to 12 a week"],
        "why_them": ["trained me on the night desk"],
        "history": [],
        "ask": [],
        "offer": [],
        "exit": [],
        "leave_out": ["Divorced, leave that out"],
    },
}
FREE = {
    "i",
    "you",
    "would",
    "refer",
    "a",
    "for",
    "me",
    "at",
    "hi",
    "ve",
    "been",
    "from",
    "to",
    "on",
    "the",
    "hav",
    "my",
}


def _excerpt(text: str) -> tuple[Excerpt, ...]:
    return (Excerpt(text, "notes", 0, len(text), 1),)


def test_the_prompt_holds_the_brief_and_nothing_else() -> None:
    brief = Brief(recipient=_excerpt("Ines Kranz"), proof=_excerpt("cut\n  pickups"), leave_out=_excerpt("divorced"))
    prompt = build_prompt("referral", brief, MESSAGE, 300)
    assert prompt.messages[1].content == "referral, at most 300 characters\n\nto: Ines Kranz\nI did: cut pickups"
    assert prompt.messages[0].content == MESSAGE


def test_what_is_to_be_left_out_never_reaches_the_writer() -> None:
    assert "leave_out" not in {slot for _, slot in LABELS}


def test_template_code_in_a_brief_is_text() -> None:
    prompt = build_prompt("referral", Brief(proof=_excerpt("{{ 7 * 7 }} {% raw %}")), MESSAGE)
    assert "I did: {{ 7 * 7 }} {% raw %}" in prompt.messages[1].content


def test_a_target_says_no_more_than_its_brief() -> None:
    slots = pairs.brief_of(CASE, FREE)
    reply = pairs.mended(CASE["plain"], slots, FREE)
    assert "Zagreb" not in reply and "mother" not in reply
    assert "31 to 12" in reply
    assert slots["about"] == ["Dispatcher, 6 yrs"]


def test_widened_copies_change_people_and_numbers_alike_in_brief_and_reply() -> None:
    slots = pairs.brief_of(CASE, FREE)
    reply = pairs.mended(CASE["plain"], slots, FREE)
    seen = set()
    for seed in range(40):
        other, text = pairs.swap(slots, reply, [("Ada", "Lund"), ("Kofi", "Boate")], random.Random(seed))
        first = other["recipient"][0].split()[0]
        assert text.startswith(f"Hi {first},") and first in {"Ada", "Kofi"}
        assert text.endswith(other["sender"][0])
        numbers = [w for w in other["proof"][0].split() if w.isdigit()]
        assert all(number in text.split() for number in numbers)
        seen.add(tuple(numbers))
    assert len(seen) > 5


def test_a_dropped_fact_takes_its_sentence_with_it() -> None:
    slots = pairs.brief_of(CASE, FREE)
    reply = pairs.mended(CASE["plain"], slots, FREE)
    for seed in range(200):
        fewer, text = pairs.widened(CASE, slots, reply, FREE, random.Random(seed))
        if slots["why_them"] and not fewer["why_them"] and not fewer["history"]:
            assert "night desk" not in text
            return
    raise AssertionError("no copy lost its reason in 200 tries")


def test_no_training_case_is_a_test_case_and_all_pass_the_gate() -> None:
    lines = (paths.MODELS.parent / "eval" / "cases.jsonl").read_text("utf-8").splitlines()
    tested = {json.loads(line)["draft"] for line in lines}
    train = pairs.load("train")
    assert not tested & {case["draft"] for case in (*train, *cases.told(), *cases.noted(), *cases.fresh())}
    kept = [case for case in train[::25] if pairs.passes_gate(case)]
    assert len(kept) >= 0.85 * len(train[::25])


def test_written_cases_quote_their_sources() -> None:
    written = [c for c in pairs.load("train") if "facts" not in c]
    assert written
    for case in written:
        for slot, texts in case["slots"].items():
            for text in texts:
                assert text in case["draft"] or text in case["context"], f"{case['id']} {slot}: {text}"


# --- sentences: an excerpt and its telling ----------------------------------------------------------------------


def test_a_message_is_taken_apart_into_excerpts_and_their_tellings() -> None:
    found = {pair.reply: pair.prompt.messages[1].content for pair in sentences.sentence_pairs([CASE], FREE)}
    assert set(found) == {
        "You trained me on the night desk.",
        "I've been a dispatcher for 6 yrs.",
        "I cut missed pickups from 31 to 12 a week.",
        "Would you refer me for Shift Planner at Brookvale Transit?",
    }
    assert "I did: I cut missed" in found["I cut missed pickups from 31 to 12 a week."]
    assert "I am: Dispatcher, 6 yrs" in found["I've been a dispatcher for 6 yrs."]
    asked = sentences.sentence_pairs([CASE], FREE)[-1]
    assert asked.prompt.messages[0].content == QUESTION


def test_a_sentence_with_the_wrong_side_teaches_nothing() -> None:
    turned = {**CASE, "plain": "Hi Ines,\n\nI trained on the night desk.\n\nTomas Rehn"}
    assert sentences.sentence_pairs([turned], FREE) == []
    other = {**CASE, "plain": "Hi Ines,\n\nYou cut missed pickups from 31 to 12 a week.\n\nTomas Rehn"}
    assert sentences.sentence_pairs([other], FREE) == []


# --- tellings: pairs written as such ----------------------------------------------------------------------------


TOLD: dict[str, Any] = {
    **{k: v for k, v in CASE.items() if k != "plain"},
    "tell": [
        ["proof", "I cut missed pickups from 31 to 12 a week", "I cut missed pickups from 31 to 12 a week."],
        ["about", "Ines Kranz", "-"],
        ["ask", "got anything for me", "Have you got anything for me?"],
        ["note:about", "Dispatcher, 6 yrs", "Tomas Rehn has been a dispatcher for 6 years."],
    ],
}


def test_a_telling_becomes_a_pair_under_its_own_label() -> None:
    made = tellings.told_pairs([TOLD], copy=0, seed=0)
    assert [p.reply for p in made] == [sentence for _, _, sentence in TOLD["tell"]]
    contents = [p.prompt.messages[1].content for p in made]
    assert "I did: I cut missed pickups" in contents[0]
    assert "I am: Ines Kranz" in contents[1]
    assert made[2].prompt.messages[0].content == QUESTION
    assert made[3].kind == "forwardable" and contents[3].startswith("forwardable")


def test_a_copy_changes_people_and_numbers_alike_in_excerpt_and_sentence() -> None:
    other = {**TOLD, "id": "made-up-2", "slots": {**TOLD["slots"], "sender": ["Asha Bint"], "recipient": ["Ora Lund"]}}
    changed = [p for n in range(1, 9) for p in tellings.told_pairs([TOLD, other], copy=n, seed=0)]
    notes = [p for p in changed if p.kind == "forwardable"]
    assert any(p.reply != TOLD["tell"][3][2] for p in notes)
    for pair in changed:
        numbers = set(re.findall(r"\d+", pair.reply))
        assert numbers <= set(re.findall(r"\d+", pair.prompt.messages[1].content.replace("yrs", "years")))


def test_what_holds_of_the_samples_is_learnt_and_what_nothing_tells_once_more() -> None:
    proof, ask = TOLD["tell"][0], TOLD["tell"][2]
    near, far = "I have cut missed pickups from 31 to 12 a week.", "I cut pickups from 90 to 12 a week."
    replies = [far, near, proof[2], near, *["Have you got a job for Bob?"] * 4, *["She drives."] * 4]
    found = list(sample_writer.sampled([TOLD], ScriptedEngine(replies)))
    assert [f.held for f in found] == [[proof[2], near], [], []]  # what cannot be told is not sampled
    assert sample_writer.to_learn(found[0]) is None  # the nearest is the written sentence itself
    assert sample_writer.to_learn(found[0]._replace(held=[near])) == [*proof[:2], near]
    assert sample_writer.to_learn(found[1]) == ask
    more = sample_writer.with_learnt(TOLD, {TOLD["id"]: [ask]})["tell"]
    assert more == [*(t for t in TOLD["tell"] if t[2] != "-"), ask]


def test_told_marked_and_noted_cases_quote_their_sources() -> None:
    told = [*cases.told(), *(c for c in cases.train() if "tell" in c)]
    noted = [*cases.noted(), *cases.fresh()]
    assert told and noted
    for case in (*told, *noted):
        sources = case["draft"], case["context"]
        for text in (t for texts in case["slots"].values() for t in texts):
            assert any(text in s for s in sources), f"{case['id']}: {text}"
        for _, excerpt, _ in case.get("tell", ()):  # two excerpts told together are joined by a semicolon
            parts = [excerpt] if any(excerpt in s for s in sources) else excerpt.split("; ")
            assert all(any(part in s for s in sources) for part in parts), f"{case['id']}: {excerpt}"


# --- the adapter ------------------------------------------------------------------------------------------------


def test_the_bundled_adapter_is_the_one_its_hash_names() -> None:
    adapter = models.bundled_adapter()
    assert hashlib.sha256(adapter.path.read_bytes()).hexdigest() == adapter.sha256
    assert adapter.size <= 10_000_000
    models.verify(adapter)


def test_a_damaged_adapter_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    real = models.bundled_adapter()
    shutil.copy(real.path, tmp_path / "writer.gguf")
    shutil.copy(real.path.with_suffix(".gguf.sha256"), tmp_path / "writer.gguf.sha256")
    with (tmp_path / "writer.gguf").open("r+b") as file:
        file.seek(4_000_000)
        file.write(b"\0" * 64)
    monkeypatch.setattr(paths, "MODELS", tmp_path)
    with pytest.raises(ModelError, match="sha256 differs"):
        models.verify(models.bundled_adapter())


def test_a_missing_adapter_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(paths, "MODELS", tmp_path)
    with pytest.raises(ModelError, match="adapter"):
        models.bundled_adapter()


@pytest.mark.model
@pytest.mark.filterwarnings("ignore::FutureWarning:transformers", "ignore::ResourceWarning")
def test_llama_cpp_computes_with_the_adapter_what_torch_does(tmp_path: Path) -> None:
    """Random weights in every lora_b, so that a wrong order of rows shows; the same test fails without `interleave`."""
    import torch

    from models import export_writer, train_writer

    settings = {"rank": 16, "alpha": 32}
    torch.manual_seed(5)
    model, tokenizer = train_writer.load_model(settings)
    model = model.float().eval()
    for name, weight in model.named_parameters():
        if "lora_B" in name:
            torch.nn.init.normal_(weight, std=0.1)
    from peft import get_peft_model_state_dict

    weights = get_peft_model_state_dict(model, save_embedding_layers=False)
    digest = export_writer.export(weights, 32.0, tmp_path / "right.gguf")
    right = ModelFile("right", tmp_path / "right.gguf", digest, "test", 0, bundled=True, role="adapter")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(export_writer, "interleave", lambda rows, heads: rows)
        digest = export_writer.export(weights, 32.0, tmp_path / "wrong.gguf")
    wrong = ModelFile("wrong", tmp_path / "wrong.gguf", digest, "test", 0, bundled=True, role="adapter")

    pair = pairs.pairs([CASE], FREE)[0]
    ids, _ = train_writer.encode(pair, tokenizer)
    with torch.no_grad():
        wanted = model(input_ids=torch.tensor([ids])).logits[0, -1].double()

    likeness = {a.id if a else None: _likeness(wanted, ids, a) for a in (right, wrong, None)}
    assert likeness["right"] > 0.995
    assert likeness["right"] - max(likeness["wrong"], likeness[None]) > 0.02


def _likeness(wanted: Any, ids: list[int], adapter: ModelFile | None) -> float:
    """The correlation of llama.cpp's logits after `ids` with those wanted."""
    import torch

    from assistant.llama import LlamaEngine

    engine = LlamaEngine(models.bundled_generator(), adapter=adapter)
    cells = engine._room_for(len(ids) + 64)
    cells.read_prompt(ids[:-1])
    cells.fork(0, 1, len(ids) - 1)
    cells.decode([(ids[-1], len(ids) - 1, (1,))])
    got = engine._lib.llama_get_logits_ith(cells.context, 0)
    found = torch.tensor(got[: len(wanted)], dtype=torch.double)
    engine.close()
    return float(torch.corrcoef(torch.stack([wanted, found]))[0, 1])


@pytest.mark.model
@pytest.mark.filterwarnings("ignore::FutureWarning:transformers")
def test_training_and_use_encode_a_prompt_alike() -> None:
    """The trainer's tokens are those that the engine decodes, from the first to the end of the greeting."""
    from transformers import AutoTokenizer

    from assistant.llama import LlamaEngine
    from models import train_writer

    engine = LlamaEngine(models.bundled_generator(), adapter=models.bundled_adapter())
    tokenizer = AutoTokenizer.from_pretrained(models.bundled_generator().path.parent, gguf_file=train_writer.GGUF)
    for pair in pairs.pairs(pairs.load("validation")[::12], FREE):
        ids, head = train_writer.encode(pair, tokenizer)
        greeting, _, rest = pair.reply.partition("\n")
        assert engine.tokens(pair.prompt) == ids[:head]
        if rest:
            begun = Prompt(pair.prompt.messages, greeting)
            assert ids[: len(engine.tokens(begun))] == engine.tokens(begun)
    assert engine.info.adapter == "writer"
    engine.close()


@pytest.mark.model
def test_an_adapter_for_another_model_is_refused(tmp_path: Path) -> None:
    import tiny_gguf

    from assistant.llama import LlamaEngine

    path = tiny_gguf.write(tmp_path / "tiny.gguf")
    other = ModelFile("tiny", path, None, "test", path.stat().st_size, bundled=True)
    with pytest.raises(ModelError, match="adapter"):
        LlamaEngine(other, adapter=models.bundled_adapter())


@pytest.mark.model
def test_the_adapter_changes_what_the_model_writes() -> None:
    from assistant.llama import LlamaEngine

    prompt = Prompt(
        (Message("system", "Write the message."), Message("user", "referral\n\nto: Ines Kranz")), "Hi Ines,"
    )
    texts = []
    for adapter in (None, models.bundled_adapter()):
        engine = LlamaEngine(models.bundled_generator(), adapter=adapter)
        texts.append(next(engine.generate(prompt, [0], max_tokens=24, temperature=0.0)).text)
        engine.close()
    assert texts[0] != texts[1]
