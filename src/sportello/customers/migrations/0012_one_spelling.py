from django.db import migrations

from sportello.core.addresses import as_kept


def spell_alike(apps, schema_editor):
    """The few whose domain is not in ASCII. One whose other spelling is there already stays: a person decides whose it is."""
    for name in ("ContactAddress", "Invitation"):
        rows = apps.get_model("customers", name).objects
        for pk, address in rows.filter(address__regex=r"[^\x01-\x7f]").values_list("pk", "address"):
            kept = as_kept(address)
            if kept != address and not rows.filter(address=kept).exists():
                rows.filter(pk=pk).update(address=kept)


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("customers", "0011_names_enter_at_once")]
    operations = [migrations.RunPython(spell_alike, migrations.RunPython.noop, atomic=False)]
