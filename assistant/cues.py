"""What the words around a fact tell about it: one pattern a cue, over text in small letters.

The patterns serve the reader twice: alone, and as features of the learned head (models/train_reader.py).
"""

from __future__ import annotations

import re
from functools import lru_cache

_PATTERNS = {
    # who is spoken of
    "i": r"\b(?:i|i['’]?m|i['’]?ve|i['’]?d|i['’]?ll|my|me|mine|myself)\b",
    "we": r"\b(?:we|we['’]?(?:re|ve|d|ll)|our|us|ours)\b",
    "they": r"\b(?:he|she|they|his|her|him|their|them|(?:s?he|they)['’](?:s|re|d|ve|ll)|hers|theirs|shes|"
    r"hes)\b",
    "you": r"\b(?:you|your|yours|u|ur|you['’](?:re|ve|d|ll))\b",
    "both": r"\b(?:both|same|together|too|in common|mutual|like (?:me|you|us|mine)|as i|also from)\b",
    # numbers and their company
    "number": r"\d",
    "measure": r"\d[\d.,]*\s*(?:%|k\b|m\b|x\b|times|days?|weeks?|months?|people|hours?|min)",
    "fromto": r"\d[^.;]{0,24}(?:\bto\b|->|→|\binto\b|\bin\b|\bout of\b|\bof\b)\s*[^.;]{0,8}\d",
    "years": r"\b(?:\d+|one|two|three|four|five|six|seven|eight|nine|ten)[\s-]*(?:\+\s*)?(?:yrs?|years?|y)\b",
    "since": r"\b(?:since|until|till|for the last|last year|this year|so far|in 20\d\d)\b",
    # what the sender did or is
    "did": r"\b(?:built|led|ran|run|cut|reduced|made|wrote|managed|trained|fixed|won|closed|handled|launched|"
    r"set up|did|moved|taught|designed|organi[sz]ed|raised|sold|saved|shipped|tested|rebuilt|kept|"
    r"grew|grown|doubled|halved|installed|wired|repaired|counted|mapped|planned|published|translated|"
    r"photographed|started|took|passed|finished|looked after|look after|worked|coached|cared|"
    r"delivered|served|drove|cooked|edited|created|opened|booked)\b",
    "am": r"\b(?:student|undergrad|grad(?:uate)?|trainee|apprentice|intern|yr|year|final|semester|freelance|"
    r"retired|self[- ]employed|founder|owner|currently|at present|now (?:at|a|an|in)|"
    r"work(?:ing)? (?:at|for|in|as)|based in|degree|diploma|certified|qualified|licen[sc]ed|senior|"
    r"junior|assistant|manager|engineer|nurse|teacher)\b",
    # what is wanted
    "role": r"\b(?:roles?|jobs?|posts?|position|vacanc(?:y|ies)|opening|internship|placement|apprenticeship|"
    r"req\b|apply(?:ing)?|applied|hiring|ad\b|advert|listing|part[- ]time|full[- ]time|fte|shift|"
    r"trainee|starts?|closes)\b",
    "wants": r"\b(?:want(?:s|ed)? to (?:know|ask|learn|hear|understand|meet|talk)|want(?:s|ed)?|need(?:s|ed)?|"
    r"looking for|would like|i['’]d (?:like|love)|hoping|interested in|curious|trying to|goal|aim)\b",
    "question": r"\?",
    "asks": r"^(?:\W*(?:the one thing|one thing|my question|question|q|ask|qu|want to know|"
    r"need to know)\W+(?:is\W+)?)?(?:how|what|which|why|whether|when|where|who|is it|are there|"
    r"do (?:you|they|i)|did|does|should|can|could|was|would)\b",
    "qkey": r"\b(?:q|question|ask|one thing|want to know|need to know|wonder|curious)\b",
    "refer": r"\b(?:refer(?:ral|red|ring)?|recommend|put (?:me|in)|good word|vouch|put .{0,12} forward|"
    r"reference)\b",
    "intro": r"\b(?:intro(?:s|duce|duction)?|connect|put .{1,20} in touch|meet|introduced)\b",
    "call": r"\b(?:\d+\s*-?\s*\d*\s*min(?:ute)?s?|half an hour|quick call|phone|call|zoom|video|chat|coffee|"
    r"conversation)\b",
    "forward": r"\b(?:forward|pass(?:es)? (?:it|this|on|me)|pass .{0,20} on|share this|send (?:it|this) (?:on|"
    r"to)|paste)\b",
    "please": r"\b(?:please|pls|plz|kindly|could (?:you|u|i|we)|can (?:you|u|i|we)|would (?:you|u|it)|will you|"
    r"may i|let me know|tell me|do you)\b",
    # letting the reader say no
    "exit": r"\b(?:no worries|not a problem|no problem|"
    r"(?:fine|ok(?:ay)?|all right|alright|cool) (?:if|either way|to say no)|"
    r"if (?:it['’]?s |its )?(?:a )?(?:no|not)\b(?! one)|understand if|i(?:['’](?:d|ll))? understand|say no|no pressure|"
    r"no hard feelings|no (?:need to (?:reply|answer)|(?:reply|answer)(?: is)? needed)|"
    r"feel free to (?:ignore|say|skip)|rather not|too busy|(?:ignore|disregard) (?:this|my|me|it)|no rush|"
    r"(?:just )?say so|either (?:way|answer)|last (?:message|one|email|time|note)|"
    r"won['’]?t (?:write|ask|chase|bother|mind)|don['’]?t (?:have|need|feel you have) to|a (?:short )?no is|"
    r"if you can['’]?t|not (?:a|the right) (?:fit|person|match)|not your (?:area|thing|line)|forget i asked|"
    r"(?:yes or no|short no|one-line answer) is (?:enough|fine)|reply [\"“']?(?:no|stop)\b|(?:just )?say stop|"
    r"tell me to stop|tell me if (?:it|that|i)['’]?(?:s|m) too)|"
    r"\bif\b.{0,80}\b(?:that|it)(?:['’]?s| is| would be) (?:\w+ly |quite )?(?:fine|ok(?:ay)?|all right|alright|fair)\b|"
    r"\bif\b.{0,80}\b(?:don['’]?t worry|never ?mind|leave it|leave that)\b|"
    r"\bif\b.{0,60}\b(?:not|no|cannot|neither|nobody|nothing|gone|full|closed|taken|awkward|difficult|bad|prefer|rather|"
    r"changed|\w+n['’]t)\b.{0,60}\b(?:tell me|let me know|understand|say)\b",
    # earlier contact
    "ago": r"\b(?:\d+|one|two|three|four|five|six|ten|a few|couple of?|few)\s*(?:business |"
    r"working )?(?:days?|d|wks?|weeks?|months?|mths?|yrs?|years?)\s+ago\b|\byesterday\b|"
    r"\blast (?:week|month|spring|summer|autumn|fall|winter|monday|tuesday|wednesday|thursday|"
    r"friday)\b",
    "wrote": r"\b(?:e-?mailed|messaged|texted|mailed|dm['’]?d|pinged|sent (?:her|him|them|you|it|a|an|my)|"
    r"wrote (?:to )?(?:her|him|them|you)|asked (?:her|him|them|you|if)|first (?:email|message|mail|"
    r"note|dm)|(?:my|previous|last|earlier|original) (?:e-?mail|message|mail|note|dm))\b",
    "silence": r"\b(?:no (?:reply|answer|response|word)|not (?:replied|answered)|hasn['’]?t (?:replied|answered)|"
    r"silence|unread|never (?:replied|answered|heard)|hear(?:d)? (?:back|nothing))\b",
    "known": r"\b(?:met|ex[- ]?(?:colleague|boss|manager|classmate)|former|old (?:colleague|boss|manager|"
    r"friend|mgr|teacher)|used to work|worked (?:with|together|for)|same (?:school|class|team|course|"
    r"company|university|college|church|gym|club)|classmates?|colleagues?|friends?|neighbou?r|cousin|"
    r"taught me|we (?:met|sat|worked|shared|studied|were|both)|my (?:old|ex|former)|knows? me|told me|"
    r"said|offered|replied|promised)\b",
    # why this person
    "public": r"\b(?:talk|article|post(?:ed|s)?|paper|podcast|blog|thread|video|interview|panel|keynote|wrote|"
    r"said|profile|webinar|book|essay|newsletter|magazine|conference|lecture|column|comment(?:ed)?|"
    r"slides|report|quote[ds]?)\b",
    "moved": r"\b(?:moved|switched|went|left|came) (?:from|to|into|back)|\bused to be\b|\bbefore that\b|"
    r"\bformerly\b|\bex-",
    "worksat": r"\b(?:works? (?:at|in|for|on)|leads?|heads?|runs?|manages?|owner|director|head of|in charge|"
    r"there since)\b",
    # to be left out
    "dont": r"\b(?:do ?n['’]?t|do not|never|no) (?:use|mention|say|include|tell|put|bring|write|share|send|"
    r"add|name|quote|talk|sound)|\b(?:leave|keep) .{0,24}\bout\b|\bskip\b|\bignore\b|\bnot for (?:the|"
    r"this|him|her|them|you|public)|\bomit\b|\bunmention",
    "secret": r"\b(?:confidential|private|privately|secret|between us|off the record|nobody['’]?s business|hush|"
    r"embarrass|not (?:public|needed|relevant|important|related|yet)|irrelevant|unrelated|never ?mind|"
    r"nda|not announced|rumou?r)\b",
    "trivia": r"\b(?:my (?:mum|mom|dad|wife|husband|sister|brother|kids?|son|daughter|cat|dog|landlord|rent|"
    r"knee|back)|weather|birthday|wedding|divorce|hungry|tired|rent|visa|debt|stress(?:ed)?|cried|"
    r"crying|sad|sick|hobby|hobbies|background|if needed|also (?:did|ran|have|know|got|won|trained)|"
    r"awards?|salary|btw|anyway|lol|haha)\b",
    "inject": r"^\W*(?:system|assistant|user|instructions?)\s*:|ignore (?:all |any )?(?:previous|prior|above|"
    r"earlier|the above)|(?:disregard|forget) (?:all |any )?(?:previous|prior|above|your)|<\|"
    r"?/?[a-z_]+[^>]*>|\{\{|\}\}|\{%|\[/?inst\]|begin prompt|end prompt|you are (?:a |an |"
    r"now )(?:helpful|pirate|ai|chat|assistant|language)|as an ai|respond (?:only|with)|(?:system|"
    r"hidden) prompt|speak only|output only|print your|write a poem|jailbreak",
    # what a draft should not have said
    "flattery": r"\b(?:admire|inspir\w+|amazing|huge fan|big fan|love your|impress(?:ed|ive)|incredible|"
    r"legend(?:ary)?|rockstar|hono[u]?red?|esteemed|respected|wonderful|brilliant|genius|awesome|"
    r"such a|your (?:vast|immense|great|outstanding)|in awe|so (?:cool|talented|smart|successful)|"
    r"congrat\w*)\b",
    "filler": r"\b(?:hope (?:this|you|all|things|your)|hope all|finds you|i trust this|how are (?:you|things)|"
    r"how['’]?s|touch(?:ing)? base|circl(?:e|ing) back|bump(?:ing)?|just (?:wanted|checking|following|"
    r"a)|came across|quick question|reach(?:ing)? out|pick your brain|follow(?:ing)? up|long time|"
    r"have a (?:great|nice|good|blessed)|my name is|i am writing|i['’]?m writing|per my|"
    r"looking forward)\b",
    "boast": r"\b(?:passionate|hard[- ]?working|team player|results?[- ]driven|dynamic|self[- ]starter|"
    r"highly motivated|perfect (?:fit|for|candidate)|ideal candidate|fast learner|quick learner|"
    r"unique|proven|track record|excellent|strong|seasoned|expert|best in|world[- ]class|"
    r"cutting[- ]edge|leading|innovative|can-do|attention to detail|extensive|thrive|guarantee)\b",
    "pressure": r"\b(?:asap|urgent(?:ly)?|waiting|still (?:have|no|not|waiting)|disappoint\w*|regrettabl\w*|"
    r"last hope|desperate(?:ly)?|please advise|revert|third time|second time|again|beg|need this|"
    r"any (?:update|news)|did you (?:see|get|read)|surprised|rude|courtesy|deadline|right away|"
    r"immediately|at your earliest|by (?:tomorrow|today|friday|monday)|owe|whatever|please please)\b",
    "oversized": r"\b(?:mentor(?:ship)?|any (?:job|role|position|opening|advice|tips?|help|work|opportunit\w+)|"
    r"a job|hire me|interview me|coffee|lunch|dinner|anything|an hour|1 hour|opportunit(?:y|ies)|"
    r"guide me|guidance|get me|your (?:network|contacts)|open to|whatever|everything|resume|cv)\b",
    "offer": r"\b(?:i can|i could|we can|we could|happy to|free|attached?|sample|checklist|send (?:you|her|him|"
    r"them|it)|for you|offer(?:ing)?|in return|i['’]?d bring|i['’]?ll (?:bring|send|come|pay|share)|"
    r"no charge|demo|trial|discount|template)\b",
    "limit": r"^\W{0,6}(?:max\w*|limit|under|about|abt)?\W{0,6}\d{3}\b\W{0,6}"
    r"(?:max|limit|chars?|characters|letters)?\W{0,6}$|\b(?:200|300) ?(?:max|chars?|characters|limit)",
}
CUES = {name: re.compile(pattern, re.MULTILINE) for name, pattern in _PATTERNS.items()}
KEY = re.compile(r"\s*[-*•·>]*\s*([^\W\d_][^\n:=|]{0,26}?)\s*(?::|=|->|→|\|| - | – | — )(?=\s|\S)")


# A part longer than this is no sentence; the limit keeps odd texts from costing seconds.
_READ = 4000


@lru_cache(maxsize=4096)
def cues_of(text: str) -> frozenset[str]:
    """The cues that a stretch of text shows."""
    lowered = text[:_READ].casefold()
    return frozenset(name for name, pattern in CUES.items() if pattern.search(lowered))
