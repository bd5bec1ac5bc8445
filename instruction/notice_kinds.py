"""The kinds of notices about certificates. A notice names people and kinds, never a number, a file or a reason."""

from collections.abc import Collection

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from accounts.models import Notice, NoticeGroup
from accounts.notices import Data, NoticeKind
from instruction.models import SHARED_KINDS, Certificate

SHOWN = 8


def _called(data: Data) -> str:
    """What the certificate is called; a kind of everybody's in the reader's language."""
    title = str(data["title"])
    return title if data["kind"] in ("", "other") else str(SHARED_KINDS.get(data["kind"], title))


def _filled(words: str, data: Data) -> str:
    return words % {**data, "certificate": _called(data)}


def _title_waits(data: Data) -> str:
    return _filled(_("%(name)s added a certificate: %(certificate)s"), data)


def _title_confirmed(data: Data) -> str:
    return _filled(_("%(by)s confirmed your certificate: %(certificate)s"), data)


def _title_declined(data: Data) -> str:
    return _filled(_("%(by)s declined your certificate: %(certificate)s"), data)


def _title_due(data: Data) -> str:
    if not data["days"]:
        return _filled(_("Your certificate has run out: %(certificate)s"), data)
    words = ngettext(
        "Your certificate runs out within %(days)s day: %(certificate)s",
        "Your certificate runs out within %(days)s days: %(certificate)s",
        data["days"],
    )
    return _filled(words, data)


def _title_due_sponsor(data: Data) -> str:
    number = data["certificates"]
    if not data["days"]:
        words = ngettext("A certificate has run out", "%(certificates)s certificates have run out", number)
        return words % data
    words = ngettext(
        "A certificate runs out within %(days)s days",
        "%(certificates)s certificates run out within %(days)s days",
        number,
    )
    return words % data


def _nothing(_data: Data) -> str:
    return ""


def _people(data: Data) -> str:
    people, more = data["people"][:SHOWN], len(data["people"]) - SHOWN
    if more > 0:
        return _("%(people)s and %(more)s more") % {"people": ", ".join(people), "more": more}
    return ", ".join(people)


def _to_certificate(notice: Notice) -> str:
    return reverse("certificate", args=[notice.about])


def _to_list(_notice: Notice) -> str:
    return reverse("certificates")


def _as_told(notice: Notice) -> Data | None:
    told: Data = notice.data
    return told


def _still_waits(notice: Notice) -> Data | None:
    return notice.data if Certificate.objects.waiting().filter(pk=notice.about).exists() else None


def _still_current(notice: Notice) -> Data | None:
    return notice.data if Certificate.objects.current().filter(pk=notice.about).exists() else None


DONE, RENEWED = gettext_lazy("Done"), gettext_lazy("Renewed or taken back")
WAITING, ANSWERS, DUE = NoticeGroup.WAITING, NoticeGroup.ANSWERS, NoticeGroup.DUE

KINDS: Collection[NoticeKind] = (
    NoticeKind("certificate_waits", WAITING, "waiting", _title_waits, _nothing, _to_certificate, _still_waits, DONE),
    NoticeKind(
        "certificate_confirmed", ANSWERS, "signed_off", _title_confirmed, _nothing, _to_certificate, _as_told, DONE
    ),
    NoticeKind(
        "certificate_declined", WAITING, "in_training", _title_declined, _nothing, _to_certificate, _as_told, DONE
    ),
    NoticeKind("certificate_due", DUE, "due_again", _title_due, _nothing, _to_certificate, _still_current, RENEWED),
    NoticeKind("certificate_due_sponsor", DUE, "due_again", _title_due_sponsor, _people, _to_list, _as_told, DONE),
)
