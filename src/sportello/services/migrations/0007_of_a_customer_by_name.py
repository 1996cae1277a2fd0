"""The first services of a customer by name are read without all the others: the index takes the place of the foreign key's own."""

import django.db.models.deletion
from django.db import migrations, models

from sportello.core.migrating import AddIndexBesideTraffic, give_up_index_of_key


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("services", "0006_names_enter_at_once")]
    operations = [
        AddIndexBesideTraffic("service", models.Index(fields=["customer", "name", "id"], name="service_of_customer")),
        give_up_index_of_key(
            "services_service_customer_id_b38f0c55",
            "services_service (customer_id)",
            "service",
            "customer",
            models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="services",
                to="customers.customer",
                db_index=False,
            ),
        ),
    ]
