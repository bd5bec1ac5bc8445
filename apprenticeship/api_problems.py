"""What the transitions on a record refuse, as the API says it."""

from http import HTTPStatus

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.problems import INVALID_INPUT, NOT_PERMITTED, Problem, ProblemType, problem_of
from apprenticeship.api_shapes import sign_off_facts
from apprenticeship.models import SignOff
from apprenticeship.record import MOST_ENTRIES_IN_ONE_ACT, TooManyEntries
from apprenticeship.running import NotRunning
from apprenticeship.signoff import AlreadySigned, OutsideRoleTrack, SignedWhileNotRunning, SignOffInvalid
from apprenticeship.take_back_rights import NotYours
from apprenticeship.takingback import NotStanding, TakeBackInvalid, TakeBackTimeOver, UndoTimeOver

ALREADY_SIGNED = ProblemType("already-signed", HTTPStatus.CONFLICT, gettext_lazy("Somebody else signed this meanwhile"))
NOT_STANDING = ProblemType("not-standing", HTTPStatus.CONFLICT, gettext_lazy("This signature no longer stands"))
UNDO_TIME_OVER = ProblemType("undo-time-over", HTTPStatus.CONFLICT, gettext_lazy("The time to undo is over"))
TAKE_BACK_TIME_OVER = ProblemType(
    "take-back-time-over", HTTPStatus.CONFLICT, gettext_lazy("The signer's time to take this back is over")
)
TOO_MANY_ENTRIES = ProblemType("too-many-entries", HTTPStatus.BAD_REQUEST, gettext_lazy("Too many entries at once"))

NOT_RUNNING = ProblemType(
    "apprenticeship-not-running", HTTPStatus.CONFLICT, gettext_lazy("The apprenticeship is suspended or cancelled")
)

NOTHING_WAS_SIGNED = gettext_lazy("Nothing was signed. Mend what is listed and send it again.")


@problem_of.register
def _invalid(error: SignOffInvalid) -> Problem:
    places = [
        {"pointer": f"#/lines/{problem.line}/{problem.field}", "detail": problem.message} for problem in error.problems
    ]
    return Problem(INVALID_INPUT, str(NOTHING_WAS_SIGNED), places)


@problem_of.register
def _not_running(error: NotRunning) -> Problem:
    return Problem(NOT_RUNNING, str(error))


@problem_of.register
def _signed_while_not_running(error: SignedWhileNotRunning) -> Problem:
    places = [{"pointer": f"#/lines/{problem.line}", "detail": problem.message} for problem in error.problems]
    return Problem(NOT_RUNNING, _("Nothing was signed. Leave out what is listed and send the rest."), places)


@problem_of.register
def _already_signed(error: AlreadySigned) -> Problem:
    places = [
        {
            "pointer": f"#/lines/{line}/replaces",
            "detail": who_when_level(standing),
            "standing": sign_off_facts(standing) if standing else None,
        }
        for line, standing in sorted(error.standing.items())
    ]
    return Problem(ALREADY_SIGNED, _("Nothing was signed. Look at what stands, then name it as `replaces`."), places)


def who_when_level(standing: SignOff | None) -> str:
    """What stands instead of what the signer saw, in words."""
    if standing is None:
        return _("What you saw was taken back; nothing stands now.")
    facts = sign_off_facts(standing)
    return _("%(name)s signed this on %(date)s: %(level)s.") % {
        "name": facts["by"]["name"],
        "date": date_format(standing.entry.recorded_at, "DATE_FORMAT"),
        "level": facts["level"]["label"],
    }


@problem_of.register
def _outside_role_track(error: OutsideRoleTrack) -> Problem:
    detail = _("You mentor this apprentice, but not in the role “%(track)s”.") % {"track": error.role_track}
    return Problem(NOT_PERMITTED, detail)


@problem_of.register
def _too_many(_error: TooManyEntries) -> Problem:
    return Problem(TOO_MANY_ENTRIES, _("At most %(most)s. Split it.") % {"most": MOST_ENTRIES_IN_ONE_ACT})


@problem_of.register
def _take_back_invalid(error: TakeBackInvalid) -> Problem:
    return Problem(INVALID_INPUT, errors=[{"pointer": f"#/{error.field}", "detail": error.message}])


@problem_of.register
def _not_standing(_error: NotStanding) -> Problem:
    return Problem(NOT_STANDING, _("It was taken back or replaced before. Nothing changed."))


@problem_of.register
def _undo_time_over(_error: UndoTimeOver) -> Problem:
    return Problem(UNDO_TIME_OVER, _("It can still be taken back as no_longer_stands, with a reason."))


@problem_of.register
def _take_back_time_over(_error: TakeBackTimeOver) -> Problem:
    return Problem(TAKE_BACK_TIME_OVER, _("Ask a coordinator to take it back. Nothing changed."))


@problem_of.register
def _not_yours(_error: NotYours) -> Problem:
    return Problem(NOT_PERMITTED, _("Somebody else signed this. Ask them, or a coordinator, to take it back."))
