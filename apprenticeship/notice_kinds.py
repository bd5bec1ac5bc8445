"""The kinds of notices about records: their words, where they lead, and whether they still hold.

A notice's `data` has `name` (the apprentice), `by` (who acted), and `rows`: for each skill the id of what
the notice is about (an asking, a signature), the skill's code and its id. Codes stand in the mail; words
of skills, comments and reasons never do.
"""

import uuid
from collections.abc import Callable, Collection
from typing import Any

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from accounts.models import Notice, NoticeGroup
from accounts.notices import Data, NoticeKind
from apprenticeship.models import (
    AskState,
    CounterSignature,
    RequestedSkill,
    RevocationKind,
    SignOff,
    SkillStanding,
    TakeBackRequest,
    TakeBackState,
)

SHOWN = 8
"""How many codes a notice names before it counts the rest."""

WAITING, ANSWERS, DUE = NoticeGroup.WAITING, NoticeGroup.ANSWERS, NoticeGroup.DUE


# ------------------------------------------------------------ whether it still holds
def _as_told(notice: Notice) -> Data | None:
    told: Data = notice.data
    return told


def _only(notice: Notice, alive: "QuerySet[Any, uuid.UUID]") -> Data | None:
    """The notice about those of its rows whose ids are `alive`, or None without any."""
    kept = {str(pk) for pk in alive}
    rows = [row for row in notice.data["rows"] if row[0] in kept]
    return {**notice.data, "rows": rows} if rows else None


def _ids(notice: Notice) -> list[uuid.UUID]:
    return [uuid.UUID(row[0]) for row in notice.data["rows"]]


def _asked(*states: AskState) -> Callable[[Notice], Data | None]:
    """As long as the conversation about a skill is in one of these states."""

    def now(notice: Notice) -> Data | None:
        rows = RequestedSkill.objects.filter(pk__in=_ids(notice), state__in=states)
        return _revived(notice, rows.values_list("pk", flat=True))

    return now


def _revived(notice: Notice, alive: "QuerySet[Any, uuid.UUID]") -> Data | None:
    """As `_only`, but it keeps in mind what it was told about: an undone answer makes it wait again."""
    everything = notice.data.get("all", notice.data["rows"])
    kept = {str(pk) for pk in alive}
    rows = [row for row in everything if row[0] in kept]
    if not rows:
        return None
    return {**notice.data, "rows": rows, **({"all": everything} if len(rows) < len(everything) else {})}


def _not_a_mistake(notice: Notice) -> Data | None:
    made = SignOff.objects.filter(pk__in=_ids(notice)).exclude(revocation__kind=RevocationKind.MISTAKE)
    return _only(notice, made.values_list("pk", flat=True))


def _without_a_word(notice: Notice) -> Data | None:
    """Signatures that the apprentice has neither agreed nor disagreed with."""
    made = SignOff.objects.filter(pk__in=_ids(notice), counter_signatures=None)
    return _only(notice, made.exclude(revocation__isnull=False).values_list("pk", flat=True))


def _unanswered(notice: Notice) -> Data | None:
    disagreements = CounterSignature.objects.open().filter(sign_off__in=_ids(notice))
    return _only(notice, disagreements.values_list("sign_off", flat=True))


def _take_back_wanted(notice: Notice) -> Data | None:
    waiting = TakeBackRequest.objects.filter(sign_off__in=_ids(notice), state=TakeBackState.OPEN)
    return _only(notice, waiting.values_list("sign_off", flat=True))


def _standing(notice: Notice) -> Data | None:
    live = SkillStanding.objects.filter(sign_off__in=_ids(notice))
    return _only(notice, live.values_list("sign_off", flat=True))


# ------------------------------------------------------------ where it leads
def _to_request(notice: Notice) -> str:
    return reverse("sign_off_request", args=[notice.about])


def _to_record(notice: Notice) -> str:
    """The record, or the one skill that the notice is about."""
    rows = notice.data.get("rows", [])
    if len(rows) == 1:
        return reverse("record_skill", args=[notice.about, rows[0][2]])
    return reverse("record", args=[notice.about])


def _to_answer(url_name: str) -> Callable[[Notice], str]:
    """Where the one who shall answer does it; for all others, who have no `to`, the record."""

    def address(notice: Notice) -> str:
        to = notice.data.get("to")
        return reverse(url_name, args=[to]) if to else _to_record(notice)

    return address


def _to_oks(notice: Notice) -> str:
    return reverse("agree", args=[notice.about])


def _to_cohorts(_notice: Notice) -> str:
    return reverse("coordinator_home")


# ------------------------------------------------------------ words
def _codes(data: Data) -> str:
    """The skills by their codes: "Skills 4.3, 4.4"."""
    codes = [row[1] for row in data["rows"]]
    more = len(codes) - SHOWN
    if more > 0:
        shown = ", ".join(codes[:SHOWN])
        return _("Skills %(codes)s and %(more)s more") % {"codes": shown, "more": more}
    return ngettext("Skill %(codes)s", "Skills %(codes)s", len(codes)) % {"codes": ", ".join(codes)}


def _nothing(_data: Data) -> str:
    return ""


def _people(data: Data) -> str:
    people = data["people"]
    if len(people) > SHOWN:
        return _("%(people)s and %(more)s more") % {
            "people": ", ".join(people[:SHOWN]),
            "more": len(people) - SHOWN,
        }
    return ", ".join(people)


def _filled(words: str, data: Data) -> str:
    return words % {**data, "skills": len(data["rows"])}


def _title_asked(data: Data) -> str:
    words = ngettext("%(name)s asks for a sign-off", "%(name)s asks for %(skills)s sign-offs", len(data["rows"]))
    return _filled(words, data)


def _title_nudged(data: Data) -> str:
    words = ngettext(
        "%(name)s reminds you: a sign-off waits", "%(name)s reminds you: %(skills)s sign-offs wait", len(data["rows"])
    )
    return _filled(words, data)


def _title_escalated(data: Data) -> str:
    return _filled(_("%(name)s has waited %(days)s days for an answer"), data)


def _title_nobody(data: Data) -> str:
    return _filled(_("Nobody may sign what %(name)s asks for"), data)


def _title_withdrawn(data: Data) -> str:
    words = ngettext(
        "%(name)s no longer asks for a sign-off", "%(name)s no longer asks for %(skills)s sign-offs", len(data["rows"])
    )
    return _filled(words, data)


def _title_sent_back(data: Data) -> str:
    words = ngettext("%(by)s sent a skill back to you", "%(by)s sent %(skills)s skills back to you", len(data["rows"]))
    return _filled(words, data)


def _title_signed(data: Data) -> str:
    words = ngettext("%(by)s signed a skill of yours", "%(by)s signed %(skills)s skills of yours", len(data["rows"]))
    return _filled(words, data)


def _title_ok_wanted(data: Data) -> str:
    words = ngettext("A signature needs your OK", "%(skills)s signatures need your OK", len(data["rows"]))
    return _filled(words, data)


def _title_taken_back(data: Data) -> str:
    words = ngettext(
        "%(by)s took back a signature of %(name)s",
        "%(by)s took back %(skills)s signatures of %(name)s",
        len(data["rows"]),
    )
    return _filled(words, data)


def _title_disagreed(data: Data) -> str:
    return _filled(_("%(name)s disagrees with a signature"), data)


def _title_disagreement_answered(data: Data) -> str:
    return _filled(_("%(by)s answered a disagreement about a signature"), data)


def _title_take_back_wanted(data: Data) -> str:
    return _filled(_("%(by)s asks you to take back a signature of %(name)s"), data)


def _title_take_back_declined(data: Data) -> str:
    return _filled(_("%(by)s lets a signature stand that you wanted taken back"), data)


def _title_credit_asked(data: Data) -> str:
    words = ngettext(
        "%(name)s asks for credit for a skill", "%(name)s asks for credit for %(skills)s skills", len(data["rows"])
    )
    return _filled(words, data)


def _title_credit_granted(data: Data) -> str:
    words = ngettext("You have credit for a skill", "You have credit for %(skills)s skills", len(data["rows"]))
    return _filled(words, data)


def _title_paper_verified(data: Data) -> str:
    words = ngettext(
        "A skill signed on paper counts now", "%(skills)s skills signed on paper count now", len(data["rows"])
    )
    return _filled(words, data)


def _title_verified(data: Data) -> str:
    return _filled(_("%(by)s verified part of your record"), data)


def _title_status_changed(data: Data) -> str:
    return _filled(_("%(by)s changed the status of your apprenticeship"), data)


def _title_due(data: Data) -> str:
    if not data["days"]:
        words = ngettext("A skill of yours is due again", "%(skills)s skills of yours are due again", len(data["rows"]))
        return _filled(words, data)
    words = ngettext(
        "A skill of yours is due again within %(days)s days",
        "%(skills)s skills of yours are due again within %(days)s days",
        len(data["rows"]),
    )
    return _filled(words, data)


def _title_due_mentor(data: Data) -> str:
    if not data["days"]:
        words = ngettext(
            "A skill of %(name)s is due again", "%(skills)s skills of %(name)s are due again", len(data["rows"])
        )
        return _filled(words, data)
    words = ngettext(
        "A skill of %(name)s is due again within %(days)s days",
        "%(skills)s skills of %(name)s are due again within %(days)s days",
        len(data["rows"]),
    )
    return _filled(words, data)


def _title_due_coordinator(data: Data) -> str:
    number = data["skills"]
    if not data["days"]:
        return ngettext("A skill is due again", "%(skills)s skills are due again", number) % data
    words = ngettext(
        "A skill is due again within %(days)s days", "%(skills)s skills are due again within %(days)s days", number
    )
    return words % data


ANSWERED, DONE, MISTAKE = gettext_lazy("No longer waits"), gettext_lazy("Done"), gettext_lazy("Entered by mistake")
_open = _asked(AskState.OPEN)

KINDS: Collection[NoticeKind] = (
    NoticeKind("asked", WAITING, "waiting", _title_asked, _codes, _to_request, _open, ANSWERED),
    NoticeKind("nudged", WAITING, "waiting", _title_nudged, _codes, _to_request, _open, ANSWERED),
    NoticeKind("escalated", WAITING, "waiting", _title_escalated, _codes, _to_request, _open, ANSWERED),
    NoticeKind("nobody_may_answer", WAITING, "waiting", _title_nobody, _codes, _to_request, _open, ANSWERED),
    NoticeKind("credit_asked", WAITING, "waiting", _title_credit_asked, _codes, _to_request, _open, ANSWERED),
    NoticeKind("withdrawn", ANSWERS, "not_started", _title_withdrawn, _codes, _to_request, _as_told, DONE),
    NoticeKind(
        "sent_back", WAITING, "in_training", _title_sent_back, _codes, _to_request, _asked(AskState.SENT_BACK), DONE
    ),
    NoticeKind("signed", ANSWERS, "signed_off", _title_signed, _codes, _to_record, _not_a_mistake, MISTAKE),
    NoticeKind("ok_wanted", WAITING, "waiting", _title_ok_wanted, _codes, _to_oks, _without_a_word, DONE),
    NoticeKind("taken_back", ANSWERS, "no_longer_stands", _title_taken_back, _codes, _to_record, _as_told, DONE),
    NoticeKind(
        "disagreed", WAITING, "waiting", _title_disagreed, _codes, _to_answer("answer_disagreement"), _unanswered, DONE
    ),
    NoticeKind(
        "disagreement_answered",
        ANSWERS,
        "in_training",
        _title_disagreement_answered,
        _codes,
        _to_record,
        _as_told,
        DONE,
    ),
    NoticeKind(
        "take_back_wanted",
        WAITING,
        "waiting",
        _title_take_back_wanted,
        _codes,
        _to_answer("take_back_request"),
        _take_back_wanted,
        DONE,
    ),
    NoticeKind(
        "take_back_declined", ANSWERS, "signed_off", _title_take_back_declined, _codes, _to_record, _as_told, DONE
    ),
    NoticeKind("credit_granted", ANSWERS, "credit", _title_credit_granted, _codes, _to_record, _not_a_mistake, MISTAKE),
    NoticeKind(
        "paper_verified", ANSWERS, "transcribed", _title_paper_verified, _codes, _to_record, _not_a_mistake, MISTAKE
    ),
    NoticeKind("verified", ANSWERS, "signed_off", _title_verified, _nothing, _to_record, _as_told, DONE),
    NoticeKind("status_changed", ANSWERS, "waiting", _title_status_changed, _nothing, _to_record, _as_told, DONE),
    NoticeKind("due_again", DUE, "due_again", _title_due, _codes, _to_record, _standing, DONE),
    NoticeKind("due_again_mentor", DUE, "due_again", _title_due_mentor, _codes, _to_record, _standing, DONE),
    NoticeKind("due_again_sponsor", DUE, "due_again", _title_due_coordinator, _people, _to_cohorts, _as_told, DONE),
)
