"""The kind of files of people, as settings.IMPORT_KINDS names it."""

from django.conf import settings
from django.db import IntegrityError
from django.utils.translation import gettext_lazy

from accounts.access import Permission
from accounts.import_kinds import FileKind
from accounts.people import PeopleInvalid
from apprenticeship import people_files
from apprenticeship.mentoring import MentoringInvalid
from apprenticeship.people_columns import PEOPLE_COLUMNS
from apprenticeship.registering import RegistrationInvalid


def _most_rows() -> int:
    return int(settings.IMPORT_MOST_PEOPLE)


PEOPLE = FileKind(
    code="people",
    label=gettext_lazy("People"),
    permission=Permission.REGISTER_APPRENTICES,
    columns=PEOPLE_COLUMNS,
    check=people_files.check,
    write=people_files.write,
    act="bring_in_people",
    refusals=(PeopleInvalid, RegistrationInvalid, MentoringInvalid, IntegrityError),
    most_rows=_most_rows,
    by_worker=True,
)
