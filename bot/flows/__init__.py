"""What the running bot does of itself: take in new pages, and owe readers their alerts and digests.

    new pages   archive.take_in -> outbox.expect -> index              (owed to nobody yet)
    alerts      outbox.news -> topics -> alerts.decide -> outbox       (one transaction: matched, owed, waiting)
    each tick   schedule.due -> editions, what waits -> render -> outbox

Each is safe to repeat: what was owed once is never owed again.
"""

from bot.flows.alerting import owe_alerts, untold
from bot.flows.owing import edition_told, owe_due
from bot.flows.taking import take_in

__all__ = ["edition_told", "owe_alerts", "owe_due", "take_in", "untold"]
