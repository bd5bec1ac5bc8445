"""What needs somebody who runs programs today, each in one line with where it is done.

A line is a function of NEEDS: it asks for its permission, takes as many queries at any size, and gives nothing
where nothing is to be done. What a person asked for themselves is shown in whole by `needs_you.py`.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta

from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.access import Permission, permits
from accounts.models import Sponsor
from accounts.viewer import Viewer
from apprenticeship.agency_notice_views import notices_to_tell
from apprenticeship.mentors_shown import without_mentor
from apprenticeship.probation import probation_ending
from apprenticeship.qualification_views import listed_qualifications
from apprenticeship.ratio import breaches
from apprenticeship.transcriptions_shown import waiting_transcriptions
from instruction.certificate_querysets import sponsors_looked_after
from instruction.models import Certificate
from reports.people import PersonState, Wanted, counts
from reports.verified_pages import ready_for
from reports.work import late_months

SOON = timedelta(days=30)
"""How long before it runs out something needs somebody today."""
MOST_NAMED = 5


@dataclass(frozen=True)
class NeedLine:
    """One thing to do: in words with its number, where, and for how many people it is, if that is another number."""

    words: str
    address: str
    beside: str = ""


def lines_for(viewer: Viewer) -> list[NeedLine]:
    """All that needs `viewer` today, in the order of NEEDS."""
    return [line for need in NEEDS for line in need(viewer)]


def _sets_to_verify(viewer: Viewer) -> Iterator[NeedLine]:
    ready = ready_for(viewer)
    if ready.lines:
        words = ngettext("%(count)s set is ready to verify", "%(count)s sets are ready to verify", ready.sets)
        people = ngettext("%(count)s apprentice", "%(count)s apprentices", len(ready.lines))
        beside = people % {"count": len(ready.lines)}
        yield NeedLine(words % {"count": ready.sets}, reverse("to_verify"), beside)


def _late_months(viewer: Viewer) -> Iterator[NeedLine]:
    if number := len(late_months(viewer)):
        words = ngettext(
            "%(count)s month of hours on the job was not signed in time",
            "%(count)s months of hours on the job were not signed in time",
            number,
        )
        yield NeedLine(words % {"count": number}, reverse("work_waiting"))


def _without_mentor(viewer: Viewer) -> Iterator[NeedLine]:
    if number := without_mentor(viewer).count():
        words = ngettext(
            "%(count)s apprentice has nobody who may sign",
            "%(count)s apprentices have nobody who may sign",
            number,
        )
        yield NeedLine(words % {"count": number}, reverse("assign_mentors"))


def _probation_ending(viewer: Viewer) -> Iterator[NeedLine]:
    """Whose probation ends within 30 days or is over, each by name while they are few."""
    for sponsor in _whose_status_changes(viewer):
        for line in probation_ending(sponsor, viewer.today(sponsor), SOON.days)[:MOST_NAMED]:
            if line.apprenticeship.apprentice_id == viewer.user_id:
                continue
            told = (
                _("The probation of %(name)s is over: make it active or cancel")
                if line.days < 0
                else _("The probation of %(name)s ends: make it active or cancel")
            )
            address = reverse("change_status", args=[line.apprenticeship.pk])
            yield NeedLine(told % {"name": line.apprenticeship.apprentice.name}, address, date_format(line.on))


def _agency_to_tell(viewer: Viewer) -> Iterator[NeedLine]:
    if _whose_status_changes(viewer) and (number := notices_to_tell(viewer).count()):
        words = ngettext(
            "%(count)s change of status is to be told to the agency",
            "%(count)s changes of status are to be told to the agency",
            number,
        )
        yield NeedLine(words % {"count": number}, reverse("agency_notices"))


def _whose_status_changes(viewer: Viewer) -> list[Sponsor]:
    return [sponsor for sponsor in viewer.sponsors if permits(viewer, Permission.CHANGE_STATUS, on=sponsor)]


def _invitations_run_out(viewer: Viewer) -> Iterator[NeedLine]:
    """Who never came, and whose link opens nothing any more."""
    for sponsor in viewer.sponsors:
        if not permits(viewer, Permission.MANAGE_PEOPLE, on=sponsor):
            continue
        if number := counts(sponsor, Wanted(), viewer=viewer)[PersonState.NOT_ACCEPTED]:
            words = ngettext(
                "%(count)s invitation was not accepted in time",
                "%(count)s invitations were not accepted in time",
                number,
            )
            yield NeedLine(words % {"count": number}, f"{reverse('people')}?state={PersonState.NOT_ACCEPTED}")


def _certificates_to_confirm(viewer: Viewer) -> Iterator[NeedLine]:
    """Certificates that somebody added; never one's own."""
    may = [sponsor.pk for sponsor in viewer.sponsors if permits(viewer, Permission.CONFIRM_CERTIFICATE, on=sponsor)]
    waiting = Certificate.objects.waiting().filter(sponsor__in=may).exclude(holder=viewer.user_id)
    if may and (number := waiting.count()):
        words = ngettext(
            "%(count)s certificate waits to be confirmed", "%(count)s certificates wait to be confirmed", number
        )
        yield NeedLine(words % {"count": number}, reverse("certificates") + "?show=waiting")


def _papers_to_verify(viewer: Viewer) -> Iterator[NeedLine]:
    if number := waiting_transcriptions(viewer):
        words = ngettext(
            "%(count)s line transcribed from paper waits to be verified",
            "%(count)s lines transcribed from paper wait to be verified",
            number,
        )
        yield NeedLine(words % {"count": number}, reverse("transcriptions"))


def _certificates_that_run_out(viewer: Viewer) -> Iterator[NeedLine]:
    """Those of everybody one looks after: what has run out already, and what does within 30 days."""
    looked_after = [sponsor for sponsor in viewer.sponsors if sponsor.pk in sponsors_looked_after(viewer)]
    if not looked_after:
        return
    today = max(viewer.today(sponsor) for sponsor in looked_after)
    current = Certificate.objects.visible_to(viewer).filter(sponsor__in=looked_after).current()
    if number := current.filter(due_on__lt=today).count():
        words = ngettext("%(count)s certificate has run out", "%(count)s certificates have run out", number)
        yield NeedLine(words % {"count": number}, reverse("certificates") + "?show=over")
    if number := current.filter(due_on__gte=today).due_until(today + SOON).count():
        words = ngettext(
            "%(count)s certificate runs out within 30 days", "%(count)s certificates run out within 30 days", number
        )
        yield NeedLine(words % {"count": number}, reverse("certificates") + "?show=30")


def _ratio_breached(viewer: Viewer) -> Iterator[NeedLine]:
    if number := len(breaches(viewer)):
        words = ngettext(
            "%(count)s worksite has too few journeyworkers for its apprentices",
            "%(count)s worksites have too few journeyworkers for their apprentices",
            number,
        )
        yield NeedLine(words % {"count": number}, reverse("ratio_list"))


def _qualifications_that_run_out(viewer: Viewer) -> Iterator[NeedLine]:
    """Those of mentors: what has run out already, and what does within 30 days; not what was renewed."""
    if number := listed_qualifications(viewer, "over").count():
        words = ngettext(
            "%(count)s qualification of a mentor has run out",
            "%(count)s qualifications of mentors have run out",
            number,
        )
        yield NeedLine(words % {"count": number}, reverse("qualifications") + "?show=over")
    if number := listed_qualifications(viewer, "30").count():
        words = ngettext(
            "%(count)s qualification of a mentor runs out within 30 days",
            "%(count)s qualifications of mentors run out within 30 days",
            number,
        )
        yield NeedLine(words % {"count": number}, reverse("qualifications") + "?show=30")


NEEDS: tuple[Callable[[Viewer], Iterator[NeedLine]], ...] = (
    _without_mentor,
    _probation_ending,
    _agency_to_tell,
    _invitations_run_out,
    _sets_to_verify,
    _late_months,
    _certificates_to_confirm,
    _papers_to_verify,
    _certificates_that_run_out,
    _qualifications_that_run_out,
    _ratio_breached,
)
