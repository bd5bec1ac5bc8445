"""The kinds of entry by which the apprentice agrees or disagrees and is answered; see `kinds`."""

from collections.abc import Iterable, Mapping
from typing import Any

from acts.statements import Ready
from apprenticeship.kinds import RecordKind, digest_or_none
from apprenticeship.models import Apprenticeship, CounterSignature, DisagreementAnswer
from apprenticeship.record import skill_in_entry
from apprenticeship.standing import Turn

COUNTER_SIGNATURES = Ready(
    lambda book: CounterSignature.objects.filter(entry__apprenticeship=book).select_related(
        "reason", "sign_off__entry", "sign_off__level", "sign_off__skill__skill_set", "sign_off__skill__parent"
    ),
    "book",
)
ANSWERS = Ready(
    lambda book: DisagreementAnswer.objects.filter(entry__apprenticeship=book).select_related(
        "words",
        "disagreement__entry",
        "disagreement__sign_off__entry",
        "disagreement__sign_off__skill__skill_set",
        "disagreement__sign_off__skill__parent",
    ),
    "book",
)


def _counter_signatures(apprenticeship: Apprenticeship) -> Iterable[CounterSignature]:
    return COUNTER_SIGNATURES(book=apprenticeship.pk)


def _describe_counter_signature(row: CounterSignature) -> Mapping[str, Any]:
    return {
        "apprenticeship": str(row.sign_off.apprenticeship_id),
        "by.id": str(row.by_id),
        "body.sign_off": row.sign_off.entry.sequence,
        "body.skill": skill_in_entry(row.sign_off.skill),
        "body.level.code": row.sign_off.level.code,
        "body.agrees": row.agrees,
        "body.reason": digest_or_none(row.reason),
        "body.answer_due": row.answer_due.isoformat() if row.answer_due else None,
    }


def _answers(apprenticeship: Apprenticeship) -> Iterable[DisagreementAnswer]:
    return ANSWERS(book=apprenticeship.pk)


def _describe_answer(row: DisagreementAnswer) -> Mapping[str, Any]:
    sign_off = row.disagreement.sign_off
    return {
        "apprenticeship": str(sign_off.apprenticeship_id),
        "by.id": str(row.by_id),
        "body.disagreement": row.disagreement.entry.sequence,
        "body.sign_off": sign_off.entry.sequence,
        "body.skill": skill_in_entry(sign_off.skill),
        "body.outcome": row.outcome,
        "body.words": row.words.digest,
    }


def _turn_of_counter_signature(row: CounterSignature, place: int) -> Turn:
    return Turn(place, str(row.sign_off.skill_id), row.sign_off.entry.sequence, CounterSignature)


COUNTER_SIGNATURE = RecordKind(
    "counter_signature", _counter_signatures, _describe_counter_signature, _turn_of_counter_signature
)
DISAGREEMENT_ANSWER = RecordKind(code="disagreement_answer", rows=_answers, describe=_describe_answer)
