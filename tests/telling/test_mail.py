"""Mail goes out once, is tried again when it surely did not, and never after the fact was undone."""

import smtplib
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.core.mail.backends.locmem import EmailBackend

from accounts import mailing
from accounts.models import Mail, Notice, NoticeChoice, NoticeGroup, Sponsor, User, Way
from acts import outbox
from acts.models import OutboxMessage
from apprenticeship.asking import withdraw
from apprenticeship.models import Apprenticeship, RevocationKind
from apprenticeship.takingback import take_back
from tests.cast import NOW, asked, signed, viewer_for
from tests.telling.delivering import mailed, told

pytestmark = pytest.mark.django_db
UNDONE = NOW + timedelta(minutes=30)


@pytest.fixture
def apprentice_wants_all_at_once(apprenticeship: Apprenticeship) -> None:
    NoticeChoice.objects.create(person=apprenticeship.apprentice, group=NoticeGroup.ANSWERS, way=Way.AT_ONCE)


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Callable[[str, Exception | None], None]:
    """Lets the mail server fail at "open" or "send_messages" with an error, or work again with None."""

    def behave(step: str, error: Exception | None) -> None:
        def fail(*_args: object, **_rest: object) -> None:
            raise error if error else AssertionError

        if error:
            monkeypatch.setattr(EmailBackend, step, fail)
        else:
            monkeypatch.undo()

    return behave


def recipients(mailoutbox: list[Any]) -> list[str]:
    return sorted(address for mail in mailoutbox for address in mail.to)


def test_each_mentor_gets_one_mail_at_once(apprenticeship: Apprenticeship, mailoutbox: list[Any]) -> None:
    asked(apprenticeship, "1.1", "1.2", comment="The Friday orders")
    told()
    assert (mailed(), mailed()) == (2, 0)
    assert recipients(mailoutbox) == ["dev@example.org", "maria@example.org"]


def test_a_mail_says_who_and_how_many_and_nothing_that_is_sealed(
    apprenticeship: Apprenticeship, mailoutbox: list[Any], settings: Any
) -> None:
    settings.SITE_URL = "https://records.example.org"
    apprenticeship.apprentice.name = "Rosa <b>Diaz</b>"
    apprenticeship.apprentice.save()
    rows = asked(apprenticeship, comment="The Friday orders")
    told()
    mailed()
    mail = mailoutbox[0]
    html = mail.alternatives[0][0]
    link = f"https://records.example.org/requests/{rows[0].request_id}/"
    assert mail.subject == "Journeybook: Rosa <b>Diaz</b> asks for a sign-off"
    assert link in mail.body
    assert f'href="{link}"' in html
    assert "Rosa &lt;b&gt;Diaz&lt;/b&gt;" in html
    assert "Empire Compounding" in mail.body
    assert "/profile/notices/" in mail.body
    assert "Friday" not in mail.body + html
    assert all(word not in html for word in ("src=", "url(", "<link", "style"))


def test_a_mail_speaks_the_language_of_its_reader_else_that_of_the_sponsor(
    apprenticeship: Apprenticeship, mentor: User, mailoutbox: list[Any]
) -> None:
    Sponsor.objects.update(default_language="es")
    mentor.language = "en"
    mentor.save()
    asked(apprenticeship)
    told()
    mailed()
    subjects = {mail.to[0]: mail.subject for mail in mailoutbox}
    assert subjects["maria@example.org"] == "Journeybook: Rosa Diaz asks for a sign-off"
    assert subjects["dev@example.org"] == "Journeybook: Rosa Diaz pide una firma"


@pytest.mark.usefixtures("apprentice_wants_all_at_once")
def test_mail_about_a_signature_waits_for_the_undo_time(
    apprenticeship: Apprenticeship, mentor: User, mailoutbox: list[Any]
) -> None:
    signed(apprenticeship, mentor)
    told()
    assert Notice.objects.get().is_unread
    assert (mailed(UNDONE - timedelta(seconds=1)), mailed(UNDONE)) == (0, 1)
    assert recipients(mailoutbox) == ["rosa@example.org"]


@pytest.mark.usefixtures("apprentice_wants_all_at_once")
def test_no_mail_goes_out_about_what_was_undone_meanwhile(
    apprenticeship: Apprenticeship, mentor: User, mailoutbox: list[Any]
) -> None:
    made = signed(apprenticeship, mentor)
    told()
    take_back(viewer=viewer_for(mentor), key="u", sign_off=made, kind=RevocationKind.MISTAKE)
    told()
    mailed(UNDONE)
    assert mailoutbox == []
    assert Mail.objects.get().dropped_at == UNDONE


def test_what_was_withdrawn_before_the_mail_is_not_mailed(
    apprenticeship: Apprenticeship, mailoutbox: list[Any]
) -> None:
    rows = asked(apprenticeship)
    told()
    withdraw(viewer=viewer_for(apprenticeship.apprentice), key="w", asked=rows[0])
    mailed()
    assert mailoutbox == []


def test_a_sender_that_died_in_mid_mail_sends_nothing_twice(
    apprenticeship: Apprenticeship, mailoutbox: list[Any]
) -> None:
    asked(apprenticeship)
    told()
    Mail.objects.update(claimed_at=NOW)  # and then the process was gone
    assert mailed() == 2
    assert mailoutbox == []
    assert mailing.trouble(since=NOW) == "some not sent"


def test_a_relay_that_died_after_the_mail_sends_nothing_twice(
    apprenticeship: Apprenticeship, mailoutbox: list[Any]
) -> None:
    asked(apprenticeship)
    told()
    mailed()
    OutboxMessage.objects.filter(handler="mail").update(delivered_at=None, due_at=NOW)
    assert mailed() == 2
    assert len(mailoutbox) == 2


def test_a_server_out_of_reach_is_tried_again_and_asked_once_a_run(
    apprenticeship: Apprenticeship, mailoutbox: list[Any], server: Callable[[str, Exception | None], None]
) -> None:
    asked(apprenticeship)
    told()
    server("open", ConnectionRefusedError("no server"))
    assert mailed() == 0
    attempts = OutboxMessage.objects.filter(handler="mail").values_list("attempts", flat=True)
    assert sorted(attempts) == [0, 1]
    assert not Mail.objects.exclude(claimed_at=None).exists()
    server("open", None)
    assert mailed(NOW + outbox.FIRST_WAIT) == 2
    assert len(mailoutbox) == 2


def test_one_refused_address_holds_nobody_up(
    apprenticeship: Apprenticeship, mailoutbox: list[Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    send_messages = EmailBackend.send_messages

    def send(backend: EmailBackend, messages: list[Any]) -> int:
        if messages[0].to == ["maria@example.org"]:
            raise smtplib.SMTPRecipientsRefused({"maria@example.org": (550, b"no such box")})
        return int(send_messages(backend, messages) or 0)

    asked(apprenticeship)
    told()
    monkeypatch.setattr(EmailBackend, "send_messages", send)
    mailed()
    assert recipients(mailoutbox) == ["dev@example.org"]
    waiting = OutboxMessage.objects.get(handler="mail", delivered_at=None)
    assert waiting.last_error == "NotTaken: SMTPRecipientsRefused"


def test_a_line_that_broke_after_the_mail_was_handed_over_is_not_tried_again(
    apprenticeship: Apprenticeship, mailoutbox: list[Any], server: Callable[[str, Exception | None], None]
) -> None:
    asked(apprenticeship)
    told()
    server("send_messages", smtplib.SMTPServerDisconnected("gone"))
    mailed()
    server("send_messages", None)
    mailed(NOW + timedelta(hours=2))
    assert mailoutbox == []
    assert Mail.objects.unclear().count() == 2


def test_after_the_last_attempt_the_operator_sees_it_and_the_notice_is_there(
    apprenticeship: Apprenticeship, mentor: User, server: Callable[[str, Exception | None], None]
) -> None:
    asked(apprenticeship)
    told()
    server("send_messages", smtplib.SMTPDataError(451, b"try later"))
    OutboxMessage.objects.filter(handler="mail").update(attempts=outbox.MOST_ATTEMPTS - 1)
    assert mailing.trouble(since=NOW) == "ok"
    mailed()
    assert mailing.trouble(since=NOW) == "some not sent"
    assert Notice.objects.get(person=mentor).is_unread


def test_without_an_address_or_with_a_closed_account_only_the_notice_comes(
    apprenticeship: Apprenticeship, mentor: User, deputy: User, mailoutbox: list[Any]
) -> None:
    User.objects.filter(pk=mentor.pk).update(email="")
    asked(apprenticeship)
    told()
    User.objects.filter(pk=deputy.pk).update(is_active=False)
    mailed()
    assert mailoutbox == []
    assert Notice.objects.filter(person=mentor).exists()


def test_who_wants_no_mail_gets_none_and_who_changes_their_mind_in_time_neither(
    apprenticeship: Apprenticeship, mentor: User, deputy: User, mailoutbox: list[Any]
) -> None:
    NoticeChoice.objects.create(person=mentor, group=NoticeGroup.WAITING, way=Way.NEVER)
    asked(apprenticeship)
    told()
    NoticeChoice.objects.create(person=deputy, group=NoticeGroup.WAITING, way=Way.DAILY)
    mailed()
    assert mailoutbox == []
    assert Notice.objects.for_daily_mail(at=NOW).get().person == deputy
