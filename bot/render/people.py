"""Who somebody is."""

from collections.abc import Sequence
from dataclasses import replace

from bot.render.hits import HITS, search
from bot.texts import texts
from bot.texts.markup import Html, lines
from digests.models import SearchResult
from digests.readers import Language, Outgoing


def person(name: str, titles: Sequence[str], found: SearchResult, lang: Language) -> Outgoing:
    """The titles that the paper gives somebody, and the newest stories that name him, as a search shows them."""
    say = texts(lang)
    listing = search(replace(found, hits=found.hits[:HITS]), lang, newest=True)
    first, _, rest = listing.text.partition("\n")
    who = say.say("person.is", name=name, titles=say.listed(titles)) if titles else say.say("person.named", name=name)
    return replace(listing, text=lines(Html(first), who, Html(rest)))
