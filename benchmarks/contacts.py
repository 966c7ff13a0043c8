"""Contacts to measure with: the sample year's complaints, as if they came in now, each from somebody else."""

from collections.abc import Iterator
from datetime import datetime
from itertools import cycle, islice

import orjson

from deploy.sample.leuven_2021 import submissions

CHANNEL = "web_form"


def bodies(count: int, received_at: datetime) -> Iterator[bytes]:
    """So many submissions, received at that moment; every one has a line, a directorate and both terms."""
    complaints = [
        each for each in submissions() if each["nature"] == "complaint" and "directorate" in each["about"]
    ]
    for number, complaint in enumerate(islice(cycle(complaints), count), start=1):
        yield orjson.dumps(
            {
                **complaint,
                "submission_id": f"bench-{number}",
                "channel": CHANNEL,
                "received_at": received_at.isoformat(),
                "facts_on": received_at.date().isoformat(),
                "citizen": {"name": f"Citizen {number}", "email": f"citizen{number}@example.org"},
                "historical": False,
            }
        )
