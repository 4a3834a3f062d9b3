"""Whether the timed jobs are alive: when each last came to a good end, and what is wrong with those that fail."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta

LONG = timedelta(minutes=15)
"""Without a good end for so long a job is said to hang; a large taking in may rightly last minutes."""


@dataclass
class Pulse:
    """Kept in memory: a restart begins anew."""

    beats: dict[str, datetime] = field(default_factory=dict)
    failing: dict[str, str] = field(default_factory=dict)

    def begins(self, job: str, now: datetime) -> None:
        """The job is there; it has its time from now on."""
        self.beats.setdefault(job, now)

    def well(self, job: str, now: datetime) -> None:
        """The job came to a good end."""
        self.beats[job] = now
        self.failing.pop(job, None)

    def failed(self, job: str, problem: str) -> bool:
        """The job ended with `problem`; whether that is new."""
        new = self.failing.get(job) != problem
        self.failing[job] = problem
        return new

    def problems(self, now: datetime) -> tuple[str, ...]:
        """One sentence for each job that fails or hangs."""
        hanging = [
            f"{job}: no good end since {last:%Y-%m-%d %H:%M:%S}"
            for job, last in self.beats.items()
            if now - last > LONG and job not in self.failing
        ]
        return (*(f"{job}: {problem}" for job, problem in self.failing.items()), *hanging)
