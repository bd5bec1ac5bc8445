"""A signature and a suspension that come together: no signature enters the book after the suspension."""

import uuid

import pytest

from accounts.models import User
from apprenticeship.models import Apprenticeship, SignOff, StatusChange
from apprenticeship.signoff import SignedWhileNotRunning, sign_off
from tests.at_once import at_once
from tests.cast import fresh, line, signed, viewer_for
from tests.record.every_kind import status_changed

pytestmark = pytest.mark.django_db(transaction=True)


def test_a_signature_comes_before_the_suspension_or_not_at_all(
    apprenticeship: Apprenticeship, mentor: User, coordinator: User
) -> None:
    signed(apprenticeship, mentor, "2.1")
    status_changed(fresh(apprenticeship), coordinator, "activate")
    for code in ("1.1", "1.2", "1.3", "1.4", "1.5", "1.6"):
        viewer, wanted = viewer_for(mentor), line(fresh(apprenticeship), code)
        book = fresh(apprenticeship)

        def sign(viewer: object = viewer, wanted: object = wanted) -> SignOff:
            return sign_off(viewer=viewer, key=str(uuid.uuid4()), line=wanted)  # type: ignore[arg-type]  # of this round

        def suspend(book: Apprenticeship = book) -> StatusChange:
            return status_changed(book, coordinator, "suspend", reason="On leave.", seen="active")

        made, change = at_once([sign, suspend])
        assert isinstance(change, StatusChange), change
        if isinstance(made, SignOff):
            assert made.entry.sequence < change.entry.sequence
        else:
            assert isinstance(made, SignedWhileNotRunning), made
        status_changed(fresh(apprenticeship), coordinator, "resume")
