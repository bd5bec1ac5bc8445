"""What rows of people name by words: terms, employers, worksites, cohorts, tracks and mentors of one sponsor."""

import uuid
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _

from accounts.import_columns import CellProblem, plain, text_in
from accounts.import_rows import Row
from accounts.models import Invitation, Membership, Role, Sponsor, User
from acts.cells import Cell
from apprenticeship.models import Cohort, Employer, Terms, Worksite
from apprenticeship.people_columns import names_in


class Places:
    """The sponsor's programs, employers, worksites and cohorts by name; four queries."""

    def __init__(self, sponsor: Sponsor) -> None:
        self.terms: dict[str, Terms] = {}
        self.newest: dict[uuid.UUID, Terms] = {}
        rows = Terms.objects.in_force().filter(program__sponsor=sponsor).select_related("program", "standard_version")
        for terms in rows.order_by("number"):
            title = terms.program.title
            self.newest[terms.program_id] = self.terms[plain(title)] = terms
            self.terms[plain(f"{title}, {terms.number}")] = terms
        self.employers = {plain(one.name): one for one in Employer.objects.filter(sponsor=sponsor)}
        self.worksites: dict[tuple[uuid.UUID, str], Worksite] = {
            (one.employer_id, plain(one.name)): one for one in Worksite.objects.filter(employer__sponsor=sponsor)
        }
        self.cohorts = {plain(one.name): one for one in Cohort.objects.filter(sponsor=sponsor)}

    def terms_of(self, cell: Cell) -> Terms:
        """The terms that the cell names; the only program's where it names none. Raises CellProblem."""
        if cell.is_blank and len(self.newest) == 1:
            return next(iter(self.newest.values()))
        if found := self.terms.get(plain(text_in(cell))):
            return found
        raise CellProblem(_("No program of yours has this title, or no such terms. Look at its page for both."))

    def employer_of(self, cell: Cell) -> Employer:
        """The employer of this name. Raises CellProblem."""
        if found := self.employers.get(plain(text_in(cell))):
            return found
        raise CellProblem(_("No employer of yours has this name. Add it first, or correct the name."))

    def worksite_of(self, cell: Cell, employer: Employer) -> Worksite | None:
        """The worksite of this name at that employer; None for a blank cell. Raises CellProblem."""
        if cell.is_blank:
            return None
        if found := self.worksites.get((employer.pk, plain(text_in(cell)))):
            return found
        raise CellProblem(
            _("%(employer)s has no worksite of this name. Add it first, or correct the name.")
            % {"employer": employer.name}
        )

    def cohort_of(self, cell: Cell) -> Cohort | None:
        """The cohort of this name; None for a blank cell. Raises CellProblem."""
        if cell.is_blank:
            return None
        if found := self.cohorts.get(plain(text_in(cell))):
            return found
        raise CellProblem(_("No cohort of yours has this name. Add it first, or correct the name."))


Ref = uuid.UUID | int
"""Who a row means: the id of somebody known, or the number of another row of the file."""


@dataclass(frozen=True)
class Held:
    """The role of a mentor, since a day and until a day (exclusive)."""

    since: date
    until: date | None


class Mentors:
    """Those who are or will be mentors of the sponsor, and those of the file, by mail address and name; two queries."""

    def __init__(self, sponsor: Sponsor, *, today: date) -> None:
        self.by_name: dict[str, set[Ref]] = defaultdict(set)
        self.held: dict[Ref, list[Held]] = defaultdict(list)
        self.names: dict[Ref, str] = {}
        rows = Membership.objects.filter(sponsor=sponsor, role=Role.MENTOR).exclude(until__lte=today)
        for row in rows.select_related("user"):
            mails = [] if row.pending else [row.user.email]
            self._add(row.user_id, row.user.name, [row.user.username, *mails], Held(row.since, row.until))
        invited = Invitation.objects.filter(sponsor=sponsor, person__in=rows.values("user"), withdrawn_at=None)
        for person, email in invited.values_list("person", "email"):
            self.by_name[plain(email)].add(person)

    def add_rows(self, rows: Iterable[Row]) -> None:
        """Those of the file, once it is known who of them is known already."""
        for row in rows:
            if Role.MENTOR in row.read["role"]:
                known: User | None = row.read["known"]
                person = row.read["person"]
                since = next(new.since for new in person.roles if new.role == Role.MENTOR)
                self._add(known.pk if known else row.number, person.name, [person.email], Held(since, None))

    def _add(self, ref: Ref, name: str, others: Sequence[str], held: Held) -> None:
        self.names[ref] = name
        self.held[ref].append(held)
        for known_as in (name, *others):
            if known_as:
                self.by_name[plain(known_as)].add(ref)

    def of(self, cell: Cell) -> list[Ref]:
        """Those whom the cell names. Raises CellProblem."""
        return [self._one(said) for said in names_in(cell)]

    def _one(self, said: str) -> Ref:
        found = self.by_name.get(plain(said), set())
        if len(found) > 1:
            raise CellProblem(
                _("Several mentors have the name “%(name)s”. Write the mail address.") % {"name": said[:60]}
            )
        if not found:
            raise CellProblem(
                _("“%(name)s” is no mentor of yours, nor in this file. Bring them in as well, or correct the name.")
                % {"name": said[:60]}
            )
        return next(iter(found))

    def holds(self, ref: Ref, day: date) -> bool:
        """Whether they hold the role on that day."""
        return any(one.since <= day and (one.until is None or day < one.until) for one in self.held[ref])
