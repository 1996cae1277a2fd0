"""The first edition. Installations that are older keep theirs, whatever a later release ships."""

import tomllib
from collections import Counter
from pathlib import Path

from django.db import migrations, transaction

SHIPPED = Path(__file__).parents[1] / "shipped.toml"


@transaction.atomic
def publish(apps, schema_editor):
    get, shipped = apps.get_model, tomllib.loads(SHIPPED.read_text("utf-8"))
    edition, is_new = get("policy", "Edition").objects.get_or_create(number=1, defaults={"published_at": shipped["published_at"]})
    if not is_new:
        return
    Clause, placed = get("policy", "Clause"), Counter()
    for entry in shipped["clause"]:
        section = entry["code"].partition(".")[0]
        placed[section] += 1
        Clause.objects.create(
            code=entry["code"],
            section=section,
            position=placed[section],
            text_it=entry["it"],
            text_en=entry["en"],
            begins=edition,
        )


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("policy", "0001_initial")]
    operations = [migrations.RunPython(publish, migrations.RunPython.noop, atomic=False)]
