"""How cleanly a text was recognised: from 0 (noise) to 1."""

from digests.language import words

POOR_QUALITY = 0.85
"""A text below this counts as badly recognised. Of 200 pages composed of clean text, 2 are below; of the same pages
with a tenth of the Hanzi misread at random 165, with a fifth all."""
MIN_LEGIBLE_SHARE = 0.7
"""Share of Hanzi in known words from which a text is legible. Measured in 60 articles: 0.90 and more; with three tenths
of the Hanzi misread at random 0.73 and more, with six tenths 0.69 and less; in random characters 0.1."""
MAX_QUALITY_CHARS = 20_000
MAX_LEGIBILITY_CHARS = 1000
"""Characters at the beginning of a text that are measured."""
MIN_LONE_FREQUENCY = 10_000
"""Frequency in general Chinese from which a Hanzi that forms no word with its neighbours is usual (的, 在)."""
MIN_PARAGRAPH_CHARS = 30
"""A line of this length is a paragraph and has to end like one."""
BROKEN_PENALTY = 0.3
"""Share of the quality that a text loses if all its paragraphs break off."""

_PUNCTUATION = frozenset(
    "，。、；：？！“”‘’（）《》〈〉【】「」『』—…·,.;:?!()[]\"'-%/+~～×℃￥$&#*　 \n\t①②③④⑤⑥⑦⑧⑨⑩■□●◆▲△"
)
_PARAGRAPH_ENDS = tuple("。！？…”’）》」』：；.!?):;摄攝")


def text_quality(text: str) -> float:
    """Return the quality of `text`, each of whose lines is a paragraph; 1.0 for an empty text.

    It is the share of characters that are in words of the dictionary or usual by themselves, reduced for paragraphs
    that break off in mid-sentence.
    """
    if not text.strip():
        return 1.0
    sample = text[:MAX_QUALITY_CHARS]
    usual = sum(_usualness(sample, at) for at, char in enumerate(sample) if not char.isspace())
    share = usual / sum(not char.isspace() for char in sample)
    return round(share * (1 - BROKEN_PENALTY * _broken_share(text)), 3)


def is_legible(text: str) -> bool:
    """Return whether a reader can make out what `text` says: enough of its letters and odd signs are Hanzi in words."""
    sample = text[:MAX_LEGIBILITY_CHARS]
    counted = [
        at for at, char in enumerate(sample) if char not in _PUNCTUATION and not char.isdigit() and not char.isspace()
    ]
    known = sum(_usualness(sample, at) for at in counted if not sample[at].isascii())
    return known >= MIN_LEGIBLE_SHARE * len(counted)


def _broken_share(text: str) -> float:
    """Return the share of paragraphs that break off."""
    paragraphs = [line for line in map(str.rstrip, text.split("\n")) if len(line) >= MIN_PARAGRAPH_CHARS]
    return sum(not line.endswith(_PARAGRAPH_ENDS) for line in paragraphs) / len(paragraphs) if paragraphs else 0.0


def _usualness(text: str, at: int) -> float:
    """Return 1 for a usual character, 0.5 for a letter of another script, 0 for an odd one."""
    char = text[at]
    if char in _PUNCTUATION or (char.isascii() and char.isprintable()):
        return 1.0
    if not "\u3400" <= char <= "\u9fff":
        return 0.5 if char.isalnum() else 0.0
    pairs = text[at : at + 2], text[max(at - 1, 0) : at + 1]
    return float(any(map(words.frequency, pairs)) or words.frequency(char) >= MIN_LONE_FREQUENCY)
