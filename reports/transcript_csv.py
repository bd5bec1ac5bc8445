"""The transcript for a spreadsheet: its lines first, then the sums, then what was signed about topics."""

from collections.abc import Iterable, Iterator

from django.utils.translation import gettext as _

from apprenticeship.models import TestKind
from reports.codes import word_of
from reports.templatetags.paper import earned_word
from reports.transcript_papers import TopicSigned, Transcript

Row = list[str]


def transcript_as_csv(paper: Transcript) -> Iterator[Row]:
    """The rows of all its tables, each under its headings, parted by an empty row."""
    yield [paper.who.apprentice, paper.as_of]
    yield []
    yield from _lines(paper)
    yield []
    yield from _sums(paper)
    yield []
    yield from _years(paper)
    yield []
    yield from _tests(paper)
    yield []
    yield from _signed(_("Competency in topics, signed by instructors"), paper.signed)
    yield []
    yield from _signed(_("Waived topics"), paper.waived)


def _lines(paper: Transcript) -> Iterator[Row]:
    yield [
        _("Date"),
        _("Course"),
        _("Topic"),
        _("Hours"),
        _("Kind"),
        _("Provider"),
        _("Instructor"),
        _("Entry"),
    ]
    for line in paper.lines:
        words = [line.day, line.course, line.topic, line.hours, earned_word(line.kind), line.provider, line.instructor]
        yield [*words, str(line.sequence)]
    yield [_("In all"), "", "", paper.hours]


def _sums(paper: Transcript) -> Iterator[Row]:
    yield [_("Course"), _("Topic"), _("Hours"), _("Required")]
    for course in paper.courses:
        yield from ([course.title, topic.title, topic.hours, topic.minimum] for topic in course.topics)
        yield [course.title, "", course.hours, course.required]


def _years(paper: Transcript) -> Iterator[Row]:
    yield [_("Year"), _("From"), _("To"), _("Hours"), _("Required")]
    if paper.earlier:
        yield [_("Before the apprenticeship began"), "", "", paper.earlier, ""]
    for year in paper.years:
        yield [str(year.number), year.first, year.last, year.hours, year.required]


def _tests(paper: Transcript) -> Iterator[Row]:
    yield [_("Tests of topics")]
    for one in paper.tests:
        test, result = one.test, _("passed") if one.test.passed else _("not passed")
        kind = word_of(test.kind, TestKind)
        yield [test.taken_on, one.topic, kind, test.instrument, test.examiner, test.organization, result, test.score]


def _signed(name: str, signed: Iterable[TopicSigned]) -> Iterator[Row]:
    yield [name]
    for one in signed:
        yield [one.topic, one.signed.name, one.signed.role, one.signed.at, str(one.signed.sequence)]
