"""The analysis of one text."""

from digests import analysis
from digests.models import Reporter
from tests.invented import article


def test_an_analysis_holds_keywords_summary_names_and_themes() -> None:
    story = article(
        headline="云河市加强防汛演练",
        paragraphs=(
            "3月4日，市长陈小满在万柏林区检查防汛演练。云河水务有限公司派出三支抢险队。演练历时两小时。（记者 方小雨）",
            "吴秋白摄",
        ),
    )
    found = analysis.analyse(story)
    assert found.keywords
    assert all(part in story.body for part in found.summary)
    assert found.people == (analysis.Person("陈小满", ("市长",)),)
    assert found.reporters == (Reporter("方小雨", "记者"), Reporter("吴秋白", "摄"))
    assert "万柏林区" in found.places
    assert any("有限公司" in name for name in found.organisations)
    assert found.themes[0] == "防汛应急"


def test_the_summary_has_at_most_the_given_length() -> None:
    story = article(paragraphs=("云河市首座雨水花园建成开放。" * 30,))
    assert sum(map(len, analysis.analyse(story, length=30).summary)) <= 30


def test_a_text_without_words_has_an_empty_analysis() -> None:
    empty = analysis.Analysis(analysis.StoryLine("", ()), (), (), (), (), (), (), ())
    assert analysis.analyse(article(headline=None, paragraphs=())) == empty
