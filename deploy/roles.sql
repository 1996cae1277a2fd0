-- A role for the running processes that owns nothing: it cannot change the schema, and so cannot take the triggers off the audit.
-- As the database's owner, once and again after each upgrade that adds tables:  psql -v ON_ERROR_STOP=1 -f deploy/roles.sql sportello
-- The owner then is used by `sportello migrate` only; DATABASE_URL of the services names sportello_app.
DO $$ BEGIN
    IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'sportello_app') THEN CREATE ROLE sportello_app LOGIN; END IF;
END $$;
GRANT USAGE ON SCHEMA public TO sportello_app;
GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO sportello_app;
GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO sportello_app;
GRANT EXECUTE ON ALL FUNCTIONS IN SCHEMA public TO sportello_app;
REVOKE UPDATE, DELETE, TRUNCATE ON accounts_auditentry, tickets_event FROM sportello_app;
REVOKE INSERT, UPDATE, DELETE, TRUNCATE ON django_migrations FROM sportello_app;
