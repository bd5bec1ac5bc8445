import uuid

import django.db.models.deletion
import django.db.models.expressions
import django.db.models.functions.comparison
import django.db.models.lookups
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("acts", "0009_digests_as_bytes"),
        ("apprenticeship", "0015_instruction_hours_per_year"),
        ("competencies", "0003_who_published_says_when"),
        ("instruction", "0002_certificates"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="OtherHours",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                (
                    "way",
                    models.CharField(
                        choices=[
                            ("self_study", "Self-study with a certificate"),
                            ("transfer", "Transfer credit with a transcript"),
                            ("test_out", "Test-out"),
                        ],
                        max_length=10,
                    ),
                ),
                ("hours", models.DecimalField(decimal_places=2, max_digits=5)),
                ("earned_on", models.DateField(help_text="The day that the document names; the sponsor's local date.")),
                ("provider", models.CharField(help_text="Who issued the document.", max_length=200)),
                (
                    "apprenticeship",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="%(class)s_rows",
                        to="apprenticeship.apprenticeship",
                    ),
                ),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="%(class)s_signed",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "entry",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="%(class)s",
                        to="apprenticeship.recordentry",
                    ),
                ),
                (
                    "topic",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="%(class)s_rows",
                        to="competencies.topic",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="OtherHoursEvidence",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                (
                    "evidence",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="hours_uses",
                        to="apprenticeship.evidence",
                    ),
                ),
                (
                    "other_hours",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="evidence_uses",
                        to="instruction.otherhours",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="TopicSignOff",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                (
                    "apprenticeship",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="%(class)s_rows",
                        to="apprenticeship.apprenticeship",
                    ),
                ),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="%(class)s_signed",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "entry",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="%(class)s",
                        to="apprenticeship.recordentry",
                    ),
                ),
                (
                    "topic",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="%(class)s_rows",
                        to="competencies.topic",
                    ),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="TopicTest",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                (
                    "kind",
                    models.CharField(
                        choices=[("practical", "Hands-on test"), ("written", "Written test")], max_length=10
                    ),
                ),
                ("taken_on", models.DateField(help_text="The sponsor's local date.")),
                ("passed", models.BooleanField()),
                ("score", models.DecimalField(decimal_places=2, max_digits=7, null=True)),
                ("pass_mark", models.DecimalField(decimal_places=2, max_digits=7, null=True)),
                ("instrument", models.CharField(help_text="The test, by its name.", max_length=200)),
                ("examiner_name", models.CharField(max_length=120)),
                ("examiner_organization", models.CharField(max_length=200)),
                (
                    "apprenticeship",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="%(class)s_rows",
                        to="apprenticeship.apprenticeship",
                    ),
                ),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="%(class)s_signed",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "entry",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="%(class)s",
                        to="apprenticeship.recordentry",
                    ),
                ),
                (
                    "examiner",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "topic",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="%(class)s_rows",
                        to="competencies.topic",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="TopicWaiver",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                (
                    "apprenticeship",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="%(class)s_rows",
                        to="apprenticeship.apprenticeship",
                    ),
                ),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="%(class)s_signed",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "entry",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="%(class)s",
                        to="apprenticeship.recordentry",
                    ),
                ),
                (
                    "reason",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="acts.sealedtext"
                    ),
                ),
                (
                    "topic",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="%(class)s_rows",
                        to="competencies.topic",
                    ),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.AddConstraint(
            model_name="otherhours",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("hours__gte", 0),
                    ("hours__lte", 500),
                    django.db.models.lookups.Exact(
                        models.ExpressionWrapper(
                            django.db.models.expressions.CombinedExpression(models.F("hours"), "*", models.Value(4)),
                            output_field=models.DecimalField(),
                        ),
                        django.db.models.functions.comparison.Cast(
                            models.ExpressionWrapper(
                                django.db.models.expressions.CombinedExpression(
                                    models.F("hours"), "*", models.Value(4)
                                ),
                                output_field=models.DecimalField(),
                            ),
                            output_field=models.IntegerField(),
                        ),
                    ),
                ),
                name="other_hours_in_quarters",
            ),
        ),
        migrations.AddConstraint(
            model_name="otherhours",
            constraint=models.CheckConstraint(
                condition=models.Q(("way__in", ["self_study", "transfer", "test_out"])), name="other_hours_way_is_known"
            ),
        ),
        migrations.AddConstraint(
            model_name="otherhours",
            constraint=models.CheckConstraint(
                condition=models.Q(("provider", ""), _negated=True), name="other_hours_name_their_provider"
            ),
        ),
        migrations.AddConstraint(
            model_name="otherhours",
            constraint=models.CheckConstraint(
                condition=models.Q(models.Q(("way", "self_study"), _negated=True), ("hours__gt", 0), _connector="OR"),
                name="other_hours_of_self_study_are_some",
            ),
        ),
        migrations.AddConstraint(
            model_name="otherhoursevidence",
            constraint=models.UniqueConstraint(
                fields=("other_hours", "evidence"), name="evidence_once_per_other_hours"
            ),
        ),
        migrations.AddConstraint(
            model_name="topictest",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("pass_mark", None), ("score", None)),
                    models.Q(("pass_mark__gte", 0), ("passed", True), ("score__gte", models.F("pass_mark"))),
                    models.Q(("passed", False), ("score__gte", 0), ("score__lt", models.F("pass_mark"))),
                    _connector="OR",
                ),
                name="topic_test_passed_as_its_points_say",
            ),
        ),
        migrations.AddConstraint(
            model_name="topictest",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("instrument", ""), _negated=True),
                    models.Q(("examiner_name", ""), _negated=True),
                    models.Q(("examiner_organization", ""), _negated=True),
                ),
                name="topic_test_names_instrument_and_examiner",
            ),
        ),
    ]
