"""Questions: the sentences of the archive that answer a question, word for word, or a refusal.

candidates   the sentences of the articles that BM25 finds best for the words of the question
ranking      a logistic regression over `Features` of each sentence: how much of the question the sentence, the sentence
             before it, the headings and the article contain, and whether it contains what the kind of question asks for
refusal      a second regression over the features of the best sentence

The weights of both are fitted by tests/bench/train_ask.py.
"""

import math
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from operator import mul
from typing import NamedTuple

from digests.analysis.keywords import logistic
from digests.language import words
from digests.language.normal_form import normal_form
from digests.models import Article
from digests.query import Or, Term
from digests.search.index import Index
from digests.search.ranking import as_shares
from digests.text import bigrams
from digests.text import sentences as sentence_spans

MAX_ARTICLES = 20
"""Number of articles whose sentences are candidates."""
MAX_ANSWERS = 3
MAX_QUESTION_CHARS = 200
"""Characters of a question that are read."""
MIN_QUOTE_CHARS = 6
"""Sentences with fewer characters are not quoted."""

FREQUENCY_OFFSET = 50
"""Added to a character's frequency for its rarity."""
MIN_RARITY = 0.1
"""Minimum weight of a word of the question, for words in nearly every article."""
MIN_ANSWER_LIKELIHOOD = 0.45
"""If the likelihood of an answer is lower, the question is refused."""

_NUMBER = r"[\d零〇一二两三四五六七八九十百千万亿半]"
_ASKING = re.compile(
    r"多少|几[个家只条位人名天年月日号点楼层次届岁种项所届]?|什么时候|啥时候|什么|啥|为何|为什么|为啥|怎么样?|怎样|如何|哪[里儿些个家天年月日位几]?|谁"
    r"|是不是|有没有|吗|呢|了没|没有|大概|一共|总共|到底|分别|请问|多[大高长远久重]"
)
_UNIT = re.compile(r"(?:多少|几)(?:万|亿|百|千)?(?P<unit>[^\W\d_多少])")
_TIME = re.compile(rf"{_NUMBER}(?:年|月|日|时|点|分|天|周)|年底|年初|月底|春节|今天|昨天|近日")
_QUANTITY = re.compile(_NUMBER)
_REASON = re.compile(r"因|由于|为了|原来|所以|导致|旨在")
_NAME_SIGN = re.compile(r"[、《“]|叫|名为|是")
_KINDS: tuple[tuple[re.Pattern[str], re.Pattern[str]], ...] = (
    (re.compile(r"为什么|为啥|为何|原因|怎么会|凭什么|理由"), _REASON),
    (re.compile(r"什么时候|啥时候|何时|哪[天年月日]|几[月号点日]|哪个月|多久|几月份"), _TIME),
    (re.compile(r"多少|几|多[大高长远重]"), _QUANTITY),
    (re.compile(r"哪|谁|什么|啥"), _NAME_SIGN),
)
"""For each kind of question, what its words contain and what a sentence that answers it contains; the first counts."""


@dataclass(frozen=True, slots=True)
class Answer:
    """A sentence that answers a question, as a literal part of a paragraph."""

    article: Article
    quote: str


@dataclass(frozen=True, slots=True)
class Answers:
    """The best sentences for a question, the best first, and whether they are good enough to be shown as answers."""

    best: tuple[Answer, ...]
    refused: bool
    """True if the archive does not answer the question; `best` then leads to the nearest articles."""


class Features(NamedTuple):
    """Features of a candidate sentence; shares are from 0 to 1 and weighted by the rarity of the words."""

    bias: float
    in_sentence: float
    """Share of the words of the question that the sentence contains."""
    in_previous: float
    """Share that only the sentence before it contains."""
    in_headings: float
    """Share that neither sentence contains, but the kicker, headline or deck."""
    in_article: float
    """Share that the article contains."""
    characters: float
    """Share of the characters of the question, weighted by their rarity in general Chinese."""
    pairs: float
    """Share of the bigrams of the question."""
    kind: float
    """1 if the sentence contains what the kind of question asks for (a number, a day, a reason)."""
    unit: float
    """1 if the sentence has a number with the unit that the question asks for (几家 -> 15家)."""
    missing_numbers: float
    """Share of the numbers of the question that neither the article nor its day contains."""
    rarest_missing: float
    """1 if the article does not contain the rarest word of the question."""
    rank: float
    """The article's BM25 score, divided by the best one."""
    earliness: float
    """1 for the first sentence, decreasing to 0."""
    length: float
    """Logarithm of the number of characters, divided by 5."""


RANKING_WEIGHTS = Features(
    bias=0.0,
    in_sentence=2.23,
    in_previous=2.41,
    in_headings=0.25,
    in_article=1.89,
    characters=4.01,
    pairs=1.52,
    kind=1.40,
    unit=2.06,
    missing_numbers=-0.51,
    rarest_missing=0.08,
    rank=4.51,
    earliness=0.12,
    length=0.29,
)
"""Weights of the features in the ranking."""
ANSWER_WEIGHTS = Features(
    bias=-2.37,
    in_sentence=-1.42,
    in_previous=0.24,
    in_headings=3.35,
    in_article=0.07,
    characters=4.39,
    pairs=-1.62,
    kind=-0.52,
    unit=1.50,
    missing_numbers=-4.74,
    rarest_missing=0.24,
    rank=-0.52,
    earliness=0.65,
    length=1.57,
)
"""Weights of the best sentence's features for the likelihood that the archive answers the question."""


@dataclass(frozen=True)
class _Question:
    """A question with the weights of its words."""

    text: str
    weights: Mapping[str, float]
    """Maps each content word to its share of the total rarity; the shares sum to 1."""

    @cached_property
    def bare(self) -> str:
        """The question without question words, spaces and punctuation."""
        return re.sub(r"\W", "", _ASKING.sub(" ", self.text))

    @cached_property
    def characters(self) -> Mapping[str, float]:
        """Map each character to its share of the total rarity in general Chinese."""
        return as_shares({char: words.rarity(char, FREQUENCY_OFFSET) for char in dict.fromkeys(self.bare)})

    @cached_property
    def pairs(self) -> frozenset[str]:
        """The bigrams of the question."""
        return frozenset(bigrams(self.bare))

    @cached_property
    def numbers(self) -> tuple[str, ...]:
        """The numbers in digits, such as years."""
        return tuple(dict.fromkeys(re.findall(r"\d+(?:\.\d+)?", self.text)))

    @cached_property
    def rarest(self) -> str:
        """The rarest word in the archive; "" without words."""
        return max(self.weights, key=lambda word: self.weights[word], default="")

    @cached_property
    def answer_sign(self) -> re.Pattern[str] | None:
        """What a sentence that answers this kind of question contains; None for other kinds."""
        return next((answer for asking, answer in _KINDS if asking.search(self.text)), None)

    @cached_property
    def unit_sign(self) -> re.Pattern[str] | None:
        """A number with the unit that the question asks for; None if it asks for none."""
        asked = _UNIT.search(self.text)
        if asked is None:
            return None
        unit = "元" if asked["unit"] == "钱" else asked["unit"]
        return re.compile(rf"{_NUMBER}[多余几]?{re.escape(unit)}")

    def share(self, text: str) -> float:
        """Return the share of the question's words that `text` contains."""
        return _contained(self.weights, text)


def answer(index: Index, question: str) -> Answers:
    """Return up to MAX_ANSWERS sentences of the archive that answer the question, or refuse."""
    ranked = sorted(candidates(index, question), key=lambda found: -_likelihood(RANKING_WEIGHTS, found[1]))
    if not ranked:
        return Answers((), refused=True)
    return Answers(tuple(found for found, _ in ranked[:MAX_ANSWERS]), is_refused(ranked[0][1]))


def is_refused(best: Features) -> bool:
    """True if the best sentence, by its features, probably does not answer the question."""
    return _likelihood(ANSWER_WEIGHTS, best) < MIN_ANSWER_LIKELIHOOD


def candidates(index: Index, question: str) -> Iterator[tuple[Answer, Features]]:
    """Yield the sentences of the articles that fit the question best, each with its features."""
    read = _read(index, question[:MAX_QUESTION_CHARS])
    if not read.weights:
        return
    found = list(index.find_any_word(Or(tuple(map(Term, read.weights))), limit=MAX_ARTICLES)[1])
    for score, article in found:
        yield from _sentences(read, article, rank=score / found[0][0] if found[0][0] else 0.0)


def _read(index: Index, question: str) -> _Question:
    """Return the question with its words weighted by their rarity in the archive."""
    text = normal_form(question)
    found = dict.fromkeys(
        word
        for word in words.cut_for_search(_ASKING.sub(" ", text))
        if word.isalnum() and (len(word) > 1 or word.isdigit())
    )
    articles = index.count()

    def rarity(word: str) -> float:
        return max(math.log((articles + 1) / (index.document_frequency(word) + 0.5)), MIN_RARITY)

    return _Question(text, as_shares({word: rarity(word) for word in found}))


class _ArticleFeatures(NamedTuple):
    """What all sentences of an article share: its headings and the features of the same names."""

    headings: str
    in_article: float
    missing_numbers: float
    rarest_missing: float
    rank: float


def _sentences(question: _Question, article: Article, *, rank: float) -> Iterator[tuple[Answer, Features]]:
    """Yield the sentences of an article with their features."""
    headings = normal_form(f"{article.kicker} {article.headline or ''} {article.deck}")
    whole = normal_form(" ".join((headings, *article.paragraphs)))
    day = article.date
    of_day = {str(day.year), str(day.month), str(day.day)} if day else set()
    missing = [number for number in question.numbers if number not in whole and number not in of_day]
    shared = _ArticleFeatures(
        headings,
        in_article=question.share(whole),
        missing_numbers=len(missing) / (len(question.numbers) or 1),
        rarest_missing=float(question.rarest not in whole),
        rank=rank,
    )
    previous, number = "", 0
    for paragraph in article.paragraphs:
        for first, last in sentence_spans(paragraph):
            quote = paragraph[first:last]
            if len(quote) < MIN_QUOTE_CHARS:
                continue
            text = normal_form(quote)
            yield Answer(article, quote), _features(question, text, previous, shared, number)
            previous, number = text, number + 1


def _features(question: _Question, text: str, previous: str, article: _ArticleFeatures, number: int) -> Features:
    """Return the features of a sentence; `number` is its position in the article, from 0."""
    own = question.share(text)
    with_previous = question.share(f"{previous} {text}")
    with_headings = question.share(f"{previous} {text} {article.headings}")
    return Features(
        bias=1.0,
        in_sentence=own,
        in_previous=with_previous - own,
        in_headings=with_headings - with_previous,
        in_article=article.in_article,
        characters=_contained(question.characters, text),
        pairs=len(question.pairs & set(bigrams(text))) / (len(question.pairs) or 1),
        kind=float(bool(question.answer_sign and question.answer_sign.search(text))),
        unit=float(bool(question.unit_sign and question.unit_sign.search(text))),
        missing_numbers=article.missing_numbers,
        rarest_missing=article.rarest_missing,
        rank=article.rank,
        earliness=1 / (1 + number),
        length=math.log(len(text)) / 5,
    )


def _contained(shares: Mapping[str, float], text: str) -> float:
    """Return the total share of the strings that `text` contains."""
    return sum(share for string, share in shares.items() if string in text)


def _likelihood(weights: Sequence[float], features: Sequence[float]) -> float:
    return logistic(sum(map(mul, weights, features)))
