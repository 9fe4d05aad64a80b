"""What a text message must not say: whoever sees a lock screen must learn nothing."""

from __future__ import annotations

import re

_TELLING = {
    "en": r"harass|sexual|\breport|victim|assault|abus|rape|complain|accus|misconduct|speaksafe",
    "fr": r"harc[eè]l|sexuel|signal|victime|agress|\babus|\bviol(?!ent)|plainte|accus|speaksafe",
    "es": r"acos|sexual|denunci|v[ií]ctima|agresi|abus|violaci|queja|acusa|speaksafe",
    "ru": r"домог|сексуал|жалоб|обращени|жертв|пострадавш|насил|обвин|speaksafe",
    "ar": r"تحرش|جنس|بلاغ|شكو|ضحي|اعتداء|اغتصاب|متهم|speaksafe",
    "zh": r"骚扰|性侵|举报|投诉|受害|侵犯|强奸|虐待|指控|被告|speaksafe",
}
TELLING = {lang: re.compile(words, re.IGNORECASE) for lang, words in _TELLING.items()}
