"""What is asked for when somebody is registered, with facts that a test need not name."""

import uuid
from typing import Any

from accounts.models import User
from accounts.people import NewPerson
from apprenticeship.models import Apprenticeship, Terms
from apprenticeship.registering import Registration, as_apprentice, register
from tests.cast import STARTS_ON, TODAY, viewer_for


def newcomer(name: str = "Luis Ortiz", email: str = "luis@example.org") -> NewPerson:
    return as_apprentice(name=name, email=email, language="es", starts_on=STARTS_ON, today=TODAY)


def wanted(book: Apprenticeship, who: NewPerson | User | None = None, **facts: Any) -> Registration:
    """Somebody beside Rosa: by her terms, at her worksite, in her cohort; `facts` say what is otherwise."""
    given: dict[str, Any] = {
        "terms": Terms.objects.select_related("program").get(pk=book.terms_id),
        "employer": book.employer,
        "worksite": book.worksite,
        "cohort": book.cohort,
        "role_track": "",
        "registration_number": "NY-2",
        "starts_on": STARTS_ON,
    }
    return Registration(apprentice=who or newcomer(), **(given | facts))


def registered(by: User, asked: Registration, *, key: str = "") -> Apprenticeship:
    """The book after `by` registered what is asked."""
    viewer = viewer_for(by)
    return register(viewer=viewer, key=key or str(uuid.uuid4()), sponsor=viewer.sponsors[0], wanted=asked)
