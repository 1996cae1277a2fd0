"""What a new desk starts with: support by day and night, pre-sales in office hours."""

from django.db import migrations

WEEKDAYS = {str(day): [["09:00", "18:00"]] for day in range(5)}


def add_defaults(apps, schema_editor):
    get = apps.get_model
    always = get("triage", "Calendar").objects.create(name="24/7", always_open=True, holidays_country="")
    office = get("triage", "Calendar").objects.create(name="Mon-Fri 9-18", weekly=WEEKDAYS)
    standard = get("triage", "SlaPolicy").objects.create(name="Support")
    presales = get("triage", "SlaPolicy").objects.create(name="Pre-sales", first_response=60, next_response=240)
    queues = get("triage", "Queue").objects
    queues.create(slug="support", name_it="Assistenza", name_en="Support", calendar=always, policy=standard, position=1)
    queues.create(
        slug="presales", name_it="Prevendita", name_en="Pre-sales", calendar=office, policy=presales, position=2
    )


class Migration(migrations.Migration):
    dependencies = [("triage", "0001_initial")]
    operations = [migrations.RunPython(add_defaults, migrations.RunPython.noop)]
