"""What the running bot does of itself: take in new pages, and owe readers their alerts and digests.

    new pages   archive.take_in -> outbox.expect -> index              (owed to nobody yet)
    alerts      outbox.news -> topics -> alerts.decide -> outbox       (one transaction: matched, owed, waiting)
    each tick   schedule.due -> editions, what waits -> render -> outbox

Each is safe to repeat: what was owed once is never owed again.
"""

from bot.flows.due_messages import queue_due_messages, render_edition
from bot.flows.new_articles import count_stale_articles, ingest_pages, queue_alerts

__all__ = ["count_stale_articles", "ingest_pages", "queue_alerts", "queue_due_messages", "render_edition"]
