"""The work of the timed jobs: ingest new pages, queue their alerts, queue digests, bundles and weekly reports when due.

    new pages   archive.ingest -> outbox.add_unmatched -> index           (the articles are recorded as unmatched)
    alerts      outbox.unmatched -> matching -> decide_alerts -> outbox   (matched, queued, waiting: one transaction)
    messages    schedule.due_messages -> editions, bundles -> render -> outbox

Each step is idempotent: a message that has been queued is never queued again.
"""

from bot.flows.due_messages import queue_due_messages, render_edition
from bot.flows.new_articles import count_stale_articles, ingest_pages, queue_alerts

__all__ = ["count_stale_articles", "ingest_pages", "queue_alerts", "queue_due_messages", "render_edition"]
