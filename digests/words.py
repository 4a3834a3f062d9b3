"""Words: the only file that knows jieba.

jieba takes a second and 90 MB to load, so `load()` is called once at start, off the event loop; every other function
loads it on first use.
"""

import logging
import sys
import tempfile
import threading
import warnings
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

_loading = threading.Lock()


@dataclass(frozen=True, slots=True)
class Token:
    """A word with its place in the text it was cut from."""

    text: str
    start: int
    end: int


@lru_cache(maxsize=1)
def _jieba() -> Any:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # jieba 0.42.1 has escapes that Python now warns of
        import jieba  # noqa: PLC0415  loading is slow: only where words are needed
        import jieba.posseg  # noqa: PLC0415
    jieba.setLogLevel(logging.WARNING)
    # One cache a user, beside nothing of anybody else's: jieba's default is a fixed name in the shared /tmp.
    cache = Path(tempfile.gettempdir()) / f"jianbao-words-{_user()}"
    cache.mkdir(mode=0o700, exist_ok=True)
    jieba.dt.tmp_dir = str(cache)
    jieba.initialize()
    # The table of tags comes with words and tags of its own, a third of a million each: share those that are there.
    tags, known = jieba.posseg.dt.word_tag_tab, jieba.dt.FREQ
    jieba.posseg.dt.word_tag_tab = {word: sys.intern(tags[word]) for word in known if word in tags}
    return jieba


def _user() -> str:
    import getpass  # noqa: PLC0415

    try:
        return getpass.getuser()
    except (OSError, KeyError):  # a container's user without a name
        return "nobody"


def load() -> None:
    """Load the dictionary now rather than at the first word."""
    _loaded()


@lru_cache(maxsize=1)
def _loaded() -> Any:
    with _loading:
        return _jieba()


def tokens(text: str) -> Iterator[Token]:
    """The words of `text` in order, without white space; punctuation comes as tokens of its own."""
    load()
    for word, start, end in _jieba().tokenize(text):
        if not word.isspace():
            yield Token(word, start, end)


def cut(text: str) -> list[str]:
    """The words of `text` in order, without white space.

    By rjieba, jieba's twin in Rust, which is twenty times as fast and cuts Hanzi the same but in rare ties; it leaves
    some figures whole (0351-2366977).
    """
    return [word for word in _fast().cut(text.encode("utf-8", "replace").decode()) if not word.isspace()]


def cut_plainly(text: str) -> list[str]:
    """The dictionary's words of `text`, white space and all; characters in no word of it stand alone.

    By rjieba too.
    """
    return list(_fast().cut(text.encode("utf-8", "replace").decode(), False))


def cut_finely(text: str) -> list[str]:
    """The words of `text` and the shorter words inside them, as a search wants them.

    By rjieba too: this is the bulk work of the index.
    """
    return [word for word in _fast().cut_for_search(text.encode("utf-8", "replace").decode()) if not word.isspace()]


@lru_cache(maxsize=1)
def _fast() -> Any:
    import rjieba  # noqa: PLC0415

    return rjieba.Jieba()


def frequency(word: str) -> int:
    """How often `word` stands in jieba's general corpus (60 million words); 0 where it is not in the dictionary."""
    return frequencies().get(word, 0)


@lru_cache(maxsize=1)
def frequencies() -> Mapping[str, int]:
    """The dictionary's words with their frequencies; the beginnings of its words too, with 0 where they are none."""
    known: dict[str, int] = _loaded().dt.FREQ
    return known


def person_names() -> list[str]:
    """The dictionary's names of people (as jieba tags them), Chinese and foreign."""
    return [word for word, tag in _loaded().posseg.dt.word_tag_tab.items() if tag == "nr"]


def total_frequency() -> int:
    """The sum of all frequencies."""
    return int(_loaded().dt.total)


def tag(word: str) -> str:
    """The part of speech that jieba's dictionary gives `word` (n, nr, ns, nt, v, ...); "" for words it lacks."""
    return _tags().get(word, "")


@lru_cache(maxsize=1)
def _tags() -> dict[str, str]:
    tags: dict[str, str] = _loaded().posseg.dt.word_tag_tab
    return tags
