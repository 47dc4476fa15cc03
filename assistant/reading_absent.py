"""What notes themselves call unknown or not there: it is asked for, and not looked for a second time."""

from __future__ import annotations

import re

_NOT = (
    r"(?:do ?n['’]?t|do not|did ?n['’]?t|ca ?n['’]?t|cannot|could ?n['’]?t|have ?n['’]?t|has ?n['’]?t|not|never|"
    r"no idea|dunno)"
)
_PATTERNS = {
    "target": r"\bno (?:\w+ ){0,2}(?:role|job|post(?:ing)?|position|vacancy|opening|ad)s?\b"
    rf"|\b{_NOT}\b.{{0,24}}\b(?:(?:which|what|specific|exact|particular) (?:role|job|post|position)|decide)\b"
    r"|\bany (?:\w+ ){0,2}(?:role|job|post|position|work|vacancy|opening)s?\b|\banything (?:at all|going|in|they)\b",
    "proof": r"\bno (?:\w+ )?(?:numbers?|figures?|proof|results?|experience|credits?|stor(?:y|ies)|examples?)\b"
    rf"|\b{_NOT}\b.{{0,20}}\b(?:anything to show|good story|any (?:proof|results?|numbers?|experience)|worked|number)\b"
    r"|\bnothing to (?:show|prove)\b|\bno .{0,16}\byet\b",
    "why_them": rf"\b{_NOT} (?:really )?know (?:this|the|him|her|them|anything|much|any of)\b"
    r"|\bnothing (?:else )?(?:is )?known\b|\bknow nothing\b|\bcame up in\b"
    r"|\b(?:found|got|took|saw) (?:his|her|their|the) (?:name|profile)\b"
    r"|\b(?:on|from|off) (?:a|the|some) (?:list|search|directory)\b|\bno (?:link|connection|reason)\b",
    "recipient": rf"\b{_NOT} (?:have |know |got |see |find )?(?:\w+ ){{0,2}}(?:names?|who|whom)\b"
    r"|\bno (?:\w+ )?names?\b|\bnames? (?:is |are )?(?:not|unknown|missing|n['’]?t)\b"
    r"|\b(?:unknown|whatever|no) (?:person|contact)\b|\b(?:contact|web) form\b|\bwhoever\b|\binfo@",
    "sender": r"(?!)",
}
_ABSENT = {slot: re.compile(pattern, re.IGNORECASE) for slot, pattern in _PATTERNS.items()}


def said_absent(text: str) -> frozenset[str]:
    """The needed slots for which the text says that there is nothing ("don't know who manages", "no numbers yet")."""
    return frozenset(slot for slot, pattern in _ABSENT.items() if pattern.search(text))
