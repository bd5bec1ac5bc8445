"""What an apprentice sees before agreeing: each sign-off with its skill's words, level, day and signer."""

import uuid
from dataclasses import dataclass
from datetime import date

from django.utils.functional import cached_property

from accounts.models import Role
from accounts.viewer import Viewer
from apprenticeship.meaning import meaning_of_agreement
from apprenticeship.models import Apprenticeship, CounterSignature, SignOff, SkillStanding
from apprenticeship.record import EntryIllegible, read, told


@dataclass(frozen=True)
class Offered:
    """One sign-off that stands, to be agreed with; `last` is what the apprentice has said of it so far."""

    sign_off: SignOff
    last: CounterSignature | None

    @property
    def signer_role(self) -> str:
        """In which role it was signed, in words; blank where the entry cannot be read."""
        try:
            role = told(read(self.sign_off.entry), "by.role", str)
        except EntryIllegible:
            return ""
        return str(Role(role).label) if role in Role.values else role

    @property
    def has_disagreed(self) -> bool:
        """Whether the apprentice's last word is that they disagree."""
        return self.last is not None and not self.last.agrees


@dataclass(frozen=True)
class AgreementSheet:
    """The sign-offs of one book that wait for its apprentice, or the one they chose (`only`).

    What they disagree with waits for an answer and is not offered again, unless they choose it.
    """

    viewer: Viewer
    apprenticeship: Apprenticeship
    only: uuid.UUID | None = None

    @cached_property
    def offered(self) -> list[Offered]:
        """In the order of the standard; one query."""
        rows = SkillStanding.objects.filter(apprenticeship=self.apprenticeship, sign_off__isnull=False)
        rows = rows.filter(sign_off=self.only) if self.only else rows.waiting_for_ok()
        rows = rows.select_related(
            "sign_off__entry",
            "sign_off__level",
            "sign_off__signer",
            "sign_off__note",
            "sign_off__worksite",
            "sign_off__skill__skill_set",
            "sign_off__skill__parent",
            "counter_signature__answer",
        ).order_by("skill__skill_set__order", "skill__order")
        found = [Offered(row.sign_off, row.counter_signature) for row in rows if row.sign_off]
        return [one for one in found if self.only or one.last is None or hasattr(one.last, "answer")]

    @property
    def meaning(self) -> str:
        """What the apprentice's signature will say."""
        return meaning_of_agreement(agrees=True)

    @property
    def today(self) -> date:
        return self.viewer.today(self.apprenticeship.sponsor)
