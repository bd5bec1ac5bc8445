"""Classes for calendar programs: a secret address per person, and the file of RFC 5545 behind it.

The address is good until it is renewed or switched off; only its digest is kept. It shows one's own classes, with
no names in them.
"""

import secrets
from collections.abc import Iterable
from datetime import UTC, datetime

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.access import NotPermitted, Permission
from accounts.models import User
from accounts.tokens import digest_of
from accounts.viewer import Viewer
from acts.auditing import note_event
from instruction.models import CalendarAddress, ClassMode, PlannedClass

RANDOM_BYTES = 24
LONGEST_LINE = 75
"""How many bytes a line of the file may have before it is folded."""


def renew_address(*, viewer: Viewer) -> str:
    """A new secret part for one's own address, shown this one time; an older one opens nothing from now on."""
    _require_oneself(viewer)
    secret = secrets.token_urlsafe(RANDOM_BYTES)
    with transaction.atomic():
        CalendarAddress.objects.update_or_create(
            person=viewer.person, defaults={"digest": digest_of(secret), "made_at": viewer.at}
        )
        _tell("calendar_renewed", viewer)
    return secret


def switch_off(*, viewer: Viewer) -> None:
    """From now on no address shows one's classes."""
    _require_oneself(viewer)
    with transaction.atomic():
        CalendarAddress.objects.filter(person=viewer.person).delete()
        _tell("calendar_switched_off", viewer)


def person_of(secret: str) -> User | None:
    """Whose address ends with `secret`; None where nobody's does or the account is closed."""
    found = CalendarAddress.objects.filter(digest=digest_of(secret), person__is_active=True)
    address = found.select_related("person").first()
    return address.person if address else None


def calendar_of(classes: Iterable[PlannedClass], *, at: datetime, host: str) -> str:
    """The file that calendar programs read, in the active language; cancelled classes are marked as such."""
    lines = [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//Journeybook//Classes//EN",
        "CALSCALE:GREGORIAN",
        "METHOD:PUBLISH",
        f"X-WR-CALNAME:{escaped(_('Classes'))}",
    ]
    for planned in classes:
        lines += _event(planned, at, host)
    return "".join(f"{folded(line)}\r\n" for line in [*lines, "END:VCALENDAR"])


def escaped(text: str) -> str:
    """Text as a value of RFC 5545, section 3.3.11; signs that may not stand in a file are left out."""
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    text = "".join(sign for sign in text if sign in "\n\t" or sign.isprintable())
    for sign in ("\\", ";", ","):
        text = text.replace(sign, f"\\{sign}")
    return text.replace("\n", "\\n")


def folded(line: str) -> str:
    """A line in pieces of at most 75 bytes, never breaking a letter; RFC 5545, section 3.1."""
    pieces, piece, size = [], "", 0
    for sign in line:
        length = len(sign.encode())
        if size + length > LONGEST_LINE:
            pieces.append(piece)
            piece, size = " ", 1
        piece, size = piece + sign, size + length
    return "\r\n".join([*pieces, piece])


def _event(planned: PlannedClass, at: datetime, host: str) -> list[str]:
    titles = ", ".join(row.topic.title for row in planned.topics.all())
    is_off = planned.cancelled_at is not None
    said = [planned.cancel_reason] if is_off else []
    said += [f"{planned.instructor_name}, {planned.provider}", planned.outline]
    place = planned.place or ("" if planned.mode == ClassMode.IN_PERSON else planned.get_mode_display())
    return [
        "BEGIN:VEVENT",
        f"UID:{planned.pk}@{host}",
        f"SEQUENCE:{planned.version - 1}",
        f"DTSTAMP:{_stamp(at)}",
        f"DTSTART:{_stamp(planned.starts_at)}",
        f"DTEND:{_stamp(planned.ends_at)}",
        f"SUMMARY:{escaped(_('Cancelled: %(title)s') % {'title': titles} if is_off else titles)}",
        f"LOCATION:{escaped(place)}",
        f"DESCRIPTION:{escaped(chr(10).join(part for part in said if part))}",
        f"STATUS:{'CANCELLED' if is_off else 'CONFIRMED'}",
        "END:VEVENT",
    ]


def _stamp(at: datetime) -> str:
    return at.astimezone(UTC).strftime("%Y%m%dT%H%M%SZ")


def _require_oneself(viewer: Viewer) -> None:
    """The person themselves: no access token may open a way that outlives it."""
    if viewer.is_anonymous or viewer.allowed is not None:
        raise NotPermitted(Permission.READ_TIMETABLE)


def _tell(kind: str, viewer: Viewer) -> None:
    note_event(kind, at=viewer.at, actor_id=viewer.user_id, subject=f"user:{viewer.user_id}")
