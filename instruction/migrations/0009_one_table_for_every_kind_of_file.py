from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [
        ("instruction", "0008_hand_down_the_files"),
    ]

    operations = [
        migrations.DeleteModel(name="ImportedRow"),
        migrations.DeleteModel(name="HoursImport"),
    ]
