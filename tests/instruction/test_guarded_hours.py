"""The database itself refuses changed hours and impossible ones; what slips by is found by verifying."""

from decimal import Decimal

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction
from django.db.models import Model

from accounts.models import User
from acts.guards import lifted
from apprenticeship.models import Apprenticeship
from apprenticeship.verifying import verify_record
from instruction.models import Attendance, AttendanceVoid, ClassSession, ClassTopic
from instruction.voiding import void_class_hours
from tests.cast import viewer_for
from tests.instruction.classroom import GENERAL, attend, topic_of

GUARDED = (ClassSession, ClassTopic, Attendance, AttendanceVoid)


@pytest.fixture
def attended(rosa: Apprenticeship, coordinator: User) -> Attendance:
    """Four hours that stand, beside two that were taken back."""
    (kept,) = attend(coordinator, [rosa], hours="4")
    wrong = attend(coordinator, [rosa], GENERAL, "2")
    void_class_hours(viewer=viewer_for(coordinator), key="v", attendances=wrong, reason="Wrong day")
    return kept


@pytest.mark.usefixtures("attended")
@pytest.mark.parametrize("model", GUARDED)
@pytest.mark.parametrize("sql", ["UPDATE {table} SET id = id", "DELETE FROM {table}"])
def test_rows_of_classes_are_never_changed_or_deleted(model: type[Model], sql: str) -> None:
    with pytest.raises(DatabaseError, match="insert only"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql.format(table=model._meta.db_table))


@pytest.mark.parametrize("hours", ["0", "-1", "24.25", "1.1", "0.1"])
def test_the_database_knows_what_hours_of_a_day_are(hours: str, attended: Attendance) -> None:
    session = attended.class_topic.session
    with pytest.raises(IntegrityError, match="class_topic_hours_of_one_day"), transaction.atomic():
        ClassTopic.objects.create(
            session=session, topic=topic_of(attended.apprenticeship, GENERAL), hours=Decimal(hours)
        )


@pytest.mark.parametrize("hours", ["0.25", "1.5", "6.75", "24"])
def test_the_database_takes_quarters(hours: str, attended: Attendance) -> None:
    topic = topic_of(attended.apprenticeship, GENERAL)
    made = ClassTopic.objects.create(session=attended.class_topic.session, topic=topic, hours=Decimal(hours))
    assert ClassTopic.objects.get(pk=made.pk).hours == Decimal(hours)


# Forgers need real commits: PostgreSQL alters no table with a check still to come in the transaction.
@pytest.mark.django_db(transaction=True)
def test_a_void_that_was_made_to_vanish_is_missed(attended: Attendance) -> None:
    with lifted(connection):
        AttendanceVoid.objects.all().delete()
    (finding,) = verify_record(attended.apprenticeship).findings
    assert (finding.sequence, "class_hours_void" in finding.what) == (3, True)
