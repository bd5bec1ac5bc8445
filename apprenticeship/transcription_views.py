"""Transcribing what was signed on paper for one apprentice."""

from http import HTTPStatus

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.access import Permission
from accounts.middleware import viewer_of
from accounts.pages import page
from accounts.proving import Proving
from acts.acting import KeyReused
from apprenticeship.attachments import Attachments
from apprenticeship.getters import get_apprenticeship
from apprenticeship.meaning import TRANSCRIPTION_MEANING
from apprenticeship.models import Apprenticeship
from apprenticeship.transcribing import (
    TranscribedWhileNotRunning,
    TranscriptionConflict,
    TranscriptionInvalid,
    transcribe_many,
)
from apprenticeship.transcription_forms import TranscriptionForm, TranscriptionSheet
from apprenticeship.views import forms_methods


@page(Permission.TRANSCRIBE, on=get_apprenticeship)
@forms_methods
def transcribe(request: HttpRequest, apprenticeship: Apprenticeship) -> HttpResponse:
    """The sheet for one paper of one apprentice; POST writes what it says into the record."""
    proving, files = Proving(request, [apprenticeship.sponsor]), Attachments(request, apprenticeship)
    proving.require_readiness()
    sheet = TranscriptionSheet(viewer_of(request), apprenticeship)
    if request.method != "POST":
        return _sheet_page(request, TranscriptionForm(sheet=sheet), HTTPStatus.OK)
    form = TranscriptionForm(request.POST, sheet=sheet)
    if not (proving.succeeds() & form.is_valid() & files.succeeds()):
        return _sheet_page(request, form, HTTPStatus.BAD_REQUEST)
    return _transcribed(request, form, files)


def _transcribed(request: HttpRequest, form: TranscriptionForm, files: Attachments) -> HttpResponse:
    """Transcribe what a valid form says and answer, whatever comes of it."""
    book, key = form.sheet.apprenticeship, str(form.cleaned_data["key"])
    lines, paper = form.lines(), form.paper(files.ids)
    try:
        made = transcribe_many(viewer=viewer_of(request), key=key, apprenticeship=book, lines=lines, paper=paper)
    except TranscriptionInvalid as refusal:
        files.errors += form.refuse(refusal)
        is_conflict = isinstance(refusal, TranscriptionConflict)
        return _sheet_page(request, form, HTTPStatus.CONFLICT if is_conflict else HTTPStatus.BAD_REQUEST)
    except TranscribedWhileNotRunning as refusal:
        form.add_error(None, str(refusal))
        return _sheet_page(request, form, HTTPStatus.CONFLICT)
    except KeyReused:
        form.add_error(None, _("This page was sent before. Open it anew and look at what is recorded."))
        return _sheet_page(request, form, HTTPStatus.UNPROCESSABLE_ENTITY)
    told = ngettext(
        "%(skills)s skill transcribed. It counts once somebody else verifies it.",
        "%(skills)s skills transcribed. They count once somebody else verifies them.",
        len(made),
    )
    messages.success(request, told % {"skills": len(made)})
    return redirect("record", book.pk)


def _sheet_page(request: HttpRequest, form: TranscriptionForm, status: HTTPStatus) -> HttpResponse:
    context = {
        "form": form,
        "sheet": form.sheet,
        "book": form.sheet.apprenticeship,
        "meaning": TRANSCRIPTION_MEANING,
    }
    return render(request, "apprenticeship/transcribe.html", context, status=status)
