from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("apprenticeship", "0014_ids_in_order"),
    ]

    operations = [
        migrations.AddField(
            model_name="terms",
            name="instruction_hours_per_year",
            field=models.DecimalField(
                blank=True,
                decimal_places=2,
                help_text="Related instruction; blank where none is asked.",
                max_digits=6,
                null=True,
            ),
        ),
    ]
