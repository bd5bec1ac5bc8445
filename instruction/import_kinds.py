"""The kinds of files of hours, as settings.IMPORT_KINDS names them."""

from django.conf import settings
from django.utils.translation import gettext_lazy

from accounts.access import Permission
from accounts.import_kinds import FileKind
from apprenticeship.record import TooManyEntries
from apprenticeship.work_days import WorkRefused
from instruction import import_attendance, import_timesheets
from instruction.import_columns import ATTENDANCE_COLUMNS, TIMESHEET_COLUMNS
from instruction.roll_checks import RollConflict, RollInvalid


def _most_rows() -> int:
    return int(settings.IMPORT_MOST_ROWS)


ATTENDANCE = FileKind(
    code="attendance",
    label=gettext_lazy("Attendance of classes"),
    permission=Permission.BRING_IN_HOURS,
    columns=ATTENDANCE_COLUMNS,
    check=import_attendance.check,
    write=import_attendance.write,
    act="bring_in_hours",
    refusals=(RollInvalid, RollConflict, TooManyEntries),
    most_rows=_most_rows,
    is_signed=True,
)
TIMESHEET = FileKind(
    code="timesheet",
    label=gettext_lazy("Timesheets of hours on the job"),
    permission=Permission.BRING_IN_TIMESHEETS,
    columns=TIMESHEET_COLUMNS,
    check=import_timesheets.check,
    write=import_timesheets.write,
    act="bring_in_hours",
    refusals=(WorkRefused, TooManyEntries),
    most_rows=_most_rows,
)
HOURS_KINDS = {kind.code: kind for kind in (ATTENDANCE, TIMESHEET)}
