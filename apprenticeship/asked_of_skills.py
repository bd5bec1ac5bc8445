"""What completion asks of skills: all required ones attained, the whole verified, and no disagreement left open."""

from datetime import datetime

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from apprenticeship.completion import Requirement
from apprenticeship.models import Apprenticeship, CounterSignature, SkillStanding
from apprenticeship.verification import verifiable

SHOWN = 12
"""How many codes of missing skills are named before the rest is counted."""


def required_skills(apprenticeship: Apprenticeship, *, at: datetime) -> Requirement:  # noqa: ARG001  # asked alike
    """Every required skill is attained; what is missing is named, and what waits only for the apprentice's OK."""
    found = verifiable(apprenticeship, None)
    codes = [skill.code for skill in found.lacking]
    waiting = SkillStanding.objects.filter(apprenticeship=apprenticeship).waiting_for_ok().count() if codes else 0
    return Requirement(gettext_lazy("Required skills"), not codes, _detail(codes, waiting), code="skills")


def _detail(codes: list[str], waiting: int) -> str:
    if not codes:
        return _("Every required skill is attained.")
    said = ngettext("%(number)s skill is missing: %(codes)s", "%(number)s skills are missing: %(codes)s", len(codes))
    named = ", ".join(codes[:SHOWN]) + (" …" if len(codes) > SHOWN else "")
    words = said % {"number": len(codes), "codes": named}
    if not waiting:
        return words
    ok = ngettext(
        "%(number)s signature waits for the apprentice's OK",
        "%(number)s signatures wait for the apprentice's OK",
        waiting,
    )
    return f"{words}; {ok % {'number': waiting}}"


def whole_verified(apprenticeship: Apprenticeship, *, at: datetime) -> Requirement:  # noqa: ARG001  # asked alike
    """The sponsor has verified the whole standard as it stands (29 CFR 29.5(b)(2))."""
    found = verifiable(apprenticeship, None)
    met = found.is_verified and not found.lacking
    detail = _("Verified as it stands.") if met else _("The whole standard is not verified as it stands.")
    return Requirement(gettext_lazy("Verified by the sponsor"), met, detail, code="verified")


def no_open_disagreement(apprenticeship: Apprenticeship, *, at: datetime) -> Requirement:  # noqa: ARG001  # asked alike
    """Whatever the apprentice disagreed with was answered."""
    left = CounterSignature.objects.open().filter(sign_off__apprenticeship=apprenticeship).count()
    said = ngettext("%(number)s waits for an answer.", "%(number)s wait for an answer.", left) % {"number": left}
    return Requirement(
        gettext_lazy("Disagreements"), not left, said if left else _("None is open."), code="disagreements"
    )
