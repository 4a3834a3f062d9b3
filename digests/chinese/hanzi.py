"""Traditional characters: the only file that knows OpenCC.

The characters' simplified forms come from OpenCC (Apache-2.0), one character at a time, so that every character keeps
its place in the text.
"""

from functools import lru_cache

_FIRST, _LAST = 0x3400, 0x9FFF


@lru_cache(maxsize=1)
def simplified() -> dict[str, str]:
    """The traditional characters with their simplified forms, each one character long."""
    import opencc  # noqa: PLC0415  only where Hanzi are compared

    chars = [chr(code) for code in range(_FIRST, _LAST + 1)]
    forms = opencc.OpenCC("t2s").convert("\n".join(chars)).split("\n")
    return {char: form for char, form in zip(chars, forms, strict=True) if form != char and len(form) == 1}
