"""All that is told of one text at once."""

from digests import analysis
from tests.invented import article


def test_an_analysis_holds_keywords_summary_names_and_themes() -> None:
    told = article(
        headline="云河市加强防汛演练",
        paragraphs=("3月4日，市长陈小满在万柏林区检查防汛演练。云河水务有限公司派出三支抢险队。演练历时两小时。",),
    )
    found = analysis.analyse(told)
    assert found.keywords
    assert all(part in told.body for part in found.summary)
    assert found.people == ("陈小满",)
    assert "万柏林区" in found.places
    assert any("有限公司" in name for name in found.organisations)
    assert found.themes[0] == "防汛应急"


def test_the_summary_keeps_to_the_length_asked_for() -> None:
    told = article(paragraphs=("云河市首座雨水花园建成开放。" * 30,))
    assert sum(map(len, analysis.analyse(told, length=30).summary)) <= 30


def test_a_text_without_words_has_an_empty_analysis() -> None:
    assert analysis.analyse(article(headline=None, paragraphs=())) == analysis.Analysis((), (), (), (), (), ())
