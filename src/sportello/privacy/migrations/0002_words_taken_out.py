"""Words may be taken out of events and audit entries, by a transaction that says so in privacy_erasure; nothing else of them changes (ADR 23).

That row stays as it was written.
"""

from django.db import migrations

ALLOW_WORDS = """
CREATE OR REPLACE FUNCTION tickets_event_is_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'UPDATE' THEN
        IF to_jsonb(NEW) - 'data' = to_jsonb(OLD) - 'data'
            AND EXISTS (SELECT FROM privacy_erasure WHERE began_at = transaction_timestamp()) THEN
            RETURN NEW;
        END IF;
    END IF;
    RAISE EXCEPTION 'events are append-only' USING ERRCODE = 'restrict_violation';
END $$;
CREATE OR REPLACE FUNCTION accounts_audit_is_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'UPDATE' THEN
        IF to_jsonb(NEW) - '{subject,detail,address}'::text[] = to_jsonb(OLD) - '{subject,detail,address}'::text[]
            AND EXISTS (SELECT FROM privacy_erasure WHERE began_at = transaction_timestamp()) THEN
            RETURN NEW;
        END IF;
    END IF;
    RAISE EXCEPTION 'audit entries are append-only' USING ERRCODE = 'restrict_violation';
END $$;
"""
FORBID_WORDS = """
CREATE OR REPLACE FUNCTION tickets_event_is_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'events are append-only' USING ERRCODE = 'restrict_violation';
END $$;
CREATE OR REPLACE FUNCTION accounts_audit_is_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'audit entries are append-only' USING ERRCODE = 'restrict_violation';
END $$;
"""
KEEP_ERASURES = """
CREATE FUNCTION privacy_erasure_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'UPDATE' THEN
        IF to_jsonb(NEW) - 'counts' = to_jsonb(OLD) - 'counts' AND OLD.began_at = transaction_timestamp() THEN
            RETURN NEW;
        END IF;
    END IF;
    RAISE EXCEPTION 'erasures are append-only' USING ERRCODE = 'restrict_violation';
END $$;
CREATE TRIGGER erasure_append_only BEFORE UPDATE OR DELETE ON privacy_erasure
    FOR EACH ROW EXECUTE FUNCTION privacy_erasure_stays();
"""
FORGET_ERASURES = "DROP TRIGGER erasure_append_only ON privacy_erasure; DROP FUNCTION privacy_erasure_stays();"


class Migration(migrations.Migration):
    dependencies = [
        ("privacy", "0001_initial"),
        ("tickets", "0008_events_not_emptied"),
        ("accounts", "0004_audit_not_emptied"),
    ]
    operations = [migrations.RunSQL(ALLOW_WORDS, FORBID_WORDS), migrations.RunSQL(KEEP_ERASURES, FORGET_ERASURES)]
