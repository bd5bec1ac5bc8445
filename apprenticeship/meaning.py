"""What a signature says: one sentence, shown before signing and kept in the entry (21 CFR 11.50).

"I watched" is said only of what the signer saw. A level below the threshold has a sentence of its
own, so that nobody can read "in training" as mastery.
"""

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from apprenticeship.models import AnswerOutcome, Method, RevocationKind, StatusStep

SIGN_OFF_MEANINGS = {
    (Method.OBSERVED, True): _(
        "I watched the apprentice do this on the date given and judge that the level stated was shown."
    ),
    (Method.OBSERVED, False): _(
        "I watched the apprentice do this on the date given; the skill is still being learned, at the level stated."
    ),
    (Method.WORK_PRODUCT, True): _(
        "I examined work the apprentice had finished by the date given and judge that it shows the level stated."
    ),
    (Method.WORK_PRODUCT, False): _(
        "I examined work the apprentice had finished by the date given; "
        "the skill is still being learned, at the level stated."
    ),
    (Method.DISCUSSION, True): _(
        "I talked this through with the apprentice on the date given and judge that the level stated was shown."
    ),
    (Method.DISCUSSION, False): _(
        "I talked this through with the apprentice on the date given; "
        "the skill is still being learned, at the level stated."
    ),
    (Method.TEST, True): _(
        "The apprentice was tested on the date given; I judge by the result that the level stated was shown."
    ),
    (Method.TEST, False): _(
        "The apprentice was tested on the date given; by the result the skill is still being learned, "
        "at the level stated."
    ),
    (Method.CREDIT, True): _(
        "I examined documents of earlier learning, of the date given, and grant credit for this skill "
        "at the level stated."
    ),
    (Method.CREDIT, False): _(
        "I examined documents of earlier learning, of the date given, and grant credit at the level stated; "
        "the skill is still being learned."
    ),
    (Method.TRANSCRIBED, True): _(
        "I compared what was transcribed with the scan of the paper; the paper says that the level stated was shown. "
        "I did not see the work."
    ),
    (Method.TRANSCRIBED, False): _(
        "I compared what was transcribed with the scan of the paper; by the paper the skill is still being learned, "
        "at the level stated. I did not see the work."
    ),
}

TRANSCRIPTION_MEANING = _(
    "Transcribed from paper, not signed here: I copied what the paper says. It counts once somebody else verifies it."
)


def meaning_of_transcription_void(*, own: bool) -> str:
    """The sentence of who withdraws what they transcribed, or refuses what somebody else did."""
    if own:
        return gettext("I withdraw what I transcribed from paper, for the reason I have given.")
    return gettext("I refuse what was transcribed from paper, for the reason I have given. It does not count.")


REVOCATION_MEANINGS = {
    RevocationKind.MISTAKE: _("I entered this sign-off by mistake. It shall be read as never given."),
    RevocationKind.NO_LONGER_STANDS: _("This sign-off no longer stands from today, for the reason I have given."),
}

AGREEMENT_MEANINGS = {
    True: _("I have read this sign-off of my work, and I agree with it."),
    False: _("I have read this sign-off of my work, and I disagree with it, for the reason I have given."),
}

ANSWER_MEANINGS = {
    AnswerOutcome.STANDS: _(
        "I have looked into what the apprentice disagrees with. "
        "The sign-off stands, for the reasons I have given the apprentice."
    ),
    AnswerOutcome.SIGN_AGAIN: _(
        "I have looked into what the apprentice disagrees with. "
        "I ask the mentor to judge and sign again, for the reasons I have given the apprentice."
    ),
}

PURGE_MEANING = _("I had this file removed for good, for the reason I have given. What was signed stays signed.")


def meaning_of_sign_off(method: str, *, attained: bool) -> str:
    """The sentence of a sign-off by `method` at a level that is attained or not, in the active language."""
    return str(SIGN_OFF_MEANINGS[Method(method), attained])


def meaning_of_revocation(kind: str) -> str:
    """The sentence of taking back, in the active language."""
    return str(REVOCATION_MEANINGS[RevocationKind(kind)])


VERIFICATION_MEANINGS = {
    False: _(
        "I have checked the sign-offs listed here and verify for the sponsor "
        "that the apprentice has attained the skills of this set."
    ),
    True: _(
        "I have checked the sign-offs listed here and verify for the sponsor "
        "that the apprentice has attained every required skill of the standard."
    ),
}


def meaning_of_verification(*, whole: bool) -> str:
    """The sentence of the sponsor's verification of a set or of the whole, in the active language."""
    return str(VERIFICATION_MEANINGS[whole])


def meaning_of_verification_void() -> str:
    """The sentence of taking a verification back, in the active language."""
    return gettext("This verification no longer stands from today, for the reason I have given.")


def meaning_of_agreement(*, agrees: bool) -> str:
    """The sentence of the apprentice who agrees or disagrees, in the active language."""
    return str(AGREEMENT_MEANINGS[agrees])


def meaning_of_answer(outcome: str) -> str:
    """The sentence of an answer to a disagreement, in the active language."""
    return str(ANSWER_MEANINGS[AnswerOutcome(outcome)])


STATUS_MEANINGS = {
    StatusStep.PROBATION: _("The apprentice's probation begins on the date given."),
    StatusStep.ACTIVATE: _("The apprenticeship is active from the date given, with no probation to pass."),
    StatusStep.SUSPEND: _("I suspend this apprenticeship from the date given, for the reason I have given."),
    StatusStep.RESUME: _("I resume this apprenticeship from the date given; it goes on as it was before."),
    StatusStep.CANCEL: _("I cancel this apprenticeship from the date given, for the reason I have given."),
    StatusStep.TRANSFER: _(
        "This apprenticeship goes on in the program named here from the date given; it ends in ours."
    ),
    StatusStep.COMPLETE: _(
        "I have checked the whole record and verify for the sponsor that this apprentice "
        "has met every requirement of the program and completes it on the date given."
    ),
    StatusStep.REINSTATE: _(
        "I reinstate this apprenticeship from the date given, for the reason I have given; "
        "the apprenticeship goes on as it was before."
    ),
}


def meaning_of_status(step: str) -> str:
    """The sentence of a change of status, in the active language."""
    return str(STATUS_MEANINGS[StatusStep(step)])


def meaning_of_decision(*, withdrawn: bool) -> str:
    """The sentence of a decision about a requirement, or of withdrawing it, in the active language."""
    if withdrawn:
        return gettext("What was decided of this requirement no longer holds; it is measured as any other.")
    return gettext("By the document named here this requirement counts as met; it was not measured.")


def meaning_of_assignment() -> str:
    """The sentence of an assignment, in the active language."""
    return gettext("I assign this apprentice to the worksite and the role given, for the days given.")


def meaning_of_registration() -> str:
    """The sentence of who records that an agreement was registered, in the active language."""
    return gettext("I have the signed agreement before me, and what the agency answered, and record its registration.")
