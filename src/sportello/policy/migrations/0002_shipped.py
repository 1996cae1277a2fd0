"""The first edition. Installations that are older keep theirs, whatever a later release ships."""

import tomllib
from collections import Counter
from pathlib import Path

from django.db import migrations
from django.utils import timezone

SHIPPED = Path(__file__).parents[1] / "shipped.toml"


def publish(apps, schema_editor):
    get = apps.get_model
    edition = get("policy", "Edition").objects.create(number=1, published_at=timezone.now())
    Clause, placed = get("policy", "Clause"), Counter()
    for entry in tomllib.loads(SHIPPED.read_text("utf-8"))["clause"]:
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
    dependencies = [("policy", "0001_initial")]
    operations = [migrations.RunPython(publish, migrations.RunPython.noop)]
