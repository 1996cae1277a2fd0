"""Indexes that every mail paid for: one by the same column begins that of each key here, and no file is sought by the beginning of its hash."""

from django.db import migrations, models

from sportello.core.migrating import give_up_index, give_up_index_of_key


def of_ticket(model, index, on_delete, name):
    key = models.ForeignKey(db_index=False, on_delete=on_delete, related_name=name, to="tickets.ticket")
    return give_up_index_of_key(index, f"tickets_{model} (ticket_id)", model, "ticket", key)


def of_whom(whom, index, **more):
    key = models.ForeignKey(
        db_index=False, on_delete=models.PROTECT, related_name="tickets", to=f"customers.{whom}", **more
    )
    return give_up_index_of_key(index, f"tickets_ticket ({whom}_id)", "ticket", whom, key)


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("tickets", "0022_words_in_spans")]
    operations = [
        of_ticket("event", "tickets_event_ticket_id_c2d3d586", models.PROTECT, "events"),
        of_ticket("follower", "tickets_follower_ticket_id_f7e5160d", models.CASCADE, "followers"),
        of_ticket("message", "tickets_message_ticket_id_a1134910", models.PROTECT, "messages"),
        of_ticket("note", "tickets_note_ticket_id_d19e6b0b", models.PROTECT, "notes"),
        of_whom("contact", "tickets_ticket_contact_id_a9a8a57d"),
        of_whom("customer", "tickets_ticket_customer_id_f2d9135a", null=True),
        give_up_index("tickets_attachment_sha256_92c71afd_like", "tickets_attachment (sha256 varchar_pattern_ops)"),
    ]
