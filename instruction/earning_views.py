"""The acts beside class hours: hours earned otherwise, waivers, tests of topics and instructors' signatures."""

import uuid
from collections.abc import Callable
from http import HTTPStatus
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.access import Permission, permits, require
from accounts.middleware import viewer_of
from accounts.pages import page
from accounts.proving import Proving
from acts.acting import KeyReused
from apprenticeship.attachments import Attachments
from apprenticeship.getters import get_apprenticeship
from apprenticeship.models import Apprenticeship
from apprenticeship.running import NotRunning
from apprenticeship.testing import meaning_of_test
from apprenticeship.testing_forms import RecordTestForm
from instruction.certificate_forms import RefusableForm
from instruction.earning import (
    EarningInvalid,
    RecordedBefore,
    meaning_of_other_hours,
    meaning_of_waiver,
)
from instruction.earning import record_other_hours as record
from instruction.earning import waive_topic as waive
from instruction.earning_forms import OtherHoursForm, WaiverForm
from instruction.getters import get_taught_book, get_topic
from instruction.topic_competency import TaughtBook, TopicOfBook, meaning_of_topic_sign_off
from instruction.topic_competency import record_topic_test as record_test
from instruction.topic_competency import sign_topic as sign

forms_methods = require_http_methods(["GET", "HEAD", "POST"])
Form = RefusableForm | RecordTestForm


@page(Permission.RECORD_HOURS, on=get_apprenticeship)
@forms_methods
def record_other_hours(request: HttpRequest, apprenticeship: Apprenticeship) -> HttpResponse:
    """Ask for hours earned otherwise and their document; POST records them."""
    files, viewer = Attachments(request, apprenticeship), viewer_of(request)
    form = OtherHoursForm(_data(request), book=apprenticeship, today=viewer.today(apprenticeship.sponsor))

    def act(key: str) -> None:
        earned = form.earned()
        record(viewer=viewer_of(request), key=key, apprenticeship=apprenticeship, earned=earned, evidence=files.ids)

    context = {"form": form, "book": apprenticeship, "meaning": meaning_of_other_hours()}
    answer = _asked(request, apprenticeship, form, "record_other_hours", context, act, files=files)
    return answer or _done(request, _("Recorded. The hours count from now on."), apprenticeship)


@page(Permission.RECORD_HOURS, on=get_apprenticeship)
@forms_methods
def waive_topic(request: HttpRequest, apprenticeship: Apprenticeship) -> HttpResponse:
    """Ask which conditional topic is not appropriate, and why; POST records it."""
    form = WaiverForm(_data(request), book=apprenticeship)

    def act(key: str) -> None:
        told = form.cleaned_data
        topic, reason = told["topic"], told["reason"]
        waive(viewer=viewer_of(request), key=key, apprenticeship=apprenticeship, topic=topic, reason=reason)

    context = {"form": form, "book": apprenticeship, "meaning": meaning_of_waiver()}
    answer = _asked(request, apprenticeship, form, "waive_topic", context, act)
    return answer or _done(request, _("Waived. The topic is no longer open."), apprenticeship)


@page(Permission.RECORD_TOPIC_TEST, on=get_taught_book)
@forms_methods
def record_topic_test(request: HttpRequest, taught: TaughtBook, topic_pk: uuid.UUID) -> HttpResponse:
    """Ask how a test of one topic went; POST records it."""
    on = TopicOfBook(taught.book, get_topic(taught.book, topic_pk))
    require(viewer_of(request), Permission.RECORD_TOPIC_TEST, on=on)
    form = RecordTestForm(_data(request), book=on.book, today=viewer_of(request).today(on.book.sponsor))

    def act(key: str) -> None:
        record_test(viewer=viewer_of(request), key=key, on=on, taken=form.taken())

    context = {"form": form, "book": on.book, "topic": on.topic, "meaning": meaning_of_test()}
    answer = _asked(request, on.book, form, "record_topic_test", context, act)
    return answer or _done(request, _("The result is in the record."), on.book)


@page(Permission.SIGN_TOPIC, on=get_taught_book)
@forms_methods
def sign_topic(request: HttpRequest, taught: TaughtBook, topic_pk: uuid.UUID) -> HttpResponse:
    """Show what an instructor signs of one topic; POST signs it."""
    on = TopicOfBook(taught.book, get_topic(taught.book, topic_pk))
    require(viewer_of(request), Permission.SIGN_TOPIC, on=on)
    form = RefusableForm(_data(request))

    def act(key: str) -> None:
        sign(viewer=viewer_of(request), key=key, on=on)

    context = {"form": form, "book": on.book, "topic": on.topic, "meaning": meaning_of_topic_sign_off()}
    answer = _asked(request, on.book, form, "sign_topic", context, act)
    return answer or _done(request, _("Signed. It stands in the record."), on.book)


def _data(request: HttpRequest) -> Any:
    return request.POST if request.method == "POST" else None


def _asked(
    request: HttpRequest,
    book: Apprenticeship,
    form: Form,
    template: str,
    context: dict[str, Any],
    act: Callable[[str], None],
    *,
    files: Attachments | None = None,
) -> HttpResponse | None:
    """The form as it is shown; None once what a valid one says is recorded."""
    proving = Proving(request, [book.sponsor])
    proving.require_readiness()
    status = HTTPStatus.OK
    if request.method == "POST":
        is_well = proving.succeeds() & form.is_valid() & (files is None or files.succeeds())
        status = _act(form, act, files) if is_well else HTTPStatus.BAD_REQUEST
        if status == HTTPStatus.CREATED:
            return None
    context["back"] = _way_back(request, book)
    return render(request, f"instruction/{template}.html", context, status=status)


def _act(form: Form, act: Callable[[str], None], files: Attachments | None) -> HTTPStatus:
    """Do what a valid form says; what is refused is shown in it."""
    try:
        act(str(form.cleaned_data["key"]))
    except EarningInvalid as refusal:
        if files is not None:
            files.errors += [message for name, message in refusal.problems if name == "files"]
        form.refuse([problem for problem in refusal.problems if problem[0] != "files"])
        return HTTPStatus.CONFLICT if isinstance(refusal, NotRunning) else HTTPStatus.BAD_REQUEST
    except RecordedBefore as refusal:
        form.add_error(None, refusal.message)
        return HTTPStatus.CONFLICT
    except KeyReused:
        form.add_error(None, _("This page was sent before. Open it anew and look at what is recorded."))
        return HTTPStatus.UNPROCESSABLE_ENTITY
    return HTTPStatus.CREATED


def _way_back(request: HttpRequest, book: Apprenticeship) -> str:
    """The hours of the book; for an instructor, who may not read the book, their classes."""
    if permits(viewer_of(request), Permission.READ_RECORD, on=book):
        return reverse("record_hours", args=[book.pk])
    return reverse("instructor_home")


def _done(request: HttpRequest, words: str, book: Apprenticeship) -> HttpResponse:
    messages.success(request, words)
    return redirect(_way_back(request, book))
