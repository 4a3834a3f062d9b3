"""What is known of an article beside its text: its themes, and the people, places and organisations it names."""

from digests import names, themes
from digests.models import Article, Labels


def of(article: Article) -> Labels:
    """The labels by which a query can ask for `article` (主题: 人物: 地点: 机构:)."""
    named = names.of_article(article)
    return Labels(
        themes=tuple(theme.name for theme in themes.of_article(article)),
        people=named.people,
        places=named.places,
        organisations=named.organisations,
    )
