"""The list of what was transcribed from paper: compared with its scan, verified or refused, one line or many."""

import csv
import io
from collections.abc import Sequence
from http import HTTPStatus

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe

from accounts.access import Permission
from accounts.middleware import viewer_of
from accounts.pages import page
from accounts.proving import Proving
from acts.acting import KeyReused, new_key
from acts.sheet_files import safe
from apprenticeship.lines import SignOffLine
from apprenticeship.meaning import meaning_of_sign_off
from apprenticeship.models import Method, Transcription
from apprenticeship.running import NotRunning
from apprenticeship.signoff import AlreadySigned, SignOffInvalid, sign_off_many
from apprenticeship.transcribing import TranscriptionClosed, TranscriptionInvalid, void_transcriptions
from apprenticeship.transcription_forms import DecisionForm, as_uuid
from apprenticeship.transcriptions_shown import Show, listed, loaded, shown_transcriptions
from apprenticeship.views import forms_methods

ON_A_PAGE = 50


@page(Permission.VERIFY)
@forms_methods
def transcriptions(request: HttpRequest) -> HttpResponse:
    """What was transcribed, by filter; POST verifies the ticked lines, or takes them out with a reason."""
    if request.method != "POST":
        return _list_page(request, DecisionForm())
    form = DecisionForm(request.POST)
    rows = _named(request, form)
    proving = Proving(request, [row.apprenticeship.sponsor for row in rows])
    if not (proving.succeeds() & form.is_valid()):
        return _list_page(request, form, HTTPStatus.BAD_REQUEST)
    return _decided(request, form, rows)


@page(Permission.VERIFY)
@require_safe
def transcriptions_csv(request: HttpRequest) -> HttpResponse:
    """The same list as a CSV file, all of it."""
    viewer = viewer_of(request)
    lines = shown_transcriptions(list(loaded(listed(viewer, *_asked(request)))), viewer=viewer)
    file = io.StringIO()
    writer = csv.writer(file)
    heading = [_("Apprentice"), _("Skill"), _("Level"), _("Who signed on paper"), _("As what"), _("Date on the paper")]
    writer.writerow([safe(cell) for cell in (*heading, _("Transcribed by"), _("Entry"), _("State"))])
    for line in lines:
        row = line.row
        cells = [row.apprenticeship.apprentice.name, row.skill.code, row.level.label, row.signer_name, row.signer_role]
        cells += [row.signed_on.isoformat(), row.by.name, str(row.entry.sequence), line.outcome]
        writer.writerow([safe(cell) for cell in cells])
    response = HttpResponse("\ufeff" + file.getvalue(), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = 'attachment; filename="transcribed-from-paper.csv"'
    return response


def _asked(request: HttpRequest) -> tuple[Show, str]:
    """The filter and the words that the address names."""
    named = request.GET.get("show", "")
    return Show(named) if named in Show.values else Show.WAITING, request.GET.get("q", "")[:100]


def _named(request: HttpRequest, form: DecisionForm) -> list[Transcription]:
    """The ticked lines among those that the viewer may decide about; what is not there is left out."""
    viewer = viewer_of(request)
    return list(loaded(listed(viewer, Show.ALL).filter(pk__in=form.ids)))


def _decided(request: HttpRequest, form: DecisionForm, rows: Sequence[Transcription]) -> HttpResponse:
    """Do what a valid form says and answer, whatever comes of it."""
    try:
        told = _verified(request, form, rows) if form.verifies else _taken_out(request, form, rows)
    except TranscriptionInvalid as refusal:
        for problem in refusal.problems:
            form.add_error(problem.field if problem.field in form.fields else None, problem.message)
        return _list_page(request, form, HTTPStatus.BAD_REQUEST)
    except (AlreadySigned, TranscriptionClosed):
        form.add_error(None, _("Something changed meanwhile. Nothing was done. Look at the lines as they are now."))
        return _list_page(request, form, HTTPStatus.CONFLICT)
    except SignOffInvalid as refusal:
        for message in dict.fromkeys(problem.message for problem in refusal.problems):
            form.add_error(None, message)
        is_state = isinstance(refusal, NotRunning)
        return _list_page(request, form, HTTPStatus.CONFLICT if is_state else HTTPStatus.BAD_REQUEST)
    except KeyReused:
        form.add_error(None, _("This page was sent before. Open it anew and look at what is recorded."))
        return _list_page(request, form, HTTPStatus.UNPROCESSABLE_ENTITY)
    messages.success(request, told)
    return redirect(f"{reverse('transcriptions')}?{request.GET.urlencode()}")


def _verified(request: HttpRequest, form: DecisionForm, rows: Sequence[Transcription]) -> str:
    lines = [
        SignOffLine(
            apprenticeship=row.apprenticeship,
            skill=row.skill,
            level=row.level,
            method=Method.TRANSCRIBED,
            observed_on=row.signed_on,
            replaces=as_uuid(form.seen.get(str(row.pk), "")),
            transcription=row,
        )
        for row in rows
    ]
    made = sign_off_many(viewer=viewer_of(request), key=str(form.cleaned_data["key"]), lines=lines)
    told = ngettext("%(lines)s line verified. It counts.", "%(lines)s lines verified. They count.", len(made))
    return told % {"lines": len(made)}


def _taken_out(request: HttpRequest, form: DecisionForm, rows: Sequence[Transcription]) -> str:
    said = form.cleaned_data
    viewer, key, reason = viewer_of(request), str(said["key"]), said["reason"]
    made = void_transcriptions(viewer=viewer, key=key, transcriptions=rows, reason=reason)
    told = ngettext("%(lines)s line taken out.", "%(lines)s lines taken out.", len(made))
    return told % {"lines": len(made)}


def _list_page(request: HttpRequest, form: DecisionForm, status: HTTPStatus = HTTPStatus.OK) -> HttpResponse:
    viewer, (show, words) = viewer_of(request), _asked(request)
    is_stale = status in (HTTPStatus.CONFLICT, HTTPStatus.UNPROCESSABLE_ENTITY)  # the same key would be refused again
    shown = Paginator(loaded(listed(viewer, show, words)), ON_A_PAGE).get_page(request.GET.get("page"))
    lines = shown_transcriptions(list(shown.object_list), viewer=viewer, ticked=form.ids)
    if request.method != "POST":
        Proving(request, [line.row.apprenticeship.sponsor for line in lines])
    context = {
        "form": form,
        "key": new_key() if is_stale else form["key"].value(),
        "page": shown,
        "lines": lines,
        "filters": [(one, listed(viewer, one, words).count()) for one in Show],
        "show": show,
        "words": words,
        "decides": show in (Show.WAITING, Show.OWN) and bool(lines),
        "meaning": meaning_of_sign_off(Method.TRANSCRIBED, attained=True),
    }
    return render(request, "apprenticeship/transcriptions.html", context, status=status)
