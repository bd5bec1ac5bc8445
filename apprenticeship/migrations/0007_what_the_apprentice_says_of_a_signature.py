import uuid

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("acts", "0003_a_removed_text_is_blank"),
        ("apprenticeship", "0006_verification_and_asking_to_take_back"),
        ("competencies", "0003_who_published_says_when"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="DisagreementAnswer",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                (
                    "outcome",
                    models.CharField(
                        choices=[
                            ("stands", "The sign-off stands"),
                            ("sign_again", "The mentor is asked to sign again"),
                        ],
                        max_length=12,
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="CounterSignature",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("agrees", models.BooleanField()),
                ("answer_due", models.DateField(null=True)),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="counter_signatures",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "entry",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="counter_signature",
                        to="apprenticeship.recordentry",
                    ),
                ),
                (
                    "reason",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="acts.sealedtext"
                    ),
                ),
                (
                    "sign_off",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="counter_signatures",
                        to="apprenticeship.signoff",
                    ),
                ),
            ],
        ),
        migrations.AddField(
            model_name="skillstanding",
            name="counter_signature",
            field=models.OneToOneField(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="standing",
                to="apprenticeship.countersignature",
            ),
        ),
        migrations.AddConstraint(
            model_name="skillstanding",
            constraint=models.CheckConstraint(
                condition=models.Q(("counter_signature", None), ("sign_off__isnull", False), _connector="OR"),
                name="standing_agreed_is_signed",
            ),
        ),
        migrations.AddField(
            model_name="disagreementanswer",
            name="by",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="disagreement_answers",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="disagreementanswer",
            name="disagreement",
            field=models.OneToOneField(
                on_delete=django.db.models.deletion.PROTECT, related_name="answer", to="apprenticeship.countersignature"
            ),
        ),
        migrations.AddField(
            model_name="disagreementanswer",
            name="entry",
            field=models.OneToOneField(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="disagreement_answer",
                to="apprenticeship.recordentry",
            ),
        ),
        migrations.AddField(
            model_name="disagreementanswer",
            name="words",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="acts.sealedtext"
            ),
        ),
        migrations.AddConstraint(
            model_name="countersignature",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("agrees", True), ("answer_due", None), ("reason", None)),
                    models.Q(("agrees", False), ("answer_due__isnull", False), ("reason__isnull", False)),
                    _connector="OR",
                ),
                name="counter_signature_agrees_or_says_why",
            ),
        ),
        migrations.AddConstraint(
            model_name="disagreementanswer",
            constraint=models.CheckConstraint(
                condition=models.Q(("outcome__in", ["stands", "sign_again"])),
                name="disagreement_answer_outcome_is_known",
            ),
        ),
    ]
