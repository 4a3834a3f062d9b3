"""What was understood of a reader's own words, where the answer does not show it otherwise."""

from bot.render.settings import days
from bot.render.view import View
from bot.texts.markup import Html, lines


def digest_comes(view: View) -> Html:
    """When the digest comes from now on; to a chat that follows nothing yet, also that it needs to."""
    say = view.say
    comes = say.say("wish.digest", days=days(view), time=say.clock(view.digest_time))
    return lines(comes, "" if view.subscriptions else say.say("wish.needs_topic"))
