"""The acts on files: beside what is asked, and out of it again; removing one for good; switching photographs off."""

import uuid
from http import HTTPStatus

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST

from accounts.access import Permission, permits
from accounts.middleware import viewer_of
from accounts.models import Sponsor
from accounts.pages import page
from accounts.proving import Proving
from acts.acting import KeyReused, new_key
from apprenticeship.attaching import CannotBeTakenOut, take_out
from apprenticeship.attaching import add_evidence as add
from apprenticeship.attachments import Attachments
from apprenticeship.conversation import NotUnderWay
from apprenticeship.evidence import EvidenceInvalid
from apprenticeship.evidence_shown import shown
from apprenticeship.getters import get_asked, get_evidence, get_file_beside
from apprenticeship.models import Evidence, RequestedSkill
from apprenticeship.photographs import places_of, switch
from apprenticeship.purging import (
    LONGEST_REASON,
    AlreadyPurged,
    HeldElsewhere,
    PurgeInvalid,
    UsedMeanwhile,
    uses_of,
)
from apprenticeship.purging import purge as remove

forms_methods = require_http_methods(["GET", "HEAD", "POST"])


class KeyForm(forms.Form):
    """A form of which only the key of the act is a field."""

    key = forms.UUIDField(initial=new_key, widget=forms.HiddenInput)


class PurgeForm(KeyForm):
    """Why a file is removed for good."""

    reason = forms.CharField(
        label=gettext_lazy("Reason"),
        max_length=LONGEST_REASON,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": gettext_lazy("Say why the file is removed.")},
    )


@page(Permission.ASK, on=get_asked)
@forms_methods
def add_evidence(request: HttpRequest, asked: RequestedSkill) -> HttpResponse:
    """Choose files to add to what waits or came back; POST adds them."""
    attachments = Attachments(request, asked.apprenticeship)
    form = KeyForm(request.POST if request.method == "POST" else None)
    if request.method != "POST":
        return _add_page(request, form, asked, HTTPStatus.OK)
    if not (form.is_valid() & attachments.succeeds()):
        return _add_page(request, form, asked, HTTPStatus.BAD_REQUEST)
    return _added(request, form, asked, attachments)


def _added(request: HttpRequest, form: KeyForm, asked: RequestedSkill, attachments: Attachments) -> HttpResponse:
    """Add what a valid form says and answer, whatever comes of it."""
    key = str(form.cleaned_data["key"])
    try:
        add(viewer=viewer_of(request), key=key, asked=asked, evidence=attachments.ids)
    except EvidenceInvalid as refusal:
        attachments.errors.append(refusal.message)
        return _add_page(request, form, asked, HTTPStatus.BAD_REQUEST)
    except (NotUnderWay, KeyReused):
        messages.warning(request, _("This was answered or withdrawn meanwhile. Nothing was added."))
    else:
        messages.success(request, _("Added to %(code)s.") % {"code": asked.skill.code})
    return redirect("sign_off_request", asked.request_id)


@page(Permission.ASK, on=get_asked)
@require_POST
def take_out_evidence(request: HttpRequest, asked: RequestedSkill, file_pk: uuid.UUID) -> HttpResponse:
    """Take one file out of what waits or came back, and lead to the request."""
    evidence, form = get_file_beside(asked, file_pk), KeyForm(request.POST)
    if form.is_valid():
        _take_out(request, str(form.cleaned_data["key"]), asked, evidence)
    else:
        messages.error(request, _("That did not arrive whole. Nothing was changed; press it again."))
    return redirect("sign_off_request", asked.request_id)


def _take_out(request: HttpRequest, key: str, asked: RequestedSkill, evidence: Evidence) -> None:
    """Take the file out, and say what came of it."""
    try:
        take_out(viewer=viewer_of(request), key=key, asked=asked, evidence=evidence)
    except CannotBeTakenOut as refusal:
        messages.warning(request, refusal.message)
    except (NotUnderWay, KeyReused):
        messages.warning(request, _("This was answered or withdrawn meanwhile. Nothing was changed."))
    else:
        messages.success(request, _("The file was taken out of %(code)s.") % {"code": asked.skill.code})


def _add_page(request: HttpRequest, form: KeyForm, asked: RequestedSkill, status: HTTPStatus) -> HttpResponse:
    context = {"form": form, "asked": asked, "book": asked.apprenticeship}
    return render(request, "evidence/add.html", context, status=status)


@page(Permission.PURGE, on=get_evidence)
@forms_methods
def purge_evidence(request: HttpRequest, evidence: Evidence) -> HttpResponse:
    """Say where a file stands and ask why it is to go; POST removes it for good."""
    proving = Proving(request, [evidence.apprenticeship.sponsor])
    proving.require_readiness()
    form = PurgeForm(request.POST if request.method == "POST" else None)
    if request.method != "POST":
        return _purge_page(request, form, evidence, HTTPStatus.OK)
    if not (proving.succeeds() & form.is_valid()):
        return _purge_page(request, form, evidence, HTTPStatus.BAD_REQUEST)
    return _purged(request, form, evidence)


def _purged(request: HttpRequest, form: PurgeForm, evidence: Evidence) -> HttpResponse:
    """Remove the file as a valid form says and answer, whatever comes of it."""
    key, reason = str(form.cleaned_data["key"]), form.cleaned_data["reason"]
    try:
        made = remove(viewer=viewer_of(request), key=key, evidence=evidence, reason=reason)
    except PurgeInvalid as refusal:
        form.add_error("reason", refusal.message)
        return _purge_page(request, form, evidence, HTTPStatus.BAD_REQUEST)
    except HeldElsewhere:
        said = _(
            "The same file is used elsewhere: as a document that Journeybook made, for a certificate, or in a class."
        )
        form.add_error(None, said)
        return _purge_page(request, form, evidence, HTTPStatus.CONFLICT)
    except (UsedMeanwhile, KeyReused):
        form.add_error(None, _("The file was just used in another place. Look once more, then remove it."))
        return _purge_page(request, form, evidence, HTTPStatus.CONFLICT)
    except AlreadyPurged:
        messages.warning(request, _("The file had been removed before."))
    else:
        messages.success(request, _("Removed for good. Records concerned: %(books)s.") % {"books": len(made)})
    return redirect("record_entries", evidence.apprenticeship_id)


def _purge_page(request: HttpRequest, form: PurgeForm, evidence: Evidence, status: HTTPStatus) -> HttpResponse:
    viewer = viewer_of(request)
    (file,) = shown([evidence], book=evidence.apprenticeship, viewer=viewer)
    uses = [use for use in uses_of(evidence.file) if use.file_id == evidence.file_id]
    context = {"form": form, "file": file, "book": evidence.apprenticeship, "uses": uses}
    return render(request, "evidence/purge.html", context, status=status)


@page(Permission.SET_PHOTOGRAPHS)
@forms_methods
def photographs(request: HttpRequest) -> HttpResponse:
    """Where photographs may be uploaded: one switch for each program and each worksite; POST sets them all."""
    viewer = viewer_of(request)
    sponsors = [sponsor for sponsor in viewer.sponsors if _may_set(request, sponsor)]
    if request.method == "POST":
        changed = sum(switch(sponsor, request.POST.getlist("allowed"), viewer=viewer) for sponsor in sponsors)
        messages.success(request, _("Saved.") if changed else _("Nothing was changed."))
        return redirect("photographs")
    return render(request, "evidence/photographs.html", {"sponsors": [(s, places_of(s)) for s in sponsors]})


def _may_set(request: HttpRequest, sponsor: Sponsor) -> bool:
    return permits(viewer_of(request), Permission.SET_PHOTOGRAPHS, on=sponsor)
