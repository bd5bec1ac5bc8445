"""The apprentice's own notes: a page that nobody else can open, whatever their role."""

import uuid
from http import HTTPStatus

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from accounts.access import Permission
from accounts.middleware import viewer_of
from accounts.pages import page
from acts.acting import new_key
from apprenticeship.getters import get_apprenticeship, get_practice_note, get_skill
from apprenticeship.models import Apprenticeship, PracticeNote
from apprenticeship.notes import PracticeNoteInvalid, change_note, delete_note, write_note
from apprenticeship.views import forms_methods
from competencies.models import Skill


class NoteForm(forms.Form):
    """One note; its key is its id, so that pressing twice writes once."""

    key = forms.UUIDField(initial=new_key, widget=forms.HiddenInput)
    text = forms.CharField(
        label=gettext_lazy("Note"), required=False, strip=False, widget=forms.Textarea(attrs={"rows": 4})
    )

    @property
    def wanted(self) -> str:
        return str(self.cleaned_data["text"])


@page(Permission.KEEP_NOTES, on=get_apprenticeship)
@forms_methods
def practice_notes(request: HttpRequest, apprenticeship: Apprenticeship) -> HttpResponse:
    """One's notes, about one skill (`?skill=`) or all of them; POST writes a new one."""
    skill = _skill(request.GET, apprenticeship)
    form = NoteForm(request.POST if request.method == "POST" else None)
    if request.method != "POST" or not form.is_valid():
        return _notes_page(request, form, apprenticeship, skill)
    key = form.cleaned_data["key"]
    try:
        write_note(viewer=viewer_of(request), key=key, apprenticeship=apprenticeship, text=form.wanted, skill=skill)
    except PracticeNoteInvalid as refusal:
        form.add_error("text", refusal.message)
        return _notes_page(request, form, apprenticeship, skill)
    messages.success(request, _("Written. Nobody but you can read it."))
    return redirect(request.get_full_path())


def _skill(query: QueryDict, apprenticeship: Apprenticeship) -> Skill | None:
    named = query.get("skill")
    try:
        return get_skill(apprenticeship, uuid.UUID(named)) if named else None
    except ValueError as error:
        raise Http404 from error


def _notes_page(
    request: HttpRequest, form: NoteForm, apprenticeship: Apprenticeship, skill: Skill | None
) -> HttpResponse:
    notes = PracticeNote.objects.visible_to(viewer_of(request)).filter(apprenticeship=apprenticeship)
    if skill:
        notes = notes.filter(skill=skill)
    context = {
        "form": form,
        "book": apprenticeship,
        "skill": skill,
        "notes": notes.select_related("skill").order_by("-written_at", "pk"),
    }
    status = HTTPStatus.BAD_REQUEST if form.errors else HTTPStatus.OK
    return render(request, "apprenticeship/practice_notes.html", context, status=status)


@page(Permission.KEEP_NOTES, on=get_practice_note)
@forms_methods
def practice_note(request: HttpRequest, note: PracticeNote) -> HttpResponse:
    """Change one note; POST puts the new words in the place of the old."""
    form = NoteForm(request.POST if request.method == "POST" else None, initial={"text": note.text})
    if request.method == "POST" and form.is_valid():
        try:
            change_note(viewer=viewer_of(request), note=note, text=form.wanted)
            return redirect("practice_notes", note.apprenticeship_id)
        except PracticeNoteInvalid as refusal:
            form.add_error("text", refusal.message)
    status = HTTPStatus.BAD_REQUEST if form.errors else HTTPStatus.OK
    return render(request, "apprenticeship/practice_note.html", {"form": form, "note": note}, status=status)


@page(Permission.KEEP_NOTES, on=get_practice_note)
@require_POST
def delete_practice_note(request: HttpRequest, note: PracticeNote) -> HttpResponse:
    """Delete one note for good."""
    book = note.apprenticeship_id
    delete_note(viewer=viewer_of(request), note=note)
    messages.success(request, _("Deleted. It is gone for good."))
    return redirect("practice_notes", book)
