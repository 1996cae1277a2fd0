"""Each of these columns begins the index of a constraint, which serves as well."""

import django.db.models.deletion
from django.db import migrations, models

from sportello.core.migrating import give_up_index_of_key

TICKET = models.ForeignKey(
    db_index=False, null=True, on_delete=django.db.models.deletion.CASCADE, related_name="proposals", to="tickets.ticket"
)
DRAFT = models.ForeignKey(
    db_index=False, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name="+", to="tickets.requestdraft"
)


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("duplicates", "0001_proposals")]
    operations = [
        give_up_index_of_key(
            "duplicates_proposal_ticket_id_85970f21", "duplicates_proposal (ticket_id)", "proposal", "ticket", TICKET
        ),
        give_up_index_of_key(
            "duplicates_proposal_draft_id_5cb8556e", "duplicates_proposal (draft_id)", "proposal", "draft", DRAFT
        ),
    ]
