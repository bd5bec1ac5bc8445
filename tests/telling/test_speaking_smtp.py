"""What a real connection to a mail server comes to: taken, refused, broken off, or nobody there."""

import socket
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import pytest

from accounts.models import Mail
from acts.models import OutboxMessage
from apprenticeship.models import Apprenticeship, Mentorship
from tests.cast import NOW, TODAY, asked
from tests.telling.delivering import mailed, told

pytestmark = pytest.mark.django_db


@dataclass
class MailServer:
    """As much of a mail server as one mail needs; it refuses one word, or hangs up after another."""

    listener: socket.socket
    hangs_up_after: str = ""
    refuses: str = ""
    taken: list[str] = field(default_factory=list)

    @property
    def port(self) -> int:
        return int(self.listener.getsockname()[1])

    def close(self) -> None:
        if self.listener.fileno() >= 0:
            self.listener.shutdown(socket.SHUT_RDWR)
            self.listener.close()

    def serve(self) -> None:
        while True:
            try:
                connection, _address = self.listener.accept()
            except OSError:  # the test is over
                return
            with connection, connection.makefile("rw", newline="\r\n") as line:
                self.talk(line)

    def talk(self, line: Any) -> None:
        def say(words: str) -> None:
            line.write(words + "\r\n")
            line.flush()

        say("220 here")
        for said in line:
            word = said.split(" ")[0].strip().upper()
            if word == self.refuses:
                say("550 no such box")
            elif word == "DATA":
                say("354 go on")
                self.taken.append("".join(iter(line.readline, ".\r\n")))
                if self.hangs_up_after == "DATA":
                    return
                say("250 taken")
            else:
                say("221 bye" if word == "QUIT" else "250 fine")


@pytest.fixture
def server(settings: Any, apprenticeship: Apprenticeship, deputy: Any) -> Iterator[MailServer]:
    """A server that listens, and one mail that waits for it."""
    Mentorship.objects.filter(mentor=deputy).update(until=TODAY)
    asked(apprenticeship)
    told()
    with socket.create_server(("127.0.0.1", 0)) as listener:
        running = MailServer(listener)
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT, settings.EMAIL_TIMEOUT = "127.0.0.1", running.port, 5
        thread = threading.Thread(target=running.serve, daemon=True)
        thread.start()
        yield running
        running.close()
    thread.join(5)


def last_error() -> str:
    return OutboxMessage.objects.get(handler="mail").last_error


def test_what_the_server_takes_is_sent(server: MailServer) -> None:
    assert mailed() == 1
    assert Mail.objects.get().sent_at
    assert "asks for a sign-off" in server.taken[0]
    assert f"Message-ID: <{Mail.objects.get().pk}@" in server.taken[0]


def test_a_refused_address_is_tried_again(server: MailServer) -> None:
    server.refuses = "RCPT"
    assert mailed() == 0
    assert (last_error(), Mail.objects.get().claimed_at) == ("NotTaken: SMTPRecipientsRefused", None)


def test_what_a_server_took_before_it_hung_up_is_not_sent_again(server: MailServer) -> None:
    server.hangs_up_after = "DATA"
    assert (mailed(), mailed(NOW + timedelta(hours=1))) == (1, 0)
    assert len(server.taken) == 1
    assert Mail.objects.unclear().count() == 1


def test_nobody_there_is_tried_again(server: MailServer) -> None:
    server.close()
    assert mailed() == 0
    assert last_error().startswith("OutOfReach: ConnectionRefusedError")
    assert Mail.objects.get().claimed_at is None
