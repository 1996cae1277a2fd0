"""Words are indexed span by span of their rows, so that a search costs as much among a million tickets as among ten thousand (ADR 26)."""

from django.contrib.postgres.indexes import GinIndex
from django.db import migrations

from sportello.core.migrating import AddIndexBesideTraffic
from sportello.tickets.models.searching import SPAN_OF_TEXTS, SPAN_OF_TICKETS, WordsInSpans

# A word of a text vector may have 2,046 bytes and becomes longer here, so what is longer than any search is cut off. The cost keeps the planner from
# calling it for every row of a table. New words do not wait beside the index: what waits would be gone through once for every span.
MAKE = """
CREATE OR REPLACE FUNCTION sportello_words(span bigint, words tsvector) RETURNS tsvector
    LANGUAGE sql IMMUTABLE STRICT COST 10000 PARALLEL SAFE
RETURN array_to_tsvector(ARRAY(SELECT span || ' ' || left(word, 255) FROM unnest(tsvector_to_array(words)) AS word));
"""
BITS = {"ticket": SPAN_OF_TICKETS, "message": SPAN_OF_TEXTS, "note": SPAN_OF_TEXTS}


def not_sampled(name):
    """ANALYZE need not cut up the words of thirty thousand rows for statistics that no plan hangs on."""
    return migrations.RunSQL(
        f"ALTER INDEX IF EXISTS {name} ALTER COLUMN 1 SET STATISTICS 0", migrations.RunSQL.noop
    )


def given_up(model):
    """The release before finds its words without it, slowly, until it is gone."""
    name = f"{model}_search"
    return migrations.RunSQL(
        f"DROP INDEX CONCURRENTLY IF EXISTS {name}",
        f"CREATE INDEX CONCURRENTLY IF NOT EXISTS {name} ON tickets_{model} USING gin (search)",
        state_operations=[migrations.RemoveIndex(model, name)],
    )


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("tickets", "0021_planned_work")]
    operations = [
        migrations.RunSQL(MAKE, "DROP FUNCTION sportello_words(bigint, tsvector)"),
        *(AddIndexBesideTraffic(model, GinIndex(WordsInSpans(bits), fastupdate=False, name=f"{model}_words")) for model, bits in BITS.items()),
        *(not_sampled(f"{model}_words") for model in BITS),
        *(given_up(model) for model in BITS),
    ]
