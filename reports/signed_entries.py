"""Who signed an entry, as papers print it."""

from apprenticeship.models import RecordEntry
from apprenticeship.record import read, timestamp, told
from reports.codes import head_of
from reports.papers import Signed


def signed_in(entry: RecordEntry) -> Signed:
    """Who signed an entry, when, and in which words, from its bytes alone. Raises EntryIllegible."""
    content = read(entry)
    head = head_of(content)
    return Signed(
        name=head["name"],
        role=head["role"],
        qualification=told(content, "by.qualification", str),
        at=timestamp(head["at"]),
        zone=head["zone"],
        meaning=head["meaning"],
        authentication=head["authentication"],
        sequence=head["sequence"],
        station=head["station"],
    )
