"""How cleanly a text was read: from 0 (noise) to 1."""

from digests import words

_LOOKED_AT = 20_000
"""Characters; more of one text say nothing new."""
_MARKS = frozenset("，。、；：？！“”‘’（）《》〈〉【】「」『』—…·,.;:?!()[]\"'-%/+~～×℃￥$&#*　 \n\t①②③④⑤⑥⑦⑧⑨⑩■□●◆▲△")


def quality(text: str) -> float:
    """The share of characters that stand in words of the dictionary or are usual signs; 1.0 for an empty text."""
    if not text.strip():
        return 1.0
    text = text[:_LOOKED_AT]
    usual = sum(_usual(text, at, char) for at, char in enumerate(text) if not char.isspace())
    return round(usual / sum(not char.isspace() for char in text), 3)


def _usual(text: str, at: int, char: str) -> float:
    if char in _MARKS or (char.isascii() and char.isprintable()):
        return 1.0
    if not "\u3400" <= char <= "\u9fff":
        return 0.5 if char.isalnum() else 0.0
    pair_after, pair_before = text[at : at + 2], text[max(at - 1, 0) : at + 1]
    return 1.0 if words.frequency(pair_after) or words.frequency(pair_before) else 0.7
