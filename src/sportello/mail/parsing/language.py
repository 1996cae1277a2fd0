"""Which language an answer should be in, by the commonest small words. A hint, empty when it is not clear."""

from __future__ import annotations

import re

_WORD = re.compile(r"[^\W\d_]+")
_COMMON = {
    "it": """
        il lo la gli le di del della dei delle da dal in nel nella con su sul per che non mi ci si vi una un è sono ho abbiamo come
        anche ma se più questo questa grazie buongiorno salve saluti cordiali vorrei posso potete nostro vostro quando ancora
        dominio sito posta
        """,
    "en": """
        the of and to in is are was were that it for on with as at be this have has had not from by or an we you your our can could
        would please thanks hello regards when still there what which do does did my
        """,
    "es": """
        el los las del y que no un una es son para por con como más pero sus le ya este esta sí porque cuando muy sin sobre también
        hasta hay donde gracias hola saludos buenos días nuestro correo puede favor desde ustedes
        """,
}
_LANGUAGES = {language: frozenset(words.split()) for language, words in _COMMON.items()}


def guess(text: str, header: str = "") -> str:
    """`it`, `en`, `es` or an empty string. `header` is a Content-Language or Accept-Language value, asked only when the text is silent."""
    counts = dict.fromkeys(_LANGUAGES, 0)
    words = _WORD.findall(text[:4000].lower())
    for word in words:
        for language, common in _LANGUAGES.items():
            counts[language] += word in common
    (best, score), (_, second) = sorted(counts.items(), key=lambda item: -item[1])[:2]
    if score >= 2 and score > second and score * 12 >= len(words):
        return best
    declared = header.strip()[:2].lower()
    return declared if declared in _LANGUAGES else ""
