"""An article for the tests of messages, and a check that Telegram accepts a message."""

import re
from dataclasses import replace
from datetime import date

from bot.callbacks import ShowArticle, decode
from bot.render.packing import MAX_MESSAGE_UNITS, plain_text, utf16_units
from digests.chats import OutgoingMessage
from digests.models import Article, Reporter

DAY = date(2022, 8, 29)
MARKUP = '<b>50%</b> & "5 < 6" 😀'


def article(**parts: object) -> Article:
    usual = Article(
        "k7f3m-9wq2d",
        "厚生锂电池隔膜项目投产",
        ("薄如蝉翼，柔软洁白。", "一期工程", "一号厂房内，生产线连续转动。"),
        paper="太原日报",
        date=DAY,
        page=1,
        reporters=(Reporter("岳霞红", "记者"),),
        subheads=("一期工程",),
    )
    return replace(usual, **parts)  # type: ignore[arg-type]


def opened(message: OutgoingMessage) -> list[str]:
    """Return the articles that the message's buttons open."""
    callbacks = [decode(data) for row in message.buttons for _, data in row]
    return [callback.article for callback in callbacks if isinstance(callback, ShowArticle)]


def proper(*messages: OutgoingMessage) -> None:
    """Check tags closed in order, escaped text, and Telegram's limits."""
    for message in messages:
        assert 0 < utf16_units(plain_text(message.text)) <= MAX_MESSAGE_UNITS
        open_tags: list[str] = []
        for closing, name in re.findall(r"<(/?)([a-z]+)>", message.text):
            if not closing:
                open_tags.append(name)
                continue
            assert open_tags.pop() == name
        assert not open_tags
        bare = re.sub(r"</?(b|i|code|pre|blockquote)>", "", message.text)
        assert "<" not in bare
        assert not re.search(r"&(?!(lt|gt|amp);)", bare)
        assert sum(len(row) for row in message.buttons) <= 100
