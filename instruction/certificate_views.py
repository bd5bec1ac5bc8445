"""The acts on certificates: bringing one, confirming or declining it, adding a kind, and taking an entry back."""

from collections.abc import Callable
from http import HTTPStatus

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from accounts.access import Permission, permits, require
from accounts.middleware import viewer_of
from accounts.models import Sponsor
from accounts.navigation import current_membership
from accounts.pages import page
from accounts.proving import Proving
from acts.acting import KeyReused
from apprenticeship.attachments import Attachments
from apprenticeship.getters import get_apprenticeship
from apprenticeship.models import Apprenticeship, RecordEntry
from instruction.certificate_forms import CertificateForm, KindForm, ReasonForm
from instruction.certificate_kinds import KindInvalid, add_kind
from instruction.certificates import CertificateInvalid
from instruction.certificates import add_certificate as bring
from instruction.certificates import add_own_certificate as bring_own
from instruction.certificates_shown import shown_certificates
from instruction.confirming import (
    AlreadyDecided,
    meaning_of_confirming,
)
from instruction.confirming import (
    confirm_certificate as confirm,
)
from instruction.confirming import (
    decline_certificate as decline,
)
from instruction.entry_voiding import (
    EntryAlreadyVoided,
    VoidRefused,
    meaning_of_entry_void,
    permission_to_void,
)
from instruction.entry_voiding import (
    void_entry as take_back,
)
from instruction.form_files import FormFiles
from instruction.getters import get_certificate
from instruction.models import Certificate, CertificateKind, InstructionVoid, StaffFile
from instruction.taught_forms import KeyedForm

forms_methods = require_http_methods(["GET", "HEAD", "POST"])
Files = Attachments | FormFiles


# ------------------------------------------------------------ bringing one
@page(Permission.ADD_CERTIFICATE, on=get_apprenticeship)
@forms_methods
def add_certificate(request: HttpRequest, apprenticeship: Apprenticeship) -> HttpResponse:
    """Bring a certificate of one apprentice (`?renews=` for the next one of a kind); POST keeps it."""
    former = Certificate.objects.current().filter(apprenticeship=apprenticeship)
    files = Attachments(request, apprenticeship)
    form = _form(request, apprenticeship.sponsor, former, apprenticeship)
    context = {"form": form, "book": apprenticeship, "own": apprenticeship.apprentice_id == request.user.pk}

    def keep() -> Certificate:
        return bring(
            viewer=viewer_of(request),
            key=str(form.cleaned_data["key"]),
            apprenticeship=apprenticeship,
            facts=form.facts(),
            evidence=files.ids,
        )

    return _brought(request, form, files, keep, context) or redirect("record_certificates", apprenticeship.pk)


@page(Permission.KEEP_OWN_CERTIFICATES)
@forms_methods
def add_own_certificate(request: HttpRequest) -> HttpResponse:
    """Bring a certificate of one's own as mentor or staff; POST keeps it."""
    sponsor = sponsor_of_own(request)
    former = Certificate.objects.current().filter(apprenticeship=None, holder=request.user.pk, sponsor=sponsor)
    files = FormFiles(request, sponsor, StaffFile)
    form = _form(request, sponsor, former, None)

    def keep() -> Certificate:
        key, facts = str(form.cleaned_data["key"]), form.facts()
        return bring_own(viewer=viewer_of(request), key=key, sponsor=sponsor, facts=facts, files=files.ids)

    return _brought(request, form, files, keep, {"form": form, "own": True}) or redirect("my_certificates")


def sponsor_of_own(request: HttpRequest) -> Sponsor:
    """The sponsor as whose mentor or staff one works now."""
    viewer = viewer_of(request)
    current = current_membership(viewer, request.session)
    candidates = [*([current.sponsor] if current else []), *viewer.sponsors]
    return next(s for s in candidates if permits(viewer, Permission.KEEP_OWN_CERTIFICATES, on=s))


def _form(request: HttpRequest, sponsor: Sponsor, former: "object", book: Apprenticeship | None) -> CertificateForm:
    rows: list[Certificate] = list(former.select_related("kind").order_by("-issued_on"))  # type: ignore[attr-defined]
    wanted = request.GET.get("renews", "")
    return CertificateForm(
        request.POST if request.method == "POST" else None,
        sponsor=sponsor,
        today=viewer_of(request).today(sponsor),
        former=Certificate.objects.filter(pk__in=[row.pk for row in rows]).select_related("kind"),
        book=book,
        renews=next((row for row in rows if str(row.pk) == wanted), None),
    )


def _brought(
    request: HttpRequest,
    form: CertificateForm,
    files: Files,
    keep: Callable[[], Certificate],
    context: dict[str, object],
) -> HttpResponse | None:
    """The form as it is shown; None once what a valid one says is kept."""
    status = HTTPStatus.OK
    if request.method == "POST":
        status = _keep(request, form, files, keep) if form.is_valid() & files.succeeds() else HTTPStatus.BAD_REQUEST
        if status == HTTPStatus.CREATED:
            return None
    return render(request, "instruction/add_certificate.html", context, status=status)


def _keep(request: HttpRequest, form: CertificateForm, files: Files, keep: Callable[[], Certificate]) -> HTTPStatus:
    try:
        keep()
    except CertificateInvalid as refusal:
        files.errors += [message for name, message in refusal.problems if name == "files"]
        form.refuse([problem for problem in refusal.problems if problem[0] != "files"])
        return HTTPStatus.BAD_REQUEST
    except KeyReused:
        form.with_new_key()
        form.add_error(None, _("This page was sent before. Look at what is there, then send it again."))
        return HTTPStatus.UNPROCESSABLE_ENTITY
    messages.success(request, _("Added. It counts once a coordinator has confirmed it."))
    return HTTPStatus.CREATED


# ------------------------------------------------------------ deciding
@page(Permission.CONFIRM_CERTIFICATE, on=get_certificate)
@require_POST
def confirm_certificate(request: HttpRequest, certificate: Certificate) -> HttpResponse:
    """Confirm a certificate that was examined."""
    proving, form = Proving(request, [certificate.sponsor]), KeyedForm(request.POST)
    if not (proving.succeeds() & form.is_valid()):
        return certificate_page(request, certificate, status=HTTPStatus.BAD_REQUEST)
    try:
        confirm(viewer=viewer_of(request), key=str(form.cleaned_data["key"]), certificate=certificate)
    except AlreadyDecided:
        return certificate_page(request, certificate, status=HTTPStatus.CONFLICT)
    except KeyReused:
        return certificate_page(request, certificate, status=HTTPStatus.UNPROCESSABLE_ENTITY)
    messages.success(request, _("Confirmed. It counts from now on."))
    return redirect("certificate", certificate.pk)


@page(Permission.CONFIRM_CERTIFICATE, on=get_certificate)
@require_POST
def decline_certificate(request: HttpRequest, certificate: Certificate) -> HttpResponse:
    """Decline a certificate with a reason."""
    Proving(request, [certificate.sponsor])
    form = ReasonForm(request.POST)
    if not form.is_valid():
        return certificate_page(request, certificate, declining=form, status=HTTPStatus.BAD_REQUEST)
    key, reason = str(form.cleaned_data["key"]), form.cleaned_data["reason"]
    try:
        decline(viewer=viewer_of(request), key=key, certificate=certificate, reason=reason)
    except CertificateInvalid as refusal:
        form.refuse(refusal.problems)
        return certificate_page(request, certificate, declining=form, status=HTTPStatus.BAD_REQUEST)
    except (AlreadyDecided, KeyReused):
        return certificate_page(request, certificate, declining=form, status=HTTPStatus.CONFLICT)
    messages.success(request, _("Declined. Its holder reads the reason."))
    return redirect("certificate", certificate.pk)


def certificate_page(
    request: HttpRequest,
    certificate: Certificate,
    *,
    declining: ReasonForm | None = None,
    status: HTTPStatus = HTTPStatus.OK,
) -> HttpResponse:
    """One certificate with its files and, for who may, the forms that decide about it."""
    certificate = get_certificate(viewer_of(request), certificate.pk)  # as it is now
    (one,) = shown_certificates([certificate], viewer=viewer_of(request))
    context = {
        "one": one,
        "key": KeyedForm(),
        "declining": declining or ReasonForm(),
        "meaning": meaning_of_confirming(),
        "late": status == HTTPStatus.CONFLICT,
    }
    return render(request, "instruction/certificate.html", context, status=status)


# ------------------------------------------------------------ kinds
@page(Permission.CONFIRM_CERTIFICATE)
@forms_methods
def certificate_kinds(request: HttpRequest) -> HttpResponse:
    """The kinds of certificates; POST adds one of the sponsor's own."""
    viewer = viewer_of(request)
    sponsor = next(s for s in viewer.sponsors if permits(viewer, Permission.CONFIRM_CERTIFICATE, on=s))
    form = KindForm(request.POST if request.method == "POST" else None)
    status = HTTPStatus.OK
    if request.method == "POST":
        status = _add_kind(request, form, sponsor) if form.is_valid() else HTTPStatus.BAD_REQUEST
        if status == HTTPStatus.CREATED:
            return redirect("certificate_kinds")
    kinds = CertificateKind.objects.of(sponsor.pk).order_by("sponsor", "title")
    context = {"form": form, "kinds": kinds, "sponsor": sponsor}
    return render(request, "instruction/certificate_kinds.html", context, status=status)


def _add_kind(request: HttpRequest, form: KindForm, sponsor: Sponsor) -> HTTPStatus:
    told = form.cleaned_data
    try:
        add_kind(
            viewer=viewer_of(request),
            sponsor=sponsor,
            title=told["title"],
            recurrence=told["recurrence"],
            months=told["months"],
        )
    except KindInvalid as refusal:
        form.refuse(refusal.problems)
        return HTTPStatus.BAD_REQUEST
    messages.success(request, _("Added to the list."))
    return HTTPStatus.CREATED


# ------------------------------------------------------------ taking an entry back
@page(Permission.READ_RECORD, on=get_apprenticeship)
@forms_methods
def void_entry(request: HttpRequest, apprenticeship: Apprenticeship, sequence: int) -> HttpResponse:
    """Ask why an entry of this layer is taken back; POST takes it back."""
    entry = get_object_or_404(RecordEntry, apprenticeship=apprenticeship, sequence=sequence)
    try:
        require(viewer_of(request), permission_to_void(entry), on=apprenticeship)
    except VoidRefused as error:
        raise Http404 from error
    proving = Proving(request, [apprenticeship.sponsor])
    proving.require_readiness()
    form = ReasonForm(request.POST if request.method == "POST" else None)
    if request.method != "POST":
        return _void_page(request, entry, form, HTTPStatus.OK)
    if not (proving.succeeds() & form.is_valid()):
        return _void_page(request, entry, form, HTTPStatus.BAD_REQUEST)
    return _voided(request, entry, form)


def _voided(request: HttpRequest, entry: RecordEntry, form: ReasonForm) -> HttpResponse:
    key, reason = str(form.cleaned_data["key"]), form.cleaned_data["reason"]
    try:
        take_back(viewer=viewer_of(request), key=key, entry=entry, reason=reason)
    except VoidRefused as refusal:
        form.add_error("reason", refusal.message)
        return _void_page(request, entry, form, HTTPStatus.BAD_REQUEST)
    except (EntryAlreadyVoided, KeyReused):
        return _void_page(request, entry, form, HTTPStatus.CONFLICT)
    messages.success(request, _("Taken back. The entry stays in the record, marked, and counts no more."))
    return redirect(_page_of(entry), entry.apprenticeship_id)


def _page_of(entry: RecordEntry) -> str:
    return "record_certificates" if entry.kind == "certificate" else "record_hours"


def _void_page(request: HttpRequest, entry: RecordEntry, form: ReasonForm, status: HTTPStatus) -> HttpResponse:
    context = {
        "form": form,
        "entry": entry,
        "book": entry.apprenticeship,
        "back": _page_of(entry),
        "void": InstructionVoid.objects.filter(voided=entry).select_related("by", "entry").first(),
        "meaning": meaning_of_entry_void(),
    }
    return render(request, "instruction/void_entry.html", context, status=status)
