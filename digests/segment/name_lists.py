"""Lists of people's names as papers print them: letter-spaced, with or without separators, before other words."""

import re

from digests.language import words
from digests.language.person_names import SURNAMES, SURNAMES_BY_FREQUENCY
from digests.segment.printed_signs import BYLINE_SIGNS

_SEPARATOR = re.compile(r"[、,/;:·|\s]")
MIN_COMMON_WORD_FREQUENCY = 5000
"""A word of at least this frequency is not a name, even if it begins with a surname character (单位)."""
_NAME = re.compile(r"[\u4e00-\u9fff]{2,4}")
_NAMES_JOINED = re.compile(r"[\u4e00-\u9fff]{4,9}")
MIN_JOINED_CHARS = 4
"""A word of this length may be two names."""
_DOUBLE_SURNAMES = (
    "欧阳",
    "司马",
    "上官",
    "诸葛",
    "慕容",
    "司徒",
    "夏侯",
    "皇甫",
    "尉迟",
    "公孙",
    "令狐",
    "歐陽",
    "司馬",
    "諸葛",
)
_SPLITS = {
    4: ((2, 2),),
    5: ((3, 2), (2, 3)),
    6: ((3, 3), (2, 2, 2)),
    7: ((3, 2, 2), (2, 3, 2), (2, 2, 3)),
    8: ((3, 3, 2), (3, 2, 3), (2, 3, 3)),
    9: ((3, 3, 3),),
}
"""The lengths of the names in a word of several names, the likeliest first."""
PLACE = re.compile(r"^\S{2,6}(?:[区区縣县市镇鎮乡鄉]|街道|社区)\s")
"""滨河区 before the name of a reader."""
MIN_COMMON_END_FREQUENCY = 2000
"""A word of at least this frequency is no given name in names without separators (讲话, but also 建国)."""
_PLACE_OR_OFFICE = re.compile(r"(?<=..)[区區县縣市镇鎮乡鄉局院校]$|街道$|社区$|大学$|公司$")
_REPORTED = re.compile(r"(?:综合|綜合)?(?:报道|報導|报导|報道)$")


def is_names(text: str) -> bool:
    """True if a text with normalised widths consists of names only, separated by spaces or commas."""
    listed = split_names(text.strip(f" {BYLINE_SIGNS}"))
    return bool(listed) and all(is_name(word) or _joined_names(word) for word in listed)


def names_in(listing: str) -> list[str]:
    """Return the names in a list, also names printed without a separator."""
    found: list[str] = []
    for word in split_names(listing):
        bare = _REPORTED.sub("", word)
        found += [bare] if is_name(bare) and len(bare) < MIN_JOINED_CHARS else _joined_names(bare)
    return found


def names_before_place(who: str) -> list[str]:
    """Return the names in the list of a lead; the last may be followed by the place of the report (王伟北京)."""
    listed = split_names(who)
    for size in (3, 2) if listed and len(listed[-1]) >= MIN_JOINED_CHARS else ():
        name, place = listed[-1][:size], listed[-1][size:]
        if has_surname(name) and is_name(name) and len(place) > 1 and words.frequency(place):
            return [*names_in(" ".join(listed[:-1])), name]
    return names_in(who)


def first_names(who: str) -> list[str]:
    """Return the names at the start of a text, up to the first other word."""
    found: list[str] = []
    for word in split_names(who):
        names = _joined_names(word) if len(word) >= MIN_JOINED_CHARS else [word]
        if not all(has_surname(name) and is_name(name) for name in names) or not names:
            break
        found += names
    return found


def is_name(word: str) -> bool:
    """True if a word is probably a name: a rare word that begins with a surname, or a short unknown word."""
    if not _NAME.fullmatch(word) or _PLACE_OR_OFFICE.search(word):
        return False
    frequency = words.frequency(word)
    return frequency < MIN_COMMON_WORD_FREQUENCY if has_surname(word) else frequency == 0 and len(word) < 4


def has_surname(word: str) -> bool:
    """True if a word begins with a surname."""
    return word[0] in SURNAMES or word.startswith(_DOUBLE_SURNAMES)


def _joined_names(word: str) -> list[str]:
    """Return two or three names printed without a separator (王小溪何雨晴); [] if the word is none."""
    if not _NAMES_JOINED.fullmatch(word):
        return [word] if is_name(word) else []
    if word.startswith(_DOUBLE_SURNAMES) and len(word) == MIN_JOINED_CHARS:
        return [word]
    splits = [[word[sum(sizes[:k]) : sum(sizes[: k + 1])] for k in range(len(sizes))] for sizes in _SPLITS[len(word)]]
    likely = [parts for parts in splits if all(map(_is_joined_name, parts))]
    if likely:
        return min(likely, key=lambda parts: sum(SURNAMES_BY_FREQUENCY.index(part[0]) for part in parts[1:]))
    return [word] if is_name(word) else []


def _is_joined_name(word: str) -> bool:
    """True if a part of a longer word is a name: it begins with a surname and goes on with no common word (林讲话)."""
    is_word = len(word) > 2 and words.frequency(word[1:]) >= MIN_COMMON_END_FREQUENCY
    return word[0] in SURNAMES and is_name(word) and not is_word


def split_names(listing: str) -> list[str]:
    """Return the words of a list; letter-spaced names become one word (梁 涛 -> 梁涛)."""
    found: list[str] = []
    for word in filter(None, _SEPARATOR.split(listing)):
        if found and len(found[-1]) == 1 and (len(word) == 1 or found[-1] in SURNAMES):
            found[-1] += word
        else:
            found.append(word)
    return found
