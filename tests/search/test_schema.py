"""What the index keeps of an article."""

import pytest

from digests.models import Labels, Reporter
from digests.search.schema import (
    bigrams,
    document,
    pack_article,
    page_order,
    sound_entries,
    unpack_article,
    unsegmented_bigrams,
)
from tests.invented import article


def test_an_article_becomes_these_fields() -> None:
    stored = article(
        kicker="城事",
        deck="八百吨",
        section="要闻",
        reporters=(Reporter("方小满"),),
        paragraphs=("云河花园开放。", "孩子们来了。"),
    )
    labels = Labels(("城市", "民生"), ("李云",), ("云河",), ("市政府",))
    fields = document(stored, "page.txt", labels)
    assert unpack_article(fields.pop("data")) == stored
    assert fields == {
        "what": ["article"],
        "id": ["aaaaa-aaaaa"],
        "source": ["page.txt"],
        "day": ["2023-03-05"],
        "yearly": ["03-05"],
        "page": ["1"],
        "ordinal": 738584,
        "month": ["2023-03"],
        "theme": ["城市", "民生"],
        "person": ["李云"],
        "place": ["云河"],
        "org": ["市政府"],
        "title": ["云河 市 建成 首座 雨水 花园 ¶ 城事 ¶ 八百 吨 要闻"],
        "lead": ["云河 花园 开放 。 孩子 们 来 了 。 方小满"],
        "body": ["云河 花园 开放 。 孩子 们 来 了 。 方小满"],
        "pairs": ["河市 市建 百吨 子们 们来 来了 方小 小满"],
        "chars": ["云河市建成首座雨水花园¶城事¶八百吨¶云河花园开放。¶孩子们来了。¶要闻¶方小满"],
        "titlechars": ["云河市建成首座雨水花园¶城事¶八百吨"],
        "by": ["方小满"],
        "themes": ["城市¶民生"],
        "people": ["李云¶方小满"],
        "places": ["云河"],
        "orgs": ["市政府"],
        "papers": ["云河日报"],
        "names": ["方小满", "李云"],
        "sounds": [
            "yunhe\t云河", "jiancheng\t建成", "shouzuo\t首座", "yushui\t雨水", "huayuan\t花园", "huawan\t花园",
            "chengshi\t城事", "chengzi\t城事", "babai\t八百", "babo\t八百", "yaowen\t要闻", "fangxiaoman\t方小满",
            "pangxiaoman\t方小满", "liyun\t李云",
        ],
    }  # fmt: skip


def test_an_article_without_day_and_page_has_no_value_there() -> None:
    fields = document(article(date=None, page=None), "page.txt", Labels())
    assert [fields[name] for name in ("day", "yearly", "page", "ordinal", "month")] == [[""], [""], [""], 0, []]


def test_the_lead_is_of_the_first_200_characters() -> None:
    fields = document(article(paragraphs=("花园，" * 66 + "石桥。" + "码头。",)), "page.txt", Labels())
    assert fields["lead"][0].split().count("花园") == 66
    assert "石桥" in fields["lead"][0]
    assert "码头" not in fields["lead"][0]
    assert "码头" in fields["body"][0]
    assert document(article(paragraphs=("晴" * 200 + "花园",)), "page.txt", Labels())["lead"][0].count("晴") == 200


def test_a_packed_article_holds_what_it_has_and_nothing_else() -> None:
    bare = article(paragraphs=(), headline=None, paper="", date=None, page=None)
    assert unpack_article(pack_article(bare)) == bare
    assert len(pack_article(bare)) < 60


def test_articles_are_sorted_by_page_file_number_and_id() -> None:
    places = [(None, None, None, "z"), (1, "a", 1, "z"), (1, "a", 2, "y"), (1, "b", 1, "w"), (2, "a", 1, "v")]
    places += [(2, "a", 1, "x")]
    stored = [article(page=page, file=file, n=n, id=id_) for page, file, n, id_ in places]
    mixed = [stored[at] for at in (3, 5, 1, 0, 4, 2)]
    assert sorted(mixed, key=page_order) == stored


def test_all_pairs_of_a_clause_are_found_and_none_across_punctuation() -> None:
    assert list(bigrams("石桥完工，通车_了")) == ["石桥", "桥完", "完工", "通车"]


def test_a_character_that_stands_alone_makes_pairs_with_its_neighbours() -> None:
    assert {"殷雪", "雪嵩"} <= set(unsegmented_bigrams("记者殷雪嵩报道", frozenset()))


def test_the_seam_of_two_words_makes_no_pair_and_neither_does_punctuation() -> None:
    assert list(unsegmented_bigrams("防汛工作，会议", frozenset())) == []
    assert list(unsegmented_bigrams("雪，花", frozenset())) == []


def test_what_a_longer_word_is_made_of_are_pairs_but_for_its_known_words() -> None:
    assert list(unsegmented_bigrams("指挥部", {"指挥"})) == ["挥部"]


@pytest.mark.parametrize(("word", "kept"), [("银行", ["yinxing\t银行", "yinhang\t银行"]), ("桥", []), ("kpl", [])])
def test_a_word_of_hanzi_is_kept_behind_each_of_its_sounds(word: str, kept: list[str]) -> None:
    assert list(sound_entries(word)) == kept
