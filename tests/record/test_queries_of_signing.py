"""Signing twenty skills asks the database as often as signing one, and 500 is the most in one act."""

from collections.abc import Sequence
from dataclasses import replace

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.models import Role, Sponsor, User
from acts.models import origin
from apprenticeship.models import Apprenticeship, RecordEntry, SignOff, SkillStanding, Terms
from apprenticeship.signoff import SignOffLine, sign_off_many
from apprenticeship.verifying import verify_record
from competencies.models import RatingLevel, Skill
from tests.cast import TODAY, fresh, make_apprenticeship, make_mentorship, make_person, viewer_for


def bare_lines(book: Apprenticeship, number: int) -> list[SignOffLine]:
    """Lines whose objects bring nothing along: each skill, level and book without its relatives."""
    levels = {level.scale_id: level for level in RatingLevel.objects.filter(is_threshold=True)}
    skills = Skill.objects.filter(skill_set__version=book.terms.standard_version_id).order_by(
        "skill_set__order", "order"
    )
    return [
        SignOffLine(
            apprenticeship=Apprenticeship.objects.get(pk=book.pk),
            skill=skill,
            level=levels[skill.scale_id],
            method="observed",
            observed_on=TODAY,
            replaces=None,
            worksite=book.worksite,
            note=f"Note on {skill.code}.",
        )
        for skill in skills[:number]
    ]


def queries_of(mentor: User, key: str, lines: Sequence[SignOffLine]) -> int:
    viewer = viewer_for(mentor)
    origin()  # made once in the life of an installation
    with CaptureQueriesContext(
        connection,
    ) as captured:
        sign_off_many(viewer=viewer, key=key, lines=lines)
    return len(captured)


@pytest.fixture
def twin(sponsor: Sponsor, terms: Terms, mentor: User) -> Apprenticeship:
    """Another book with the same mentor."""
    book = make_apprenticeship(make_person("Tom Twin", Role.APPRENTICE, sponsor=sponsor), terms)
    make_mentorship(book, mentor)
    return book


def test_more_lines_cost_no_more_queries(apprenticeship: Apprenticeship, twin: Apprenticeship, mentor: User) -> None:
    few = queries_of(mentor, "few", bare_lines(apprenticeship, 20))
    many = queries_of(mentor, "many", bare_lines(twin, 45))
    assert many <= few <= 32


def test_rating_more_lines_again_costs_no_more_queries(
    apprenticeship: Apprenticeship, twin: Apprenticeship, mentor: User
) -> None:
    costs = []
    for book, number in ((apprenticeship, 20), (twin, 45)):
        made = sign_off_many(viewer=viewer_for(mentor), key=f"first {number}", lines=bare_lines(book, number))
        lines = [replace(line, replaces=sign.pk) for line, sign in zip(bare_lines(book, number), made, strict=True)]
        costs.append(queries_of(mentor, f"again {number}", lines))
    assert costs[1] <= costs[0] <= 34


def test_one_loaded_line_costs_twenty_one_queries_at_most(apprenticeship: Apprenticeship, mentor: User) -> None:
    loaded = bare_lines(apprenticeship, 1)[0]
    skill = Skill.objects.select_related("skill_set", "parent").get(pk=loaded.skill.pk)
    level = RatingLevel.objects.select_related("scale").get(pk=loaded.level.pk)
    book = fresh(apprenticeship)
    loaded = replace(loaded, apprenticeship=book, skill=skill, level=level, worksite=None, note="")
    assert queries_of(mentor, "loaded", [loaded]) <= 21


@pytest.mark.slow
def test_one_act_may_sign_five_hundred_lines_and_rate_them_again(sponsor: Sponsor, terms: Terms, mentor: User) -> None:
    books = [
        make_apprenticeship(make_person(f"Number{i} Person", Role.APPRENTICE, sponsor=sponsor), terms)
        for i in range(11)
    ]
    for book in books:
        make_mentorship(book, mentor)
    lines = [line for book in books for line in bare_lines(fresh(book), 49)][:500]
    made = sign_off_many(viewer=viewer_for(mentor), key="k", lines=lines)
    again = [replace(line, replaces=sign.pk) for line, sign in zip(lines, made, strict=True)]
    sign_off_many(viewer=viewer_for(mentor), key="again", lines=again)
    assert (RecordEntry.objects.count(), SignOff.objects.count(), SkillStanding.objects.count()) == (1000, 1000, 500)
    assert verify_record(books[3]).is_intact
