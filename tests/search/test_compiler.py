"""How queries become queries of tantivy, with the weights of their parts."""

import re
from datetime import date

import pytest

from digests.query import Term, parse
from digests.search import schema
from digests.search.compiler import Compiler, query_words, term_words
from digests.search.index_files import open_index

FIELDS = (
    *schema.RAW_FIELDS,
    *schema.FACET_FIELDS,
    *schema.VOCABULARY_FIELDS,
    "ordinal",
    "data",
    *schema.WORD_FIELDS,
    "pairs",
    *schema.CHARACTER_FIELDS,
)
WORD = "[(Should, title:{0}^3), (Should, body:{0})]"
TERM = re.compile(r'TermQuery\(Term\(field=(\d+), type=\w+, "?([^")]+)"?\)\)')
PHRASE = re.compile(r"PhraseQuery \{ field: Field\((\d+)\), phrase_terms: \[(.*?\))\], slop: (\d+)[^}]*\}")


@pytest.fixture(scope="module")
def compiler(tmp_path_factory: pytest.TempPathFactory) -> Compiler:
    return Compiler(open_index(tmp_path_factory.mktemp("compiler") / "index", owner=True).schema)


def _compact(query: object) -> str:
    """Return the query as tantivy prints it, with names of fields and without what is the same in all queries."""
    text = str(query).removeprefix("Query(").removesuffix(")").replace("RegexPhrase", "Phrase")
    text = TERM.sub(lambda found: f"{FIELDS[int(found[1])]}:{found[2]}", text)
    text = PHRASE.sub(lambda found: f"{FIELDS[int(found[1])]}:{_characters(found[2])}~{found[3]}", text)
    text = re.sub(r"Boost\(query=([^,()]+), boost=([\d.]+)\)", r"\1^\2", text)
    text = text.replace("BooleanQuery { subqueries: ", "")
    return re.sub(r", minimum_number_should_match: \d \}", "", text)


def _characters(terms: str) -> str:
    return "".join(re.findall('"([^"]+)"', terms))


def test_a_word_is_found_by_its_characters_and_weighs_three_in_the_headline(compiler: Compiler) -> None:
    assert _compact(compiler.compile(parse("花园"))) == f"[(Should, chars:花园~0), (Should, {WORD.format('花园')})]"


def test_a_term_of_several_words_weighs_two_as_a_whole(compiler: Compiler) -> None:
    words = ", ".join(f"(Must, {WORD.format(word)})" for word in ("雨水", "花园"))
    assert _compact(compiler.compile(parse("雨水花园"))) == f"[(Should, chars:雨水花园~0^2), (Should, [{words}])]"


def test_a_phrase_in_quotation_marks_and_a_field_are_characters_alone(compiler: Compiler) -> None:
    assert _compact(compiler.compile(parse('"核酸检测"'))) == "chars:核酸检测~0"
    assert _compact(compiler.compile(parse("记者:梁"))) == "by:梁"


@pytest.mark.parametrize(
    ("field", "characters"),
    [
        ("标题", "titlechars"),
        ("记者", "by"),
        ("主题", "themes"),
        ("人物", "people"),
        ("地点", "places"),
        ("机构", "orgs"),
        ("报纸", "papers"),
    ],
)
def test_each_field_of_the_query_language_has_its_characters(compiler: Compiler, field: str, characters: str) -> None:
    assert _compact(compiler.compile(parse(f"{field}:古城"))) == f"{characters}:古城~0"


def test_excluded_parts_must_not_match(compiler: Compiler) -> None:
    assert _compact(compiler.compile(parse('"防汛" -"招标"'))) == "[(Must, chars:防汛~0), (MustNot, chars:招标~0)]"
    nested = _compact(compiler.compile(parse('"防汛" | ("汛期" -("招标" "采购"))')))
    assert nested == (
        "[(Should, chars:防汛~0), (Should, [(Must, chars:汛期~0), "
        "(MustNot, [(Must, chars:招标~0), (Must, chars:采购~0)])])]"
    )


def test_pages_and_days_match_without_a_score(compiler: Compiler) -> None:
    assert _compact(compiler.compile(parse("版:3"))) == "Const(score=0, query=page:3)"
    assert _compact(compiler.compile(parse("8月2日"))) == "Const(score=0, query=yearly:08-02)"
    first, last = date(2022, 8, 1).toordinal(), date(2022, 8, 31).toordinal()
    assert re.findall(r"\d{6}", _compact(compiler.compile(parse("2022-08")))) == [str(first), str(last)]
    assert re.findall(r"I64, (\d+)", str(compiler.days(None, None))) == ["1", str(date.max.toordinal())]


def test_words_close_together_have_twenty_characters_between_each_two(compiler: Compiler) -> None:
    two = _compact(compiler.compile(parse("标题:防汛 ~ 标题:内涝")))
    assert two.endswith("Const(score=0, query=[(Should, titlechars:防汛内涝~20), (Should, titlechars:内涝防汛~20)]))]")
    three = _compact(compiler.compile(parse("标题:防汛 ~ 标题:内涝 ~ 标题:强降雨")))
    assert three.count("~40") == 6


def test_more_than_three_words_close_together_and_words_of_two_fields_are_left_to_the_matcher(
    compiler: Compiler,
) -> None:
    for query in ("标题:甲乙 ~ 标题:丙丁 ~ 标题:戊己 ~ 标题:庚辛", "标题:防汛 ~ 内涝"):
        assert "Const" not in _compact(compiler.compile(parse(query)))


def test_a_question_is_found_by_words_in_body_and_lead_and_by_bigrams(compiler: Compiler) -> None:
    parts = ["body:雨水", "lead:雨水^0.5", "body:花园", "lead:花园^0.5"]
    parts += [f"{field}:{bigram}" for bigram in ("雨水", "水花", "花园") for field in ("pairs", "body")]
    assert _compact(compiler.any_word(parse("雨水花园"))) == f"[{', '.join(f'(Should, {part})' for part in parts)}]"


def test_weighted_words_are_found_in_the_body(compiler: Compiler) -> None:
    assert (
        _compact(compiler.weighted_words({"花园": 1.5, "石桥": 0.25}))
        == "[(Should, body:花园^1.5), (Should, body:石桥^0.25)]"
    )


def test_a_misread_term_has_look_alikes_of_one_character_at_a_time(compiler: Compiler) -> None:
    first, second = re.findall(r"chars:([^~]+)~0", _compact(compiler.misread(Term("忻州"))))
    assert re.fullmatch(r"\[\w*析\w*\]州", first)
    assert re.fullmatch(r"忻\[\w+\]", second)
    assert _compact(compiler.misread(Term("忻州", field="title"))).count("titlechars") == 2


def test_articles_that_mention_terms_may_hold_them_misread_unless_they_are_short_or_exact(compiler: Compiler) -> None:
    assert _compact(compiler.mentioning([Term("州")], None, None)) == "[(Should, chars:州)]"
    assert _compact(compiler.mentioning([Term("忻州", exact=True)], None, None)) == "[(Should, chars:忻州~0)]"
    assert _compact(compiler.mentioning([Term("忻州")], None, None)).count("[(Should, chars:") == 2


def test_mentions_can_be_limited_to_days(compiler: Compiler) -> None:
    day = date(2022, 8, 29)
    days = _compact(compiler.days(day, day))
    assert _compact(compiler.mentioning([Term("州")], day, day)) == f"[(Must, [(Should, chars:州)]), (Must, {days})]"
    assert _compact(compiler.mentioning([], day, None)) == _compact(compiler.days(day, None))
    assert _compact(compiler.mentioning([], None, None)) == "AllQuery"
    listed = _compact(compiler.mentioning([Term("州")], None, None, {day}))
    assert "(Must, TermSetQuery" in listed
    assert '"2022-08-29"' in listed


def test_the_words_of_queries_hold_a_letter_and_come_once() -> None:
    assert term_words(Term("雨水花园·石桥")) == ("雨水", "花园", "石桥")
    assert query_words(parse('雨水花园 花园 "核酸检测" -招标')) == ("雨水", "花园")
