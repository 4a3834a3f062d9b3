"""How words sound: the only file that knows pypinyin (MIT)."""

from functools import lru_cache


@lru_cache(maxsize=300_000)
def sound(word: str) -> str:
    """The syllables of `word` in pinyin, without tones and spaces: 防汛 -> fangxun."""
    from pypinyin import lazy_pinyin  # noqa: PLC0415  its tables take a while to load

    return "".join(lazy_pinyin(word))
