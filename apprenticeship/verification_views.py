"""The sponsor verifies a skill set or the whole, and takes a verification back."""

import uuid
from http import HTTPStatus

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.access import Permission, acting_role
from accounts.middleware import viewer_of
from accounts.pages import page
from accounts.proving import Proving
from acts.acting import KeyReused
from apprenticeship.getters import get_apprenticeship, get_skill_set, get_verification
from apprenticeship.meaning import meaning_of_verification, meaning_of_verification_void
from apprenticeship.models import Apprenticeship, Verification
from apprenticeship.verification import (
    AlreadyVerified,
    AlreadyVoided,
    NotWhatWasSeen,
    NotYetAttained,
    SignedItOneself,
    Verifiable,
    VerificationInvalid,
    verifiable,
)
from apprenticeship.verification import verify as verify_now
from apprenticeship.verification import void_verification as void_now
from apprenticeship.verification_forms import VerifyForm, VoidForm
from competencies.models import SkillSet

forms_methods = require_http_methods(["GET", "HEAD", "POST"])


@page(Permission.VERIFY, on=get_apprenticeship)
@forms_methods
def verify_set(request: HttpRequest, apprenticeship: Apprenticeship, set_pk: uuid.UUID) -> HttpResponse:
    """Read the sign-offs of one set and verify them; POST verifies."""
    return _verify(request, apprenticeship, get_skill_set(apprenticeship, set_pk))


@page(Permission.VERIFY, on=get_apprenticeship)
@forms_methods
def verify_whole(request: HttpRequest, apprenticeship: Apprenticeship) -> HttpResponse:
    """Read every sign-off that counts and verify the whole; POST verifies."""
    return _verify(request, apprenticeship, None)


def _verify(request: HttpRequest, book: Apprenticeship, skill_set: SkillSet | None) -> HttpResponse:
    proving = Proving(request, [book.sponsor])
    proving.require_readiness()
    if request.method != "POST":
        return _verify_page(request, book, skill_set)
    form = VerifyForm(request.POST)
    if not (proving.succeeds() & form.is_valid()):
        return _verify_page(request, book, skill_set, status=HTTPStatus.BAD_REQUEST)
    return _verified(request, form, book, skill_set)


def _verified(request: HttpRequest, form: VerifyForm, book: Apprenticeship, skill_set: SkillSet | None) -> HttpResponse:
    """Verify what a valid form says and answer, whatever comes of it."""
    key, seen = str(form.cleaned_data["key"]), form.cleaned_data["seen"]
    viewer = viewer_of(request)
    try:
        verify_now(viewer=viewer, key=key, apprenticeship=book, skill_set=skill_set, seen=seen)
    except NotWhatWasSeen as refusal:
        return _verify_page(request, book, skill_set, changed=refusal.codes, status=HTTPStatus.CONFLICT)
    except (NotYetAttained, AlreadyVerified, KeyReused):
        return _verify_page(request, book, skill_set, status=HTTPStatus.CONFLICT)
    except SignedItOneself:
        return _verify_page(request, book, skill_set, status=HTTPStatus.FORBIDDEN)
    messages.success(request, _("Verified: %(what)s.") % {"what": skill_set.title if skill_set else _("the whole")})
    return redirect("record_verified", book.pk)


def _verify_page(
    request: HttpRequest,
    book: Apprenticeship,
    skill_set: SkillSet | None,
    *,
    changed: list[str] | None = None,
    status: HTTPStatus = HTTPStatus.OK,
) -> HttpResponse:
    """What there is to verify, on a form with a fresh key; or why there is nothing for this viewer."""
    found, viewer = verifiable(book, skill_set), viewer_of(request)
    context = {
        "book": book,
        "skill_set": skill_set,
        "found": found,
        "own": found.signed_by(viewer),
        "may": _may(found) and not found.signed_by(viewer),
        "form": VerifyForm(),
        "changed": changed or [],
        "refused": status == HTTPStatus.CONFLICT,
        "meaning": meaning_of_verification(whole=skill_set is None),
        "role": acting_role(viewer, Permission.VERIFY, on=book).label,
    }
    return render(request, "apprenticeship/verify.html", context, status=status)


def _may(found: Verifiable) -> bool:
    return bool(found.sign_offs) and found.is_ready


@page(Permission.VERIFY, on=get_verification)
@forms_methods
def void_verification(request: HttpRequest, verification: Verification) -> HttpResponse:
    """Say why a verification is taken back; POST takes it back."""
    proving = Proving(request, [verification.apprenticeship.sponsor])
    proving.require_readiness()
    form = VoidForm(request.POST if request.method == "POST" else None)
    if request.method != "POST":
        return _void_page(request, form, verification)
    if not (proving.succeeds() & form.is_valid()):
        return _void_page(request, form, verification, HTTPStatus.BAD_REQUEST)
    return _voided(request, form, verification)


def _voided(request: HttpRequest, form: VoidForm, verification: Verification) -> HttpResponse:
    key, reason = str(form.cleaned_data["key"]), form.cleaned_data["reason"]
    try:
        void_now(viewer=viewer_of(request), key=key, verification=verification, reason=reason)
    except VerificationInvalid as refusal:
        form.refuse(refusal)
        return _void_page(request, form, verification, HTTPStatus.BAD_REQUEST)
    except AlreadyVoided:
        messages.warning(request, _("Somebody was quicker: it was taken back already. Nothing was changed."))
    else:
        messages.success(request, _("The verification no longer stands. The sign-offs stand as before."))
    return redirect("record_verified", verification.apprenticeship_id)


def _void_page(
    request: HttpRequest, form: VoidForm, verification: Verification, status: HTTPStatus = HTTPStatus.OK
) -> HttpResponse:
    context = {
        "form": form,
        "verification": verification,
        "book": verification.apprenticeship,
        "is_void": hasattr(verification, "void"),
        "meaning": meaning_of_verification_void(),
    }
    return render(request, "apprenticeship/void_verification.html", context, status=status)
