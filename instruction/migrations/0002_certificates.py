import uuid

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0006_words_of_authentication"),
        ("acts", "0008_fewer_indexes"),
        ("apprenticeship", "0012_fewer_indexes"),
        ("competencies", "0003_who_published_says_when"),
        ("instruction", "0001_classes_and_attendance"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="CertificateKind",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("code", models.SlugField(max_length=40)),
                ("title", models.CharField(max_length=120)),
                (
                    "recurrence",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("", "Once"),
                            ("within_months", "Within a number of months"),
                            ("calendar_year", "Once each calendar year"),
                        ],
                        default="",
                        max_length=15,
                    ),
                ),
                ("recurrence_months", models.PositiveSmallIntegerField(blank=True, null=True)),
                (
                    "sponsor",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="certificate_kinds",
                        to="accounts.sponsor",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Certificate",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                (
                    "title",
                    models.CharField(
                        blank=True, help_text="What it is called, where the kind is another.", max_length=120
                    ),
                ),
                ("issuer", models.CharField(max_length=200)),
                ("number", models.CharField(blank=True, max_length=100)),
                ("issued_on", models.DateField()),
                ("expires_on", models.DateField(blank=True, null=True)),
                ("due_on", models.DateField(blank=True, null=True)),
                ("added_at", models.DateTimeField()),
                (
                    "act",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="acts.act"),
                ),
                (
                    "added_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="certificates_added",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "apprenticeship",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="certificates",
                        to="apprenticeship.apprenticeship",
                    ),
                ),
                (
                    "holder",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="certificates",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "renews",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="renewals",
                        to="instruction.certificate",
                    ),
                ),
                (
                    "sponsor",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="certificates", to="accounts.sponsor"
                    ),
                ),
                (
                    "topic",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="certificates",
                        to="competencies.topic",
                    ),
                ),
                (
                    "kind",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="certificates",
                        to="instruction.certificatekind",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="CertificateReminder",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("stage", models.PositiveSmallIntegerField()),
                ("given_at", models.DateTimeField()),
                (
                    "certificate",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="reminders",
                        to="instruction.certificate",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="InstructionVoid",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="instruction_voids",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "entry",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="instruction_void",
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
                    "voided",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="voided_by_instruction",
                        to="apprenticeship.recordentry",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="StaffFile",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        editable=False,
                        help_text="Made of who, which act and which bytes.",
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("uploaded_at", models.DateTimeField(db_index=True)),
                ("name", models.CharField(max_length=200)),
                (
                    "certificate",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="staff_files",
                        to="instruction.certificate",
                    ),
                ),
                (
                    "file",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="acts.storedfile"
                    ),
                ),
                (
                    "sponsor",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="accounts.sponsor"
                    ),
                ),
                (
                    "thumbnail",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="acts.storedfile"
                    ),
                ),
                (
                    "uploaded_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="CertificateDecision",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                (
                    "outcome",
                    models.CharField(choices=[("confirmed", "Confirmed"), ("declined", "Declined")], max_length=10),
                ),
                ("reason", models.TextField(blank=True)),
                ("at", models.DateTimeField()),
                (
                    "act",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="acts.act"),
                ),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="certificates_decided",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "certificate",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="decision",
                        to="instruction.certificate",
                    ),
                ),
                (
                    "entry",
                    models.OneToOneField(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="certificate",
                        to="apprenticeship.recordentry",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("outcome__in", ["confirmed", "declined"])),
                        name="certificate_outcome_is_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("outcome", "declined"), models.Q(("reason", ""), _negated=True), ("entry", None)),
                            models.Q(("outcome", "confirmed"), ("reason", "")),
                            _connector="OR",
                        ),
                        name="certificate_declined_says_why",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="CertificateEvidence",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                (
                    "certificate",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="evidence_uses",
                        to="instruction.certificate",
                    ),
                ),
                (
                    "evidence",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="certificate_uses",
                        to="apprenticeship.evidence",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("certificate", "evidence"), name="evidence_once_per_certificate")
                ],
            },
        ),
        migrations.AddConstraint(
            model_name="certificatekind",
            constraint=models.UniqueConstraint(
                fields=("sponsor", "code"), name="certificate_kind_code_once_per_sponsor"
            ),
        ),
        migrations.AddConstraint(
            model_name="certificatekind",
            constraint=models.UniqueConstraint(
                condition=models.Q(("sponsor", None)), fields=("code",), name="certificate_kind_shared_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="certificatekind",
            constraint=models.CheckConstraint(
                condition=models.Q(("title", ""), _negated=True), name="certificate_kind_has_a_title"
            ),
        ),
        migrations.AddConstraint(
            model_name="certificatekind",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("recurrence", "within_months"), ("recurrence_months__isnull", False)),
                    models.Q(models.Q(("recurrence", "within_months"), _negated=True), ("recurrence_months", None)),
                    _connector="OR",
                ),
                name="certificate_kind_months_when_within",
            ),
        ),
        migrations.AddIndex(
            model_name="certificate",
            index=models.Index(fields=["sponsor", "due_on"], name="certificate_by_due_day"),
        ),
        migrations.AddConstraint(
            model_name="certificate",
            constraint=models.CheckConstraint(
                condition=models.Q(("issuer", ""), _negated=True), name="certificate_names_its_issuer"
            ),
        ),
        migrations.AddConstraint(
            model_name="certificate",
            constraint=models.CheckConstraint(
                condition=models.Q(("expires_on", None), ("expires_on__gte", models.F("issued_on")), _connector="OR"),
                name="certificate_ends_after_it_began",
            ),
        ),
        migrations.AddConstraint(
            model_name="certificatereminder",
            constraint=models.UniqueConstraint(fields=("certificate", "stage"), name="certificate_reminder_given_once"),
        ),
    ]
