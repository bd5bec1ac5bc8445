"""Recording the result of a test on a page of its own, and taking one back. What shows results is in `reports`."""

import uuid
from http import HTTPStatus

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.access import Permission
from accounts.middleware import viewer_of
from accounts.pages import page
from accounts.proving import Proving
from acts.acting import KeyReused
from apprenticeship.getters import get_apprenticeship, get_skill, get_test_result
from apprenticeship.models import Apprenticeship, SkillStanding, TestResult, TestVoid
from apprenticeship.testing import (
    TestAlreadyVoided,
    TestInvalid,
    meaning_of_test,
    meaning_of_test_void,
    require_recording,
    void_test,
)
from apprenticeship.testing import record_test as record
from apprenticeship.testing_forms import RecordTestForm, VoidTestForm
from apprenticeship.views import forms_methods
from competencies.models import Skill


@page(Permission.RECORD_TEST, on=get_apprenticeship)
@forms_methods
def record_test(request: HttpRequest, apprenticeship: Apprenticeship, skill_pk: uuid.UUID) -> HttpResponse:
    """Ask how a test of one skill went; POST records it."""
    skill = get_skill(apprenticeship, skill_pk)
    require_recording(viewer_of(request), apprenticeship, skill.skill_set.role_track)
    proving = Proving(request, [apprenticeship.sponsor])
    proving.require_readiness()
    today = viewer_of(request).today(apprenticeship.sponsor)
    form = RecordTestForm(request.POST if request.method == "POST" else None, book=apprenticeship, today=today)
    if request.method != "POST":
        return _record_page(request, apprenticeship, skill, form)
    if not (proving.succeeds() & form.is_valid()):
        return _record_page(request, apprenticeship, skill, form, HTTPStatus.BAD_REQUEST)
    return _recorded(request, apprenticeship, skill, form)


def _recorded(request: HttpRequest, book: Apprenticeship, skill: Skill, form: RecordTestForm) -> HttpResponse:
    """Record what a valid form says and answer, whatever comes of it."""
    key = str(form.cleaned_data["key"])
    try:
        record(viewer=viewer_of(request), key=key, apprenticeship=book, skill=skill, taken=form.taken())
    except TestInvalid as refusal:
        form.refuse(refusal.problems)
        return _record_page(request, book, skill, form, HTTPStatus.BAD_REQUEST)
    except KeyReused:
        again = form.with_a_new_key()
        again.add_error(None, _("This page was sent before. Look at what is recorded, then send it again."))
        return _record_page(request, book, skill, again, HTTPStatus.UNPROCESSABLE_ENTITY)
    messages.success(request, _("The result is in the record."))
    return redirect("record_skill", book.pk, skill.pk)


def _record_page(
    request: HttpRequest,
    book: Apprenticeship,
    skill: Skill,
    form: RecordTestForm,
    status: HTTPStatus = HTTPStatus.OK,
) -> HttpResponse:
    context = {"form": form, "book": book, "skill": skill, "meaning": meaning_of_test()}
    return render(request, "apprenticeship/record_test.html", context, status=status)


@page(Permission.RECORD_TEST, on=get_test_result)
@forms_methods
def void_test_result(request: HttpRequest, result: TestResult) -> HttpResponse:
    """Ask why a result is taken back, and say what rests on it; POST takes it back."""
    viewer = viewer_of(request)
    require_recording(viewer, result.apprenticeship, result.skill.skill_set.role_track)
    proving = Proving(request, [result.apprenticeship.sponsor])
    proving.require_readiness()
    form = VoidTestForm(request.POST if request.method == "POST" else None)
    if request.method != "POST":
        return _void_page(request, result, form)
    if not (proving.succeeds() & form.is_valid()):
        return _void_page(request, result, form, HTTPStatus.BAD_REQUEST)
    return _voided(request, result, form)


def _voided(request: HttpRequest, result: TestResult, form: VoidTestForm) -> HttpResponse:
    """Take the result back and answer, whatever comes of it."""
    key, reason = str(form.cleaned_data["key"]), form.cleaned_data["reason"]
    try:
        void_test(viewer=viewer_of(request), key=key, result=result, reason=reason)
    except TestInvalid as refusal:
        form.refuse(refusal.problems)
        return _void_page(request, result, form, HTTPStatus.BAD_REQUEST)
    except (TestAlreadyVoided, KeyReused):
        return _void_page(request, result, form, HTTPStatus.CONFLICT)
    messages.success(request, _("The result is taken back. It stays in the record, marked."))
    return redirect(reverse("record_skill", args=[result.apprenticeship_id, result.skill_id]))


def _void_page(
    request: HttpRequest, result: TestResult, form: VoidTestForm, status: HTTPStatus = HTTPStatus.OK
) -> HttpResponse:
    context = {
        "form": form,
        "result": result,
        "void": TestVoid.objects.filter(test_result=result).select_related("by", "entry").first(),
        "rests": SkillStanding.objects.filter(sign_off__tests_used__test_result=result).exists(),
        "meaning": meaning_of_test_void(),
    }
    return render(request, "apprenticeship/void_test.html", context, status=status)
