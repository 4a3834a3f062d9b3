"""Further places beside those of the chat page: a forum and a channel."""

from bot.local.chats import ALEX, WANG, Chat

WEATHER, CITY = 11, 12
"""Topics of the forum."""
FORUM = Chat(-1001000000004, "supergroup", "读报论坛", (WANG, ALEX), topics=(WEATHER, CITY))
CHANNEL = Chat(-1001000000005, "channel", "防汛快讯", (WANG,), username="fangxun")
PLACES = {place.id: place for place in (FORUM, CHANNEL)}
