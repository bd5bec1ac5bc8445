"""The kinds of certificates: those that every sponsor has, and those that a sponsor adds."""

from itertools import count
from typing import Any

from django.db import DEFAULT_DB_ALIAS, transaction
from django.db.migrations.state import StateApps
from django.utils import translation
from django.utils.text import slugify
from django.utils.translation import gettext as _

from accounts.access import Permission, require
from accounts.models import Sponsor
from accounts.viewer import Viewer
from acts.sealing import can_be_kept
from competencies.models import Recurrence
from instruction.models import SHARED_KINDS, CertificateKind

MOST_MONTHS = 600
LONGEST_TITLE = 120
LONGEST_STEM = 34
"""How many letters of a title make its code, so that a number still fits behind them."""


class KindInvalid(Exception):
    """Wrong input: `problems` are (field, what to do); nothing was added. The edge answers 400."""

    def __init__(self, problems: list[tuple[str, str]]) -> None:
        super().__init__("; ".join(message for _field, message in problems))
        self.problems = problems


def keep_shared_kinds(*, using: str = DEFAULT_DB_ALIAS, apps: StateApps | None = None, **_told: Any) -> None:
    """After a migrate: write those of everybody's kinds that are not there yet; safe to run twice.

    After going back to a time without their table there is nothing to do.
    """
    try:
        if apps is not None:
            apps.get_model("instruction", "CertificateKind")
    except LookupError:
        return
    rows = CertificateKind.objects.using(using)
    known = set(rows.filter(sponsor=None).values_list("code", flat=True))
    with translation.override("en"):
        missing = [CertificateKind(code=code, title=str(words)) for code, words in SHARED_KINDS.items()]
        rows.bulk_create([kind for kind in missing if kind.code not in known])


def add_kind(
    *, viewer: Viewer, sponsor: Sponsor, title: str, recurrence: str = Recurrence.NONE, months: int | None = None
) -> CertificateKind:
    """Add a kind of the sponsor's own; one of the same title is given back as it is.

    Raises NotPermitted and KindInvalid.
    """
    require(viewer, Permission.CONFIRM_CERTIFICATE, on=sponsor)
    title = " ".join(title.split())
    problems = []
    if not title or len(title) > LONGEST_TITLE or not can_be_kept(title):
        problems.append(("title", _("Enter a title of at most %(most)s characters.") % {"most": LONGEST_TITLE}))
    if recurrence not in Recurrence.values:
        problems.append(("recurrence", _("Choose how often it must be repeated.")))
    within = recurrence == Recurrence.WITHIN_MONTHS
    if within and not (months and 0 < months <= MOST_MONTHS):
        problems.append(("months", _("Enter the number of months, from 1 to %(most)s.") % {"most": MOST_MONTHS}))
    if problems:
        raise KindInvalid(problems)
    with transaction.atomic():
        Sponsor.objects.select_for_update().get(pk=sponsor.pk)  # two at once would choose the same code
        own = CertificateKind.objects.filter(sponsor=sponsor)
        return own.filter(title__iexact=title).first() or CertificateKind.objects.create(
            sponsor=sponsor,
            code=_free_code(title, set(own.values_list("code", flat=True))),
            title=title,
            recurrence=recurrence,
            recurrence_months=months if within else None,
        )


def _free_code(title: str, taken: set[str]) -> str:
    """A code made of the title; with a number where another title makes the same."""
    plain = slugify(title)[:LONGEST_STEM] or "kind"
    return next(code for n in count(1) if (code := plain if n == 1 else f"{plain}-{n}") not in taken)
