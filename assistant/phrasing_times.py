"""When the earlier message was sent, and how many minutes are asked for."""

from __future__ import annotations

import re

from assistant.records import Brief, Kind

MONTH = r"(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)[a-z]*"
LENGTH = re.compile(r"\b(\d{1,2}|ten|fifteen|twenty)[\s-]*min(?:ute)?s?\b", re.IGNORECASE)
CALL = re.compile(
    LENGTH.pattern + r" (?:\w+ )?(?:call|chat|phone|zoom|meeting|conversation|of)\b"
    rf"|\basked (?:\w+ ){{0,2}}?(?:for )?{LENGTH.pattern.replace('(', '(?P<asked>', 1)}",
    re.IGNORECASE,
)
AGO = re.compile(
    r"\b(?:(?:\d+|a|one|two|three|four|five|six) (?:day|week|month)s? ago|"
    r"last (?:week|month|(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day)|"
    rf"on (?:the )?\d{{1,2}}(?:st|nd|rd|th)?(?: of)? {MONTH}|on {MONTH} \d{{1,2}})\b",
    re.IGNORECASE,
)
WROTE = re.compile(r"\b(?:wrote|written|e?-?mail\w*|sent|messaged?|texted|dm)\b", re.IGNORECASE)
# A day alone is when it was written only right behind that.
ON_DAY = re.compile(rf"{WROTE.pattern}[^.;:?\n]{{0,50}}?\b(?P<day>on the \d{{1,2}}(?:st|nd|rd|th))\b", re.IGNORECASE)
# A date without "on" is when it was written, unless it is today's.
DATE = re.compile(
    rf"(?P<today>\b(?:now|today|todays?|it['’]?s)\b[\s:=]*(?:is |it['’]?s )?(?:the )?)?"
    rf"\b\d{{1,2}}(?:st|nd|rd|th)?(?: of)? {MONTH}\b(?! \d)",
    re.IGNORECASE,
)
# "I emailed you 4 Feb" lacks its "on".
BARE_DATE = re.compile(rf"(?<=\byou )(?=\d{{1,2}}(?:st|nd|rd|th)? {MONTH}\b)")
# "… on the 3rd, now 14th": today's date is known to the reader.
TODAY = re.compile(
    rf",?(?: (?:and|but))?(?: (?:it['’]s|it is|this is))? (?:now|today)(?: is| it['’]s)?,?(?: on)?(?: the)? "
    rf"\d{{1,2}}(?:st|nd|rd|th)?(?: of)?(?: {MONTH})?(?=[.,;]|$)",
    re.IGNORECASE,
)


def minutes(brief: Brief, kind: Kind, draft: str) -> str:
    """The minutes asked for in words ("15 minutes"); "" where none are named."""
    match = LENGTH.search(" ".join(e.text for e in brief.ask))
    if not match and kind.id == "follow-up":
        match = CALL.search(" ".join(e.text for e in (*brief.history, *brief.target)))
    if not match and kind.id not in ("introduction", "follow-up"):
        match = LENGTH.search(" ".join(e.text for e in brief.target)) or LENGTH.search(draft)
    return f"{next(filter(None, match.groups()))} minutes" if match else ""


def ago(told: str) -> str:
    """The words of a text that date a message ("two weeks ago"), or ""."""
    if match := AGO.search(told):
        return match.group(0)[0].lower() + match.group(0)[1:]
    if match := ON_DAY.search(told):
        return match["day"]
    dates = (m.group() for m in DATE.finditer(told) if not m["today"]) if WROTE.search(told) else ()
    return next((f"on {date}" for date in dates), "")
