"""The page on which the confirmation of a mentor's or staff member's certificate is taken back."""

from http import HTTPStatus

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.access import Permission
from accounts.middleware import viewer_of
from accounts.pages import page
from accounts.proving import Proving
from acts.acting import KeyReused
from instruction.certificate_forms import ReasonForm
from instruction.entry_voiding import VoidRefused
from instruction.getters import get_certificate
from instruction.models import Certificate
from instruction.staff_voiding import CertificateAlreadyVoided
from instruction.staff_voiding import void_staff_certificate as take_back


@page(Permission.CONFIRM_CERTIFICATE, on=get_certificate)
@require_http_methods(["GET", "HEAD", "POST"])
def void_staff_certificate(request: HttpRequest, certificate: Certificate) -> HttpResponse:
    """Ask why a certificate of somebody without a book counts no more; POST takes it back."""
    if certificate.apprenticeship_id is not None:
        raise Http404
    proving = Proving(request, [certificate.sponsor])
    proving.require_readiness()
    form, status = ReasonForm(request.POST if request.method == "POST" else None), HTTPStatus.OK
    if request.method == "POST":
        well = proving.succeeds() & form.is_valid()
        status = _taken_back(request, certificate, form) if well else HTTPStatus.BAD_REQUEST
        if status == HTTPStatus.CREATED:
            return redirect("certificate", certificate.pk)
    return render(
        request, "instruction/void_certificate.html", {"form": form, "certificate": certificate}, status=status
    )


def _taken_back(request: HttpRequest, certificate: Certificate, form: ReasonForm) -> HTTPStatus:
    key, reason = str(form.cleaned_data["key"]), form.cleaned_data["reason"]
    try:
        take_back(viewer=viewer_of(request), key=key, certificate=certificate, reason=reason)
    except VoidRefused as refusal:
        form.add_error("reason", refusal.message)
        return HTTPStatus.BAD_REQUEST
    except CertificateAlreadyVoided as before:
        said = _("%(name)s took it back before. Nothing was changed now.") % {"name": before.void.by.name}
        form.add_error(None, said)
        return HTTPStatus.CONFLICT
    except KeyReused:
        form.add_error(None, _("This page was sent before. Look at what is there, then send it again."))
        return HTTPStatus.UNPROCESSABLE_ENTITY
    messages.success(request, _("Taken back. The certificate stays here, marked, and counts no more."))
    return HTTPStatus.CREATED
