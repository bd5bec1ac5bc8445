"""What an apprentice says of a signature, and the answer to it, as the API tells them: from the entries' bytes."""

from typing import Any

from rest_framework import serializers

from apprenticeship.models import AnswerOutcome, CounterSignature, DisagreementAnswer, SignOff
from apprenticeship.record import read


class Speaker(serializers.Serializer[Any]):
    """As printed in the entry."""

    name = serializers.CharField()
    role = serializers.CharField()


class DisagreementAnswerShape(serializers.Serializer[Any]):
    """The answer to a disagreement. Its words are sealed."""

    sequence = serializers.IntegerField(help_text="Of its entry in the book.")
    outcome = serializers.ChoiceField(choices=AnswerOutcome.choices)
    by = Speaker()
    recorded_at = serializers.DateTimeField()


class CounterSignatureShape(serializers.Serializer[Any]):
    """What the apprentice last said of a signature: that they agree, or that they disagree. The reason is sealed."""

    id = serializers.UUIDField()
    sequence = serializers.IntegerField(help_text="Of its entry in the book.")
    agrees = serializers.BooleanField()
    by = Speaker()
    recorded_at = serializers.DateTimeField()
    answer_due = serializers.DateField(allow_null=True, help_text="By when a disagreement is answered.")
    answer = DisagreementAnswerShape(allow_null=True)


def last_word_shape(sign_off: SignOff) -> dict[str, Any] | None:
    """What the apprentice last said of `sign_off`; no query where `counter_signatures` are loaded with entries."""
    words = sorted(sign_off.counter_signatures.all(), key=lambda word: word.entry.sequence)
    return _word(words[-1]) if words else None


def _word(word: CounterSignature) -> dict[str, Any]:
    content = read(word.entry)
    answer = getattr(word, "answer", None)
    return {
        "id": word.pk,
        "sequence": content["sequence"],
        "agrees": content["body"]["agrees"],
        "by": {"name": content["by"]["name"], "role": content["by"]["role"]},
        "recorded_at": content["recorded_at"],
        "answer_due": content["body"]["answer_due"],
        "answer": _answer(answer) if answer else None,
    }


def _answer(answer: DisagreementAnswer) -> dict[str, Any]:
    content = read(answer.entry)
    return {
        "sequence": content["sequence"],
        "outcome": content["body"]["outcome"],
        "by": {"name": content["by"]["name"], "role": content["by"]["role"]},
        "recorded_at": content["recorded_at"],
    }
