"""What a sign-off demands: what the standard's version says of the skill, and what the program's Terms add.

Terms only ever add: a demand of the published standard is never dropped, weakened or reworded, so `check_additions`
refuses what would. Demands bind from the threshold upward; a level of learning is signed without them.
"""

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db import models
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from competencies.models import Skill

if TYPE_CHECKING:
    from apprenticeship.models import Terms

FLAGS = ("evidence", "counter_signature", "practical_test", "written_test")
LONGEST_NUMBER, LONGEST_VERSION = 60, 30
"""How many characters the number and the version of a procedure may have."""

MOST_MONTHS = 600


class TestKind(models.TextChoices):
    """The two sorts of test that a skill may demand."""

    PRACTICAL = "practical", gettext_lazy("Hands-on test")
    WRITTEN = "written", gettext_lazy("Written test")


class AdditionsInvalid(ValueError):
    """What Terms shall add is no addition: an unknown skill or demand, or one that takes something away."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(f"{code}: {message}")
        self.code = code
        self.message = message


@dataclass(frozen=True)
class Demands:
    """What a sign-off at or above the threshold asks for; `due_again_months` blank means never again."""

    evidence: bool = False
    counter_signature: bool = False
    practical_test: bool = False
    written_test: bool = False
    procedure_number: str = ""
    procedure_version: str = ""
    due_again_months: int | None = None

    @property
    def procedure(self) -> str:
        """The written procedure with its version, as people say it; blank where none is demanded."""
        return procedure_in_words(self.procedure_number, self.procedure_version)

    @property
    def tests(self) -> tuple[TestKind, ...]:
        """The kinds of test that are asked for."""
        asked = ((self.practical_test, TestKind.PRACTICAL), (self.written_test, TestKind.WRITTEN))
        return tuple(kind for demanded, kind in asked if demanded)

    @property
    def words(self) -> list[str]:
        """What is asked for, in words."""
        asked = [
            (self.evidence, _("evidence of the work")),
            (self.practical_test, _("a hands-on test")),
            (self.written_test, _("a written test")),
            (self.counter_signature, _("the apprentice's OK")),
            (bool(self.procedure_number), _("procedure %(procedure)s") % {"procedure": self.procedure}),
        ]
        words = [said for demanded, said in asked if demanded]
        if months := self.due_again_months:
            again = ngettext("again every %(months)s month", "again every %(months)s months", months)
            words.append(again % {"months": months})
        return words


def procedure_in_words(number: str, version: str) -> str:
    """A procedure as pages and papers name it: "SOP-12 v3"."""
    return f"{number} v{version}" if version else number


def demands_of(skill: Skill, terms: "Terms") -> Demands:
    """What `terms` make of `skill`: its own demands with what they add. No query."""
    added: Mapping[str, Any] = terms.additions.get(skill.code, {})
    procedure = added.get("procedure", {})
    months = [found for found in (skill.due_again_months, added.get("due_again_months")) if found]
    return Demands(
        evidence=skill.needs_evidence or bool(added.get("evidence")),
        counter_signature=skill.needs_counter_signature or bool(added.get("counter_signature")),
        practical_test=skill.needs_practical_test or bool(added.get("practical_test")),
        written_test=skill.needs_written_test or bool(added.get("written_test")),
        procedure_number=skill.procedure_number or procedure.get("number", ""),
        procedure_version=skill.procedure_version or procedure.get("version", ""),
        due_again_months=min(months) if months else None,
    )


def demands_of_standard(skill: Skill) -> Demands:
    """What the published standard itself demands of `skill`."""
    return Demands(
        evidence=skill.needs_evidence,
        counter_signature=skill.needs_counter_signature,
        practical_test=skill.needs_practical_test,
        written_test=skill.needs_written_test,
        procedure_number=skill.procedure_number,
        procedure_version=skill.procedure_version,
        due_again_months=skill.due_again_months,
    )


def fits(skill: Skill, name: str, value: Any) -> bool:
    """Whether `skill` can take the addition `name`: it takes nothing away of what the standard demands."""
    try:
        _check_one(skill, name, value)
    except AdditionsInvalid:
        return False
    return True


def check_additions(version_id: uuid.UUID, additions: Any) -> None:
    """Raise AdditionsInvalid unless `additions` only add demands to skills of this version; one query at most."""
    if not isinstance(additions, dict):
        raise AdditionsInvalid("", "additions are an object of skill codes")
    if not additions:
        return
    skills = {skill.code: skill for skill in Skill.objects.filter(skill_set__version=version_id, code__in=additions)}
    for code, added in additions.items():
        if code not in skills:
            raise AdditionsInvalid(code, "the version has no such skill")
        if not isinstance(added, dict) or not added:
            raise AdditionsInvalid(code, "an addition is an object of demands, with at least one")
        for name, value in added.items():
            _check_one(skills[code], name, value)


def _check_one(skill: Skill, name: str, value: Any) -> None:
    if name in FLAGS:
        if value is not True:
            raise AdditionsInvalid(skill.code, f"{name} can only be added: true")
    elif name == "due_again_months":
        _check_months(skill, value)
    elif name == "procedure":
        _check_procedure(skill, value)
    else:
        raise AdditionsInvalid(skill.code, f"{name} is no demand")


def _check_months(skill: Skill, value: Any) -> None:
    if type(value) is not int or not 1 <= value <= MOST_MONTHS:
        raise AdditionsInvalid(skill.code, f"due_again_months is a whole number from 1 to {MOST_MONTHS}")
    if skill.due_again_months and value > skill.due_again_months:
        raise AdditionsInvalid(skill.code, f"the standard asks for it every {skill.due_again_months} months already")


def _check_procedure(skill: Skill, value: Any) -> None:
    if not isinstance(value, dict) or not value.get("number") or not value.keys() <= {"number", "version"}:
        raise AdditionsInvalid(skill.code, "a procedure has a number and, if need be, a version")
    number, version = value["number"], value.get("version", "")
    if not isinstance(number, str) or len(number) > LONGEST_NUMBER:
        raise AdditionsInvalid(skill.code, f"the procedure's number is a text of at most {LONGEST_NUMBER} characters")
    if not isinstance(version, str) or len(version) > LONGEST_VERSION:
        raise AdditionsInvalid(skill.code, f"the procedure's version is a text of at most {LONGEST_VERSION} characters")
    if skill.procedure_number not in ("", number):
        raise AdditionsInvalid(skill.code, f"the standard names procedure {skill.procedure_number} already")
    if skill.procedure_version not in ("", version):
        raise AdditionsInvalid(skill.code, f"the standard names version {skill.procedure_version} already")
