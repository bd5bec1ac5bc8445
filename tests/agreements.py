"""What the apprentice of a book says of a signature, and the answer to it, as tests say them."""

import uuid
from collections.abc import Sequence
from datetime import datetime

from accounts.models import User
from apprenticeship.agreeing import agree, disagree
from apprenticeship.disagreements import answer_disagreement
from apprenticeship.models import Apprenticeship, CounterSignature, DisagreementAnswer, SignOff, Terms
from tests.cast import NOW, viewer_for


def demands_ok(book: Apprenticeship, *codes: str, **limits: int) -> Apprenticeship:
    """The same book under the next terms, which demand the apprentice's OK for the skills `codes`."""
    terms = book.terms
    book.terms = Terms.objects.create(
        program=terms.program,
        number=terms.number + 1,
        standard_version=terms.standard_version,
        adopted_on=terms.adopted_on,
        additions={code: {"counter_signature": True} for code in codes},
        signing_limits=limits,
    )
    book.save(update_fields=["terms"])
    return book


def again(sign_off: SignOff) -> SignOff:
    """The signature as another request would load it."""
    return SignOff.objects.select_related("entry", "level", "apprenticeship__sponsor").get(pk=sign_off.pk)


def agreed(
    *sign_offs: SignOff, by: User | None = None, at: datetime = NOW, key: str = ""
) -> Sequence[CounterSignature]:
    """The apprentice agrees with all `sign_offs` in one act."""
    viewer = viewer_for(by or sign_offs[0].apprenticeship.apprentice, at)
    return agree(viewer=viewer, key=key or str(uuid.uuid4()), sign_offs=[again(s) for s in sign_offs])


def disagreed(
    sign_off: SignOff,
    reason: str = "I was not there that day.",
    *,
    by: User | None = None,
    at: datetime = NOW,
    key: str = "",
) -> CounterSignature:
    """The apprentice disagrees with one sign-off."""
    viewer = viewer_for(by or sign_off.apprenticeship.apprentice, at)
    return disagree(viewer=viewer, key=key or str(uuid.uuid4()), sign_off=again(sign_off), reason=reason)


def answered(
    disagreement: CounterSignature,
    by: User,
    outcome: str = "stands",
    words: str = "The log of that day shows you.",
    *,
    at: datetime = NOW,
    key: str = "",
) -> DisagreementAnswer:
    """`by` answers what the apprentice disagreed with."""
    loaded = CounterSignature.objects.select_related("entry", "sign_off__entry").get(pk=disagreement.pk)
    return answer_disagreement(
        viewer=viewer_for(by, at), key=key or str(uuid.uuid4()), disagreement=loaded, outcome=outcome, words=words
    )
