"""Sending mail: one at a time, at most once, in the language of whoever gets it.

A mail is claimed in the database before the server is spoken to. If the server says no, or cannot be
reached, the claim is taken back and the outbox tries again; if the connection breaks after the mail was
handed over, or this process dies, nobody knows whether it went out, and it is not sent again: the notice
in the app is there in any case (docs/decisions/0090-a-mail-goes-out-at-most-once.md).
"""

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from smtplib import SMTPException, SMTPResponseException, SMTPServerDisconnected
from typing import Any
from urllib.parse import urlsplit

import structlog
from django.conf import settings
from django.core.mail import EmailMultiAlternatives, get_connection
from django.db import IntegrityError, transaction
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation
from django.utils.translation import ngettext

from accounts.models import Mail, Notice, NoticeGroup, Sponsor, Way
from accounts.notices import MAIL_HANDLER, kind_of, queue, ways_of
from acts.models import OutboxMessage
from acts.outbox import OutOfReach

log = structlog.get_logger(__name__)


class NotTaken(Exception):
    """The mail server answered and did not take the mail: it is tried again later."""


@dataclass(frozen=True)
class Line:
    """One notice in a mail: what happened, a little more, and where to look."""

    title: str
    detail: str
    url: str


def send(payload: Mapping[str, Any], *, message_id: uuid.UUID, at: datetime) -> None:  # noqa: ARG001  # the outbox tells every handler
    """Send the mail that `payload` names, unless it was sent, or nothing is left to tell. The outbox's handler.

    Raises OutOfReach and NotTaken, to be tried again.
    """
    mail = Mail.objects.select_related("person", "sponsor").get(pk=payload["mail"])
    if mail.sent_at or mail.dropped_at:
        return
    if mail.claimed_at:
        log.error("mail_unclear", mail=str(mail.pk))
        return
    notices = _still_to_tell(mail)
    if not notices:
        Mail.objects.filter(pk=mail.pk, claimed_at=None).update(dropped_at=at)
        return
    message = compose(mail, notices)
    if not Mail.objects.filter(pk=mail.pk, claimed_at=None, dropped_at=None).update(claimed_at=at):
        return
    try:
        went_out = hand_over(message, about=mail.pk)
    except (OutOfReach, NotTaken):
        Mail.objects.filter(pk=mail.pk, sent_at=None).update(claimed_at=None)
        raise
    if went_out:
        Mail.objects.filter(pk=mail.pk).update(sent_at=at)


def _still_to_tell(mail: Mail) -> list[Notice]:
    """The notices of `mail` that hold now, brought to what they say now, if their reader still wants them so.

    One that is now wanted once a day is left to the next daily mail.
    """
    if not mail.person.is_active or not mail.person.email:
        return []
    ways = ways_of([mail.person_id], sponsor=mail.sponsor)[mail.person_id]
    wanted = Way.DAILY if mail.day else Way.AT_ONCE
    found = []
    for notice in mail.notices.select_related("sponsor").order_by("group", "at", "pk"):
        now = kind_of(notice.kind).now(notice)
        if ways[notice.group] == wanted and now is not None:
            notice.data = dict(now)
            found.append(notice)
        elif ways[notice.group] == Way.DAILY and not mail.day:
            Notice.objects.filter(pk=notice.pk).update(mail=None, for_daily_mail=True)
    return found


def hand_over(message: EmailMultiAlternatives, *, about: uuid.UUID) -> bool:
    """Speak to the mail server: whether it surely took the mail. `about` is the row to name in the log.

    Raises OutOfReach or NotTaken where it surely did not.
    """
    connection = get_connection()
    try:
        connection.open()
    except (OSError, SMTPException) as error:
        raise OutOfReach(f"{type(error).__name__}: {error}") from error
    try:
        connection.send_messages([message])
    except SMTPResponseException as error:
        raise NotTaken(f"{error.smtp_code}") from error
    except OSError as error:  # of which SMTPException is one
        if isinstance(error, SMTPException) and not isinstance(error, SMTPServerDisconnected):
            raise NotTaken(type(error).__name__) from error  # a refused address: its text would name the person
        # It may have been taken before the line broke. To send it again could send it twice.
        log.exception("mail_unclear", mail=str(about))
        return False
    except ValueError as error:  # an address that no mail can be written to
        raise NotTaken(type(error).__name__) from error
    finally:
        _close(connection)
    return True


def _close(connection: Any) -> None:
    """Say goodbye; the mail is out whatever the server makes of that."""
    try:
        connection.close()
    except (OSError, SMTPException):
        log.info("mail_server_hung_up")


def compose(mail: Mail, notices: Sequence[Notice]) -> EmailMultiAlternatives:
    """The mail as its reader gets it: plain text and simple HTML, nothing loaded from anywhere."""
    with translation.override(mail.person.language or mail.sponsor.default_language or settings.LANGUAGE_CODE):
        lines = [_line(notice) for notice in notices]
        context = {
            "name": mail.person.name,
            "daily": mail.day is not None,
            "groups": _grouped(notices, lines),
            "sponsor": notices[0].sponsor.name,
            "all_url": address(reverse("notices")),
            "choices_url": address(reverse("notice_choices")),
            "language": translation.get_language(),
        }
        message = EmailMultiAlternatives(
            subject=" ".join(f"Journeybook: {_subject(mail, lines)}".split()),
            body=render_to_string("mail/notice.txt", context),
            to=[mail.person.email],
            headers={
                "Auto-Submitted": "auto-generated",  # no out-of-office note answers it
                "Message-ID": f"<{mail.pk}@{urlsplit(settings.SITE_URL).hostname}>",
            },
        )
        message.attach_alternative(render_to_string("mail/notice.html", context), "text/html")
    return message


def _subject(mail: Mail, lines: Sequence[Line]) -> str:
    """Names and numbers at most: a subject is read on locked screens."""
    if mail.day is None:
        return lines[0].title
    told = ngettext("%(number)s thing from the last day", "%(number)s things from the last day", len(lines))
    return told % {"number": len(lines)}


def _line(notice: Notice) -> Line:
    kind = kind_of(notice.kind)
    return Line(kind.title(notice.data), kind.detail(notice.data), address(kind.address(notice)))


def _grouped(notices: Sequence[Notice], lines: Sequence[Line]) -> list[tuple[str, list[Line]]]:
    pairs = list(zip(notices, lines, strict=True))
    groups = [(str(g.label), [line for notice, line in pairs if notice.group == g]) for g in NoticeGroup]
    return [(label, found) for label, found in groups if found]


def address(path: str) -> str:
    """The whole address of a page, as a mail needs it."""
    return f"{settings.SITE_URL.rstrip('/')}{path}"


def write_daily_mails(*, at: datetime) -> int:
    """Queue the daily mail of everybody for whose sponsor the hour has come; returns how many.

    Each person gets one a day and sponsor, about what they have not read by then. Safe to run twice, and
    by two at once: the day's row is unique. What comes after it goes into the next day's.
    """
    waiting = Notice.objects.for_daily_mail(at=at).values_list("sponsor", "person").distinct()
    pairs = list(waiting)
    sponsors = Sponsor.objects.in_bulk({sponsor for sponsor, _person in pairs})
    written = 0
    for sponsor_id, person_id in pairs:
        sponsor = sponsors[sponsor_id]
        if at.astimezone(sponsor.zone).hour >= settings.DAILY_MAIL_HOUR:
            written += _write_daily_mail(sponsor, person_id, at)
    return written


def _write_daily_mail(sponsor: Sponsor, person_id: uuid.UUID, at: datetime) -> bool:
    day = sponsor.local_date(at)
    if Mail.objects.filter(person=person_id, sponsor=sponsor, day=day).exists():
        return False
    try:
        with transaction.atomic():
            mail = Mail.objects.create(person_id=person_id, sponsor=sponsor, day=day, created_at=at)
            rows = Notice.objects.for_daily_mail(at=at).filter(sponsor=sponsor, person=person_id)
            if not rows.update(mail=mail):
                transaction.set_rollback(True)
                return False
            queue(mail, at=at)
    except IntegrityError:
        return False
    return True


def trouble(*, since: datetime) -> str:
    """What an operator should know of the mail since then, in a word: "ok", or that some did not go out."""
    given_up = OutboxMessage.objects.filter(handler=MAIL_HANDLER, failed_at__gte=since)
    unclear = Mail.objects.unclear().filter(claimed_at__gte=since)
    return "some not sent" if given_up.exists() or unclear.exists() else "ok"
