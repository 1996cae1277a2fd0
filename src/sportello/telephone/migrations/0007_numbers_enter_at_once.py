"""As the names: thousands of new numbers, of an import, would slow down every search until the next VACUUM."""

from django.db import migrations

from sportello.core.migrating import fill_at_once


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("telephone", "0006_one_index_of_numbers")]
    operations = [fill_at_once("contact_by_every_number")]
