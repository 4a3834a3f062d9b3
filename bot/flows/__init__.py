"""What the bot does on its own: ingest new pages and alert, send digests, bundles and weekly reports at their times.

    new pages   archive.ingest -> outbox.add_unmatched -> index           (announced, not yet matched)
    alerts      outbox.unmatched -> matching -> decide_alerts -> outbox   (one transaction: matched, queued, waiting)
    each tick   schedule.due_messages -> editions, bundles -> render -> outbox

Each step is idempotent: a message that was queued once is never queued again.
"""

from bot.flows.due_messages import queue_due_messages, render_edition
from bot.flows.new_articles import count_stale_articles, ingest_pages, queue_alerts

__all__ = ["count_stale_articles", "ingest_pages", "queue_alerts", "queue_due_messages", "render_edition"]
