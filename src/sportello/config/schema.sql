--
-- PostgreSQL database dump
--



SET check_function_bodies = false;

--
-- Name: procrastinate_job_event_type; Type: TYPE; Schema: public; Owner: -
--

CREATE TYPE public.procrastinate_job_event_type AS ENUM (
    'deferred',
    'started',
    'deferred_for_retry',
    'failed',
    'succeeded',
    'cancelled',
    'abort_requested',
    'aborted',
    'scheduled',
    'retried'
);


--
-- Name: procrastinate_job_status; Type: TYPE; Schema: public; Owner: -
--

CREATE TYPE public.procrastinate_job_status AS ENUM (
    'todo',
    'doing',
    'succeeded',
    'failed',
    'cancelled',
    'aborting',
    'aborted'
);


--
-- Name: procrastinate_job_to_defer_v1; Type: TYPE; Schema: public; Owner: -
--

CREATE TYPE public.procrastinate_job_to_defer_v1 AS (
	queue_name character varying,
	task_name character varying,
	priority integer,
	lock text,
	queueing_lock text,
	args jsonb,
	scheduled_at timestamp with time zone
);


--
-- Name: accounts_audit_is_append_only(); Type: FUNCTION; Schema: public; Owner: -
--

CREATE FUNCTION public.accounts_audit_is_append_only() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
BEGIN
    IF TG_OP = 'UPDATE' THEN
        IF to_jsonb(NEW) - '{subject,detail,address}'::text[] = to_jsonb(OLD) - '{subject,detail,address}'::text[]
            AND EXISTS (SELECT FROM privacy_erasure WHERE began_at = transaction_timestamp()) THEN
            RETURN NEW;
        END IF;
    END IF;
    RAISE EXCEPTION 'audit entries are append-only' USING ERRCODE = 'restrict_violation';
END $$;


--
-- Name: incidents_event_is_append_only(); Type: FUNCTION; Schema: public; Owner: -
--

CREATE FUNCTION public.incidents_event_is_append_only() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
BEGIN
    RAISE EXCEPTION 'events are append-only' USING ERRCODE = 'restrict_violation';
END $$;


--
-- Name: privacy_erasure_stays(); Type: FUNCTION; Schema: public; Owner: -
--

CREATE FUNCTION public.privacy_erasure_stays() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
BEGIN
    IF TG_OP = 'UPDATE' THEN
        IF to_jsonb(NEW) - 'counts' = to_jsonb(OLD) - 'counts' AND OLD.began_at = transaction_timestamp() THEN
            RETURN NEW;
        END IF;
    END IF;
    RAISE EXCEPTION 'erasures are append-only' USING ERRCODE = 'restrict_violation';
END $$;


--
-- Name: procrastinate_cancel_job_v1(bigint, boolean, boolean); Type: FUNCTION; Schema: public; Owner: -
--

CREATE FUNCTION public.procrastinate_cancel_job_v1(job_id bigint, abort boolean, delete_job boolean) RETURNS bigint
    LANGUAGE plpgsql
    AS $$
DECLARE
    _job_id bigint;
BEGIN
    IF delete_job THEN
        DELETE FROM procrastinate_jobs
        WHERE id = job_id AND status = 'todo'
        RETURNING id INTO _job_id;
    END IF;
    IF _job_id IS NULL THEN
        IF abort THEN
            UPDATE procrastinate_jobs
            SET abort_requested = true,
                status = CASE status
                    WHEN 'todo' THEN 'cancelled'::procrastinate_job_status ELSE status
                END
            WHERE id = job_id AND status IN ('todo', 'doing')
            RETURNING id INTO _job_id;
        ELSE
            UPDATE procrastinate_jobs
            SET status = 'cancelled'::procrastinate_job_status
            WHERE id = job_id AND status = 'todo'
            RETURNING id INTO _job_id;
        END IF;
    END IF;
    RETURN _job_id;
END;
$$;


--
-- Name: procrastinate_defer_jobs_v1(public.procrastinate_job_to_defer_v1[]); Type: FUNCTION; Schema: public; Owner: -
--

CREATE FUNCTION public.procrastinate_defer_jobs_v1(jobs public.procrastinate_job_to_defer_v1[]) RETURNS bigint[]
    LANGUAGE plpgsql
    AS $$
DECLARE
    job_ids bigint[];
BEGIN
    WITH inserted_jobs AS (
        INSERT INTO procrastinate_jobs (queue_name, task_name, priority, lock, queueing_lock, args, scheduled_at)
        SELECT (job).queue_name,
               (job).task_name,
               (job).priority,
               (job).lock,
               (job).queueing_lock,
               (job).args,
               (job).scheduled_at
        FROM unnest(jobs) AS job
        RETURNING id
    )
    SELECT array_agg(id) FROM inserted_jobs INTO job_ids;

    RETURN job_ids;
END;
$$;


--
-- Name: procrastinate_defer_periodic_job_v2(character varying, character varying, character varying, character varying, integer, character varying, bigint, jsonb); Type: FUNCTION; Schema: public; Owner: -
--

CREATE FUNCTION public.procrastinate_defer_periodic_job_v2(_queue_name character varying, _lock character varying, _queueing_lock character varying, _task_name character varying, _priority integer, _periodic_id character varying, _defer_timestamp bigint, _args jsonb) RETURNS bigint
    LANGUAGE plpgsql
    AS $$
DECLARE
	_job_id bigint;
	_defer_id bigint;
BEGIN
    INSERT
        INTO procrastinate_periodic_defers (task_name, periodic_id, defer_timestamp)
        VALUES (_task_name, _periodic_id, _defer_timestamp)
        ON CONFLICT DO NOTHING
        RETURNING id into _defer_id;

    IF _defer_id IS NULL THEN
        RETURN NULL;
    END IF;

    UPDATE procrastinate_periodic_defers
        SET job_id = (
            SELECT COALESCE((
                SELECT unnest(procrastinate_defer_jobs_v1(
                    ARRAY[
                        ROW(
                            _queue_name,
                            _task_name,
                            _priority,
                            _lock,
                            _queueing_lock,
                            _args,
                            NULL::timestamptz
                        )
                    ]::procrastinate_job_to_defer_v1[]
                ))
            ), NULL)
        )
        WHERE id = _defer_id
        RETURNING job_id INTO _job_id;

    DELETE
        FROM procrastinate_periodic_defers
        USING (
            SELECT id
            FROM procrastinate_periodic_defers
            WHERE procrastinate_periodic_defers.task_name = _task_name
            AND procrastinate_periodic_defers.periodic_id = _periodic_id
            AND procrastinate_periodic_defers.defer_timestamp < _defer_timestamp
            ORDER BY id
            FOR UPDATE
        ) to_delete
        WHERE procrastinate_periodic_defers.id = to_delete.id;

    RETURN _job_id;
END;
$$;




--
-- Name: procrastinate_jobs; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.procrastinate_jobs (
    id bigint NOT NULL,
    queue_name character varying(128) NOT NULL,
    task_name character varying(128) NOT NULL,
    lock text,
    args jsonb DEFAULT '{}'::jsonb NOT NULL,
    status public.procrastinate_job_status DEFAULT 'todo'::public.procrastinate_job_status NOT NULL,
    scheduled_at timestamp with time zone,
    attempts integer DEFAULT 0 NOT NULL,
    queueing_lock text,
    priority integer DEFAULT 0 NOT NULL,
    abort_requested boolean DEFAULT false NOT NULL,
    worker_id bigint,
    CONSTRAINT check_not_todo_abort_requested CHECK ((NOT ((status = 'todo'::public.procrastinate_job_status) AND (abort_requested = true))))
);


--
-- Name: procrastinate_fetch_job_v2(character varying[], bigint); Type: FUNCTION; Schema: public; Owner: -
--

CREATE FUNCTION public.procrastinate_fetch_job_v2(target_queue_names character varying[], p_worker_id bigint) RETURNS public.procrastinate_jobs
    LANGUAGE plpgsql
    AS $$
DECLARE
	found_jobs procrastinate_jobs;
BEGIN
    WITH candidate AS (
        SELECT jobs.*
            FROM procrastinate_jobs AS jobs
            WHERE
                -- reject the job if its lock has earlier or higher priority jobs
                NOT EXISTS (
                    SELECT 1
                        FROM procrastinate_jobs AS other_jobs
                        WHERE
                            jobs.lock IS NOT NULL
                            AND other_jobs.lock = jobs.lock
                            AND (
                                -- job with same lock is already running
                                other_jobs.status = 'doing'
                                OR
                                -- job with same lock is waiting and has higher priority (or same priority but was queued first)
                                (
                                    other_jobs.status = 'todo'
                                    AND (
                                        other_jobs.priority > jobs.priority
                                        OR (
                                        other_jobs.priority = jobs.priority
                                        AND other_jobs.id < jobs.id
                                        )
                                    )
                                )
                            )
                )
                AND jobs.status = 'todo'
                AND (target_queue_names IS NULL OR jobs.queue_name = ANY( target_queue_names ))
                AND (jobs.scheduled_at IS NULL OR jobs.scheduled_at <= now())
            ORDER BY jobs.priority DESC, jobs.id ASC LIMIT 1
            FOR UPDATE OF jobs SKIP LOCKED
    )
    UPDATE procrastinate_jobs
        SET status = 'doing', worker_id = p_worker_id
        FROM candidate
        WHERE procrastinate_jobs.id = candidate.id
        RETURNING procrastinate_jobs.* INTO found_jobs;

 RETURN found_jobs;
END;
$$;


--
-- Name: procrastinate_finish_job_v1(bigint, public.procrastinate_job_status, boolean); Type: FUNCTION; Schema: public; Owner: -
--

CREATE FUNCTION public.procrastinate_finish_job_v1(job_id bigint, end_status public.procrastinate_job_status, delete_job boolean) RETURNS void
    LANGUAGE plpgsql
    AS $$
DECLARE
    _job_id bigint;
BEGIN
    IF end_status NOT IN ('succeeded', 'failed', 'aborted') THEN
        RAISE 'End status should be either "succeeded", "failed" or "aborted" (job id: %)', job_id;
    END IF;
    IF delete_job THEN
        DELETE FROM procrastinate_jobs
        WHERE id = job_id AND status IN ('todo', 'doing')
        RETURNING id INTO _job_id;
    ELSE
        UPDATE procrastinate_jobs
        SET status = end_status,
            abort_requested = false,
            attempts = CASE status
                WHEN 'doing' THEN attempts + 1 ELSE attempts
            END
        WHERE id = job_id AND status IN ('todo', 'doing')
        RETURNING id INTO _job_id;
    END IF;
    IF _job_id IS NULL THEN
        RAISE 'Job was not found or not in "doing" or "todo" status (job id: %)', job_id;
    END IF;
END;
$$;


--
-- Name: procrastinate_notify_queue_abort_job_v1(); Type: FUNCTION; Schema: public; Owner: -
--

CREATE FUNCTION public.procrastinate_notify_queue_abort_job_v1() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
DECLARE
    payload TEXT;
BEGIN
    SELECT json_build_object('type', 'abort_job_requested', 'job_id', NEW.id)::text INTO payload;
	PERFORM pg_notify('procrastinate_queue_v1#' || NEW.queue_name, payload);
	PERFORM pg_notify('procrastinate_any_queue_v1', payload);
	RETURN NEW;
END;
$$;


--
-- Name: procrastinate_notify_queue_job_inserted_v1(); Type: FUNCTION; Schema: public; Owner: -
--

CREATE FUNCTION public.procrastinate_notify_queue_job_inserted_v1() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
DECLARE
    payload TEXT;
BEGIN
    SELECT json_build_object('type', 'job_inserted', 'job_id', NEW.id)::text INTO payload;
	PERFORM pg_notify('procrastinate_queue_v1#' || NEW.queue_name, payload);
	PERFORM pg_notify('procrastinate_any_queue_v1', payload);
	RETURN NEW;
END;
$$;


--
-- Name: procrastinate_prune_stalled_workers_v1(double precision); Type: FUNCTION; Schema: public; Owner: -
--

CREATE FUNCTION public.procrastinate_prune_stalled_workers_v1(seconds_since_heartbeat double precision) RETURNS TABLE(worker_id bigint)
    LANGUAGE plpgsql
    AS $$
BEGIN
    RETURN QUERY
    DELETE FROM procrastinate_workers
    WHERE last_heartbeat < NOW() - (seconds_since_heartbeat || 'SECOND')::INTERVAL
    RETURNING procrastinate_workers.id;
END;
$$;


--
-- Name: procrastinate_register_worker_v1(); Type: FUNCTION; Schema: public; Owner: -
--

CREATE FUNCTION public.procrastinate_register_worker_v1() RETURNS TABLE(worker_id bigint)
    LANGUAGE plpgsql
    AS $$
BEGIN
    RETURN QUERY
    INSERT INTO procrastinate_workers DEFAULT VALUES
    RETURNING procrastinate_workers.id;
END;
$$;


--
-- Name: procrastinate_retry_job_v1(bigint, timestamp with time zone, integer, character varying, character varying); Type: FUNCTION; Schema: public; Owner: -
--

CREATE FUNCTION public.procrastinate_retry_job_v1(job_id bigint, retry_at timestamp with time zone, new_priority integer, new_queue_name character varying, new_lock character varying) RETURNS void
    LANGUAGE plpgsql
    AS $$
DECLARE
    _job_id bigint;
    _abort_requested boolean;
BEGIN
    SELECT abort_requested FROM procrastinate_jobs
    WHERE id = job_id AND status = 'doing'
    FOR UPDATE
    INTO _abort_requested;
    IF _abort_requested THEN
        UPDATE procrastinate_jobs
        SET status = 'failed'::procrastinate_job_status
        WHERE id = job_id AND status = 'doing'
        RETURNING id INTO _job_id;
    ELSE
        UPDATE procrastinate_jobs
        SET status = 'todo'::procrastinate_job_status,
            attempts = attempts + 1,
            scheduled_at = retry_at,
            priority = COALESCE(new_priority, priority),
            queue_name = COALESCE(new_queue_name, queue_name),
            lock = COALESCE(new_lock, lock)
        WHERE id = job_id AND status = 'doing'
        RETURNING id INTO _job_id;
    END IF;

    IF _job_id IS NULL THEN
        RAISE 'Job was not found or not in "doing" status (job id: %)', job_id;
    END IF;
END;
$$;


--
-- Name: procrastinate_retry_job_v2(bigint, timestamp with time zone, integer, character varying, character varying); Type: FUNCTION; Schema: public; Owner: -
--

CREATE FUNCTION public.procrastinate_retry_job_v2(job_id bigint, retry_at timestamp with time zone, new_priority integer, new_queue_name character varying, new_lock character varying) RETURNS void
    LANGUAGE plpgsql
    AS $$
DECLARE
    _job_id bigint;
    _abort_requested boolean;
    _current_status procrastinate_job_status;
BEGIN
    SELECT status, abort_requested FROM procrastinate_jobs
    WHERE id = job_id AND status IN ('doing', 'failed')
    FOR UPDATE
    INTO _current_status, _abort_requested;
    IF _current_status = 'doing' AND _abort_requested THEN
        UPDATE procrastinate_jobs
        SET status = 'failed'::procrastinate_job_status
        WHERE id = job_id AND status = 'doing'
        RETURNING id INTO _job_id;
    ELSE
        UPDATE procrastinate_jobs
        SET status = 'todo'::procrastinate_job_status,
            attempts = attempts + 1,
            scheduled_at = retry_at,
            priority = COALESCE(new_priority, priority),
            queue_name = COALESCE(new_queue_name, queue_name),
            lock = COALESCE(new_lock, lock)
        WHERE id = job_id AND status IN ('doing', 'failed')
        RETURNING id INTO _job_id;
    END IF;

    IF _job_id IS NULL THEN
        RAISE 'Job was not found or has an invalid status to retry (job id: %)', job_id;
    END IF;

END;
$$;


--
-- Name: procrastinate_trigger_abort_requested_events_procedure_v1(); Type: FUNCTION; Schema: public; Owner: -
--

CREATE FUNCTION public.procrastinate_trigger_abort_requested_events_procedure_v1() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
BEGIN
    INSERT INTO procrastinate_events(job_id, type)
        VALUES (NEW.id, 'abort_requested'::procrastinate_job_event_type);
    RETURN NEW;
END;
$$;


--
-- Name: procrastinate_trigger_function_scheduled_events_v1(); Type: FUNCTION; Schema: public; Owner: -
--

CREATE FUNCTION public.procrastinate_trigger_function_scheduled_events_v1() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
BEGIN
    INSERT INTO procrastinate_events(job_id, type, at)
        VALUES (NEW.id, 'scheduled'::procrastinate_job_event_type, NEW.scheduled_at);

	RETURN NEW;
END;
$$;


--
-- Name: procrastinate_trigger_function_status_events_insert_v1(); Type: FUNCTION; Schema: public; Owner: -
--

CREATE FUNCTION public.procrastinate_trigger_function_status_events_insert_v1() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
BEGIN
    INSERT INTO procrastinate_events(job_id, type)
        VALUES (NEW.id, 'deferred'::procrastinate_job_event_type);
	RETURN NEW;
END;
$$;


--
-- Name: procrastinate_trigger_function_status_events_update_v1(); Type: FUNCTION; Schema: public; Owner: -
--

CREATE FUNCTION public.procrastinate_trigger_function_status_events_update_v1() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
BEGIN
    WITH t AS (
        SELECT CASE
            WHEN OLD.status = 'todo'::procrastinate_job_status
                AND NEW.status = 'doing'::procrastinate_job_status
                THEN 'started'::procrastinate_job_event_type
            WHEN OLD.status = 'doing'::procrastinate_job_status
                AND NEW.status = 'todo'::procrastinate_job_status
                THEN 'deferred_for_retry'::procrastinate_job_event_type
            WHEN OLD.status = 'doing'::procrastinate_job_status
                AND NEW.status = 'failed'::procrastinate_job_status
                THEN 'failed'::procrastinate_job_event_type
            WHEN OLD.status = 'doing'::procrastinate_job_status
                AND NEW.status = 'succeeded'::procrastinate_job_status
                THEN 'succeeded'::procrastinate_job_event_type
            WHEN OLD.status = 'todo'::procrastinate_job_status
                AND (
                    NEW.status = 'cancelled'::procrastinate_job_status
                    OR NEW.status = 'failed'::procrastinate_job_status
                    OR NEW.status = 'succeeded'::procrastinate_job_status
                )
                THEN 'cancelled'::procrastinate_job_event_type
            WHEN OLD.status = 'doing'::procrastinate_job_status
                AND NEW.status = 'aborted'::procrastinate_job_status
                THEN 'aborted'::procrastinate_job_event_type
            WHEN OLD.status = 'failed'::procrastinate_job_status
                AND NEW.status = 'todo'::procrastinate_job_status
                THEN 'retried'::procrastinate_job_event_type
            ELSE NULL
        END as event_type
    )
    INSERT INTO procrastinate_events(job_id, type)
        SELECT NEW.id, t.event_type
        FROM t
        WHERE t.event_type IS NOT NULL;
	RETURN NEW;
END;
$$;


--
-- Name: procrastinate_unlink_periodic_defers_v1(); Type: FUNCTION; Schema: public; Owner: -
--

CREATE FUNCTION public.procrastinate_unlink_periodic_defers_v1() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
BEGIN
    UPDATE procrastinate_periodic_defers
    SET job_id = NULL
    WHERE job_id = OLD.id;
    RETURN OLD;
END;
$$;


--
-- Name: procrastinate_unregister_worker_v1(bigint); Type: FUNCTION; Schema: public; Owner: -
--

CREATE FUNCTION public.procrastinate_unregister_worker_v1(worker_id bigint) RETURNS void
    LANGUAGE plpgsql
    AS $$
BEGIN
    DELETE FROM procrastinate_workers
    WHERE id = worker_id;
END;
$$;


--
-- Name: procrastinate_update_heartbeat_v1(bigint); Type: FUNCTION; Schema: public; Owner: -
--

CREATE FUNCTION public.procrastinate_update_heartbeat_v1(worker_id bigint) RETURNS void
    LANGUAGE plpgsql
    AS $$
BEGIN
    UPDATE procrastinate_workers
    SET last_heartbeat = NOW()
    WHERE id = worker_id;
END;
$$;


--
-- Name: sportello_phone_digits(text[]); Type: FUNCTION; Schema: public; Owner: -
--

CREATE FUNCTION public.sportello_phone_digits(phones text[]) RETURNS text
    LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
    RETURN regexp_replace(array_to_string(phones, '|'::text), '[^0-9|]'::text, ''::text, 'g'::text);


--
-- Name: sportello_trigrams(text); Type: FUNCTION; Schema: public; Owner: -
--

CREATE FUNCTION public.sportello_trigrams(name text) RETURNS text[]
    LANGUAGE plpgsql IMMUTABLE STRICT COST 10000 PARALLEL SAFE
    AS $$
DECLARE
    small text := lower(name);
    found text[] := '{}';
BEGIN
    FOR place IN 1 .. length(name) - 2 LOOP
        found[place] := substr(small, place, 3);
    END LOOP;
    RETURN found;
END
$$;


--
-- Name: sportello_words(bigint, tsvector); Type: FUNCTION; Schema: public; Owner: -
--

CREATE FUNCTION public.sportello_words(span bigint, words tsvector) RETURNS tsvector
    LANGUAGE sql IMMUTABLE STRICT COST 10000 PARALLEL SAFE
    RETURN array_to_tsvector(ARRAY(SELECT ((sportello_words.span || ' '::text) || "left"(word.word, 255)) FROM unnest(tsvector_to_array(sportello_words.words)) word(word)));


--
-- Name: tickets_event_is_append_only(); Type: FUNCTION; Schema: public; Owner: -
--

CREATE FUNCTION public.tickets_event_is_append_only() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
BEGIN
    IF TG_OP = 'UPDATE' THEN
        IF to_jsonb(NEW) - 'data' = to_jsonb(OLD) - 'data'
            AND EXISTS (SELECT FROM privacy_erasure WHERE began_at = transaction_timestamp()) THEN
            RETURN NEW;
        END IF;
    END IF;
    RAISE EXCEPTION 'events are append-only' USING ERRCODE = 'restrict_violation';
END $$;


--
-- Name: tickets_tally_anew(); Type: FUNCTION; Schema: public; Owner: -
--

CREATE FUNCTION public.tickets_tally_anew() RETURNS void
    LANGUAGE plpgsql
    AS $$
BEGIN
    LOCK TABLE tickets_ticket IN SHARE MODE; LOCK TABLE tickets_tally; DELETE FROM tickets_tally;
    INSERT INTO tickets_tally ("group", assignee_id, team_id, number)
        SELECT "group", assignee_id, team_id, count(*) FROM tickets_ticket
         WHERE status IN ('new', 'open', 'in_analysis', 'waiting') GROUP BY 1, 2, 3;
END $$;


--
-- Name: tickets_tally_change(); Type: FUNCTION; Schema: public; Owner: -
--

CREATE FUNCTION public.tickets_tally_change() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
BEGIN
    IF TG_OP <> 'INSERT' AND OLD.status::text = ANY (ARRAY['new', 'open', 'in_analysis', 'waiting']) THEN
        INSERT INTO tickets_tally ("group", assignee_id, team_id, number) VALUES (OLD."group", OLD.assignee_id, OLD.team_id, -1);
    END IF;
    IF TG_OP <> 'DELETE' AND NEW.status::text = ANY (ARRAY['new', 'open', 'in_analysis', 'waiting']) THEN
        INSERT INTO tickets_tally ("group", assignee_id, team_id, number) VALUES (NEW."group", NEW.assignee_id, NEW.team_id, 1);
    END IF;
    RETURN NULL;
END $$;


--
-- Name: account_emailaddress; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.account_emailaddress (
    id integer NOT NULL,
    email character varying(254) NOT NULL,
    verified boolean NOT NULL,
    "primary" boolean NOT NULL,
    user_id bigint NOT NULL
);


--
-- Name: account_emailaddress_id_seq; Type: SEQUENCE; Schema: public; Owner: -
--

ALTER TABLE public.account_emailaddress ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.account_emailaddress_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);


--
-- Name: account_emailconfirmation; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.account_emailconfirmation (
    id integer NOT NULL,
    created timestamp with time zone NOT NULL,
    sent timestamp with time zone,
    key character varying(64) NOT NULL,
    email_address_id integer NOT NULL
);


--
-- Name: account_emailconfirmation_id_seq; Type: SEQUENCE; Schema: public; Owner: -
--

ALTER TABLE public.account_emailconfirmation ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.account_emailconfirmation_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);


--
-- Name: accounts_attempts; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.accounts_attempts (
    id bigint NOT NULL,
    key_sha256 character varying(64) NOT NULL,
    since timestamp with time zone NOT NULL,
    count integer NOT NULL,
    CONSTRAINT accounts_attempts_count_check CHECK ((count >= 0))
);


--
-- Name: accounts_attempts_id_seq; Type: SEQUENCE; Schema: public; Owner: -
--

ALTER TABLE public.accounts_attempts ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.accounts_attempts_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);


--
-- Name: accounts_auditentry; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.accounts_auditentry (
    id bigint NOT NULL,
    at timestamp with time zone NOT NULL,
    act character varying(60) NOT NULL,
    subject character varying(200) NOT NULL,
    detail jsonb NOT NULL,
    address inet,
    actor_id bigint,
    about character varying(40) DEFAULT ''::character varying NOT NULL
);


--
-- Name: accounts_auditentry_id_seq; Type: SEQUENCE; Schema: public; Owner: -
--

ALTER TABLE public.accounts_auditentry ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.accounts_auditentry_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);


--
-- Name: accounts_policyviolation; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.accounts_policyviolation (
    id bigint NOT NULL,
    page character varying(200) NOT NULL,
    directive character varying(60) NOT NULL,
    blocked character varying(200) NOT NULL,
    sample character varying(100) NOT NULL,
    count integer NOT NULL,
    first_at timestamp with time zone NOT NULL,
    last_at timestamp with time zone NOT NULL,
    CONSTRAINT accounts_policyviolation_count_check CHECK ((count >= 0))
);


--
-- Name: accounts_policyviolation_id_seq; Type: SEQUENCE; Schema: public; Owner: -
--

ALTER TABLE public.accounts_policyviolation ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.accounts_policyviolation_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);


--
-- Name: accounts_stepdecided; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.accounts_stepdecided (
    step character varying(12) NOT NULL,
    decided character varying(8) NOT NULL,
    at timestamp with time zone NOT NULL
);


--
-- Name: accounts_team; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.accounts_team (
    id bigint NOT NULL,
    name character varying(80) NOT NULL
);


--
-- Name: accounts_team_id_seq; Type: SEQUENCE; Schema: public; Owner: -
--

ALTER TABLE public.accounts_team ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.accounts_team_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);


--
-- Name: accounts_user; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.accounts_user (
    id bigint NOT NULL,
    password character varying(128) NOT NULL,
    last_login timestamp with time zone,
    public_id uuid NOT NULL,
    email character varying(254) NOT NULL,
    name character varying(120) NOT NULL,
    role character varying(12) NOT NULL,
    language character varying(2) NOT NULL,
    is_active boolean NOT NULL,
    created_at timestamp with time zone NOT NULL,
    team_id bigint
);


--
-- Name: accounts_user_id_seq; Type: SEQUENCE; Schema: public; Owner: -
--

ALTER TABLE public.accounts_user ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.accounts_user_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);


--
-- Name: auth_group; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.auth_group (
    id integer NOT NULL,
    name character varying(150) NOT NULL
);


--
-- Name: auth_group_id_seq; Type: SEQUENCE; Schema: public; Owner: -
--

ALTER TABLE public.auth_group ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.auth_group_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);


--
-- Name: auth_group_permissions; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.auth_group_permissions (
    id bigint NOT NULL,
    group_id integer NOT NULL,
    permission_id integer NOT NULL
);


--
-- Name: auth_group_permissions_id_seq; Type: SEQUENCE; Schema: public; Owner: -
--

ALTER TABLE public.auth_group_permissions ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.auth_group_permissions_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);


--
-- Name: auth_permission; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.auth_permission (
    id integer NOT NULL,
    name character varying(255) NOT NULL,
    content_type_id integer NOT NULL,
    codename character varying(100) NOT NULL
);


--
-- Name: auth_permission_id_seq; Type: SEQUENCE; Schema: public; Owner: -
--

ALTER TABLE public.auth_permission ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.auth_permission_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);


--
-- Name: cache; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.cache (
    cache_key character varying(255) NOT NULL,
    value text NOT NULL,
    expires timestamp with time zone NOT NULL
);


--
-- Name: customers_contact; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.customers_contact (
    id bigint NOT NULL,
    public_id uuid NOT NULL,
    name character varying(160) NOT NULL,
    role character varying(80) NOT NULL,
    language character varying(2) NOT NULL,
    phone character varying(40) NOT NULL,
    is_active boolean NOT NULL,
    created_at timestamp with time zone NOT NULL,
    customer_id bigint,
    external_id character varying(64),
    may_approve boolean DEFAULT false NOT NULL,
    may_open boolean DEFAULT true NOT NULL,
    may_order boolean DEFAULT false NOT NULL,
    other_phones character varying(40)[] DEFAULT '{}'::character varying(40)[] NOT NULL,
    sees_all boolean DEFAULT false NOT NULL,
    muted character varying(8)[] DEFAULT '{}'::character varying(8)[] NOT NULL
);


--
-- Name: customers_contact_id_seq; Type: SEQUENCE; Schema: public; Owner: -
--

ALTER TABLE public.customers_contact ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.customers_contact_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);


--
-- Name: customers_contactaddress; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.customers_contactaddress (
    id bigint NOT NULL,
    address character varying(254) NOT NULL,
    is_primary boolean NOT NULL,
    verified_at timestamp with time zone,
    bounced_at timestamp with time zone,
    bounce_reason character varying(300) NOT NULL,
    contact_id bigint NOT NULL,
    CONSTRAINT address_in_lower_case CHECK (((address)::text = lower((address)::text)))
);


--
-- Name: customers_contactaddress_id_seq; Type: SEQUENCE; Schema: public; Owner: -
--

ALTER TABLE public.customers_contactaddress ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.customers_contactaddress_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);


--
-- Name: customers_contactapp; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.customers_contactapp (
    id bigint NOT NULL,
    secret text NOT NULL,
    last_step bigint NOT NULL,
    recovery_sha256 character varying(64)[] NOT NULL,
    set_at timestamp with time zone NOT NULL,
    contact_id bigint NOT NULL
);


--
-- Name: customers_contactapp_id_seq; Type: SEQUENCE; Schema: public; Owner: -
--

ALTER TABLE public.customers_contactapp ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.customers_contactapp_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);


--
-- Name: customers_contactidentity; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.customers_contactidentity (
    id bigint NOT NULL,
    issuer character varying(300) NOT NULL,
    subject character varying(255) NOT NULL,
    since timestamp with time zone NOT NULL,
    contact_id bigint NOT NULL,
    address_id bigint
);


--
-- Name: customers_contactidentity_id_seq; Type: SEQUENCE; Schema: public; Owner: -
--

ALTER TABLE public.customers_contactidentity ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.customers_contactidentity_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);


--
-- Name: customers_contactpasskey; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.customers_contactpasskey (
    id bigint NOT NULL,
    credential_id character varying(1400) NOT NULL,
    credential bytea NOT NULL,
    sign_count bigint NOT NULL,
    name character varying(80) NOT NULL,
    added_at timestamp with time zone NOT NULL,
    used_at timestamp with time zone,
    contact_id bigint NOT NULL
);


--
-- Name: customers_contactpasskey_id_seq; Type: SEQUENCE; Schema: public; Owner: -
--

ALTER TABLE public.customers_contactpasskey ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.customers_contactpasskey_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);


--
-- Name: customers_contactpassword; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.customers_contactpassword (
    id bigint NOT NULL,
    hash character varying(256) NOT NULL,
    changed_at timestamp with time zone NOT NULL,
    contact_id bigint NOT NULL
);


--
-- Name: customers_contactpassword_id_seq; Type: SEQUENCE; Schema: public; Owner: -
--

ALTER TABLE public.customers_contactpassword ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.customers_contactpassword_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);


--
-- Name: customers_contactsession; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.customers_contactsession (
    id bigint NOT NULL,
    session_key character varying(40) NOT NULL,
    address inet,
    agent character varying(200) NOT NULL,
    begun_at timestamp with time zone NOT NULL,
    seen_at timestamp with time zone NOT NULL,
    contact_id bigint NOT NULL
);


--
-- Name: customers_contactsession_id_seq; Type: SEQUENCE; Schema: public; Owner: -
--

ALTER TABLE public.customers_contactsession ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.customers_contactsession_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);


--
-- Name: customers_customer; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.customers_customer (
    id bigint NOT NULL,
    public_id uuid NOT NULL,
    name character varying(160) NOT NULL,
    code character varying(40) NOT NULL,
    since date,
    is_active boolean NOT NULL,
    created_at timestamp with time zone NOT NULL,
    ended_on date,
    external_id character varying(64),
    kind character varying(10) DEFAULT 'company'::character varying NOT NULL,
    language character varying(2) DEFAULT 'it'::character varying NOT NULL,
    pec character varying(254) DEFAULT ''::character varying NOT NULL,
    sdi_code character varying(7) DEFAULT ''::character varying NOT NULL,
    tax_code character varying(16) DEFAULT ''::character varying NOT NULL,
    time_zone character varying(60) DEFAULT 'Europe/Rome'::character varying NOT NULL,
    vat_number character varying(20) DEFAULT ''::character varying NOT NULL
);


--
-- Name: customers_customer_id_seq; Type: SEQUENCE; Schema: public; Owner: -
--

ALTER TABLE public.customers_customer ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.customers_customer_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);


--
-- Name: customers_invitation; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.customers_invitation (
    id bigint NOT NULL,
    sees_all boolean DEFAULT false NOT NULL,
    may_open boolean DEFAULT true NOT NULL,
    may_approve boolean DEFAULT false NOT NULL,
    may_order boolean DEFAULT false NOT NULL,
    address character varying(254) NOT NULL,
    name character varying(160) NOT NULL,
    language character varying(2) NOT NULL,
    secret_sha256 character varying(64) NOT NULL,
    sent_at timestamp with time zone NOT NULL,
    expires_at timestamp with time zone NOT NULL,
    accepted_at timestamp with time zone,
    by_contact_id bigint,
    by_staff_id bigint,
    customer_id bigint NOT NULL,
    CONSTRAINT invited_in_lower_case CHECK (((address)::text = lower((address)::text)))
);


--
-- Name: customers_invitation_id_seq; Type: SEQUENCE; Schema: public; Owner: -
--

ALTER TABLE public.customers_invitation ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.customers_invitation_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);


--
-- Name: customers_membership; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.customers_membership (
    id bigint NOT NULL,
    sees_all boolean DEFAULT false NOT NULL,
    may_open boolean DEFAULT true NOT NULL,
    may_approve boolean DEFAULT false NOT NULL,
    may_order boolean DEFAULT false NOT NULL,
    since timestamp with time zone NOT NULL,
    contact_id bigint NOT NULL,
    customer_id bigint NOT NULL
);


--
-- Name: customers_membership_id_seq; Type: SEQUENCE; Schema: public; Owner: -
--

ALTER TABLE public.customers_membership ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.customers_membership_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);


--
-- Name: customers_signinlink; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.customers_signinlink (
    id bigint NOT NULL,
    secret_sha256 character varying(64) NOT NULL,
    created_at timestamp with time zone NOT NULL,
    expires_at timestamp with time zone NOT NULL,
    used_at timestamp with time zone,
    contact_id bigint NOT NULL,
    address_id bigint
);


--
-- Name: customers_signinlink_id_seq; Type: SEQUENCE; Schema: public; Owner: -
--

ALTER TABLE public.customers_signinlink ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.customers_signinlink_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);


--
-- Name: diagnostics_examination; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.diagnostics_examination (
    id bigint NOT NULL,
    public_id uuid NOT NULL,
    occasion character varying(10) NOT NULL,
    asked_at timestamp with time zone NOT NULL,
    begun_at timestamp with time zone,
    finished_at timestamp with time zone,
    verdict character varying(12) NOT NULL,
    rule character varying(40) NOT NULL,
    sign character varying(30) NOT NULL,
    params jsonb NOT NULL,
    blame character varying(10) NOT NULL,
    neighbours_tried smallint NOT NULL,
    neighbours_down smallint NOT NULL,
    family character varying(12) NOT NULL,
    failing_since timestamp with time zone,
    asked_by_id bigint,
    service_id bigint NOT NULL,
    CONSTRAINT diagnostics_examination_neighbours_down_check CHECK ((neighbours_down >= 0)),
    CONSTRAINT diagnostics_examination_neighbours_tried_check CHECK ((neighbours_tried >= 0))
);


--
-- Name: diagnostics_examination_id_seq; Type: SEQUENCE; Schema: public; Owner: -
--

ALTER TABLE public.diagnostics_examination ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.diagnostics_examination_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);


--
-- Name: diagnostics_finding; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.diagnostics_finding (
    id bigint NOT NULL,
    probe character varying(10) NOT NULL,
    role character varying(10) NOT NULL,
    target character varying(500) NOT NULL,
    sign character varying(30) NOT NULL,
    at timestamp with time zone NOT NULL,
    name character varying(253) NOT NULL,
    address character varying(100) NOT NULL,
    milliseconds integer NOT NULL,
    head text NOT NULL,
    params jsonb NOT NULL,
    examination_id bigint NOT NULL,
    CONSTRAINT diagnostics_finding_milliseconds_check CHECK ((milliseconds >= 0))
);


--
-- Name: diagnostics_finding_id_seq; Type: SEQUENCE; Schema: public; Owner: -
--

ALTER TABLE public.diagnostics_finding ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.diagnostics_finding_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);


--
-- Name: django_content_type; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.django_content_type (
    id integer NOT NULL,
    app_label character varying(100) NOT NULL,
    model character varying(100) NOT NULL
);


--
-- Name: django_content_type_id_seq; Type: SEQUENCE; Schema: public; Owner: -
--

ALTER TABLE public.django_content_type ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.django_content_type_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);


--
-- Name: django_migrations; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.django_migrations (
    id bigint NOT NULL,
    app character varying(255) NOT NULL,
    name character varying(255) NOT NULL,
    applied timestamp with time zone NOT NULL
);


--
-- Name: django_migrations_id_seq; Type: SEQUENCE; Schema: public; Owner: -
--

ALTER TABLE public.django_migrations ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.django_migrations_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);


--
-- Name: django_session; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.django_session (
    session_key character varying(40) NOT NULL,
    session_data text NOT NULL,
    expire_date timestamp with time zone NOT NULL
);


--
-- Name: duplicates_joined; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.duplicates_joined (
    id bigint NOT NULL,
    why jsonb NOT NULL,
    probability double precision NOT NULL,
    features jsonb NOT NULL,
    at timestamp with time zone NOT NULL,
    undone_at timestamp with time zone,
    merge_id bigint NOT NULL,
    undone_by_id bigint
);


--
-- Name: duplicates_joined_id_seq; Type: SEQUENCE; Schema: public; Owner: -
--

ALTER TABLE public.duplicates_joined ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.duplicates_joined_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);


--
-- Name: duplicates_learnt; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.duplicates_learnt (
    id bigint NOT NULL,
    "only" boolean NOT NULL,
    joins boolean NOT NULL,
    propose double precision,
    "join" double precision,
    changes jsonb NOT NULL,
    learnt_at timestamp with time zone,
    CONSTRAINT learnt_is_one_row CHECK ("only")
);


--
-- Name: duplicates_learnt_id_seq; Type: SEQUENCE; Schema: public; Owner: -
--

ALTER TABLE public.duplicates_learnt ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.duplicates_learnt_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);


--
-- Name: duplicates_proposal; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.duplicates_proposal (
    id bigint NOT NULL,
    place character varying(8) NOT NULL,
    score double precision NOT NULL,
    probability double precision NOT NULL,
    features jsonb NOT NULL,
    was_certain boolean NOT NULL,
    state character varying(8) NOT NULL,
    made_at timestamp with time zone NOT NULL,
    decided_at timestamp with time zone,
    by_id bigint,
    by_contact_id bigint,
    contact_id bigint,
    draft_id bigint,
    target_id bigint NOT NULL,
    ticket_id bigint,
    CONSTRAINT not_proposed_to_itself CHECK ((NOT ((ticket_id = target_id) AND (ticket_id IS NOT NULL)))),
    CONSTRAINT proposal_decided_at_a_time CHECK ((((decided_at IS NULL) AND ((state)::text = 'open'::text)) OR ((NOT ((state)::text = 'open'::text)) AND (decided_at IS NOT NULL))))
);


--
-- Name: duplicates_proposal_id_seq; Type: SEQUENCE; Schema: public; Owner: -
--

ALTER TABLE public.duplicates_proposal ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.duplicates_proposal_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);


--
-- Name: evidence_evidence; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.evidence_evidence (
    id bigint NOT NULL,
    examination_id bigint NOT NULL,
    ticket_id bigint NOT NULL
);


--
-- Name: evidence_evidence_id_seq; Type: SEQUENCE; Schema: public; Owner: -
--

ALTER TABLE public.evidence_evidence ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.evidence_evidence_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);


--
-- Name: imports_details; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.imports_details (
    id bigint NOT NULL,
    external_id character varying(254) NOT NULL,
    mark character varying(64) NOT NULL,
    asked_at timestamp with time zone NOT NULL,
    of_id bigint NOT NULL
);


--
-- Name: imports_details_id_seq; Type: SEQUENCE; Schema: public; Owner: -
--

ALTER TABLE public.imports_details ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.imports_details_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);


--
-- Name: imports_import; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.imports_import (
    id bigint NOT NULL,
    public_id uuid NOT NULL,
    source character varying(10) NOT NULL,
    kind character varying(10) NOT NULL,
    name character varying(200) NOT NULL,
    state character varying(10) NOT NULL,
    created_at timestamp with time zone NOT NULL,
    moved_at timestamp with time zone NOT NULL,
    ended_at timestamp with time zone,
    is_read boolean NOT NULL,
    encoding character varying(20) NOT NULL,
    delimiter character varying(1) NOT NULL,
    header jsonb NOT NULL,
    secrets jsonb NOT NULL,
    chosen jsonb NOT NULL,
    rows integer NOT NULL,
    is_whole boolean NOT NULL,
    many_may_end boolean NOT NULL,
    portion integer NOT NULL,
    done integer NOT NULL,
    counts jsonb NOT NULL,
    trouble character varying(20) NOT NULL,
    trouble_detail character varying(300) NOT NULL,
    by_id bigint,
    CONSTRAINT imports_import_done_check CHECK ((done >= 0)),
    CONSTRAINT imports_import_portion_check CHECK ((portion >= 0)),
    CONSTRAINT imports_import_rows_check CHECK ((rows >= 0))
);


--
-- Name: imports_import_id_seq; Type: SEQUENCE; Schema: public; Owner: -
--

ALTER TABLE public.imports_import ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.imports_import_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);


--
-- Name: imports_importline; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.imports_importline (
    id bigint NOT NULL,
    kind character varying(10) NOT NULL,
    line integer NOT NULL,
    external_id character varying(254) NOT NULL,
    outcome character varying(10) NOT NULL,
    why jsonb NOT NULL,
    of_id bigint NOT NULL,
    CONSTRAINT imports_importline_line_check CHECK ((line >= 0))
);


--
-- Name: imports_importline_id_seq; Type: SEQUENCE; Schema: public; Owner: -
--

ALTER TABLE public.imports_importline ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.imports_importline_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);


--
-- Name: imports_importportion; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.imports_importportion (
    id bigint NOT NULL,
    number integer NOT NULL,
    kind character varying(10) NOT NULL,
    lines jsonb NOT NULL,
    of_id bigint NOT NULL,
    CONSTRAINT imports_importportion_number_check CHECK ((number >= 0))
);


--
-- Name: imports_importportion_id_seq; Type: SEQUENCE; Schema: public; Owner: -
--

ALTER TABLE public.imports_importportion ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.imports_importportion_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);


--
-- Name: incidents_announcement; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.incidents_announcement (
    id bigint NOT NULL,
    version integer NOT NULL,
    at timestamp with time zone NOT NULL,
    contact_id bigint NOT NULL,
    maintenance_id bigint NOT NULL,
    kind character varying(10) DEFAULT 'planned'::character varying NOT NULL,
    CONSTRAINT incidents_announcement_version_check CHECK ((version >= 0))
);


--
-- Name: incidents_announcement_id_seq; Type: SEQUENCE; Schema: public; Owner: -
--

ALTER TABLE public.incidents_announcement ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.incidents_announcement_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);


--
-- Name: incidents_incident; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.incidents_incident (
    id bigint NOT NULL,
    public_id uuid NOT NULL,
    state character varying(13) NOT NULL,
    impact character varying(11) NOT NULL,
    title_it character varying(160) NOT NULL,
    title_en character varying(160) NOT NULL,
    text_it text NOT NULL,
    text_en text NOT NULL,
    is_public boolean NOT NULL,
    started_at timestamp with time zone NOT NULL,
    ended_at timestamp with time zone,
    next_update_at timestamp with time zone,
    opened_at timestamp with time zone NOT NULL,
    said_at timestamp with time zone NOT NULL,
    version integer NOT NULL,
    opened_by_id bigint,
    CONSTRAINT incident_ends_after_it_starts CHECK (((ended_at IS NULL) OR (ended_at >= started_at))),
    CONSTRAINT incident_impact_of_an_outage CHECK ((impact IN ('degraded', 'partial', 'major'))),
    CONSTRAINT incident_over_when_solved CHECK ((((ended_at IS NOT NULL) AND ((state)::text = 'solved'::text)) OR ((NOT ((state)::text = 'solved'::text)) AND (ended_at IS NULL)))),
    CONSTRAINT incidents_incident_version_check CHECK ((version >= 0))
);


--
-- Name: incidents_incident_id_seq; Type: SEQUENCE; Schema: public; Owner: -
--

ALTER TABLE public.incidents_incident ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.incidents_incident_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);


--
-- Name: incidents_incident_servers; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.incidents_incident_servers (
    id bigint NOT NULL,
    incident_id bigint NOT NULL,
    server_id bigint NOT NULL
);


--
-- Name: incidents_incident_servers_id_seq; Type: SEQUENCE; Schema: public; Owner: -
--

ALTER TABLE public.incidents_incident_servers ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.incidents_incident_servers_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);


--
-- Name: incidents_incident_services; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.incidents_incident_services (
    id bigint NOT NULL,
    incident_id bigint NOT NULL,
    service_id bigint NOT NULL
);


--
-- Name: incidents_incident_services_id_seq; Type: SEQUENCE; Schema: public; Owner: -
--

ALTER TABLE public.incidents_incident_services ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.incidents_incident_services_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);


--
-- Name: incidents_incidentevent; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.incidents_incidentevent (
    id bigint NOT NULL,
    at timestamp with time zone NOT NULL,
    kind character varying(20) NOT NULL,
    data jsonb NOT NULL,
    incident_id bigint NOT NULL,
    user_id bigint
);


--
-- Name: incidents_incidentevent_id_seq; Type: SEQUENCE; Schema: public; Owner: -
--

ALTER TABLE public.incidents_incidentevent ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.incidents_incidentevent_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);


--
-- Name: incidents_incidentnote; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.incidents_incidentnote (
    id bigint NOT NULL,
    public_id uuid NOT NULL,
    text text NOT NULL,
    created_at timestamp with time zone NOT NULL,
    incident_id bigint NOT NULL,
    user_id bigint NOT NULL
);


--
-- Name: incidents_incidentnote_id_seq; Type: SEQUENCE; Schema: public; Owner: -
--

ALTER TABLE public.incidents_incidentnote ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.incidents_incidentnote_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);


--
-- Name: incidents_incidentticket; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.incidents_incidentticket (
    id bigint NOT NULL,
    reason character varying(8) NOT NULL,
    linked_at timestamp with time zone NOT NULL,
    before jsonb,
    first_answer_at timestamp with time zone,
    released_at timestamp with time zone,
    kept_because character varying(40) NOT NULL,
    undone_at timestamp with time zone,
    incident_id bigint NOT NULL,
    linked_by_id bigint,
    ticket_id bigint NOT NULL,
    undone_by_id bigint,
    told_id bigint,
    settled_at timestamp with time zone,
    told_at timestamp with time zone
);


--
-- Name: incidents_incidentticket_id_seq; Type: SEQUENCE; Schema: public; Owner: -
--

ALTER TABLE public.incidents_incidentticket ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.incidents_incidentticket_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);


--
-- Name: incidents_maintenance; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.incidents_maintenance (
    id bigint NOT NULL,
    public_id uuid NOT NULL,
    title_it character varying(160) NOT NULL,
    title_en character varying(160) NOT NULL,
    text_it text NOT NULL,
    text_en text NOT NULL,
    starts_at timestamp with time zone NOT NULL,
    ends_at timestamp with time zone NOT NULL,
    is_public boolean NOT NULL,
    planned_at timestamp with time zone NOT NULL,
    announced_at timestamp with time zone,
    cancelled_at timestamp with time zone,
    version integer NOT NULL,
    planned_by_id bigint,
    CONSTRAINT incidents_maintenance_version_check CHECK ((version >= 0)),
    CONSTRAINT maintenance_ends_after_it_starts CHECK ((ends_at > starts_at))
);


--
-- Name: incidents_maintenance_id_seq; Type: SEQUENCE; Schema: public; Owner: -
--

ALTER TABLE public.incidents_maintenance ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.incidents_maintenance_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);


--
-- Name: incidents_maintenance_servers; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.incidents_maintenance_servers (
    id bigint NOT NULL,
    maintenance_id bigint NOT NULL,
    server_id bigint NOT NULL
);


--
-- Name: incidents_maintenance_servers_id_seq; Type: SEQUENCE; Schema: public; Owner: -
--

ALTER TABLE public.incidents_maintenance_servers ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.incidents_maintenance_servers_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);


--
-- Name: incidents_maintenance_services; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.incidents_maintenance_services (
    id bigint NOT NULL,
    maintenance_id bigint NOT NULL,
    service_id bigint NOT NULL
);


--
-- Name: incidents_maintenance_services_id_seq; Type: SEQUENCE; Schema: public; Owner: -
--

ALTER TABLE public.incidents_maintenance_services ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.incidents_maintenance_services_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);


--
-- Name: incidents_maintenancenotice; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.incidents_maintenancenotice (
    id bigint NOT NULL,
    number integer NOT NULL,
    kind character varying(10) NOT NULL,
    due_at timestamp with time zone NOT NULL,
    created_at timestamp with time zone NOT NULL,
    told_at timestamp with time zone,
    maintenance_id bigint NOT NULL,
    CONSTRAINT incidents_maintenancenotice_number_check CHECK ((number >= 0))
);


--
-- Name: incidents_maintenancenotice_id_seq; Type: SEQUENCE; Schema: public; Owner: -
--

ALTER TABLE public.incidents_maintenancenotice ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.incidents_maintenancenotice_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);


--
-- Name: incidents_proposal; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.incidents_proposal (
    id bigint NOT NULL,
    public_id uuid NOT NULL,
    state character varying(9) NOT NULL,
    evidence jsonb NOT NULL,
    proposed_at timestamp with time zone NOT NULL,
    seen_at timestamp with time zone NOT NULL,
    decided_at timestamp with time zone,
    quiet_until timestamp with time zone,
    decided_by_id bigint,
    incident_id bigint,
    server_id bigint NOT NULL
);


--
-- Name: incidents_proposal_id_seq; Type: SEQUENCE; Schema: public; Owner: -
--

ALTER TABLE public.incidents_proposal ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.incidents_proposal_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);


--
-- Name: incidents_told; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.incidents_told (
    id bigint NOT NULL,
    contact_id bigint NOT NULL,
    update_id bigint NOT NULL
);


--
-- Name: incidents_told_id_seq; Type: SEQUENCE; Schema: public; Owner: -
--

ALTER TABLE public.incidents_told ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.incidents_told_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);


--
-- Name: incidents_update; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.incidents_update (
    id bigint NOT NULL,
    public_id uuid NOT NULL,
    state character varying(13) NOT NULL,
    text_it text NOT NULL,
    text_en text NOT NULL,
    created_at timestamp with time zone NOT NULL,
    told_at timestamp with time zone,
    by_id bigint,
    incident_id bigint NOT NULL
);


--
-- Name: incidents_update_id_seq; Type: SEQUENCE; Schema: public; Owner: -
--

ALTER TABLE public.incidents_update ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.incidents_update_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);


--
-- Name: mail_imapaccount; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.mail_imapaccount (
    id bigint NOT NULL,
    host character varying(253) NOT NULL,
    port integer NOT NULL,
    tls boolean NOT NULL,
    username character varying(254) NOT NULL,
    secret character varying(60) NOT NULL,
    folder character varying(200) NOT NULL,
    mode character varying(10) NOT NULL,
    since date NOT NULL,
    uidvalidity bigint,
    last_uid bigint NOT NULL,
    connected_at timestamp with time zone,
    failing_since timestamp with time zone,
    last_error character varying(300) NOT NULL,
    mailbox_id bigint NOT NULL,
    CONSTRAINT mail_imapaccount_port_check CHECK ((port >= 0))
);


--
-- Name: mail_imapaccount_id_seq; Type: SEQUENCE; Schema: public; Owner: -
--

ALTER TABLE public.mail_imapaccount ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.mail_imapaccount_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);


--
-- Name: mail_inboundmail; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.mail_inboundmail (
    id bigint NOT NULL,
    public_id uuid NOT NULL,
    door character varying(5) NOT NULL,
    fingerprint character varying(64) NOT NULL,
    message_id character varying(998) NOT NULL,
    envelope_from character varying(320) NOT NULL,
    envelope_to character varying(320) NOT NULL,
    imap_uid bigint,
    answers_allowed boolean NOT NULL,
    received_at timestamp with time zone NOT NULL,
    state character varying(10) NOT NULL,
    sender character varying(320) NOT NULL,
    sender_name character varying(200) NOT NULL,
    subject character varying(500) NOT NULL,
    gate character varying(40) NOT NULL,
    reason character varying(60) NOT NULL,
    reason_params jsonb NOT NULL,
    problems character varying(60)[] NOT NULL,
    attempts smallint NOT NULL,
    error text NOT NULL,
    processed_at timestamp with time zone,
    mailbox_id bigint NOT NULL,
    raw_id character varying(64) NOT NULL,
    about_id bigint,
    alarmed_at timestamp with time zone,
    decide_by timestamp with time zone,
    priority smallint DEFAULT 0 NOT NULL,
    waits_since timestamp with time zone DEFAULT statement_timestamp() NOT NULL,
    next_attempt_at timestamp with time zone,
    CONSTRAINT mail_inboundmail_attempts_check CHECK ((attempts >= 0))
);


--
-- Name: mail_inboundmail_id_seq; Type: SEQUENCE; Schema: public; Owner: -
--

ALTER TABLE public.mail_inboundmail ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.mail_inboundmail_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);


--
-- Name: mail_mailbox; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.mail_mailbox (
    id bigint NOT NULL,
    address character varying(254) NOT NULL,
    aliases character varying(254)[] NOT NULL,
    purpose character varying(10) NOT NULL,
    display_name character varying(120) NOT NULL,
    signature_it text NOT NULL,
    signature_en text NOT NULL,
    authserv_id character varying(253) NOT NULL,
    is_active boolean NOT NULL,
    "position" smallint NOT NULL,
    accepts_without_result boolean NOT NULL,
    CONSTRAINT mail_mailbox_position_check CHECK (("position" >= 0))
);


--
-- Name: mail_mailbox_id_seq; Type: SEQUENCE; Schema: public; Owner: -
--

ALTER TABLE public.mail_mailbox ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.mail_mailbox_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);


--
-- Name: mail_outboundmail; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.mail_outboundmail (
    id bigint NOT NULL,
    public_id uuid NOT NULL,
    kind character varying(10) NOT NULL,
    message_id character varying(250) NOT NULL,
    from_header character varying(400) NOT NULL,
    envelope_from character varying(320) NOT NULL,
    "to" character varying(320) NOT NULL,
    to_name character varying(200) NOT NULL,
    cc character varying(320)[] NOT NULL,
    reply_to character varying(320) NOT NULL,
    subject character varying(500) NOT NULL,
    text text NOT NULL,
    html text NOT NULL,
    in_reply_to character varying(998) NOT NULL,
    "references" character varying(998)[] NOT NULL,
    attachments jsonb NOT NULL,
    automatic boolean NOT NULL,
    created_at timestamp with time zone NOT NULL,
    not_before timestamp with time zone NOT NULL,
    state character varying(10) NOT NULL,
    attempts smallint NOT NULL,
    next_attempt_at timestamp with time zone,
    sent_at timestamp with time zone,
    failed_at timestamp with time zone,
    last_answer character varying(500) NOT NULL,
    mailbox_id bigint NOT NULL,
    copy_of_id bigint,
    reader jsonb DEFAULT '{}'::jsonb NOT NULL,
    CONSTRAINT mail_outboundmail_attempts_check CHECK ((attempts >= 0))
);


--
-- Name: mail_outboundmail_id_seq; Type: SEQUENCE; Schema: public; Owner: -
--

ALTER TABLE public.mail_outboundmail ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.mail_outboundmail_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);


--
-- Name: mail_rawmail; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.mail_rawmail (
    sha256 character varying(64) NOT NULL,
    content bytea NOT NULL,
    size bigint NOT NULL
);
ALTER TABLE ONLY public.mail_rawmail ALTER COLUMN content SET STORAGE EXTERNAL;


--
-- Name: mail_selftest; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.mail_selftest (
    id bigint NOT NULL,
    token uuid NOT NULL,
    started_at timestamp with time zone NOT NULL,
    arrived_at timestamp with time zone,
    mailbox_id bigint NOT NULL,
    outbound_id bigint
);


--
-- Name: mail_selftest_id_seq; Type: SEQUENCE; Schema: public; Owner: -
--

ALTER TABLE public.mail_selftest ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.mail_selftest_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);


--
-- Name: mail_sending; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.mail_sending (
    id smallint NOT NULL,
    is_on boolean NOT NULL,
    changed_at timestamp with time zone,
    CONSTRAINT mail_sending_id_check CHECK ((id >= 0)),
    CONSTRAINT sending_is_one CHECK ((id = 1))
);


--
-- Name: mfa_authenticator; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.mfa_authenticator (
    id bigint NOT NULL,
    type character varying(20) NOT NULL,
    data jsonb NOT NULL,
    user_id bigint NOT NULL,
    created_at timestamp with time zone NOT NULL,
    last_used_at timestamp with time zone
);


--
-- Name: mfa_authenticator_id_seq; Type: SEQUENCE; Schema: public; Owner: -
--

ALTER TABLE public.mfa_authenticator ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.mfa_authenticator_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);


--
-- Name: policy_clause; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.policy_clause (
    id bigint NOT NULL,
    code character varying(60) NOT NULL,
    section character varying(10) NOT NULL,
    "position" integer NOT NULL,
    text_it text NOT NULL,
    text_en text NOT NULL,
    begins_id bigint NOT NULL,
    ends_id bigint,
    CONSTRAINT policy_clause_position_check CHECK (("position" >= 0))
);


--
-- Name: policy_clause_id_seq; Type: SEQUENCE; Schema: public; Owner: -
--

ALTER TABLE public.policy_clause ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.policy_clause_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);


--
-- Name: policy_edition; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.policy_edition (
    id bigint NOT NULL,
    number integer NOT NULL,
    published_at timestamp with time zone NOT NULL,
    published_by_id bigint,
    CONSTRAINT policy_edition_number_check CHECK ((number >= 0))
);


--
-- Name: policy_edition_id_seq; Type: SEQUENCE; Schema: public; Owner: -
--

ALTER TABLE public.policy_edition ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.policy_edition_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);


--
-- Name: presales_addresslink; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.presales_addresslink (
    id bigint NOT NULL,
    address character varying(254) NOT NULL,
    secret_sha256 character varying(64) NOT NULL,
    sent_at timestamp with time zone NOT NULL,
    expires_at timestamp with time zone NOT NULL,
    used_at timestamp with time zone
);


--
-- Name: presales_addresslink_id_seq; Type: SEQUENCE; Schema: public; Owner: -
--

ALTER TABLE public.presales_addresslink ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.presales_addresslink_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);


--
-- Name: presales_enquiry; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.presales_enquiry (
    id bigint NOT NULL,
    public_id uuid NOT NULL,
    address character varying(254) NOT NULL,
    name character varying(160) NOT NULL,
    company character varying(160) NOT NULL,
    phone character varying(40) NOT NULL,
    text text NOT NULL,
    language character varying(2) NOT NULL,
    asked_at timestamp with time zone NOT NULL
);


--
-- Name: presales_enquiry_id_seq; Type: SEQUENCE; Schema: public; Owner: -
--

ALTER TABLE public.presales_enquiry ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.presales_enquiry_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);


--
-- Name: privacy_download; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.privacy_download (
    id bigint NOT NULL,
    public_id uuid NOT NULL,
    asked_at timestamp with time zone NOT NULL,
    ready_at timestamp with time zone,
    expires_at timestamp with time zone,
    sha256 character varying(64) NOT NULL,
    size bigint NOT NULL,
    asked_by_id bigint,
    contact_id bigint NOT NULL,
    with_notes boolean DEFAULT false NOT NULL,
    readable jsonb DEFAULT '{}'::jsonb NOT NULL
);


--
-- Name: privacy_download_id_seq; Type: SEQUENCE; Schema: public; Owner: -
--

ALTER TABLE public.privacy_download ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.privacy_download_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);


--
-- Name: privacy_drop; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.privacy_drop (
    id bigint NOT NULL,
    public_id uuid NOT NULL,
    label character varying(80) NOT NULL,
    sealed bytea,
    state character varying(10) NOT NULL,
    dropped_at timestamp with time zone NOT NULL,
    expires_at timestamp with time zone NOT NULL,
    ended_at timestamp with time zone,
    contact_id bigint NOT NULL,
    seen_by_id bigint,
    ticket_id bigint NOT NULL,
    CONSTRAINT drop_sealed_only_while_it_waits CHECK ((((sealed IS NOT NULL) AND ((state)::text = 'waiting'::text)) OR ((NOT ((state)::text = 'waiting'::text)) AND (sealed IS NULL))))
);


--
-- Name: privacy_drop_id_seq; Type: SEQUENCE; Schema: public; Owner: -
--

ALTER TABLE public.privacy_drop ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.privacy_drop_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);


--
-- Name: privacy_erasure; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.privacy_erasure (
    id bigint NOT NULL,
    began_at timestamp with time zone DEFAULT CURRENT_TIMESTAMP NOT NULL,
    counts jsonb NOT NULL,
    by_id bigint,
    contact_id bigint,
    ticket_id bigint
);


--
-- Name: privacy_erasure_id_seq; Type: SEQUENCE; Schema: public; Owner: -
--

ALTER TABLE public.privacy_erasure ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.privacy_erasure_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);


--
-- Name: privacy_erasureplan; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.privacy_erasureplan (
    id bigint NOT NULL,
    address inet,
    state character varying(10) NOT NULL,
    began_at timestamp with time zone NOT NULL,
    moved_at timestamp with time zone NOT NULL,
    is_searched boolean NOT NULL,
    searched_to character varying(64) NOT NULL,
    searched integer NOT NULL,
    mails integer NOT NULL,
    found jsonb NOT NULL,
    counts jsonb NOT NULL,
    stays jsonb NOT NULL,
    by_id bigint NOT NULL,
    contact_id bigint NOT NULL,
    CONSTRAINT privacy_erasureplan_mails_check CHECK ((mails >= 0)),
    CONSTRAINT privacy_erasureplan_searched_check CHECK ((searched >= 0))
);


--
-- Name: privacy_erasureplan_id_seq; Type: SEQUENCE; Schema: public; Owner: -
--

ALTER TABLE public.privacy_erasureplan ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.privacy_erasureplan_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);


--
-- Name: privacy_keeping; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.privacy_keeping (
    id bigint NOT NULL,
    ground character varying(10) NOT NULL,
    since timestamp with time zone NOT NULL,
    by_id bigint NOT NULL,
    ticket_id bigint NOT NULL
);


--
-- Name: privacy_keeping_id_seq; Type: SEQUENCE; Schema: public; Owner: -
--

ALTER TABLE public.privacy_keeping ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.privacy_keeping_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);


--
-- Name: privacy_retention; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.privacy_retention (
    kind character varying(12) NOT NULL,
    days integer NOT NULL,
    CONSTRAINT privacy_retention_days_check CHECK ((days >= 0))
);


--
-- Name: procrastinate_events; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.procrastinate_events (
    id bigint NOT NULL,
    job_id bigint NOT NULL,
    type public.procrastinate_job_event_type,
    at timestamp with time zone DEFAULT now()
);


--
-- Name: procrastinate_events_id_seq; Type: SEQUENCE; Schema: public; Owner: -
--

CREATE SEQUENCE public.procrastinate_events_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;


--
-- Name: procrastinate_events_id_seq; Type: SEQUENCE OWNED BY; Schema: public; Owner: -
--

ALTER SEQUENCE public.procrastinate_events_id_seq OWNED BY public.procrastinate_events.id;


--
-- Name: procrastinate_jobs_id_seq; Type: SEQUENCE; Schema: public; Owner: -
--

CREATE SEQUENCE public.procrastinate_jobs_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;


--
-- Name: procrastinate_jobs_id_seq; Type: SEQUENCE OWNED BY; Schema: public; Owner: -
--

ALTER SEQUENCE public.procrastinate_jobs_id_seq OWNED BY public.procrastinate_jobs.id;


--
-- Name: procrastinate_periodic_defers; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.procrastinate_periodic_defers (
    id bigint NOT NULL,
    task_name character varying(128) NOT NULL,
    defer_timestamp bigint,
    job_id bigint,
    periodic_id character varying(128) DEFAULT ''::character varying NOT NULL
);


--
-- Name: procrastinate_periodic_defers_id_seq; Type: SEQUENCE; Schema: public; Owner: -
--

CREATE SEQUENCE public.procrastinate_periodic_defers_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;


--
-- Name: procrastinate_periodic_defers_id_seq; Type: SEQUENCE OWNED BY; Schema: public; Owner: -
--

ALTER SEQUENCE public.procrastinate_periodic_defers_id_seq OWNED BY public.procrastinate_periodic_defers.id;


--
-- Name: procrastinate_workers; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.procrastinate_workers (
    id bigint NOT NULL,
    last_heartbeat timestamp with time zone DEFAULT now() NOT NULL
);


--
-- Name: procrastinate_workers_id_seq; Type: SEQUENCE; Schema: public; Owner: -
--

ALTER TABLE public.procrastinate_workers ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME public.procrastinate_workers_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);


--
-- Name: services_networkrange; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.services_networkrange (
    id bigint NOT NULL,
    network character varying(49) NOT NULL,
    label character varying(80) NOT NULL
);


--
-- Name: services_networkrange_id_seq; Type: SEQUENCE; Schema: public; Owner: -
--

ALTER TABLE public.services_networkrange ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.services_networkrange_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);


--
-- Name: services_quietwindow; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.services_quietwindow (
    id bigint NOT NULL,
    source uuid NOT NULL,
    starts_at timestamp with time zone NOT NULL,
    ends_at timestamp with time zone NOT NULL,
    server_id bigint,
    service_id bigint,
    CONSTRAINT quiet_for_a_while CHECK ((ends_at > starts_at)),
    CONSTRAINT quiet_server_or_service CHECK ((((server_id IS NULL) AND (service_id IS NOT NULL)) OR ((server_id IS NOT NULL) AND (service_id IS NULL))))
);


--
-- Name: services_quietwindow_id_seq; Type: SEQUENCE; Schema: public; Owner: -
--

ALTER TABLE public.services_quietwindow ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.services_quietwindow_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);


--
-- Name: services_server; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.services_server (
    id bigint NOT NULL,
    name character varying(80) NOT NULL,
    hostname character varying(253) NOT NULL,
    address inet,
    ended_on date,
    external_id character varying(64),
    other_addresses inet[] DEFAULT '{}'::inet[] NOT NULL,
    other_names character varying(253)[] DEFAULT '{}'::character varying(253)[] NOT NULL,
    public_name character varying(80) DEFAULT ''::character varying NOT NULL
);


--
-- Name: services_server_id_seq; Type: SEQUENCE; Schema: public; Owner: -
--

ALTER TABLE public.services_server ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.services_server_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);


--
-- Name: services_service; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.services_service (
    id bigint NOT NULL,
    public_id uuid NOT NULL,
    kind character varying(10) NOT NULL,
    name character varying(253) NOT NULL,
    plan character varying(80) NOT NULL,
    status character varying(10) NOT NULL,
    since date,
    customer_id bigint NOT NULL,
    server_id bigint,
    ends_on date,
    external_id character varying(64),
    is_managed boolean DEFAULT false NOT NULL,
    look_at character varying(300) DEFAULT ''::character varying NOT NULL,
    look_for character varying(200) DEFAULT ''::character varying NOT NULL
);


--
-- Name: services_service_id_seq; Type: SEQUENCE; Schema: public; Owner: -
--

ALTER TABLE public.services_service ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.services_service_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);


--
-- Name: services_servicedomain; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.services_servicedomain (
    id bigint NOT NULL,
    name character varying(253) NOT NULL,
    since date,
    until date,
    service_id bigint NOT NULL,
    CONSTRAINT domain_in_lower_case CHECK (((name)::text = lower((name)::text)))
);


--
-- Name: services_servicedomain_id_seq; Type: SEQUENCE; Schema: public; Owner: -
--

ALTER TABLE public.services_servicedomain ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.services_servicedomain_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);


--
-- Name: telephone_call; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.telephone_call (
    id bigint NOT NULL,
    public_id uuid NOT NULL,
    system_id character varying(64) NOT NULL,
    number character varying(40) NOT NULL,
    digits character varying(40) NOT NULL,
    state character varying(8) NOT NULL,
    began_at timestamp with time zone NOT NULL,
    changed_at timestamp with time zone NOT NULL,
    contact_id bigint,
    ticket_id bigint,
    user_id bigint
);


--
-- Name: telephone_call_id_seq; Type: SEQUENCE; Schema: public; Owner: -
--

ALTER TABLE public.telephone_call ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.telephone_call_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);


--
-- Name: telephone_callevent; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.telephone_callevent (
    id bigint NOT NULL,
    event_id character varying(64) NOT NULL,
    kind character varying(8) NOT NULL,
    extension character varying(20) NOT NULL,
    at timestamp with time zone NOT NULL,
    call_id bigint NOT NULL
);


--
-- Name: telephone_callevent_id_seq; Type: SEQUENCE; Schema: public; Owner: -
--

ALTER TABLE public.telephone_callevent ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.telephone_callevent_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);


--
-- Name: telephone_extension; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.telephone_extension (
    id bigint NOT NULL,
    number character varying(20) NOT NULL,
    user_id bigint NOT NULL
);


--
-- Name: telephone_extension_id_seq; Type: SEQUENCE; Schema: public; Owner: -
--

ALTER TABLE public.telephone_extension ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.telephone_extension_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);


--
-- Name: telephone_ournumber; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.telephone_ournumber (
    id bigint NOT NULL,
    number character varying(20) NOT NULL,
    "position" smallint NOT NULL,
    CONSTRAINT telephone_ournumber_position_check CHECK (("position" >= 0))
);


--
-- Name: telephone_ournumber_id_seq; Type: SEQUENCE; Schema: public; Owner: -
--

ALTER TABLE public.telephone_ournumber ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.telephone_ournumber_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);


--
-- Name: telephone_pincheck; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.telephone_pincheck (
    id bigint NOT NULL,
    at timestamp with time zone NOT NULL,
    contact_id bigint NOT NULL,
    ticket_id bigint,
    user_id bigint NOT NULL
);


--
-- Name: telephone_pincheck_id_seq; Type: SEQUENCE; Schema: public; Owner: -
--

ALTER TABLE public.telephone_pincheck ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.telephone_pincheck_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);


--
-- Name: telephone_supportpin; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.telephone_supportpin (
    id bigint NOT NULL,
    keyed_hash character varying(64) NOT NULL,
    made_at timestamp with time zone NOT NULL,
    expires_at timestamp with time zone NOT NULL,
    contact_id bigint NOT NULL
);


--
-- Name: telephone_supportpin_id_seq; Type: SEQUENCE; Schema: public; Owner: -
--

ALTER TABLE public.telephone_supportpin ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.telephone_supportpin_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);


--
-- Name: tickets_attachment; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.tickets_attachment (
    id bigint NOT NULL,
    public_id uuid NOT NULL,
    name character varying(255) NOT NULL,
    content_type character varying(120) NOT NULL,
    size bigint NOT NULL,
    sha256 character varying(64) NOT NULL,
    content_id character varying(250) NOT NULL,
    is_inline boolean NOT NULL,
    preview_sha256 character varying(64) NOT NULL,
    draft_id bigint,
    message_id bigint,
    note_id bigint,
    ticket_id bigint NOT NULL,
    CONSTRAINT attachment_public_or_internal CHECK ((NOT ((message_id IS NOT NULL) AND (note_id IS NOT NULL))))
);


--
-- Name: tickets_attachment_id_seq; Type: SEQUENCE; Schema: public; Owner: -
--

ALTER TABLE public.tickets_attachment ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.tickets_attachment_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);


--
-- Name: tickets_attention; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.tickets_attention (
    id bigint NOT NULL,
    looked_at timestamp with time zone NOT NULL,
    is_stale boolean NOT NULL,
    customer_id bigint NOT NULL
);


--
-- Name: tickets_attention_id_seq; Type: SEQUENCE; Schema: public; Owner: -
--

ALTER TABLE public.tickets_attention ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.tickets_attention_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);


--
-- Name: tickets_concern; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.tickets_concern (
    id bigint NOT NULL,
    key character varying(300) NOT NULL,
    weight smallint NOT NULL,
    tickets bigint[] NOT NULL,
    outage_minutes integer NOT NULL,
    waited_minutes integer NOT NULL,
    times_said smallint NOT NULL,
    dismissed_at timestamp with time zone,
    customer_id bigint NOT NULL,
    dismissed_by_id bigint,
    CONSTRAINT tickets_concern_outage_minutes_check CHECK ((outage_minutes >= 0)),
    CONSTRAINT tickets_concern_times_said_check CHECK ((times_said >= 0)),
    CONSTRAINT tickets_concern_waited_minutes_check CHECK ((waited_minutes >= 0)),
    CONSTRAINT tickets_concern_weight_check CHECK ((weight >= 0))
);


--
-- Name: tickets_concern_id_seq; Type: SEQUENCE; Schema: public; Owner: -
--

ALTER TABLE public.tickets_concern ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.tickets_concern_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);


--
-- Name: tickets_draft; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.tickets_draft (
    id bigint NOT NULL,
    kind character varying(5) NOT NULL,
    text text NOT NULL,
    base_version integer NOT NULL,
    updated_at timestamp with time zone NOT NULL,
    user_id bigint NOT NULL,
    ticket_id bigint NOT NULL,
    tab character varying(40) NOT NULL,
    CONSTRAINT tickets_draft_base_version_check CHECK ((base_version >= 0))
);


--
-- Name: tickets_draft_id_seq; Type: SEQUENCE; Schema: public; Owner: -
--

ALTER TABLE public.tickets_draft ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.tickets_draft_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);


--
-- Name: tickets_event; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.tickets_event (
    id bigint NOT NULL,
    at timestamp with time zone NOT NULL,
    kind character varying(40) NOT NULL,
    data jsonb NOT NULL,
    contact_id bigint,
    user_id bigint,
    ticket_id bigint NOT NULL
);


--
-- Name: tickets_event_id_seq; Type: SEQUENCE; Schema: public; Owner: -
--

ALTER TABLE public.tickets_event ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.tickets_event_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);


--
-- Name: tickets_follower; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.tickets_follower (
    id bigint NOT NULL,
    role character varying(10) NOT NULL,
    since timestamp with time zone NOT NULL,
    contact_id bigint,
    user_id bigint,
    ticket_id bigint NOT NULL,
    CONSTRAINT follower_is_contact_or_user CHECK ((((contact_id IS NOT NULL) AND (user_id IS NULL)) OR ((contact_id IS NULL) AND (user_id IS NOT NULL))))
);


--
-- Name: tickets_follower_id_seq; Type: SEQUENCE; Schema: public; Owner: -
--

ALTER TABLE public.tickets_follower ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.tickets_follower_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);


--
-- Name: tickets_heldfile; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.tickets_heldfile (
    id bigint NOT NULL,
    public_id uuid NOT NULL,
    name character varying(255) NOT NULL,
    content_type character varying(120) NOT NULL,
    sha256 character varying(64) NOT NULL,
    held_at timestamp with time zone NOT NULL,
    contact_id bigint NOT NULL
);


--
-- Name: tickets_heldfile_id_seq; Type: SEQUENCE; Schema: public; Owner: -
--

ALTER TABLE public.tickets_heldfile ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.tickets_heldfile_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);


--
-- Name: tickets_link; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.tickets_link (
    id bigint NOT NULL,
    kind character varying(10) NOT NULL,
    created_at timestamp with time zone NOT NULL,
    source_id bigint NOT NULL,
    target_id bigint NOT NULL,
    CONSTRAINT no_link_to_itself CHECK ((NOT (source_id = target_id)))
);


--
-- Name: tickets_link_id_seq; Type: SEQUENCE; Schema: public; Owner: -
--

ALTER TABLE public.tickets_link ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.tickets_link_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);


--
-- Name: tickets_merge; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.tickets_merge (
    id bigint NOT NULL,
    at timestamp with time zone NOT NULL,
    moved jsonb NOT NULL,
    undone_at timestamp with time zone,
    by_id bigint,
    source_id bigint NOT NULL,
    target_id bigint NOT NULL
);


--
-- Name: tickets_merge_id_seq; Type: SEQUENCE; Schema: public; Owner: -
--

ALTER TABLE public.tickets_merge ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.tickets_merge_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);


--
-- Name: tickets_message; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.tickets_message (
    id bigint NOT NULL,
    public_id uuid NOT NULL,
    author character varying(8) NOT NULL,
    author_name character varying(200) NOT NULL,
    channel character varying(8) NOT NULL,
    text text NOT NULL,
    fresh_text text NOT NULL,
    html text NOT NULL,
    sanitiser_version smallint NOT NULL,
    extra jsonb NOT NULL,
    is_automatic boolean NOT NULL,
    is_unverified boolean NOT NULL,
    created_at timestamp with time zone NOT NULL,
    search tsvector GENERATED ALWAYS AS (((to_tsvector('simple'::regconfig, COALESCE("left"(text, 100000), ''::text)) || to_tsvector('italian'::regconfig, COALESCE("left"(text, 100000), ''::text))) || to_tsvector('english'::regconfig, COALESCE("left"(text, 100000), ''::text)))) STORED,
    contact_id bigint,
    inbound_id bigint,
    outbound_id bigint,
    user_id bigint,
    ticket_id bigint NOT NULL,
    CONSTRAINT tickets_message_sanitiser_version_check CHECK ((sanitiser_version >= 0))
)
WITH (toast_tuple_target='8160');


--
-- Name: tickets_message_id_seq; Type: SEQUENCE; Schema: public; Owner: -
--

ALTER TABLE public.tickets_message ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.tickets_message_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);


--
-- Name: tickets_note; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.tickets_note (
    id bigint NOT NULL,
    public_id uuid NOT NULL,
    text text NOT NULL,
    created_at timestamp with time zone NOT NULL,
    search tsvector GENERATED ALWAYS AS (((to_tsvector('simple'::regconfig, COALESCE("left"(text, 100000), ''::text)) || to_tsvector('italian'::regconfig, COALESCE("left"(text, 100000), ''::text))) || to_tsvector('english'::regconfig, COALESCE("left"(text, 100000), ''::text)))) STORED,
    user_id bigint NOT NULL,
    ticket_id bigint NOT NULL
);


--
-- Name: tickets_note_id_seq; Type: SEQUENCE; Schema: public; Owner: -
--

ALTER TABLE public.tickets_note ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.tickets_note_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);


--
-- Name: tickets_number; Type: SEQUENCE; Schema: public; Owner: -
--

CREATE SEQUENCE public.tickets_number
    START WITH 10001
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;


--
-- Name: tickets_order; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.tickets_order (
    id bigint NOT NULL,
    public_id uuid NOT NULL,
    kind character varying(10) NOT NULL,
    text text NOT NULL,
    state character varying(10) NOT NULL,
    asked_at timestamp with time zone NOT NULL,
    expires_at timestamp with time zone NOT NULL,
    decided_at timestamp with time zone,
    asked_by_id bigint,
    asked_by_contact_id bigint,
    customer_id bigint NOT NULL,
    decided_by_id bigint,
    ticket_id bigint NOT NULL,
    CONSTRAINT order_decided_by_somebody CHECK ((((decided_by_id IS NOT NULL) AND (state IN ('confirmed', 'refused'))) OR ((decided_by_id IS NULL) AND (state IN ('asked', 'withdrawn')))))
);


--
-- Name: tickets_order_id_seq; Type: SEQUENCE; Schema: public; Owner: -
--

ALTER TABLE public.tickets_order ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.tickets_order_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);


--
-- Name: tickets_presence; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.tickets_presence (
    id bigint NOT NULL,
    writing boolean NOT NULL,
    seen_at timestamp with time zone NOT NULL,
    user_id bigint NOT NULL,
    ticket_id bigint NOT NULL
);


--
-- Name: tickets_presence_id_seq; Type: SEQUENCE; Schema: public; Owner: -
--

ALTER TABLE public.tickets_presence ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.tickets_presence_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);


--
-- Name: tickets_rating; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.tickets_rating (
    id bigint NOT NULL,
    verdict character varying(8) NOT NULL,
    text text NOT NULL,
    at timestamp with time zone NOT NULL,
    contact_id bigint NOT NULL,
    ticket_id bigint NOT NULL
);


--
-- Name: tickets_rating_id_seq; Type: SEQUENCE; Schema: public; Owner: -
--

ALTER TABLE public.tickets_rating ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.tickets_rating_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);


--
-- Name: tickets_requestdraft; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.tickets_requestdraft (
    id bigint NOT NULL,
    service character varying(40) NOT NULL,
    claim character varying(10) NOT NULL,
    text text NOT NULL,
    updated_at timestamp with time zone NOT NULL,
    contact_id bigint NOT NULL,
    sealed bytea
);


--
-- Name: tickets_requestdraft_id_seq; Type: SEQUENCE; Schema: public; Owner: -
--

ALTER TABLE public.tickets_requestdraft ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.tickets_requestdraft_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);


--
-- Name: tickets_tag; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.tickets_tag (
    id bigint NOT NULL,
    name character varying(40) NOT NULL
);


--
-- Name: tickets_tag_id_seq; Type: SEQUENCE; Schema: public; Owner: -
--

ALTER TABLE public.tickets_tag ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.tickets_tag_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);


--
-- Name: tickets_tally; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.tickets_tally (
    id bigint NOT NULL,
    "group" smallint,
    assignee_id bigint,
    team_id bigint,
    number integer NOT NULL
);


--
-- Name: tickets_tally_id_seq; Type: SEQUENCE; Schema: public; Owner: -
--

ALTER TABLE public.tickets_tally ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.tickets_tally_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);


--
-- Name: tickets_ticket; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.tickets_ticket (
    id bigint NOT NULL,
    public_id uuid NOT NULL,
    number bigint NOT NULL,
    subject character varying(300) NOT NULL,
    channel character varying(8) NOT NULL,
    status character varying(12) NOT NULL,
    language character varying(2) NOT NULL,
    is_outage boolean NOT NULL,
    sender_verified boolean NOT NULL,
    reasons jsonb NOT NULL,
    opened_at timestamp with time zone NOT NULL,
    updated_at timestamp with time zone NOT NULL,
    customer_waits_since timestamp with time zone,
    first_due_at timestamp with time zone,
    first_answered_at timestamp with time zone,
    next_update_at timestamp with time zone,
    waiting_since timestamp with time zone,
    remind_at timestamp with time zone,
    solved_at timestamp with time zone,
    closed_at timestamp with time zone,
    "group" smallint,
    due_at timestamp with time zone,
    due_kind character varying(16) NOT NULL,
    alarm_step character varying(20) NOT NULL,
    alarm_at timestamp with time zone,
    snippet character varying(200) NOT NULL,
    public_count integer NOT NULL,
    version integer NOT NULL,
    search tsvector GENERATED ALWAYS AS (((to_tsvector('simple'::regconfig, COALESCE("left"((subject)::text, 100000), ''::text)) || to_tsvector('italian'::regconfig, COALESCE("left"((subject)::text, 100000), ''::text))) || to_tsvector('english'::regconfig, COALESCE("left"((subject)::text, 100000), ''::text)))) STORED,
    assignee_id bigint,
    contact_id bigint NOT NULL,
    customer_id bigint,
    mailbox_id bigint,
    merged_into_id bigint,
    queue_id bigint NOT NULL,
    service_id bigint,
    team_id bigint,
    last_update_at timestamp with time zone,
    pauses jsonb NOT NULL,
    priority smallint NOT NULL,
    is_request boolean NOT NULL,
    told_due_at timestamp with time zone,
    ahead smallint DEFAULT 0 NOT NULL,
    claim character varying(10) DEFAULT ''::character varying NOT NULL,
    claim_asked_at timestamp with time zone,
    claim_until timestamp with time zone,
    in_incident boolean DEFAULT false NOT NULL,
    is_managed boolean DEFAULT false NOT NULL,
    matters jsonb DEFAULT '[]'::jsonb NOT NULL,
    neighbours_down smallint DEFAULT 0 NOT NULL,
    overrule character varying(10) DEFAULT ''::character varying NOT NULL,
    overrule_reason character varying(300) DEFAULT ''::character varying NOT NULL,
    overruled_at timestamp with time zone,
    service_kind character varying(10) DEFAULT ''::character varying NOT NULL,
    tie smallint DEFAULT 1 NOT NULL,
    verdict character varying(12) DEFAULT ''::character varying NOT NULL,
    verdict_at timestamp with time zone,
    overruled_by_id bigint,
    planned_pauses jsonb DEFAULT '[]'::jsonb NOT NULL,
    runs_through_work boolean DEFAULT false NOT NULL,
    CONSTRAINT tickets_ticket_group_check CHECK (("group" >= 0)),
    CONSTRAINT tickets_ticket_neighbours_down_check CHECK ((neighbours_down >= 0)),
    CONSTRAINT tickets_ticket_priority_check CHECK ((priority >= 0)),
    CONSTRAINT tickets_ticket_public_count_check CHECK ((public_count >= 0)),
    CONSTRAINT tickets_ticket_tie_check CHECK ((tie >= 0)),
    CONSTRAINT tickets_ticket_version_check CHECK ((version >= 0))
);


--
-- Name: tickets_ticket_id_seq; Type: SEQUENCE; Schema: public; Owner: -
--

ALTER TABLE public.tickets_ticket ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.tickets_ticket_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);


--
-- Name: tickets_ticket_tags; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.tickets_ticket_tags (
    id bigint NOT NULL,
    ticket_id bigint NOT NULL,
    tag_id bigint NOT NULL
);


--
-- Name: tickets_ticket_tags_id_seq; Type: SEQUENCE; Schema: public; Owner: -
--

ALTER TABLE public.tickets_ticket_tags ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.tickets_ticket_tags_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);


--
-- Name: triage_calendar; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.triage_calendar (
    id bigint NOT NULL,
    name character varying(80) NOT NULL,
    timezone character varying(60) NOT NULL,
    always_open boolean NOT NULL,
    weekly jsonb NOT NULL,
    holidays_country character varying(2) NOT NULL,
    closed_on date[] NOT NULL
);


--
-- Name: triage_calendar_id_seq; Type: SEQUENCE; Schema: public; Owner: -
--

ALTER TABLE public.triage_calendar ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.triage_calendar_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);


--
-- Name: triage_queue; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.triage_queue (
    id bigint NOT NULL,
    slug character varying(50) NOT NULL,
    name_it character varying(80) NOT NULL,
    name_en character varying(80) NOT NULL,
    "position" smallint NOT NULL,
    calendar_id bigint NOT NULL,
    policy_id bigint NOT NULL,
    CONSTRAINT triage_queue_position_check CHECK (("position" >= 0))
);


--
-- Name: triage_queue_id_seq; Type: SEQUENCE; Schema: public; Owner: -
--

ALTER TABLE public.triage_queue ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.triage_queue_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);


--
-- Name: triage_slapolicy; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.triage_slapolicy (
    id bigint NOT NULL,
    name character varying(80) NOT NULL,
    first_response integer NOT NULL,
    next_response integer NOT NULL,
    update integer NOT NULL,
    delay integer DEFAULT 30 NOT NULL,
    CONSTRAINT triage_slapolicy_delay_check CHECK ((delay >= 0)),
    CONSTRAINT triage_slapolicy_first_response_check CHECK ((first_response >= 0)),
    CONSTRAINT triage_slapolicy_next_response_check CHECK ((next_response >= 0)),
    CONSTRAINT triage_slapolicy_update_check CHECK ((update >= 0))
);


--
-- Name: triage_slapolicy_id_seq; Type: SEQUENCE; Schema: public; Owner: -
--

ALTER TABLE public.triage_slapolicy ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.triage_slapolicy_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);


--
-- Name: usersessions_usersession; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.usersessions_usersession (
    id bigint NOT NULL,
    created_at timestamp with time zone NOT NULL,
    ip inet NOT NULL,
    last_seen_at timestamp with time zone NOT NULL,
    session_key character varying(40) NOT NULL,
    user_agent character varying(200) NOT NULL,
    data jsonb NOT NULL,
    user_id bigint NOT NULL
);


--
-- Name: usersessions_usersession_id_seq; Type: SEQUENCE; Schema: public; Owner: -
--

ALTER TABLE public.usersessions_usersession ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.usersessions_usersession_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);


--
-- Name: watch_lastinspection; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.watch_lastinspection (
    kind character varying(10) NOT NULL,
    at timestamp with time zone NOT NULL,
    found jsonb NOT NULL
);


--
-- Name: watch_pulse; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.watch_pulse (
    id bigint NOT NULL,
    work character varying(10) NOT NULL,
    node character varying(120) NOT NULL,
    process character varying(60) NOT NULL,
    began_at timestamp with time zone DEFAULT statement_timestamp() NOT NULL,
    beat_at timestamp with time zone DEFAULT statement_timestamp() NOT NULL,
    clock_ahead double precision NOT NULL,
    trouble character varying(40) NOT NULL,
    figures jsonb NOT NULL,
    key_mark character varying(16) DEFAULT ''::character varying NOT NULL
);


--
-- Name: watch_pulse_id_seq; Type: SEQUENCE; Schema: public; Owner: -
--

ALTER TABLE public.watch_pulse ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.watch_pulse_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);


--
-- Name: procrastinate_events id; Type: DEFAULT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.procrastinate_events ALTER COLUMN id SET DEFAULT nextval('public.procrastinate_events_id_seq'::regclass);


--
-- Name: procrastinate_jobs id; Type: DEFAULT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.procrastinate_jobs ALTER COLUMN id SET DEFAULT nextval('public.procrastinate_jobs_id_seq'::regclass);


--
-- Name: procrastinate_periodic_defers id; Type: DEFAULT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.procrastinate_periodic_defers ALTER COLUMN id SET DEFAULT nextval('public.procrastinate_periodic_defers_id_seq'::regclass);


--
-- Data for Name: account_emailaddress; Type: TABLE DATA; Schema: public; Owner: -
--



--
-- Data for Name: account_emailconfirmation; Type: TABLE DATA; Schema: public; Owner: -
--



--
-- Data for Name: accounts_attempts; Type: TABLE DATA; Schema: public; Owner: -
--



--
-- Data for Name: accounts_auditentry; Type: TABLE DATA; Schema: public; Owner: -
--



--
-- Data for Name: accounts_policyviolation; Type: TABLE DATA; Schema: public; Owner: -
--



--
-- Data for Name: accounts_stepdecided; Type: TABLE DATA; Schema: public; Owner: -
--



--
-- Data for Name: accounts_team; Type: TABLE DATA; Schema: public; Owner: -
--



--
-- Data for Name: accounts_user; Type: TABLE DATA; Schema: public; Owner: -
--



--
-- Data for Name: auth_group; Type: TABLE DATA; Schema: public; Owner: -
--



--
-- Data for Name: auth_group_permissions; Type: TABLE DATA; Schema: public; Owner: -
--



--
-- Data for Name: auth_permission; Type: TABLE DATA; Schema: public; Owner: -
--

INSERT INTO public.auth_permission VALUES (1, 'Can add permission', 1, 'add_permission');
INSERT INTO public.auth_permission VALUES (2, 'Can change permission', 1, 'change_permission');
INSERT INTO public.auth_permission VALUES (3, 'Can delete permission', 1, 'delete_permission');
INSERT INTO public.auth_permission VALUES (4, 'Can view permission', 1, 'view_permission');
INSERT INTO public.auth_permission VALUES (5, 'Can add group', 2, 'add_group');
INSERT INTO public.auth_permission VALUES (6, 'Can change group', 2, 'change_group');
INSERT INTO public.auth_permission VALUES (7, 'Can delete group', 2, 'delete_group');
INSERT INTO public.auth_permission VALUES (8, 'Can view group', 2, 'view_group');
INSERT INTO public.auth_permission VALUES (9, 'Can add content type', 3, 'add_contenttype');
INSERT INTO public.auth_permission VALUES (10, 'Can change content type', 3, 'change_contenttype');
INSERT INTO public.auth_permission VALUES (11, 'Can delete content type', 3, 'delete_contenttype');
INSERT INTO public.auth_permission VALUES (12, 'Can view content type', 3, 'view_contenttype');
INSERT INTO public.auth_permission VALUES (13, 'Can add session', 4, 'add_session');
INSERT INTO public.auth_permission VALUES (14, 'Can change session', 4, 'change_session');
INSERT INTO public.auth_permission VALUES (15, 'Can delete session', 4, 'delete_session');
INSERT INTO public.auth_permission VALUES (16, 'Can view session', 4, 'view_session');
INSERT INTO public.auth_permission VALUES (17, 'Can add procrastinate event', 5, 'add_procrastinateevent');
INSERT INTO public.auth_permission VALUES (18, 'Can change procrastinate event', 5, 'change_procrastinateevent');
INSERT INTO public.auth_permission VALUES (19, 'Can delete procrastinate event', 5, 'delete_procrastinateevent');
INSERT INTO public.auth_permission VALUES (20, 'Can view procrastinate event', 5, 'view_procrastinateevent');
INSERT INTO public.auth_permission VALUES (21, 'Can add procrastinate job', 6, 'add_procrastinatejob');
INSERT INTO public.auth_permission VALUES (22, 'Can change procrastinate job', 6, 'change_procrastinatejob');
INSERT INTO public.auth_permission VALUES (23, 'Can delete procrastinate job', 6, 'delete_procrastinatejob');
INSERT INTO public.auth_permission VALUES (24, 'Can view procrastinate job', 6, 'view_procrastinatejob');
INSERT INTO public.auth_permission VALUES (25, 'Can add procrastinate periodic defer', 7, 'add_procrastinateperiodicdefer');
INSERT INTO public.auth_permission VALUES (26, 'Can change procrastinate periodic defer', 7, 'change_procrastinateperiodicdefer');
INSERT INTO public.auth_permission VALUES (27, 'Can delete procrastinate periodic defer', 7, 'delete_procrastinateperiodicdefer');
INSERT INTO public.auth_permission VALUES (28, 'Can view procrastinate periodic defer', 7, 'view_procrastinateperiodicdefer');
INSERT INTO public.auth_permission VALUES (29, 'Can add procrastinate worker', 8, 'add_procrastinateworker');
INSERT INTO public.auth_permission VALUES (30, 'Can change procrastinate worker', 8, 'change_procrastinateworker');
INSERT INTO public.auth_permission VALUES (31, 'Can delete procrastinate worker', 8, 'delete_procrastinateworker');
INSERT INTO public.auth_permission VALUES (32, 'Can view procrastinate worker', 8, 'view_procrastinateworker');
INSERT INTO public.auth_permission VALUES (33, 'Can add user', 9, 'add_user');
INSERT INTO public.auth_permission VALUES (34, 'Can change user', 9, 'change_user');
INSERT INTO public.auth_permission VALUES (35, 'Can delete user', 9, 'delete_user');
INSERT INTO public.auth_permission VALUES (36, 'Can view user', 9, 'view_user');
INSERT INTO public.auth_permission VALUES (37, 'Can add team', 10, 'add_team');
INSERT INTO public.auth_permission VALUES (38, 'Can change team', 10, 'change_team');
INSERT INTO public.auth_permission VALUES (39, 'Can delete team', 10, 'delete_team');
INSERT INTO public.auth_permission VALUES (40, 'Can view team', 10, 'view_team');
INSERT INTO public.auth_permission VALUES (41, 'Can add audit entry', 11, 'add_auditentry');
INSERT INTO public.auth_permission VALUES (42, 'Can change audit entry', 11, 'change_auditentry');
INSERT INTO public.auth_permission VALUES (43, 'Can delete audit entry', 11, 'delete_auditentry');
INSERT INTO public.auth_permission VALUES (44, 'Can view audit entry', 11, 'view_auditentry');
INSERT INTO public.auth_permission VALUES (45, 'Can add attempts', 12, 'add_attempts');
INSERT INTO public.auth_permission VALUES (46, 'Can change attempts', 12, 'change_attempts');
INSERT INTO public.auth_permission VALUES (47, 'Can delete attempts', 12, 'delete_attempts');
INSERT INTO public.auth_permission VALUES (48, 'Can view attempts', 12, 'view_attempts');
INSERT INTO public.auth_permission VALUES (49, 'Can add policy violation', 13, 'add_policyviolation');
INSERT INTO public.auth_permission VALUES (50, 'Can change policy violation', 13, 'change_policyviolation');
INSERT INTO public.auth_permission VALUES (51, 'Can delete policy violation', 13, 'delete_policyviolation');
INSERT INTO public.auth_permission VALUES (52, 'Can view policy violation', 13, 'view_policyviolation');
INSERT INTO public.auth_permission VALUES (53, 'Can add step decided', 14, 'add_stepdecided');
INSERT INTO public.auth_permission VALUES (54, 'Can change step decided', 14, 'change_stepdecided');
INSERT INTO public.auth_permission VALUES (55, 'Can delete step decided', 14, 'delete_stepdecided');
INSERT INTO public.auth_permission VALUES (56, 'Can view step decided', 14, 'view_stepdecided');
INSERT INTO public.auth_permission VALUES (57, 'Can add edition', 15, 'add_edition');
INSERT INTO public.auth_permission VALUES (58, 'Can change edition', 15, 'change_edition');
INSERT INTO public.auth_permission VALUES (59, 'Can delete edition', 15, 'delete_edition');
INSERT INTO public.auth_permission VALUES (60, 'Can view edition', 15, 'view_edition');
INSERT INTO public.auth_permission VALUES (61, 'Can add clause', 16, 'add_clause');
INSERT INTO public.auth_permission VALUES (62, 'Can change clause', 16, 'change_clause');
INSERT INTO public.auth_permission VALUES (63, 'Can delete clause', 16, 'delete_clause');
INSERT INTO public.auth_permission VALUES (64, 'Can view clause', 16, 'view_clause');
INSERT INTO public.auth_permission VALUES (65, 'Can add customer', 17, 'add_customer');
INSERT INTO public.auth_permission VALUES (66, 'Can change customer', 17, 'change_customer');
INSERT INTO public.auth_permission VALUES (67, 'Can delete customer', 17, 'delete_customer');
INSERT INTO public.auth_permission VALUES (68, 'Can view customer', 17, 'view_customer');
INSERT INTO public.auth_permission VALUES (69, 'Can add contact', 18, 'add_contact');
INSERT INTO public.auth_permission VALUES (70, 'Can change contact', 18, 'change_contact');
INSERT INTO public.auth_permission VALUES (71, 'Can delete contact', 18, 'delete_contact');
INSERT INTO public.auth_permission VALUES (72, 'Can view contact', 18, 'view_contact');
INSERT INTO public.auth_permission VALUES (73, 'Can add sign in link', 19, 'add_signinlink');
INSERT INTO public.auth_permission VALUES (74, 'Can change sign in link', 19, 'change_signinlink');
INSERT INTO public.auth_permission VALUES (75, 'Can delete sign in link', 19, 'delete_signinlink');
INSERT INTO public.auth_permission VALUES (76, 'Can view sign in link', 19, 'view_signinlink');
INSERT INTO public.auth_permission VALUES (77, 'Can add contact address', 20, 'add_contactaddress');
INSERT INTO public.auth_permission VALUES (78, 'Can change contact address', 20, 'change_contactaddress');
INSERT INTO public.auth_permission VALUES (79, 'Can delete contact address', 20, 'delete_contactaddress');
INSERT INTO public.auth_permission VALUES (80, 'Can view contact address', 20, 'view_contactaddress');
INSERT INTO public.auth_permission VALUES (81, 'Can add membership', 21, 'add_membership');
INSERT INTO public.auth_permission VALUES (82, 'Can change membership', 21, 'change_membership');
INSERT INTO public.auth_permission VALUES (83, 'Can delete membership', 21, 'delete_membership');
INSERT INTO public.auth_permission VALUES (84, 'Can view membership', 21, 'view_membership');
INSERT INTO public.auth_permission VALUES (85, 'Can add contact password', 22, 'add_contactpassword');
INSERT INTO public.auth_permission VALUES (86, 'Can change contact password', 22, 'change_contactpassword');
INSERT INTO public.auth_permission VALUES (87, 'Can delete contact password', 22, 'delete_contactpassword');
INSERT INTO public.auth_permission VALUES (88, 'Can view contact password', 22, 'view_contactpassword');
INSERT INTO public.auth_permission VALUES (89, 'Can add contact session', 23, 'add_contactsession');
INSERT INTO public.auth_permission VALUES (90, 'Can change contact session', 23, 'change_contactsession');
INSERT INTO public.auth_permission VALUES (91, 'Can delete contact session', 23, 'delete_contactsession');
INSERT INTO public.auth_permission VALUES (92, 'Can view contact session', 23, 'view_contactsession');
INSERT INTO public.auth_permission VALUES (93, 'Can add contact app', 24, 'add_contactapp');
INSERT INTO public.auth_permission VALUES (94, 'Can change contact app', 24, 'change_contactapp');
INSERT INTO public.auth_permission VALUES (95, 'Can delete contact app', 24, 'delete_contactapp');
INSERT INTO public.auth_permission VALUES (96, 'Can view contact app', 24, 'view_contactapp');
INSERT INTO public.auth_permission VALUES (97, 'Can add contact passkey', 25, 'add_contactpasskey');
INSERT INTO public.auth_permission VALUES (98, 'Can change contact passkey', 25, 'change_contactpasskey');
INSERT INTO public.auth_permission VALUES (99, 'Can delete contact passkey', 25, 'delete_contactpasskey');
INSERT INTO public.auth_permission VALUES (100, 'Can view contact passkey', 25, 'view_contactpasskey');
INSERT INTO public.auth_permission VALUES (101, 'Can add contact identity', 26, 'add_contactidentity');
INSERT INTO public.auth_permission VALUES (102, 'Can change contact identity', 26, 'change_contactidentity');
INSERT INTO public.auth_permission VALUES (103, 'Can delete contact identity', 26, 'delete_contactidentity');
INSERT INTO public.auth_permission VALUES (104, 'Can view contact identity', 26, 'view_contactidentity');
INSERT INTO public.auth_permission VALUES (105, 'Can add invitation', 27, 'add_invitation');
INSERT INTO public.auth_permission VALUES (106, 'Can change invitation', 27, 'change_invitation');
INSERT INTO public.auth_permission VALUES (107, 'Can delete invitation', 27, 'delete_invitation');
INSERT INTO public.auth_permission VALUES (108, 'Can view invitation', 27, 'view_invitation');
INSERT INTO public.auth_permission VALUES (109, 'Can add server', 28, 'add_server');
INSERT INTO public.auth_permission VALUES (110, 'Can change server', 28, 'change_server');
INSERT INTO public.auth_permission VALUES (111, 'Can delete server', 28, 'delete_server');
INSERT INTO public.auth_permission VALUES (112, 'Can view server', 28, 'view_server');
INSERT INTO public.auth_permission VALUES (113, 'Can add service', 29, 'add_service');
INSERT INTO public.auth_permission VALUES (114, 'Can change service', 29, 'change_service');
INSERT INTO public.auth_permission VALUES (115, 'Can delete service', 29, 'delete_service');
INSERT INTO public.auth_permission VALUES (116, 'Can view service', 29, 'view_service');
INSERT INTO public.auth_permission VALUES (117, 'Can add network range', 30, 'add_networkrange');
INSERT INTO public.auth_permission VALUES (118, 'Can change network range', 30, 'change_networkrange');
INSERT INTO public.auth_permission VALUES (119, 'Can delete network range', 30, 'delete_networkrange');
INSERT INTO public.auth_permission VALUES (120, 'Can view network range', 30, 'view_networkrange');
INSERT INTO public.auth_permission VALUES (121, 'Can add service domain', 31, 'add_servicedomain');
INSERT INTO public.auth_permission VALUES (122, 'Can change service domain', 31, 'change_servicedomain');
INSERT INTO public.auth_permission VALUES (123, 'Can delete service domain', 31, 'delete_servicedomain');
INSERT INTO public.auth_permission VALUES (124, 'Can view service domain', 31, 'view_servicedomain');
INSERT INTO public.auth_permission VALUES (125, 'Can add quiet window', 32, 'add_quietwindow');
INSERT INTO public.auth_permission VALUES (126, 'Can change quiet window', 32, 'change_quietwindow');
INSERT INTO public.auth_permission VALUES (127, 'Can delete quiet window', 32, 'delete_quietwindow');
INSERT INTO public.auth_permission VALUES (128, 'Can view quiet window', 32, 'view_quietwindow');
INSERT INTO public.auth_permission VALUES (129, 'Can add calendar', 33, 'add_calendar');
INSERT INTO public.auth_permission VALUES (130, 'Can change calendar', 33, 'change_calendar');
INSERT INTO public.auth_permission VALUES (131, 'Can delete calendar', 33, 'delete_calendar');
INSERT INTO public.auth_permission VALUES (132, 'Can view calendar', 33, 'view_calendar');
INSERT INTO public.auth_permission VALUES (133, 'Can add sla policy', 34, 'add_slapolicy');
INSERT INTO public.auth_permission VALUES (134, 'Can change sla policy', 34, 'change_slapolicy');
INSERT INTO public.auth_permission VALUES (135, 'Can delete sla policy', 34, 'delete_slapolicy');
INSERT INTO public.auth_permission VALUES (136, 'Can view sla policy', 34, 'view_slapolicy');
INSERT INTO public.auth_permission VALUES (137, 'Can add queue', 35, 'add_queue');
INSERT INTO public.auth_permission VALUES (138, 'Can change queue', 35, 'change_queue');
INSERT INTO public.auth_permission VALUES (139, 'Can delete queue', 35, 'delete_queue');
INSERT INTO public.auth_permission VALUES (140, 'Can view queue', 35, 'view_queue');
INSERT INTO public.auth_permission VALUES (141, 'Can add mailbox', 36, 'add_mailbox');
INSERT INTO public.auth_permission VALUES (142, 'Can change mailbox', 36, 'change_mailbox');
INSERT INTO public.auth_permission VALUES (143, 'Can delete mailbox', 36, 'delete_mailbox');
INSERT INTO public.auth_permission VALUES (144, 'Can view mailbox', 36, 'view_mailbox');
INSERT INTO public.auth_permission VALUES (145, 'Can add raw mail', 37, 'add_rawmail');
INSERT INTO public.auth_permission VALUES (146, 'Can change raw mail', 37, 'change_rawmail');
INSERT INTO public.auth_permission VALUES (147, 'Can delete raw mail', 37, 'delete_rawmail');
INSERT INTO public.auth_permission VALUES (148, 'Can view raw mail', 37, 'view_rawmail');
INSERT INTO public.auth_permission VALUES (149, 'Can add outbound mail', 38, 'add_outboundmail');
INSERT INTO public.auth_permission VALUES (150, 'Can change outbound mail', 38, 'change_outboundmail');
INSERT INTO public.auth_permission VALUES (151, 'Can delete outbound mail', 38, 'delete_outboundmail');
INSERT INTO public.auth_permission VALUES (152, 'Can view outbound mail', 38, 'view_outboundmail');
INSERT INTO public.auth_permission VALUES (153, 'Can add inbound mail', 39, 'add_inboundmail');
INSERT INTO public.auth_permission VALUES (154, 'Can change inbound mail', 39, 'change_inboundmail');
INSERT INTO public.auth_permission VALUES (155, 'Can delete inbound mail', 39, 'delete_inboundmail');
INSERT INTO public.auth_permission VALUES (156, 'Can view inbound mail', 39, 'view_inboundmail');
INSERT INTO public.auth_permission VALUES (157, 'Can add self test', 40, 'add_selftest');
INSERT INTO public.auth_permission VALUES (158, 'Can change self test', 40, 'change_selftest');
INSERT INTO public.auth_permission VALUES (159, 'Can delete self test', 40, 'delete_selftest');
INSERT INTO public.auth_permission VALUES (160, 'Can view self test', 40, 'view_selftest');
INSERT INTO public.auth_permission VALUES (161, 'Can add imap account', 41, 'add_imapaccount');
INSERT INTO public.auth_permission VALUES (162, 'Can change imap account', 41, 'change_imapaccount');
INSERT INTO public.auth_permission VALUES (163, 'Can delete imap account', 41, 'delete_imapaccount');
INSERT INTO public.auth_permission VALUES (164, 'Can view imap account', 41, 'view_imapaccount');
INSERT INTO public.auth_permission VALUES (165, 'Can add sending', 42, 'add_sending');
INSERT INTO public.auth_permission VALUES (166, 'Can change sending', 42, 'change_sending');
INSERT INTO public.auth_permission VALUES (167, 'Can delete sending', 42, 'delete_sending');
INSERT INTO public.auth_permission VALUES (168, 'Can view sending', 42, 'view_sending');
INSERT INTO public.auth_permission VALUES (169, 'Can add examination', 43, 'add_examination');
INSERT INTO public.auth_permission VALUES (170, 'Can change examination', 43, 'change_examination');
INSERT INTO public.auth_permission VALUES (171, 'Can delete examination', 43, 'delete_examination');
INSERT INTO public.auth_permission VALUES (172, 'Can view examination', 43, 'view_examination');
INSERT INTO public.auth_permission VALUES (173, 'Can add finding', 44, 'add_finding');
INSERT INTO public.auth_permission VALUES (174, 'Can change finding', 44, 'change_finding');
INSERT INTO public.auth_permission VALUES (175, 'Can delete finding', 44, 'delete_finding');
INSERT INTO public.auth_permission VALUES (176, 'Can view finding', 44, 'view_finding');
INSERT INTO public.auth_permission VALUES (177, 'Can add tag', 45, 'add_tag');
INSERT INTO public.auth_permission VALUES (178, 'Can change tag', 45, 'change_tag');
INSERT INTO public.auth_permission VALUES (179, 'Can delete tag', 45, 'delete_tag');
INSERT INTO public.auth_permission VALUES (180, 'Can view tag', 45, 'view_tag');
INSERT INTO public.auth_permission VALUES (181, 'Can add ticket', 46, 'add_ticket');
INSERT INTO public.auth_permission VALUES (182, 'Can change ticket', 46, 'change_ticket');
INSERT INTO public.auth_permission VALUES (183, 'Can delete ticket', 46, 'delete_ticket');
INSERT INTO public.auth_permission VALUES (184, 'Can view ticket', 46, 'view_ticket');
INSERT INTO public.auth_permission VALUES (185, 'Can add presence', 47, 'add_presence');
INSERT INTO public.auth_permission VALUES (186, 'Can change presence', 47, 'change_presence');
INSERT INTO public.auth_permission VALUES (187, 'Can delete presence', 47, 'delete_presence');
INSERT INTO public.auth_permission VALUES (188, 'Can view presence', 47, 'view_presence');
INSERT INTO public.auth_permission VALUES (189, 'Can add note', 48, 'add_note');
INSERT INTO public.auth_permission VALUES (190, 'Can change note', 48, 'change_note');
INSERT INTO public.auth_permission VALUES (191, 'Can delete note', 48, 'delete_note');
INSERT INTO public.auth_permission VALUES (192, 'Can view note', 48, 'view_note');
INSERT INTO public.auth_permission VALUES (193, 'Can add message', 49, 'add_message');
INSERT INTO public.auth_permission VALUES (194, 'Can change message', 49, 'change_message');
INSERT INTO public.auth_permission VALUES (195, 'Can delete message', 49, 'delete_message');
INSERT INTO public.auth_permission VALUES (196, 'Can view message', 49, 'view_message');
INSERT INTO public.auth_permission VALUES (197, 'Can add merge', 50, 'add_merge');
INSERT INTO public.auth_permission VALUES (198, 'Can change merge', 50, 'change_merge');
INSERT INTO public.auth_permission VALUES (199, 'Can delete merge', 50, 'delete_merge');
INSERT INTO public.auth_permission VALUES (200, 'Can view merge', 50, 'view_merge');
INSERT INTO public.auth_permission VALUES (201, 'Can add link', 51, 'add_link');
INSERT INTO public.auth_permission VALUES (202, 'Can change link', 51, 'change_link');
INSERT INTO public.auth_permission VALUES (203, 'Can delete link', 51, 'delete_link');
INSERT INTO public.auth_permission VALUES (204, 'Can view link', 51, 'view_link');
INSERT INTO public.auth_permission VALUES (205, 'Can add follower', 52, 'add_follower');
INSERT INTO public.auth_permission VALUES (206, 'Can change follower', 52, 'change_follower');
INSERT INTO public.auth_permission VALUES (207, 'Can delete follower', 52, 'delete_follower');
INSERT INTO public.auth_permission VALUES (208, 'Can view follower', 52, 'view_follower');
INSERT INTO public.auth_permission VALUES (209, 'Can add event', 53, 'add_event');
INSERT INTO public.auth_permission VALUES (210, 'Can change event', 53, 'change_event');
INSERT INTO public.auth_permission VALUES (211, 'Can delete event', 53, 'delete_event');
INSERT INTO public.auth_permission VALUES (212, 'Can view event', 53, 'view_event');
INSERT INTO public.auth_permission VALUES (213, 'Can add draft', 54, 'add_draft');
INSERT INTO public.auth_permission VALUES (214, 'Can change draft', 54, 'change_draft');
INSERT INTO public.auth_permission VALUES (215, 'Can delete draft', 54, 'delete_draft');
INSERT INTO public.auth_permission VALUES (216, 'Can view draft', 54, 'view_draft');
INSERT INTO public.auth_permission VALUES (217, 'Can add attachment', 55, 'add_attachment');
INSERT INTO public.auth_permission VALUES (218, 'Can change attachment', 55, 'change_attachment');
INSERT INTO public.auth_permission VALUES (219, 'Can delete attachment', 55, 'delete_attachment');
INSERT INTO public.auth_permission VALUES (220, 'Can view attachment', 55, 'view_attachment');
INSERT INTO public.auth_permission VALUES (221, 'Can add tally', 56, 'add_tally');
INSERT INTO public.auth_permission VALUES (222, 'Can change tally', 56, 'change_tally');
INSERT INTO public.auth_permission VALUES (223, 'Can delete tally', 56, 'delete_tally');
INSERT INTO public.auth_permission VALUES (224, 'Can view tally', 56, 'view_tally');
INSERT INTO public.auth_permission VALUES (225, 'Can add request draft', 57, 'add_requestdraft');
INSERT INTO public.auth_permission VALUES (226, 'Can change request draft', 57, 'change_requestdraft');
INSERT INTO public.auth_permission VALUES (227, 'Can delete request draft', 57, 'delete_requestdraft');
INSERT INTO public.auth_permission VALUES (228, 'Can view request draft', 57, 'view_requestdraft');
INSERT INTO public.auth_permission VALUES (229, 'Can add rating', 58, 'add_rating');
INSERT INTO public.auth_permission VALUES (230, 'Can change rating', 58, 'change_rating');
INSERT INTO public.auth_permission VALUES (231, 'Can delete rating', 58, 'delete_rating');
INSERT INTO public.auth_permission VALUES (232, 'Can view rating', 58, 'view_rating');
INSERT INTO public.auth_permission VALUES (233, 'Can add order', 59, 'add_order');
INSERT INTO public.auth_permission VALUES (234, 'Can change order', 59, 'change_order');
INSERT INTO public.auth_permission VALUES (235, 'Can delete order', 59, 'delete_order');
INSERT INTO public.auth_permission VALUES (236, 'Can view order', 59, 'view_order');
INSERT INTO public.auth_permission VALUES (237, 'Can add held file', 60, 'add_heldfile');
INSERT INTO public.auth_permission VALUES (238, 'Can change held file', 60, 'change_heldfile');
INSERT INTO public.auth_permission VALUES (239, 'Can delete held file', 60, 'delete_heldfile');
INSERT INTO public.auth_permission VALUES (240, 'Can view held file', 60, 'view_heldfile');
INSERT INTO public.auth_permission VALUES (241, 'Can add attention', 61, 'add_attention');
INSERT INTO public.auth_permission VALUES (242, 'Can change attention', 61, 'change_attention');
INSERT INTO public.auth_permission VALUES (243, 'Can delete attention', 61, 'delete_attention');
INSERT INTO public.auth_permission VALUES (244, 'Can view attention', 61, 'view_attention');
INSERT INTO public.auth_permission VALUES (245, 'Can add concern', 62, 'add_concern');
INSERT INTO public.auth_permission VALUES (246, 'Can change concern', 62, 'change_concern');
INSERT INTO public.auth_permission VALUES (247, 'Can delete concern', 62, 'delete_concern');
INSERT INTO public.auth_permission VALUES (248, 'Can view concern', 62, 'view_concern');
INSERT INTO public.auth_permission VALUES (249, 'Can add evidence', 63, 'add_evidence');
INSERT INTO public.auth_permission VALUES (250, 'Can change evidence', 63, 'change_evidence');
INSERT INTO public.auth_permission VALUES (251, 'Can delete evidence', 63, 'delete_evidence');
INSERT INTO public.auth_permission VALUES (252, 'Can view evidence', 63, 'view_evidence');
INSERT INTO public.auth_permission VALUES (253, 'Can add learnt', 64, 'add_learnt');
INSERT INTO public.auth_permission VALUES (254, 'Can change learnt', 64, 'change_learnt');
INSERT INTO public.auth_permission VALUES (255, 'Can delete learnt', 64, 'delete_learnt');
INSERT INTO public.auth_permission VALUES (256, 'Can view learnt', 64, 'view_learnt');
INSERT INTO public.auth_permission VALUES (257, 'Can add joined', 65, 'add_joined');
INSERT INTO public.auth_permission VALUES (258, 'Can change joined', 65, 'change_joined');
INSERT INTO public.auth_permission VALUES (259, 'Can delete joined', 65, 'delete_joined');
INSERT INTO public.auth_permission VALUES (260, 'Can view joined', 65, 'view_joined');
INSERT INTO public.auth_permission VALUES (261, 'Can add proposal', 66, 'add_proposal');
INSERT INTO public.auth_permission VALUES (262, 'Can change proposal', 66, 'change_proposal');
INSERT INTO public.auth_permission VALUES (263, 'Can delete proposal', 66, 'delete_proposal');
INSERT INTO public.auth_permission VALUES (264, 'Can view proposal', 66, 'view_proposal');
INSERT INTO public.auth_permission VALUES (265, 'Can add incident', 67, 'add_incident');
INSERT INTO public.auth_permission VALUES (266, 'Can change incident', 67, 'change_incident');
INSERT INTO public.auth_permission VALUES (267, 'Can delete incident', 67, 'delete_incident');
INSERT INTO public.auth_permission VALUES (268, 'Can view incident', 67, 'view_incident');
INSERT INTO public.auth_permission VALUES (269, 'Can add incident event', 68, 'add_incidentevent');
INSERT INTO public.auth_permission VALUES (270, 'Can change incident event', 68, 'change_incidentevent');
INSERT INTO public.auth_permission VALUES (271, 'Can delete incident event', 68, 'delete_incidentevent');
INSERT INTO public.auth_permission VALUES (272, 'Can view incident event', 68, 'view_incidentevent');
INSERT INTO public.auth_permission VALUES (273, 'Can add incident note', 69, 'add_incidentnote');
INSERT INTO public.auth_permission VALUES (274, 'Can change incident note', 69, 'change_incidentnote');
INSERT INTO public.auth_permission VALUES (275, 'Can delete incident note', 69, 'delete_incidentnote');
INSERT INTO public.auth_permission VALUES (276, 'Can view incident note', 69, 'view_incidentnote');
INSERT INTO public.auth_permission VALUES (277, 'Can add maintenance', 70, 'add_maintenance');
INSERT INTO public.auth_permission VALUES (278, 'Can change maintenance', 70, 'change_maintenance');
INSERT INTO public.auth_permission VALUES (279, 'Can delete maintenance', 70, 'delete_maintenance');
INSERT INTO public.auth_permission VALUES (280, 'Can view maintenance', 70, 'view_maintenance');
INSERT INTO public.auth_permission VALUES (281, 'Can add announcement', 71, 'add_announcement');
INSERT INTO public.auth_permission VALUES (282, 'Can change announcement', 71, 'change_announcement');
INSERT INTO public.auth_permission VALUES (283, 'Can delete announcement', 71, 'delete_announcement');
INSERT INTO public.auth_permission VALUES (284, 'Can view announcement', 71, 'view_announcement');
INSERT INTO public.auth_permission VALUES (285, 'Can add proposal', 72, 'add_proposal');
INSERT INTO public.auth_permission VALUES (286, 'Can change proposal', 72, 'change_proposal');
INSERT INTO public.auth_permission VALUES (287, 'Can delete proposal', 72, 'delete_proposal');
INSERT INTO public.auth_permission VALUES (288, 'Can view proposal', 72, 'view_proposal');
INSERT INTO public.auth_permission VALUES (289, 'Can add update', 73, 'add_update');
INSERT INTO public.auth_permission VALUES (290, 'Can change update', 73, 'change_update');
INSERT INTO public.auth_permission VALUES (291, 'Can delete update', 73, 'delete_update');
INSERT INTO public.auth_permission VALUES (292, 'Can view update', 73, 'view_update');
INSERT INTO public.auth_permission VALUES (293, 'Can add told', 74, 'add_told');
INSERT INTO public.auth_permission VALUES (294, 'Can change told', 74, 'change_told');
INSERT INTO public.auth_permission VALUES (295, 'Can delete told', 74, 'delete_told');
INSERT INTO public.auth_permission VALUES (296, 'Can view told', 74, 'view_told');
INSERT INTO public.auth_permission VALUES (297, 'Can add incident ticket', 75, 'add_incidentticket');
INSERT INTO public.auth_permission VALUES (298, 'Can change incident ticket', 75, 'change_incidentticket');
INSERT INTO public.auth_permission VALUES (299, 'Can delete incident ticket', 75, 'delete_incidentticket');
INSERT INTO public.auth_permission VALUES (300, 'Can view incident ticket', 75, 'view_incidentticket');
INSERT INTO public.auth_permission VALUES (301, 'Can add maintenance notice', 76, 'add_maintenancenotice');
INSERT INTO public.auth_permission VALUES (302, 'Can change maintenance notice', 76, 'change_maintenancenotice');
INSERT INTO public.auth_permission VALUES (303, 'Can delete maintenance notice', 76, 'delete_maintenancenotice');
INSERT INTO public.auth_permission VALUES (304, 'Can view maintenance notice', 76, 'view_maintenancenotice');
INSERT INTO public.auth_permission VALUES (305, 'Can add last inspection', 77, 'add_lastinspection');
INSERT INTO public.auth_permission VALUES (306, 'Can change last inspection', 77, 'change_lastinspection');
INSERT INTO public.auth_permission VALUES (307, 'Can delete last inspection', 77, 'delete_lastinspection');
INSERT INTO public.auth_permission VALUES (308, 'Can view last inspection', 77, 'view_lastinspection');
INSERT INTO public.auth_permission VALUES (309, 'Can add pulse', 78, 'add_pulse');
INSERT INTO public.auth_permission VALUES (310, 'Can change pulse', 78, 'change_pulse');
INSERT INTO public.auth_permission VALUES (311, 'Can delete pulse', 78, 'delete_pulse');
INSERT INTO public.auth_permission VALUES (312, 'Can view pulse', 78, 'view_pulse');
INSERT INTO public.auth_permission VALUES (313, 'Can add import', 79, 'add_import');
INSERT INTO public.auth_permission VALUES (314, 'Can change import', 79, 'change_import');
INSERT INTO public.auth_permission VALUES (315, 'Can delete import', 79, 'delete_import');
INSERT INTO public.auth_permission VALUES (316, 'Can view import', 79, 'view_import');
INSERT INTO public.auth_permission VALUES (317, 'Can add import line', 80, 'add_importline');
INSERT INTO public.auth_permission VALUES (318, 'Can change import line', 80, 'change_importline');
INSERT INTO public.auth_permission VALUES (319, 'Can delete import line', 80, 'delete_importline');
INSERT INTO public.auth_permission VALUES (320, 'Can view import line', 80, 'view_importline');
INSERT INTO public.auth_permission VALUES (321, 'Can add import portion', 81, 'add_importportion');
INSERT INTO public.auth_permission VALUES (322, 'Can change import portion', 81, 'change_importportion');
INSERT INTO public.auth_permission VALUES (323, 'Can delete import portion', 81, 'delete_importportion');
INSERT INTO public.auth_permission VALUES (324, 'Can view import portion', 81, 'view_importportion');
INSERT INTO public.auth_permission VALUES (325, 'Can add details', 82, 'add_details');
INSERT INTO public.auth_permission VALUES (326, 'Can change details', 82, 'change_details');
INSERT INTO public.auth_permission VALUES (327, 'Can delete details', 82, 'delete_details');
INSERT INTO public.auth_permission VALUES (328, 'Can view details', 82, 'view_details');
INSERT INTO public.auth_permission VALUES (329, 'Can add support pin', 83, 'add_supportpin');
INSERT INTO public.auth_permission VALUES (330, 'Can change support pin', 83, 'change_supportpin');
INSERT INTO public.auth_permission VALUES (331, 'Can delete support pin', 83, 'delete_supportpin');
INSERT INTO public.auth_permission VALUES (332, 'Can view support pin', 83, 'view_supportpin');
INSERT INTO public.auth_permission VALUES (333, 'Can add pin check', 84, 'add_pincheck');
INSERT INTO public.auth_permission VALUES (334, 'Can change pin check', 84, 'change_pincheck');
INSERT INTO public.auth_permission VALUES (335, 'Can delete pin check', 84, 'delete_pincheck');
INSERT INTO public.auth_permission VALUES (336, 'Can view pin check', 84, 'view_pincheck');
INSERT INTO public.auth_permission VALUES (337, 'Can add extension', 85, 'add_extension');
INSERT INTO public.auth_permission VALUES (338, 'Can change extension', 85, 'change_extension');
INSERT INTO public.auth_permission VALUES (339, 'Can delete extension', 85, 'delete_extension');
INSERT INTO public.auth_permission VALUES (340, 'Can view extension', 85, 'view_extension');
INSERT INTO public.auth_permission VALUES (341, 'Can add call', 86, 'add_call');
INSERT INTO public.auth_permission VALUES (342, 'Can change call', 86, 'change_call');
INSERT INTO public.auth_permission VALUES (343, 'Can delete call', 86, 'delete_call');
INSERT INTO public.auth_permission VALUES (344, 'Can view call', 86, 'view_call');
INSERT INTO public.auth_permission VALUES (345, 'Can add call event', 87, 'add_callevent');
INSERT INTO public.auth_permission VALUES (346, 'Can change call event', 87, 'change_callevent');
INSERT INTO public.auth_permission VALUES (347, 'Can delete call event', 87, 'delete_callevent');
INSERT INTO public.auth_permission VALUES (348, 'Can view call event', 87, 'view_callevent');
INSERT INTO public.auth_permission VALUES (349, 'Can add our number', 88, 'add_ournumber');
INSERT INTO public.auth_permission VALUES (350, 'Can change our number', 88, 'change_ournumber');
INSERT INTO public.auth_permission VALUES (351, 'Can delete our number', 88, 'delete_ournumber');
INSERT INTO public.auth_permission VALUES (352, 'Can view our number', 88, 'view_ournumber');
INSERT INTO public.auth_permission VALUES (353, 'Can add address link', 89, 'add_addresslink');
INSERT INTO public.auth_permission VALUES (354, 'Can change address link', 89, 'change_addresslink');
INSERT INTO public.auth_permission VALUES (355, 'Can delete address link', 89, 'delete_addresslink');
INSERT INTO public.auth_permission VALUES (356, 'Can view address link', 89, 'view_addresslink');
INSERT INTO public.auth_permission VALUES (357, 'Can add enquiry', 90, 'add_enquiry');
INSERT INTO public.auth_permission VALUES (358, 'Can change enquiry', 90, 'change_enquiry');
INSERT INTO public.auth_permission VALUES (359, 'Can delete enquiry', 90, 'delete_enquiry');
INSERT INTO public.auth_permission VALUES (360, 'Can view enquiry', 90, 'view_enquiry');
INSERT INTO public.auth_permission VALUES (361, 'Can add retention', 91, 'add_retention');
INSERT INTO public.auth_permission VALUES (362, 'Can change retention', 91, 'change_retention');
INSERT INTO public.auth_permission VALUES (363, 'Can delete retention', 91, 'delete_retention');
INSERT INTO public.auth_permission VALUES (364, 'Can view retention', 91, 'view_retention');
INSERT INTO public.auth_permission VALUES (365, 'Can add download', 92, 'add_download');
INSERT INTO public.auth_permission VALUES (366, 'Can change download', 92, 'change_download');
INSERT INTO public.auth_permission VALUES (367, 'Can delete download', 92, 'delete_download');
INSERT INTO public.auth_permission VALUES (368, 'Can view download', 92, 'view_download');
INSERT INTO public.auth_permission VALUES (369, 'Can add erasure', 93, 'add_erasure');
INSERT INTO public.auth_permission VALUES (370, 'Can change erasure', 93, 'change_erasure');
INSERT INTO public.auth_permission VALUES (371, 'Can delete erasure', 93, 'delete_erasure');
INSERT INTO public.auth_permission VALUES (372, 'Can view erasure', 93, 'view_erasure');
INSERT INTO public.auth_permission VALUES (373, 'Can add keeping', 94, 'add_keeping');
INSERT INTO public.auth_permission VALUES (374, 'Can change keeping', 94, 'change_keeping');
INSERT INTO public.auth_permission VALUES (375, 'Can delete keeping', 94, 'delete_keeping');
INSERT INTO public.auth_permission VALUES (376, 'Can view keeping', 94, 'view_keeping');
INSERT INTO public.auth_permission VALUES (377, 'Can add drop', 95, 'add_drop');
INSERT INTO public.auth_permission VALUES (378, 'Can change drop', 95, 'change_drop');
INSERT INTO public.auth_permission VALUES (379, 'Can delete drop', 95, 'delete_drop');
INSERT INTO public.auth_permission VALUES (380, 'Can view drop', 95, 'view_drop');
INSERT INTO public.auth_permission VALUES (381, 'Can add erasure plan', 96, 'add_erasureplan');
INSERT INTO public.auth_permission VALUES (382, 'Can change erasure plan', 96, 'change_erasureplan');
INSERT INTO public.auth_permission VALUES (383, 'Can delete erasure plan', 96, 'delete_erasureplan');
INSERT INTO public.auth_permission VALUES (384, 'Can view erasure plan', 96, 'view_erasureplan');
INSERT INTO public.auth_permission VALUES (385, 'Can add email address', 97, 'add_emailaddress');
INSERT INTO public.auth_permission VALUES (386, 'Can change email address', 97, 'change_emailaddress');
INSERT INTO public.auth_permission VALUES (387, 'Can delete email address', 97, 'delete_emailaddress');
INSERT INTO public.auth_permission VALUES (388, 'Can view email address', 97, 'view_emailaddress');
INSERT INTO public.auth_permission VALUES (389, 'Can add email confirmation', 98, 'add_emailconfirmation');
INSERT INTO public.auth_permission VALUES (390, 'Can change email confirmation', 98, 'change_emailconfirmation');
INSERT INTO public.auth_permission VALUES (391, 'Can delete email confirmation', 98, 'delete_emailconfirmation');
INSERT INTO public.auth_permission VALUES (392, 'Can view email confirmation', 98, 'view_emailconfirmation');
INSERT INTO public.auth_permission VALUES (393, 'Can add authenticator', 99, 'add_authenticator');
INSERT INTO public.auth_permission VALUES (394, 'Can change authenticator', 99, 'change_authenticator');
INSERT INTO public.auth_permission VALUES (395, 'Can delete authenticator', 99, 'delete_authenticator');
INSERT INTO public.auth_permission VALUES (396, 'Can view authenticator', 99, 'view_authenticator');
INSERT INTO public.auth_permission VALUES (397, 'Can add user session', 100, 'add_usersession');
INSERT INTO public.auth_permission VALUES (398, 'Can change user session', 100, 'change_usersession');
INSERT INTO public.auth_permission VALUES (399, 'Can delete user session', 100, 'delete_usersession');
INSERT INTO public.auth_permission VALUES (400, 'Can view user session', 100, 'view_usersession');


--
-- Data for Name: cache; Type: TABLE DATA; Schema: public; Owner: -
--



--
-- Data for Name: customers_contact; Type: TABLE DATA; Schema: public; Owner: -
--



--
-- Data for Name: customers_contactaddress; Type: TABLE DATA; Schema: public; Owner: -
--



--
-- Data for Name: customers_contactapp; Type: TABLE DATA; Schema: public; Owner: -
--



--
-- Data for Name: customers_contactidentity; Type: TABLE DATA; Schema: public; Owner: -
--



--
-- Data for Name: customers_contactpasskey; Type: TABLE DATA; Schema: public; Owner: -
--



--
-- Data for Name: customers_contactpassword; Type: TABLE DATA; Schema: public; Owner: -
--



--
-- Data for Name: customers_contactsession; Type: TABLE DATA; Schema: public; Owner: -
--



--
-- Data for Name: customers_customer; Type: TABLE DATA; Schema: public; Owner: -
--



--
-- Data for Name: customers_invitation; Type: TABLE DATA; Schema: public; Owner: -
--



--
-- Data for Name: customers_membership; Type: TABLE DATA; Schema: public; Owner: -
--



--
-- Data for Name: customers_signinlink; Type: TABLE DATA; Schema: public; Owner: -
--



--
-- Data for Name: diagnostics_examination; Type: TABLE DATA; Schema: public; Owner: -
--



--
-- Data for Name: diagnostics_finding; Type: TABLE DATA; Schema: public; Owner: -
--



--
-- Data for Name: django_content_type; Type: TABLE DATA; Schema: public; Owner: -
--

INSERT INTO public.django_content_type VALUES (1, 'auth', 'permission');
INSERT INTO public.django_content_type VALUES (2, 'auth', 'group');
INSERT INTO public.django_content_type VALUES (3, 'contenttypes', 'contenttype');
INSERT INTO public.django_content_type VALUES (4, 'sessions', 'session');
INSERT INTO public.django_content_type VALUES (5, 'procrastinate', 'procrastinateevent');
INSERT INTO public.django_content_type VALUES (6, 'procrastinate', 'procrastinatejob');
INSERT INTO public.django_content_type VALUES (7, 'procrastinate', 'procrastinateperiodicdefer');
INSERT INTO public.django_content_type VALUES (8, 'procrastinate', 'procrastinateworker');
INSERT INTO public.django_content_type VALUES (9, 'accounts', 'user');
INSERT INTO public.django_content_type VALUES (10, 'accounts', 'team');
INSERT INTO public.django_content_type VALUES (11, 'accounts', 'auditentry');
INSERT INTO public.django_content_type VALUES (12, 'accounts', 'attempts');
INSERT INTO public.django_content_type VALUES (13, 'accounts', 'policyviolation');
INSERT INTO public.django_content_type VALUES (14, 'accounts', 'stepdecided');
INSERT INTO public.django_content_type VALUES (15, 'policy', 'edition');
INSERT INTO public.django_content_type VALUES (16, 'policy', 'clause');
INSERT INTO public.django_content_type VALUES (17, 'customers', 'customer');
INSERT INTO public.django_content_type VALUES (18, 'customers', 'contact');
INSERT INTO public.django_content_type VALUES (19, 'customers', 'signinlink');
INSERT INTO public.django_content_type VALUES (20, 'customers', 'contactaddress');
INSERT INTO public.django_content_type VALUES (21, 'customers', 'membership');
INSERT INTO public.django_content_type VALUES (22, 'customers', 'contactpassword');
INSERT INTO public.django_content_type VALUES (23, 'customers', 'contactsession');
INSERT INTO public.django_content_type VALUES (24, 'customers', 'contactapp');
INSERT INTO public.django_content_type VALUES (25, 'customers', 'contactpasskey');
INSERT INTO public.django_content_type VALUES (26, 'customers', 'contactidentity');
INSERT INTO public.django_content_type VALUES (27, 'customers', 'invitation');
INSERT INTO public.django_content_type VALUES (28, 'services', 'server');
INSERT INTO public.django_content_type VALUES (29, 'services', 'service');
INSERT INTO public.django_content_type VALUES (30, 'services', 'networkrange');
INSERT INTO public.django_content_type VALUES (31, 'services', 'servicedomain');
INSERT INTO public.django_content_type VALUES (32, 'services', 'quietwindow');
INSERT INTO public.django_content_type VALUES (33, 'triage', 'calendar');
INSERT INTO public.django_content_type VALUES (34, 'triage', 'slapolicy');
INSERT INTO public.django_content_type VALUES (35, 'triage', 'queue');
INSERT INTO public.django_content_type VALUES (36, 'mail', 'mailbox');
INSERT INTO public.django_content_type VALUES (37, 'mail', 'rawmail');
INSERT INTO public.django_content_type VALUES (38, 'mail', 'outboundmail');
INSERT INTO public.django_content_type VALUES (39, 'mail', 'inboundmail');
INSERT INTO public.django_content_type VALUES (40, 'mail', 'selftest');
INSERT INTO public.django_content_type VALUES (41, 'mail', 'imapaccount');
INSERT INTO public.django_content_type VALUES (42, 'mail', 'sending');
INSERT INTO public.django_content_type VALUES (43, 'diagnostics', 'examination');
INSERT INTO public.django_content_type VALUES (44, 'diagnostics', 'finding');
INSERT INTO public.django_content_type VALUES (45, 'tickets', 'tag');
INSERT INTO public.django_content_type VALUES (46, 'tickets', 'ticket');
INSERT INTO public.django_content_type VALUES (47, 'tickets', 'presence');
INSERT INTO public.django_content_type VALUES (48, 'tickets', 'note');
INSERT INTO public.django_content_type VALUES (49, 'tickets', 'message');
INSERT INTO public.django_content_type VALUES (50, 'tickets', 'merge');
INSERT INTO public.django_content_type VALUES (51, 'tickets', 'link');
INSERT INTO public.django_content_type VALUES (52, 'tickets', 'follower');
INSERT INTO public.django_content_type VALUES (53, 'tickets', 'event');
INSERT INTO public.django_content_type VALUES (54, 'tickets', 'draft');
INSERT INTO public.django_content_type VALUES (55, 'tickets', 'attachment');
INSERT INTO public.django_content_type VALUES (56, 'tickets', 'tally');
INSERT INTO public.django_content_type VALUES (57, 'tickets', 'requestdraft');
INSERT INTO public.django_content_type VALUES (58, 'tickets', 'rating');
INSERT INTO public.django_content_type VALUES (59, 'tickets', 'order');
INSERT INTO public.django_content_type VALUES (60, 'tickets', 'heldfile');
INSERT INTO public.django_content_type VALUES (61, 'tickets', 'attention');
INSERT INTO public.django_content_type VALUES (62, 'tickets', 'concern');
INSERT INTO public.django_content_type VALUES (63, 'evidence', 'evidence');
INSERT INTO public.django_content_type VALUES (64, 'duplicates', 'learnt');
INSERT INTO public.django_content_type VALUES (65, 'duplicates', 'joined');
INSERT INTO public.django_content_type VALUES (66, 'duplicates', 'proposal');
INSERT INTO public.django_content_type VALUES (67, 'incidents', 'incident');
INSERT INTO public.django_content_type VALUES (68, 'incidents', 'incidentevent');
INSERT INTO public.django_content_type VALUES (69, 'incidents', 'incidentnote');
INSERT INTO public.django_content_type VALUES (70, 'incidents', 'maintenance');
INSERT INTO public.django_content_type VALUES (71, 'incidents', 'announcement');
INSERT INTO public.django_content_type VALUES (72, 'incidents', 'proposal');
INSERT INTO public.django_content_type VALUES (73, 'incidents', 'update');
INSERT INTO public.django_content_type VALUES (74, 'incidents', 'told');
INSERT INTO public.django_content_type VALUES (75, 'incidents', 'incidentticket');
INSERT INTO public.django_content_type VALUES (76, 'incidents', 'maintenancenotice');
INSERT INTO public.django_content_type VALUES (77, 'watch', 'lastinspection');
INSERT INTO public.django_content_type VALUES (78, 'watch', 'pulse');
INSERT INTO public.django_content_type VALUES (79, 'imports', 'import');
INSERT INTO public.django_content_type VALUES (80, 'imports', 'importline');
INSERT INTO public.django_content_type VALUES (81, 'imports', 'importportion');
INSERT INTO public.django_content_type VALUES (82, 'imports', 'details');
INSERT INTO public.django_content_type VALUES (83, 'telephone', 'supportpin');
INSERT INTO public.django_content_type VALUES (84, 'telephone', 'pincheck');
INSERT INTO public.django_content_type VALUES (85, 'telephone', 'extension');
INSERT INTO public.django_content_type VALUES (86, 'telephone', 'call');
INSERT INTO public.django_content_type VALUES (87, 'telephone', 'callevent');
INSERT INTO public.django_content_type VALUES (88, 'telephone', 'ournumber');
INSERT INTO public.django_content_type VALUES (89, 'presales', 'addresslink');
INSERT INTO public.django_content_type VALUES (90, 'presales', 'enquiry');
INSERT INTO public.django_content_type VALUES (91, 'privacy', 'retention');
INSERT INTO public.django_content_type VALUES (92, 'privacy', 'download');
INSERT INTO public.django_content_type VALUES (93, 'privacy', 'erasure');
INSERT INTO public.django_content_type VALUES (94, 'privacy', 'keeping');
INSERT INTO public.django_content_type VALUES (95, 'privacy', 'drop');
INSERT INTO public.django_content_type VALUES (96, 'privacy', 'erasureplan');
INSERT INTO public.django_content_type VALUES (97, 'account', 'emailaddress');
INSERT INTO public.django_content_type VALUES (98, 'account', 'emailconfirmation');
INSERT INTO public.django_content_type VALUES (99, 'mfa', 'authenticator');
INSERT INTO public.django_content_type VALUES (100, 'usersessions', 'usersession');


--
-- Data for Name: django_migrations; Type: TABLE DATA; Schema: public; Owner: -
--

INSERT INTO public.django_migrations VALUES (1, 'accounts', '0001_initial', '2000-01-01 00:00:00+00');
INSERT INTO public.django_migrations VALUES (2, 'account', '0001_initial', '2000-01-01 00:00:00+00');
INSERT INTO public.django_migrations VALUES (3, 'account', '0002_email_max_length', '2000-01-01 00:00:00+00');
INSERT INTO public.django_migrations VALUES (4, 'account', '0003_alter_emailaddress_create_unique_verified_email', '2000-01-01 00:00:00+00');
INSERT INTO public.django_migrations VALUES (5, 'account', '0004_alter_emailaddress_drop_unique_email', '2000-01-01 00:00:00+00');
INSERT INTO public.django_migrations VALUES (6, 'account', '0005_emailaddress_idx_upper_email', '2000-01-01 00:00:00+00');
INSERT INTO public.django_migrations VALUES (7, 'account', '0006_emailaddress_lower', '2000-01-01 00:00:00+00');
INSERT INTO public.django_migrations VALUES (8, 'account', '0007_emailaddress_idx_email', '2000-01-01 00:00:00+00');
INSERT INTO public.django_migrations VALUES (9, 'account', '0008_emailaddress_unique_primary_email_fixup', '2000-01-01 00:00:00+00');
INSERT INTO public.django_migrations VALUES (10, 'account', '0009_emailaddress_unique_primary_email', '2000-01-01 00:00:00+00');
INSERT INTO public.django_migrations VALUES (11, 'mfa', '0001_initial', '2000-01-01 00:00:00+00');
INSERT INTO public.django_migrations VALUES (12, 'mfa', '0002_authenticator_timestamps', '2000-01-01 00:00:00+00');
INSERT INTO public.django_migrations VALUES (13, 'mfa', '0003_authenticator_type_uniq', '2000-01-01 00:00:00+00');
INSERT INTO public.django_migrations VALUES (14, 'accounts', '0002_audit_append_only', '2000-01-01 00:00:00+00');
INSERT INTO public.django_migrations VALUES (15, 'accounts', '0003_attempts_and_violations', '2000-01-01 00:00:00+00');
INSERT INTO public.django_migrations VALUES (16, 'accounts', '0004_audit_not_emptied', '2000-01-01 00:00:00+00');
INSERT INTO public.django_migrations VALUES (17, 'accounts', '0005_audit_about_a_row', '2000-01-01 00:00:00+00');
INSERT INTO public.django_migrations VALUES (18, 'accounts', '0006_history_from_an_index', '2000-01-01 00:00:00+00');
INSERT INTO public.django_migrations VALUES (19, 'accounts', '0007_steps_of_the_first_hour', '2000-01-01 00:00:00+00');
INSERT INTO public.django_migrations VALUES (20, 'accounts', '0008_recovery_codes_as_hashes', '2000-01-01 00:00:00+00');
INSERT INTO public.django_migrations VALUES (21, 'accounts', '0009_audit_in_its_order', '2000-01-01 00:00:00+00');
INSERT INTO public.django_migrations VALUES (22, 'accounts', '0010_backup_step', '2000-01-01 00:00:00+00');
INSERT INTO public.django_migrations VALUES (23, 'contenttypes', '0001_initial', '2000-01-01 00:00:00+00');
INSERT INTO public.django_migrations VALUES (24, 'contenttypes', '0002_remove_content_type_name', '2000-01-01 00:00:00+00');
INSERT INTO public.django_migrations VALUES (25, 'auth', '0001_initial', '2000-01-01 00:00:00+00');
INSERT INTO public.django_migrations VALUES (26, 'auth', '0002_alter_permission_name_max_length', '2000-01-01 00:00:00+00');
INSERT INTO public.django_migrations VALUES (27, 'auth', '0003_alter_user_email_max_length', '2000-01-01 00:00:00+00');
INSERT INTO public.django_migrations VALUES (28, 'auth', '0004_alter_user_username_opts', '2000-01-01 00:00:00+00');
INSERT INTO public.django_migrations VALUES (29, 'auth', '0005_alter_user_last_login_null', '2000-01-01 00:00:00+00');
INSERT INTO public.django_migrations VALUES (108, 'privacy', '0006_readable', '2000-01-01 00:00:00+00');
INSERT INTO public.django_migrations VALUES (30, 'auth', '0006_require_contenttypes_0002', '2000-01-01 00:00:00+00');
INSERT INTO public.django_migrations VALUES (31, 'auth', '0007_alter_validators_add_error_messages', '2000-01-01 00:00:00+00');
INSERT INTO public.django_migrations VALUES (32, 'auth', '0008_alter_user_username_max_length', '2000-01-01 00:00:00+00');
INSERT INTO public.django_migrations VALUES (33, 'auth', '0009_alter_user_last_name_max_length', '2000-01-01 00:00:00+00');
INSERT INTO public.django_migrations VALUES (34, 'auth', '0010_alter_group_name_max_length', '2000-01-01 00:00:00+00');
INSERT INTO public.django_migrations VALUES (35, 'auth', '0011_update_proxy_permissions', '2000-01-01 00:00:00+00');
INSERT INTO public.django_migrations VALUES (36, 'auth', '0012_alter_user_first_name_max_length', '2000-01-01 00:00:00+00');
INSERT INTO public.django_migrations VALUES (37, 'customers', '0001_initial', '2000-01-01 00:00:00+00');
INSERT INTO public.django_migrations VALUES (38, 'customers', '0002_address_of_a_link', '2000-01-01 00:00:00+00');
INSERT INTO public.django_migrations VALUES (39, 'customers', '0003_names_by_part', '2000-01-01 00:00:00+00');
INSERT INTO public.django_migrations VALUES (40, 'customers', '0004_records', '2000-01-01 00:00:00+00');
INSERT INTO public.django_migrations VALUES (41, 'customers', '0005_passwords', '2000-01-01 00:00:00+00');
INSERT INTO public.django_migrations VALUES (42, 'customers', '0006_notices', '2000-01-01 00:00:00+00');
INSERT INTO public.django_migrations VALUES (43, 'customers', '0007_ways_in', '2000-01-01 00:00:00+00');
INSERT INTO public.django_migrations VALUES (44, 'customers', '0008_address_of_an_identity', '2000-01-01 00:00:00+00');
INSERT INTO public.django_migrations VALUES (45, 'customers', '0009_planned_notices', '2000-01-01 00:00:00+00');
INSERT INTO public.django_migrations VALUES (46, 'customers', '0010_trigrams_in_a_loop', '2000-01-01 00:00:00+00');
INSERT INTO public.django_migrations VALUES (47, 'customers', '0011_names_enter_at_once', '2000-01-01 00:00:00+00');
INSERT INTO public.django_migrations VALUES (48, 'customers', '0012_one_spelling', '2000-01-01 00:00:00+00');
INSERT INTO public.django_migrations VALUES (49, 'services', '0001_initial', '2000-01-01 00:00:00+00');
INSERT INTO public.django_migrations VALUES (50, 'services', '0002_names_by_part', '2000-01-01 00:00:00+00');
INSERT INTO public.django_migrations VALUES (51, 'services', '0003_records', '2000-01-01 00:00:00+00');
INSERT INTO public.django_migrations VALUES (52, 'services', '0004_quiet_windows', '2000-01-01 00:00:00+00');
INSERT INTO public.django_migrations VALUES (53, 'diagnostics', '0001_examinations', '2000-01-01 00:00:00+00');
INSERT INTO public.django_migrations VALUES (54, 'triage', '0001_initial', '2000-01-01 00:00:00+00');
INSERT INTO public.django_migrations VALUES (55, 'triage', '0002_defaults', '2000-01-01 00:00:00+00');
INSERT INTO public.django_migrations VALUES (56, 'mail', '0001_initial', '2000-01-01 00:00:00+00');
INSERT INTO public.django_migrations VALUES (57, 'tickets', '0001_initial', '2000-01-01 00:00:00+00');
INSERT INTO public.django_migrations VALUES (58, 'tickets', '0002_number_and_append_only', '2000-01-01 00:00:00+00');
INSERT INTO public.django_migrations VALUES (59, 'tickets', '0003_clocks_and_order', '2000-01-01 00:00:00+00');
INSERT INTO public.django_migrations VALUES (60, 'tickets', '0004_promise_by_queue', '2000-01-01 00:00:00+00');
INSERT INTO public.django_migrations VALUES (61, 'tickets', '0005_tab_of_a_draft', '2000-01-01 00:00:00+00');
INSERT INTO public.django_migrations VALUES (62, 'tickets', '0006_answered_still_open', '2000-01-01 00:00:00+00');
INSERT INTO public.django_migrations VALUES (63, 'tickets', '0007_not_a_request', '2000-01-01 00:00:00+00');
INSERT INTO public.django_migrations VALUES (64, 'tickets', '0008_events_not_emptied', '2000-01-01 00:00:00+00');
INSERT INTO public.django_migrations VALUES (65, 'tickets', '0009_words_beside_their_row', '2000-01-01 00:00:00+00');
INSERT INTO public.django_migrations VALUES (66, 'tickets', '0010_figures_from_an_index', '2000-01-01 00:00:00+00');
INSERT INTO public.django_migrations VALUES (67, 'tickets', '0011_tallies', '2000-01-01 00:00:00+00');
INSERT INTO public.django_migrations VALUES (68, 'tickets', '0012_due_from_an_index', '2000-01-01 00:00:00+00');
INSERT INTO public.django_migrations VALUES (69, 'tickets', '0013_request_draft', '2000-01-01 00:00:00+00');
INSERT INTO public.django_migrations VALUES (70, 'tickets', '0014_public_form', '2000-01-01 00:00:00+00');
INSERT INTO public.django_migrations VALUES (71, 'tickets', '0015_told_due_and_ratings', '2000-01-01 00:00:00+00');
INSERT INTO public.django_migrations VALUES (72, 'tickets', '0016_order', '2000-01-01 00:00:00+00');
INSERT INTO public.django_migrations VALUES (73, 'tickets', '0017_held_files', '2000-01-01 00:00:00+00');
INSERT INTO public.django_migrations VALUES (74, 'tickets', '0018_evidence', '2000-01-01 00:00:00+00');
INSERT INTO public.django_migrations VALUES (75, 'tickets', '0019_order_by_evidence', '2000-01-01 00:00:00+00');
INSERT INTO public.django_migrations VALUES (76, 'duplicates', '0001_proposals', '2000-01-01 00:00:00+00');
INSERT INTO public.django_migrations VALUES (77, 'duplicates', '0002_needless_indexes', '2000-01-01 00:00:00+00');
INSERT INTO public.django_migrations VALUES (78, 'evidence', '0001_evidence', '2000-01-01 00:00:00+00');
INSERT INTO public.django_migrations VALUES (79, 'imports', '0001_initial', '2000-01-01 00:00:00+00');
INSERT INTO public.django_migrations VALUES (80, 'imports', '0002_details', '2000-01-01 00:00:00+00');
INSERT INTO public.django_migrations VALUES (81, 'incidents', '0001_initial', '2000-01-01 00:00:00+00');
INSERT INTO public.django_migrations VALUES (82, 'incidents', '0002_append_only', '2000-01-01 00:00:00+00');
INSERT INTO public.django_migrations VALUES (83, 'incidents', '0003_maintenance_notices', '2000-01-01 00:00:00+00');
INSERT INTO public.django_migrations VALUES (84, 'incidents', '0004_telling', '2000-01-01 00:00:00+00');
INSERT INTO public.django_migrations VALUES (85, 'mail', '0002_outbound_copies', '2000-01-01 00:00:00+00');
INSERT INTO public.django_migrations VALUES (86, 'mail', '0003_inbound_about', '2000-01-01 00:00:00+00');
INSERT INTO public.django_migrations VALUES (87, 'mail', '0004_outbound_failed', '2000-01-01 00:00:00+00');
INSERT INTO public.django_migrations VALUES (88, 'mail', '0005_held_mail_has_a_clock', '2000-01-01 00:00:00+00');
INSERT INTO public.django_migrations VALUES (89, 'mail', '0006_unread_by_sender', '2000-01-01 00:00:00+00');
INSERT INTO public.django_migrations VALUES (90, 'mail', '0007_inbound_is_its_own_job', '2000-01-01 00:00:00+00');
INSERT INTO public.django_migrations VALUES (91, 'mail', '0008_inbound_in_its_order', '2000-01-01 00:00:00+00');
INSERT INTO public.django_migrations VALUES (92, 'mail', '0009_raw_as_it_is', '2000-01-01 00:00:00+00');
INSERT INTO public.django_migrations VALUES (93, 'mail', '0010_sending', '2000-01-01 00:00:00+00');
INSERT INTO public.django_migrations VALUES (94, 'mail', '0011_held_back', '2000-01-01 00:00:00+00');
INSERT INTO public.django_migrations VALUES (95, 'mail', '0012_invitations', '2000-01-01 00:00:00+00');
INSERT INTO public.django_migrations VALUES (96, 'mail', '0013_needless_indexes', '2000-01-01 00:00:00+00');
INSERT INTO public.django_migrations VALUES (97, 'mail', '0014_counted_from_an_index', '2000-01-01 00:00:00+00');
INSERT INTO public.django_migrations VALUES (98, 'mail', '0015_reader', '2000-01-01 00:00:00+00');
INSERT INTO public.django_migrations VALUES (99, 'mail', '0016_cancelled_from_an_index', '2000-01-01 00:00:00+00');
INSERT INTO public.django_migrations VALUES (100, 'policy', '0001_initial', '2000-01-01 00:00:00+00');
INSERT INTO public.django_migrations VALUES (101, 'policy', '0002_shipped', '2000-01-01 00:00:00+00');
INSERT INTO public.django_migrations VALUES (102, 'presales', '0001_initial', '2000-01-01 00:00:00+00');
INSERT INTO public.django_migrations VALUES (103, 'privacy', '0001_initial', '2000-01-01 00:00:00+00');
INSERT INTO public.django_migrations VALUES (104, 'privacy', '0002_words_taken_out', '2000-01-01 00:00:00+00');
INSERT INTO public.django_migrations VALUES (105, 'privacy', '0003_notes_in_a_download', '2000-01-01 00:00:00+00');
INSERT INTO public.django_migrations VALUES (106, 'privacy', '0004_keep_proposals', '2000-01-01 00:00:00+00');
INSERT INTO public.django_migrations VALUES (107, 'privacy', '0005_erasure_plan', '2000-01-01 00:00:00+00');
INSERT INTO public.django_migrations VALUES (109, 'procrastinate', '0001_initial', '2000-01-01 00:00:00+00');
INSERT INTO public.django_migrations VALUES (110, 'procrastinate', '0002_drop_started_at_column', '2000-01-01 00:00:00+00');
INSERT INTO public.django_migrations VALUES (111, 'procrastinate', '0003_drop_started_at_column', '2000-01-01 00:00:00+00');
INSERT INTO public.django_migrations VALUES (112, 'procrastinate', '0004_drop_procrastinate_version_table', '2000-01-01 00:00:00+00');
INSERT INTO public.django_migrations VALUES (113, 'procrastinate', '0005_fix_procrastinate_fetch_job', '2000-01-01 00:00:00+00');
INSERT INTO public.django_migrations VALUES (114, 'procrastinate', '0006_fix_trigger_status_events_insert', '2000-01-01 00:00:00+00');
INSERT INTO public.django_migrations VALUES (115, 'procrastinate', '0007_add_queueing_lock_column', '2000-01-01 00:00:00+00');
INSERT INTO public.django_migrations VALUES (116, 'procrastinate', '0008_close_fetch_job_race_condition', '2000-01-01 00:00:00+00');
INSERT INTO public.django_migrations VALUES (117, 'procrastinate', '0009_add_defer_job_function', '2000-01-01 00:00:00+00');
INSERT INTO public.django_migrations VALUES (118, 'procrastinate', '0010_add_procrastinate_periodic_defers', '2000-01-01 00:00:00+00');
INSERT INTO public.django_migrations VALUES (119, 'procrastinate', '0011_add_foreign_key_index', '2000-01-01 00:00:00+00');
INSERT INTO public.django_migrations VALUES (120, 'procrastinate', '0012_add_locks_to_periodic_defer', '2000-01-01 00:00:00+00');
INSERT INTO public.django_migrations VALUES (121, 'procrastinate', '0013_fix_procrastinate_defer_periodic_job', '2000-01-01 00:00:00+00');
INSERT INTO public.django_migrations VALUES (122, 'procrastinate', '0014_add_finish_job_and_retry_job_functions', '2000-01-01 00:00:00+00');
INSERT INTO public.django_migrations VALUES (123, 'procrastinate', '0015_add_trigger_on_job_deletion', '2000-01-01 00:00:00+00');
INSERT INTO public.django_migrations VALUES (124, 'procrastinate', '0016_delete_finished_jobs', '2000-01-01 00:00:00+00');
INSERT INTO public.django_migrations VALUES (125, 'procrastinate', '0017_add_checks_to_finish_job', '2000-01-01 00:00:00+00');
INSERT INTO public.django_migrations VALUES (126, 'procrastinate', '0018_add_checks_to_retry_job', '2000-01-01 00:00:00+00');
INSERT INTO public.django_migrations VALUES (127, 'procrastinate', '0019_fix_finish_job_compat_issue', '2000-01-01 00:00:00+00');
INSERT INTO public.django_migrations VALUES (128, 'procrastinate', '0020_add_index_on_procrastinate_jobs', '2000-01-01 00:00:00+00');
INSERT INTO public.django_migrations VALUES (129, 'procrastinate', '0021_add_kwargs_to_defer_periodic_job', '2000-01-01 00:00:00+00');
INSERT INTO public.django_migrations VALUES (130, 'procrastinate', '0022_null_locks_excluded', '2000-01-01 00:00:00+00');
INSERT INTO public.django_migrations VALUES (131, 'procrastinate', '0023_remove_old_finish_job_function', '2000-01-01 00:00:00+00');
INSERT INTO public.django_migrations VALUES (132, 'procrastinate', '0024_job_id_bigint', '2000-01-01 00:00:00+00');
INSERT INTO public.django_migrations VALUES (133, 'procrastinate', '0025_add_models', '2000-01-01 00:00:00+00');
INSERT INTO public.django_migrations VALUES (134, 'procrastinate', '0026_add_job_priority', '2000-01-01 00:00:00+00');
INSERT INTO public.django_migrations VALUES (135, 'procrastinate', '0027_add_periodic_job_priority', '2000-01-01 00:00:00+00');
INSERT INTO public.django_migrations VALUES (136, 'procrastinate', '0028_add_cancel_states', '2000-01-01 00:00:00+00');
INSERT INTO public.django_migrations VALUES (137, 'procrastinate', '0029_add_additional_params_to_retry_job', '2000-01-01 00:00:00+00');
INSERT INTO public.django_migrations VALUES (138, 'procrastinate', '0030_alter_procrastinateevent_options', '2000-01-01 00:00:00+00');
INSERT INTO public.django_migrations VALUES (139, 'procrastinate', '0031_add_indexes_for_fetch_job', '2000-01-01 00:00:00+00');
INSERT INTO public.django_migrations VALUES (140, 'procrastinate', '0032_pre_cancel_notification', '2000-01-01 00:00:00+00');
INSERT INTO public.django_migrations VALUES (141, 'procrastinate', '0033_post_cancel_notification', '2000-01-01 00:00:00+00');
INSERT INTO public.django_migrations VALUES (142, 'procrastinate', '0034_pre_add_heartbeat', '2000-01-01 00:00:00+00');
INSERT INTO public.django_migrations VALUES (143, 'procrastinate', '0035_post_add_heartbeat', '2000-01-01 00:00:00+00');
INSERT INTO public.django_migrations VALUES (144, 'procrastinate', '0036_add_worker_model', '2000-01-01 00:00:00+00');
INSERT INTO public.django_migrations VALUES (145, 'procrastinate', '0037_pre_batch_defer_jobs', '2000-01-01 00:00:00+00');
INSERT INTO public.django_migrations VALUES (146, 'procrastinate', '0038_post_batch_defer_jobs', '2000-01-01 00:00:00+00');
INSERT INTO public.django_migrations VALUES (147, 'procrastinate', '0039_pre_priority_lock_fetch_job', '2000-01-01 00:00:00+00');
INSERT INTO public.django_migrations VALUES (148, 'procrastinate', '0040_pre_retry_failed_job', '2000-01-01 00:00:00+00');
INSERT INTO public.django_migrations VALUES (149, 'procrastinate', '0041_post_retry_failed_job', '2000-01-01 00:00:00+00');
INSERT INTO public.django_migrations VALUES (150, 'services', '0005_what_is_looked_at', '2000-01-01 00:00:00+00');
INSERT INTO public.django_migrations VALUES (151, 'services', '0006_names_enter_at_once', '2000-01-01 00:00:00+00');
INSERT INTO public.django_migrations VALUES (152, 'services', '0007_of_a_customer_by_name', '2000-01-01 00:00:00+00');
INSERT INTO public.django_migrations VALUES (153, 'sessions', '0001_initial', '2000-01-01 00:00:00+00');
INSERT INTO public.django_migrations VALUES (154, 'telephone', '0001_initial', '2000-01-01 00:00:00+00');
INSERT INTO public.django_migrations VALUES (155, 'telephone', '0002_numbers_by_part', '2000-01-01 00:00:00+00');
INSERT INTO public.django_migrations VALUES (156, 'telephone', '0003_calls', '2000-01-01 00:00:00+00');
INSERT INTO public.django_migrations VALUES (157, 'telephone', '0004_our_numbers', '2000-01-01 00:00:00+00');
INSERT INTO public.django_migrations VALUES (158, 'telephone', '0005_every_number', '2000-01-01 00:00:00+00');
INSERT INTO public.django_migrations VALUES (159, 'telephone', '0006_one_index_of_numbers', '2000-01-01 00:00:00+00');
INSERT INTO public.django_migrations VALUES (160, 'telephone', '0007_numbers_enter_at_once', '2000-01-01 00:00:00+00');
INSERT INTO public.django_migrations VALUES (161, 'tickets', '0020_concerns', '2000-01-01 00:00:00+00');
INSERT INTO public.django_migrations VALUES (162, 'tickets', '0021_planned_work', '2000-01-01 00:00:00+00');
INSERT INTO public.django_migrations VALUES (163, 'tickets', '0022_words_in_spans', '2000-01-01 00:00:00+00');
INSERT INTO public.django_migrations VALUES (164, 'tickets', '0023_needless_indexes', '2000-01-01 00:00:00+00');
INSERT INTO public.django_migrations VALUES (165, 'tickets', '0024_on_the_desk', '2000-01-01 00:00:00+00');
INSERT INTO public.django_migrations VALUES (166, 'triage', '0003_delay', '2000-01-01 00:00:00+00');
INSERT INTO public.django_migrations VALUES (167, 'usersessions', '0001_initial', '2000-01-01 00:00:00+00');
INSERT INTO public.django_migrations VALUES (168, 'watch', '0001_initial', '2000-01-01 00:00:00+00');
INSERT INTO public.django_migrations VALUES (169, 'watch', '0002_key_mark', '2000-01-01 00:00:00+00');
INSERT INTO public.django_migrations VALUES (170, 'watch', '0003_failed_jobs', '2000-01-01 00:00:00+00');
INSERT INTO public.django_migrations VALUES (171, 'watch', '0004_restore_on_trial', '2000-01-01 00:00:00+00');
INSERT INTO public.django_migrations VALUES (172, 'watch', '0005_mark_of_the_store', '2000-01-01 00:00:00+00');


--
-- Data for Name: django_session; Type: TABLE DATA; Schema: public; Owner: -
--



--
-- Data for Name: duplicates_joined; Type: TABLE DATA; Schema: public; Owner: -
--



--
-- Data for Name: duplicates_learnt; Type: TABLE DATA; Schema: public; Owner: -
--



--
-- Data for Name: duplicates_proposal; Type: TABLE DATA; Schema: public; Owner: -
--



--
-- Data for Name: evidence_evidence; Type: TABLE DATA; Schema: public; Owner: -
--



--
-- Data for Name: imports_details; Type: TABLE DATA; Schema: public; Owner: -
--



--
-- Data for Name: imports_import; Type: TABLE DATA; Schema: public; Owner: -
--



--
-- Data for Name: imports_importline; Type: TABLE DATA; Schema: public; Owner: -
--



--
-- Data for Name: imports_importportion; Type: TABLE DATA; Schema: public; Owner: -
--



--
-- Data for Name: incidents_announcement; Type: TABLE DATA; Schema: public; Owner: -
--



--
-- Data for Name: incidents_incident; Type: TABLE DATA; Schema: public; Owner: -
--



--
-- Data for Name: incidents_incident_servers; Type: TABLE DATA; Schema: public; Owner: -
--



--
-- Data for Name: incidents_incident_services; Type: TABLE DATA; Schema: public; Owner: -
--



--
-- Data for Name: incidents_incidentevent; Type: TABLE DATA; Schema: public; Owner: -
--



--
-- Data for Name: incidents_incidentnote; Type: TABLE DATA; Schema: public; Owner: -
--



--
-- Data for Name: incidents_incidentticket; Type: TABLE DATA; Schema: public; Owner: -
--



--
-- Data for Name: incidents_maintenance; Type: TABLE DATA; Schema: public; Owner: -
--



--
-- Data for Name: incidents_maintenance_servers; Type: TABLE DATA; Schema: public; Owner: -
--



--
-- Data for Name: incidents_maintenance_services; Type: TABLE DATA; Schema: public; Owner: -
--



--
-- Data for Name: incidents_maintenancenotice; Type: TABLE DATA; Schema: public; Owner: -
--



--
-- Data for Name: incidents_proposal; Type: TABLE DATA; Schema: public; Owner: -
--



--
-- Data for Name: incidents_told; Type: TABLE DATA; Schema: public; Owner: -
--



--
-- Data for Name: incidents_update; Type: TABLE DATA; Schema: public; Owner: -
--



--
-- Data for Name: mail_imapaccount; Type: TABLE DATA; Schema: public; Owner: -
--



--
-- Data for Name: mail_inboundmail; Type: TABLE DATA; Schema: public; Owner: -
--



--
-- Data for Name: mail_mailbox; Type: TABLE DATA; Schema: public; Owner: -
--



--
-- Data for Name: mail_outboundmail; Type: TABLE DATA; Schema: public; Owner: -
--



--
-- Data for Name: mail_rawmail; Type: TABLE DATA; Schema: public; Owner: -
--



--
-- Data for Name: mail_selftest; Type: TABLE DATA; Schema: public; Owner: -
--



--
-- Data for Name: mail_sending; Type: TABLE DATA; Schema: public; Owner: -
--

INSERT INTO public.mail_sending VALUES (1, false, NULL);


--
-- Data for Name: mfa_authenticator; Type: TABLE DATA; Schema: public; Owner: -
--



--
-- Data for Name: policy_clause; Type: TABLE DATA; Schema: public; Owner: -
--

INSERT INTO public.policy_clause VALUES (1, 'reach.presales', 'reach', 1, 'Chiunque, anche chi non è ancora cliente, può chiedere informazioni prima di acquistare, per telefono o all’indirizzo della prevendita. Queste richieste sono tenute separate dall’assistenza ai clienti e hanno tempi propri.', 'Anyone, customer or not, may ask before buying, by telephone or at the pre-sales address. These requests are kept apart from customer support and have times of their own.', 1, NULL);
INSERT INTO public.policy_clause VALUES (2, 'reach.portal', 'reach', 2, 'La via migliore per farsi assistere è l’area clienti: si accede, si apre una richiesta e si segue che cosa viene fatto.', 'A customer is best served from the customer area: sign in, open a request, and follow what is being done.', 1, NULL);
INSERT INTO public.policy_clause VALUES (3, 'reach.mail', 'reach', 3, 'Anche una mail all’indirizzo dell’assistenza diventa una richiesta.', 'A mail to the support address becomes a request too.', 1, NULL);
INSERT INTO public.policy_clause VALUES (4, 'reach.phone', 'reach', 4, 'Lo stesso vale per una telefonata. Qualunque via si scelga, la richiesta è trattata allo stesso modo e con gli stessi tempi.', 'So does a telephone call. Whichever way a request comes, it is treated alike and by the same times.', 1, NULL);
INSERT INTO public.policy_clause VALUES (5, 'promise.first', 'promise', 1, 'L’assistenza si impegna a dare una prima risposta entro 10 minuti: la risposta di una persona, non una ricevuta automatica. Nell’area clienti si vede entro quando è attesa la risposta e quanto l’impegno è stato mantenuto finora.', 'Support tries to give a first answer within 10 minutes: a person’s answer, not an automatic receipt. The customer area shows when the answer is due, and how well this has been kept so far.', 1, NULL);
INSERT INTO public.policy_clause VALUES (6, 'promise.outage', 'promise', 2, 'Le richieste per un servizio del tutto inutilizzabile hanno la precedenza su tutte le altre.', 'Requests about a service that cannot be used at all come before all others.', 1, NULL);
INSERT INTO public.policy_clause VALUES (7, 'promise.delay', 'promise', 3, 'Per questo altre richieste possono dover attendere. Chi attende ne viene informato, con il nuovo orario.', 'Others may have to wait because of that. They are told so, with the new time.', 1, NULL);
INSERT INTO public.policy_clause VALUES (8, 'promise.analysis', 'promise', 4, 'Alcune richieste hanno bisogno di prove e di un’analisi approfondita. In questo caso lo si comunica al cliente, con l’orario del prossimo aggiornamento, e gli aggiornamenti continuano fino alla conclusione.', 'Some requests need tests and deep analysis. The customer is told so, with the time of the next update, and gets updates until it ends.', 1, NULL);
INSERT INTO public.policy_clause VALUES (9, 'promise.history', 'promise', 5, 'Dalle richieste precedenti l’assistenza impara che cosa conta di più per ciascun cliente, e ne tiene conto.', 'From earlier requests support learns what matters most to each customer, and takes it into account.', 1, NULL);
INSERT INTO public.policy_clause VALUES (10, 'cover.customers', 'cover', 1, 'L’assistenza è riservata ai clienti.', 'Support is for customers only.', 1, NULL);
INSERT INTO public.policy_clause VALUES (11, 'cover.hosted', 'cover', 2, 'L’assistenza riguarda i server e le applicazioni che si trovano sulle macchine del fornitore. Quanto si trova altrove ne è escluso.', 'Support is for servers and applications that live on the provider’s own machines. Nothing elsewhere is supported.', 1, NULL);
INSERT INTO public.policy_clause VALUES (12, 'cover.supported', 'cover', 3, 'La piattaforma e i programmi nell’elenco di quelli assistiti ricevono assistenza completa.', 'The platform itself, and software on the list of what is supported, get full support.', 1, NULL);
INSERT INTO public.policy_clause VALUES (13, 'cover.own-code', 'cover', 4, 'La manutenzione del codice scritto dal cliente, o da altri per suo conto, spetta al cliente. Per questo codice si danno soltanto indicazioni: indizi sull’errore e su come leggere i registri del server web.', 'Code that the customer wrote, or had written, is the customer’s to maintain. For it support gives hints only: clues about the error, and how to read the logs of the web server.', 1, NULL);
INSERT INTO public.policy_clause VALUES (14, 'cover.unknown-software', 'cover', 5, 'Per i programmi che il fornitore non conosce o non assiste si danno le stesse indicazioni che per il codice del cliente.', 'For software that the provider does not know or support there are the same hints as for the customer’s own code.', 1, NULL);
INSERT INTO public.policy_clause VALUES (15, 'one.ticket', 'one', 1, 'Una richiesta scritta è il modo migliore per essere seguiti, perché il suo andamento resta visibile.', 'A written request is the best way to be served, because it can be followed.', 1, NULL);
INSERT INTO public.policy_clause VALUES (16, 'one.problem', 'one', 2, 'Un problema, una richiesta: una seconda richiesta per lo stesso problema impegnerebbe altre persone senza utilità. Le richieste sullo stesso problema sono riunite, e l’unione si può sempre annullare.', 'One problem is one request: a second one for the same problem would take up other people’s time to no use. Requests about the same problem are joined, and joining can always be undone.', 1, NULL);
INSERT INTO public.policy_clause VALUES (17, 'one.patience', 'one', 3, 'Chi deve attendere sa perché e fino a quando.', 'Whoever has to wait knows why, and until when.', 1, NULL);
INSERT INTO public.policy_clause VALUES (18, 'data.backup', 'data', 1, 'Il fornitore esegue periodicamente una copia degli spazi dei clienti.', 'The provider makes a periodic backup copy of its customers’ spaces.', 1, NULL);
INSERT INTO public.policy_clause VALUES (19, 'data.duty', 'data', 2, 'Le copie periodiche non comportano un obbligo di custodia dei dati: ogni cliente conserva le proprie copie.', 'These copies create no duty to keep the customer’s data: customers keep copies of their own.', 1, NULL);
INSERT INTO public.policy_clause VALUES (20, 'charge.deterioration', 'charge', 1, 'L’assistenza ordinaria non comprende il ripristino di applicazioni deteriorate, per esempio lasciate senza aggiornamenti.', 'Standard support leaves out the repair of applications that have deteriorated, for one by being left without updates.', 1, NULL);
INSERT INTO public.policy_clause VALUES (21, 'charge.misuse', 'charge', 2, 'Non comprende i guasti dovuti a un uso contrario alle condizioni o negligente, da parte del cliente o dei suoi clienti.', 'It leaves out faults that come of use against the terms or of negligence, by the customer or the customer’s own customers.', 1, NULL);
INSERT INTO public.policy_clause VALUES (22, 'charge.password', 'charge', 3, 'Non comprende le conseguenze di una password divulgata o usata illecitamente.', 'It leaves out what follows from a password that was disclosed or used unlawfully.', 1, NULL);
INSERT INTO public.policy_clause VALUES (23, 'charge.data', 'charge', 4, 'Non comprende il recupero di dati distrutti, in tutto o in parte, per errori diretti o indiretti del cliente.', 'It leaves out the recovery of data wholly or partly destroyed through the customer’s errors, direct or indirect.', 1, NULL);
INSERT INTO public.policy_clause VALUES (24, 'charge.repair', 'charge', 5, 'La riparazione di un guasto imputabile al cliente è a pagamento. Nulla è addebitato senza un accertamento scritto con le sue prove, un preventivo e l’accettazione del cliente, che può sempre contestare l’accertamento.', 'The repair of a fault that is the customer’s doing is charged. Nothing is charged without a written finding with its evidence, a price, and the customer’s acceptance; a customer can always dispute the finding.', 1, NULL);
INSERT INTO public.policy_clause VALUES (25, 'suspend.authority', 'suspend', 1, 'Un servizio può essere sospeso senza preavviso per ordine di un’autorità amministrativa o giudiziaria, per un periodo o in modo definitivo.', 'A service may be suspended without notice on the order of an administrative or judicial authority, for a time or for good.', 1, NULL);
INSERT INTO public.policy_clause VALUES (26, 'suspend.illicit', 'suspend', 2, 'Può esserlo per la diffusione o l’uso di materiale illecito.', 'It may be for spreading or using illicit material.', 1, NULL);
INSERT INTO public.policy_clause VALUES (27, 'suspend.spam', 'suspend', 3, 'Può esserlo per l’invio di posta indesiderata (spam).', 'It may be for spamming.', 1, NULL);
INSERT INTO public.policy_clause VALUES (28, 'suspend.intrusion', 'suspend', 4, 'Può esserlo per un’intrusione, anche solo tentata, dal server verso altri apparati in rete: falsificazione di indirizzi, intercettazione, scansione di porte e simili. In ogni caso il cliente riceve la motivazione al più tardi quando la sospensione ha effetto, salvo divieto dell’autorità, con il modo di contestarla.', 'It may be for an intrusion, or an attempt, from the server towards other equipment on the network: spoofing, sniffing, port scanning and the like. In every case the customer gets the reasons at the latest when the suspension takes effect, unless an order forbids it, with the way to contest it.', 1, NULL);


--
-- Data for Name: policy_edition; Type: TABLE DATA; Schema: public; Owner: -
--

INSERT INTO public.policy_edition VALUES (1, 1, '2026-11-28 00:00:00+00', NULL);


--
-- Data for Name: presales_addresslink; Type: TABLE DATA; Schema: public; Owner: -
--



--
-- Data for Name: presales_enquiry; Type: TABLE DATA; Schema: public; Owner: -
--



--
-- Data for Name: privacy_download; Type: TABLE DATA; Schema: public; Owner: -
--



--
-- Data for Name: privacy_drop; Type: TABLE DATA; Schema: public; Owner: -
--



--
-- Data for Name: privacy_erasure; Type: TABLE DATA; Schema: public; Owner: -
--



--
-- Data for Name: privacy_erasureplan; Type: TABLE DATA; Schema: public; Owner: -
--



--
-- Data for Name: privacy_keeping; Type: TABLE DATA; Schema: public; Owner: -
--



--
-- Data for Name: privacy_retention; Type: TABLE DATA; Schema: public; Owner: -
--



--
-- Data for Name: procrastinate_events; Type: TABLE DATA; Schema: public; Owner: -
--



--
-- Data for Name: procrastinate_jobs; Type: TABLE DATA; Schema: public; Owner: -
--



--
-- Data for Name: procrastinate_periodic_defers; Type: TABLE DATA; Schema: public; Owner: -
--



--
-- Data for Name: procrastinate_workers; Type: TABLE DATA; Schema: public; Owner: -
--



--
-- Data for Name: services_networkrange; Type: TABLE DATA; Schema: public; Owner: -
--



--
-- Data for Name: services_quietwindow; Type: TABLE DATA; Schema: public; Owner: -
--



--
-- Data for Name: services_server; Type: TABLE DATA; Schema: public; Owner: -
--



--
-- Data for Name: services_service; Type: TABLE DATA; Schema: public; Owner: -
--



--
-- Data for Name: services_servicedomain; Type: TABLE DATA; Schema: public; Owner: -
--



--
-- Data for Name: telephone_call; Type: TABLE DATA; Schema: public; Owner: -
--



--
-- Data for Name: telephone_callevent; Type: TABLE DATA; Schema: public; Owner: -
--



--
-- Data for Name: telephone_extension; Type: TABLE DATA; Schema: public; Owner: -
--



--
-- Data for Name: telephone_ournumber; Type: TABLE DATA; Schema: public; Owner: -
--



--
-- Data for Name: telephone_pincheck; Type: TABLE DATA; Schema: public; Owner: -
--



--
-- Data for Name: telephone_supportpin; Type: TABLE DATA; Schema: public; Owner: -
--



--
-- Data for Name: tickets_attachment; Type: TABLE DATA; Schema: public; Owner: -
--



--
-- Data for Name: tickets_attention; Type: TABLE DATA; Schema: public; Owner: -
--



--
-- Data for Name: tickets_concern; Type: TABLE DATA; Schema: public; Owner: -
--



--
-- Data for Name: tickets_draft; Type: TABLE DATA; Schema: public; Owner: -
--



--
-- Data for Name: tickets_event; Type: TABLE DATA; Schema: public; Owner: -
--



--
-- Data for Name: tickets_follower; Type: TABLE DATA; Schema: public; Owner: -
--



--
-- Data for Name: tickets_heldfile; Type: TABLE DATA; Schema: public; Owner: -
--



--
-- Data for Name: tickets_link; Type: TABLE DATA; Schema: public; Owner: -
--



--
-- Data for Name: tickets_merge; Type: TABLE DATA; Schema: public; Owner: -
--



--
-- Data for Name: tickets_message; Type: TABLE DATA; Schema: public; Owner: -
--



--
-- Data for Name: tickets_note; Type: TABLE DATA; Schema: public; Owner: -
--



--
-- Data for Name: tickets_order; Type: TABLE DATA; Schema: public; Owner: -
--



--
-- Data for Name: tickets_presence; Type: TABLE DATA; Schema: public; Owner: -
--



--
-- Data for Name: tickets_rating; Type: TABLE DATA; Schema: public; Owner: -
--



--
-- Data for Name: tickets_requestdraft; Type: TABLE DATA; Schema: public; Owner: -
--



--
-- Data for Name: tickets_tag; Type: TABLE DATA; Schema: public; Owner: -
--



--
-- Data for Name: tickets_tally; Type: TABLE DATA; Schema: public; Owner: -
--



--
-- Data for Name: tickets_ticket; Type: TABLE DATA; Schema: public; Owner: -
--



--
-- Data for Name: tickets_ticket_tags; Type: TABLE DATA; Schema: public; Owner: -
--



--
-- Data for Name: triage_calendar; Type: TABLE DATA; Schema: public; Owner: -
--

INSERT INTO public.triage_calendar VALUES (1, '24/7', 'Europe/Rome', true, '{}', '', '{}');
INSERT INTO public.triage_calendar VALUES (2, 'Mon-Fri 9-18', 'Europe/Rome', false, '{"0": [["09:00", "18:00"]], "1": [["09:00", "18:00"]], "2": [["09:00", "18:00"]], "3": [["09:00", "18:00"]], "4": [["09:00", "18:00"]]}', 'IT', '{}');


--
-- Data for Name: triage_queue; Type: TABLE DATA; Schema: public; Owner: -
--

INSERT INTO public.triage_queue VALUES (1, 'support', 'Assistenza', 'Support', 1, 1, 1);
INSERT INTO public.triage_queue VALUES (2, 'presales', 'Prevendita', 'Pre-sales', 2, 2, 2);


--
-- Data for Name: triage_slapolicy; Type: TABLE DATA; Schema: public; Owner: -
--

INSERT INTO public.triage_slapolicy VALUES (1, 'Support', 10, 60, 240, 30);
INSERT INTO public.triage_slapolicy VALUES (2, 'Pre-sales', 60, 240, 240, 30);


--
-- Data for Name: usersessions_usersession; Type: TABLE DATA; Schema: public; Owner: -
--



--
-- Data for Name: watch_lastinspection; Type: TABLE DATA; Schema: public; Owner: -
--



--
-- Data for Name: watch_pulse; Type: TABLE DATA; Schema: public; Owner: -
--



--
-- Name: account_emailaddress_id_seq; Type: SEQUENCE SET; Schema: public; Owner: -
--

SELECT pg_catalog.setval('public.account_emailaddress_id_seq', 1, false);


--
-- Name: account_emailconfirmation_id_seq; Type: SEQUENCE SET; Schema: public; Owner: -
--

SELECT pg_catalog.setval('public.account_emailconfirmation_id_seq', 1, false);


--
-- Name: accounts_attempts_id_seq; Type: SEQUENCE SET; Schema: public; Owner: -
--

SELECT pg_catalog.setval('public.accounts_attempts_id_seq', 1, false);


--
-- Name: accounts_auditentry_id_seq; Type: SEQUENCE SET; Schema: public; Owner: -
--

SELECT pg_catalog.setval('public.accounts_auditentry_id_seq', 1, false);


--
-- Name: accounts_policyviolation_id_seq; Type: SEQUENCE SET; Schema: public; Owner: -
--

SELECT pg_catalog.setval('public.accounts_policyviolation_id_seq', 1, false);


--
-- Name: accounts_team_id_seq; Type: SEQUENCE SET; Schema: public; Owner: -
--

SELECT pg_catalog.setval('public.accounts_team_id_seq', 1, false);


--
-- Name: accounts_user_id_seq; Type: SEQUENCE SET; Schema: public; Owner: -
--

SELECT pg_catalog.setval('public.accounts_user_id_seq', 1, false);


--
-- Name: auth_group_id_seq; Type: SEQUENCE SET; Schema: public; Owner: -
--

SELECT pg_catalog.setval('public.auth_group_id_seq', 1, false);


--
-- Name: auth_group_permissions_id_seq; Type: SEQUENCE SET; Schema: public; Owner: -
--

SELECT pg_catalog.setval('public.auth_group_permissions_id_seq', 1, false);


--
-- Name: auth_permission_id_seq; Type: SEQUENCE SET; Schema: public; Owner: -
--

SELECT pg_catalog.setval('public.auth_permission_id_seq', 400, true);


--
-- Name: customers_contact_id_seq; Type: SEQUENCE SET; Schema: public; Owner: -
--

SELECT pg_catalog.setval('public.customers_contact_id_seq', 1, false);


--
-- Name: customers_contactaddress_id_seq; Type: SEQUENCE SET; Schema: public; Owner: -
--

SELECT pg_catalog.setval('public.customers_contactaddress_id_seq', 1, false);


--
-- Name: customers_contactapp_id_seq; Type: SEQUENCE SET; Schema: public; Owner: -
--

SELECT pg_catalog.setval('public.customers_contactapp_id_seq', 1, false);


--
-- Name: customers_contactidentity_id_seq; Type: SEQUENCE SET; Schema: public; Owner: -
--

SELECT pg_catalog.setval('public.customers_contactidentity_id_seq', 1, false);


--
-- Name: customers_contactpasskey_id_seq; Type: SEQUENCE SET; Schema: public; Owner: -
--

SELECT pg_catalog.setval('public.customers_contactpasskey_id_seq', 1, false);


--
-- Name: customers_contactpassword_id_seq; Type: SEQUENCE SET; Schema: public; Owner: -
--

SELECT pg_catalog.setval('public.customers_contactpassword_id_seq', 1, false);


--
-- Name: customers_contactsession_id_seq; Type: SEQUENCE SET; Schema: public; Owner: -
--

SELECT pg_catalog.setval('public.customers_contactsession_id_seq', 1, false);


--
-- Name: customers_customer_id_seq; Type: SEQUENCE SET; Schema: public; Owner: -
--

SELECT pg_catalog.setval('public.customers_customer_id_seq', 1, false);


--
-- Name: customers_invitation_id_seq; Type: SEQUENCE SET; Schema: public; Owner: -
--

SELECT pg_catalog.setval('public.customers_invitation_id_seq', 1, false);


--
-- Name: customers_membership_id_seq; Type: SEQUENCE SET; Schema: public; Owner: -
--

SELECT pg_catalog.setval('public.customers_membership_id_seq', 1, false);


--
-- Name: customers_signinlink_id_seq; Type: SEQUENCE SET; Schema: public; Owner: -
--

SELECT pg_catalog.setval('public.customers_signinlink_id_seq', 1, false);


--
-- Name: diagnostics_examination_id_seq; Type: SEQUENCE SET; Schema: public; Owner: -
--

SELECT pg_catalog.setval('public.diagnostics_examination_id_seq', 1, false);


--
-- Name: diagnostics_finding_id_seq; Type: SEQUENCE SET; Schema: public; Owner: -
--

SELECT pg_catalog.setval('public.diagnostics_finding_id_seq', 1, false);


--
-- Name: django_content_type_id_seq; Type: SEQUENCE SET; Schema: public; Owner: -
--

SELECT pg_catalog.setval('public.django_content_type_id_seq', 100, true);


--
-- Name: django_migrations_id_seq; Type: SEQUENCE SET; Schema: public; Owner: -
--

SELECT pg_catalog.setval('public.django_migrations_id_seq', 172, true);


--
-- Name: duplicates_joined_id_seq; Type: SEQUENCE SET; Schema: public; Owner: -
--

SELECT pg_catalog.setval('public.duplicates_joined_id_seq', 1, false);


--
-- Name: duplicates_learnt_id_seq; Type: SEQUENCE SET; Schema: public; Owner: -
--

SELECT pg_catalog.setval('public.duplicates_learnt_id_seq', 1, false);


--
-- Name: duplicates_proposal_id_seq; Type: SEQUENCE SET; Schema: public; Owner: -
--

SELECT pg_catalog.setval('public.duplicates_proposal_id_seq', 1, false);


--
-- Name: evidence_evidence_id_seq; Type: SEQUENCE SET; Schema: public; Owner: -
--

SELECT pg_catalog.setval('public.evidence_evidence_id_seq', 1, false);


--
-- Name: imports_details_id_seq; Type: SEQUENCE SET; Schema: public; Owner: -
--

SELECT pg_catalog.setval('public.imports_details_id_seq', 1, false);


--
-- Name: imports_import_id_seq; Type: SEQUENCE SET; Schema: public; Owner: -
--

SELECT pg_catalog.setval('public.imports_import_id_seq', 1, false);


--
-- Name: imports_importline_id_seq; Type: SEQUENCE SET; Schema: public; Owner: -
--

SELECT pg_catalog.setval('public.imports_importline_id_seq', 1, false);


--
-- Name: imports_importportion_id_seq; Type: SEQUENCE SET; Schema: public; Owner: -
--

SELECT pg_catalog.setval('public.imports_importportion_id_seq', 1, false);


--
-- Name: incidents_announcement_id_seq; Type: SEQUENCE SET; Schema: public; Owner: -
--

SELECT pg_catalog.setval('public.incidents_announcement_id_seq', 1, false);


--
-- Name: incidents_incident_id_seq; Type: SEQUENCE SET; Schema: public; Owner: -
--

SELECT pg_catalog.setval('public.incidents_incident_id_seq', 1, false);


--
-- Name: incidents_incident_servers_id_seq; Type: SEQUENCE SET; Schema: public; Owner: -
--

SELECT pg_catalog.setval('public.incidents_incident_servers_id_seq', 1, false);


--
-- Name: incidents_incident_services_id_seq; Type: SEQUENCE SET; Schema: public; Owner: -
--

SELECT pg_catalog.setval('public.incidents_incident_services_id_seq', 1, false);


--
-- Name: incidents_incidentevent_id_seq; Type: SEQUENCE SET; Schema: public; Owner: -
--

SELECT pg_catalog.setval('public.incidents_incidentevent_id_seq', 1, false);


--
-- Name: incidents_incidentnote_id_seq; Type: SEQUENCE SET; Schema: public; Owner: -
--

SELECT pg_catalog.setval('public.incidents_incidentnote_id_seq', 1, false);


--
-- Name: incidents_incidentticket_id_seq; Type: SEQUENCE SET; Schema: public; Owner: -
--

SELECT pg_catalog.setval('public.incidents_incidentticket_id_seq', 1, false);


--
-- Name: incidents_maintenance_id_seq; Type: SEQUENCE SET; Schema: public; Owner: -
--

SELECT pg_catalog.setval('public.incidents_maintenance_id_seq', 1, false);


--
-- Name: incidents_maintenance_servers_id_seq; Type: SEQUENCE SET; Schema: public; Owner: -
--

SELECT pg_catalog.setval('public.incidents_maintenance_servers_id_seq', 1, false);


--
-- Name: incidents_maintenance_services_id_seq; Type: SEQUENCE SET; Schema: public; Owner: -
--

SELECT pg_catalog.setval('public.incidents_maintenance_services_id_seq', 1, false);


--
-- Name: incidents_maintenancenotice_id_seq; Type: SEQUENCE SET; Schema: public; Owner: -
--

SELECT pg_catalog.setval('public.incidents_maintenancenotice_id_seq', 1, false);


--
-- Name: incidents_proposal_id_seq; Type: SEQUENCE SET; Schema: public; Owner: -
--

SELECT pg_catalog.setval('public.incidents_proposal_id_seq', 1, false);


--
-- Name: incidents_told_id_seq; Type: SEQUENCE SET; Schema: public; Owner: -
--

SELECT pg_catalog.setval('public.incidents_told_id_seq', 1, false);


--
-- Name: incidents_update_id_seq; Type: SEQUENCE SET; Schema: public; Owner: -
--

SELECT pg_catalog.setval('public.incidents_update_id_seq', 1, false);


--
-- Name: mail_imapaccount_id_seq; Type: SEQUENCE SET; Schema: public; Owner: -
--

SELECT pg_catalog.setval('public.mail_imapaccount_id_seq', 1, false);


--
-- Name: mail_inboundmail_id_seq; Type: SEQUENCE SET; Schema: public; Owner: -
--

SELECT pg_catalog.setval('public.mail_inboundmail_id_seq', 1, false);


--
-- Name: mail_mailbox_id_seq; Type: SEQUENCE SET; Schema: public; Owner: -
--

SELECT pg_catalog.setval('public.mail_mailbox_id_seq', 1, false);


--
-- Name: mail_outboundmail_id_seq; Type: SEQUENCE SET; Schema: public; Owner: -
--

SELECT pg_catalog.setval('public.mail_outboundmail_id_seq', 1, false);


--
-- Name: mail_selftest_id_seq; Type: SEQUENCE SET; Schema: public; Owner: -
--

SELECT pg_catalog.setval('public.mail_selftest_id_seq', 1, false);


--
-- Name: mfa_authenticator_id_seq; Type: SEQUENCE SET; Schema: public; Owner: -
--

SELECT pg_catalog.setval('public.mfa_authenticator_id_seq', 1, false);


--
-- Name: policy_clause_id_seq; Type: SEQUENCE SET; Schema: public; Owner: -
--

SELECT pg_catalog.setval('public.policy_clause_id_seq', 28, true);


--
-- Name: policy_edition_id_seq; Type: SEQUENCE SET; Schema: public; Owner: -
--

SELECT pg_catalog.setval('public.policy_edition_id_seq', 1, true);


--
-- Name: presales_addresslink_id_seq; Type: SEQUENCE SET; Schema: public; Owner: -
--

SELECT pg_catalog.setval('public.presales_addresslink_id_seq', 1, false);


--
-- Name: presales_enquiry_id_seq; Type: SEQUENCE SET; Schema: public; Owner: -
--

SELECT pg_catalog.setval('public.presales_enquiry_id_seq', 1, false);


--
-- Name: privacy_download_id_seq; Type: SEQUENCE SET; Schema: public; Owner: -
--

SELECT pg_catalog.setval('public.privacy_download_id_seq', 1, false);


--
-- Name: privacy_drop_id_seq; Type: SEQUENCE SET; Schema: public; Owner: -
--

SELECT pg_catalog.setval('public.privacy_drop_id_seq', 1, false);


--
-- Name: privacy_erasure_id_seq; Type: SEQUENCE SET; Schema: public; Owner: -
--

SELECT pg_catalog.setval('public.privacy_erasure_id_seq', 1, false);


--
-- Name: privacy_erasureplan_id_seq; Type: SEQUENCE SET; Schema: public; Owner: -
--

SELECT pg_catalog.setval('public.privacy_erasureplan_id_seq', 1, false);


--
-- Name: privacy_keeping_id_seq; Type: SEQUENCE SET; Schema: public; Owner: -
--

SELECT pg_catalog.setval('public.privacy_keeping_id_seq', 1, false);


--
-- Name: procrastinate_events_id_seq; Type: SEQUENCE SET; Schema: public; Owner: -
--

SELECT pg_catalog.setval('public.procrastinate_events_id_seq', 1, false);


--
-- Name: procrastinate_jobs_id_seq; Type: SEQUENCE SET; Schema: public; Owner: -
--

SELECT pg_catalog.setval('public.procrastinate_jobs_id_seq', 1, false);


--
-- Name: procrastinate_periodic_defers_id_seq; Type: SEQUENCE SET; Schema: public; Owner: -
--

SELECT pg_catalog.setval('public.procrastinate_periodic_defers_id_seq', 1, false);


--
-- Name: procrastinate_workers_id_seq; Type: SEQUENCE SET; Schema: public; Owner: -
--

SELECT pg_catalog.setval('public.procrastinate_workers_id_seq', 1, false);


--
-- Name: services_networkrange_id_seq; Type: SEQUENCE SET; Schema: public; Owner: -
--

SELECT pg_catalog.setval('public.services_networkrange_id_seq', 1, false);


--
-- Name: services_quietwindow_id_seq; Type: SEQUENCE SET; Schema: public; Owner: -
--

SELECT pg_catalog.setval('public.services_quietwindow_id_seq', 1, false);


--
-- Name: services_server_id_seq; Type: SEQUENCE SET; Schema: public; Owner: -
--

SELECT pg_catalog.setval('public.services_server_id_seq', 1, false);


--
-- Name: services_service_id_seq; Type: SEQUENCE SET; Schema: public; Owner: -
--

SELECT pg_catalog.setval('public.services_service_id_seq', 1, false);


--
-- Name: services_servicedomain_id_seq; Type: SEQUENCE SET; Schema: public; Owner: -
--

SELECT pg_catalog.setval('public.services_servicedomain_id_seq', 1, false);


--
-- Name: telephone_call_id_seq; Type: SEQUENCE SET; Schema: public; Owner: -
--

SELECT pg_catalog.setval('public.telephone_call_id_seq', 1, false);


--
-- Name: telephone_callevent_id_seq; Type: SEQUENCE SET; Schema: public; Owner: -
--

SELECT pg_catalog.setval('public.telephone_callevent_id_seq', 1, false);


--
-- Name: telephone_extension_id_seq; Type: SEQUENCE SET; Schema: public; Owner: -
--

SELECT pg_catalog.setval('public.telephone_extension_id_seq', 1, false);


--
-- Name: telephone_ournumber_id_seq; Type: SEQUENCE SET; Schema: public; Owner: -
--

SELECT pg_catalog.setval('public.telephone_ournumber_id_seq', 1, false);


--
-- Name: telephone_pincheck_id_seq; Type: SEQUENCE SET; Schema: public; Owner: -
--

SELECT pg_catalog.setval('public.telephone_pincheck_id_seq', 1, false);


--
-- Name: telephone_supportpin_id_seq; Type: SEQUENCE SET; Schema: public; Owner: -
--

SELECT pg_catalog.setval('public.telephone_supportpin_id_seq', 1, false);


--
-- Name: tickets_attachment_id_seq; Type: SEQUENCE SET; Schema: public; Owner: -
--

SELECT pg_catalog.setval('public.tickets_attachment_id_seq', 1, false);


--
-- Name: tickets_attention_id_seq; Type: SEQUENCE SET; Schema: public; Owner: -
--

SELECT pg_catalog.setval('public.tickets_attention_id_seq', 1, false);


--
-- Name: tickets_concern_id_seq; Type: SEQUENCE SET; Schema: public; Owner: -
--

SELECT pg_catalog.setval('public.tickets_concern_id_seq', 1, false);


--
-- Name: tickets_draft_id_seq; Type: SEQUENCE SET; Schema: public; Owner: -
--

SELECT pg_catalog.setval('public.tickets_draft_id_seq', 1, false);


--
-- Name: tickets_event_id_seq; Type: SEQUENCE SET; Schema: public; Owner: -
--

SELECT pg_catalog.setval('public.tickets_event_id_seq', 1, false);


--
-- Name: tickets_follower_id_seq; Type: SEQUENCE SET; Schema: public; Owner: -
--

SELECT pg_catalog.setval('public.tickets_follower_id_seq', 1, false);


--
-- Name: tickets_heldfile_id_seq; Type: SEQUENCE SET; Schema: public; Owner: -
--

SELECT pg_catalog.setval('public.tickets_heldfile_id_seq', 1, false);


--
-- Name: tickets_link_id_seq; Type: SEQUENCE SET; Schema: public; Owner: -
--

SELECT pg_catalog.setval('public.tickets_link_id_seq', 1, false);


--
-- Name: tickets_merge_id_seq; Type: SEQUENCE SET; Schema: public; Owner: -
--

SELECT pg_catalog.setval('public.tickets_merge_id_seq', 1, false);


--
-- Name: tickets_message_id_seq; Type: SEQUENCE SET; Schema: public; Owner: -
--

SELECT pg_catalog.setval('public.tickets_message_id_seq', 1, false);


--
-- Name: tickets_note_id_seq; Type: SEQUENCE SET; Schema: public; Owner: -
--

SELECT pg_catalog.setval('public.tickets_note_id_seq', 1, false);


--
-- Name: tickets_number; Type: SEQUENCE SET; Schema: public; Owner: -
--

SELECT pg_catalog.setval('public.tickets_number', 10001, false);


--
-- Name: tickets_order_id_seq; Type: SEQUENCE SET; Schema: public; Owner: -
--

SELECT pg_catalog.setval('public.tickets_order_id_seq', 1, false);


--
-- Name: tickets_presence_id_seq; Type: SEQUENCE SET; Schema: public; Owner: -
--

SELECT pg_catalog.setval('public.tickets_presence_id_seq', 1, false);


--
-- Name: tickets_rating_id_seq; Type: SEQUENCE SET; Schema: public; Owner: -
--

SELECT pg_catalog.setval('public.tickets_rating_id_seq', 1, false);


--
-- Name: tickets_requestdraft_id_seq; Type: SEQUENCE SET; Schema: public; Owner: -
--

SELECT pg_catalog.setval('public.tickets_requestdraft_id_seq', 1, false);


--
-- Name: tickets_tag_id_seq; Type: SEQUENCE SET; Schema: public; Owner: -
--

SELECT pg_catalog.setval('public.tickets_tag_id_seq', 1, false);


--
-- Name: tickets_tally_id_seq; Type: SEQUENCE SET; Schema: public; Owner: -
--

SELECT pg_catalog.setval('public.tickets_tally_id_seq', 1, false);


--
-- Name: tickets_ticket_id_seq; Type: SEQUENCE SET; Schema: public; Owner: -
--

SELECT pg_catalog.setval('public.tickets_ticket_id_seq', 1, false);


--
-- Name: tickets_ticket_tags_id_seq; Type: SEQUENCE SET; Schema: public; Owner: -
--

SELECT pg_catalog.setval('public.tickets_ticket_tags_id_seq', 1, false);


--
-- Name: triage_calendar_id_seq; Type: SEQUENCE SET; Schema: public; Owner: -
--

SELECT pg_catalog.setval('public.triage_calendar_id_seq', 2, true);


--
-- Name: triage_queue_id_seq; Type: SEQUENCE SET; Schema: public; Owner: -
--

SELECT pg_catalog.setval('public.triage_queue_id_seq', 2, true);


--
-- Name: triage_slapolicy_id_seq; Type: SEQUENCE SET; Schema: public; Owner: -
--

SELECT pg_catalog.setval('public.triage_slapolicy_id_seq', 2, true);


--
-- Name: usersessions_usersession_id_seq; Type: SEQUENCE SET; Schema: public; Owner: -
--

SELECT pg_catalog.setval('public.usersessions_usersession_id_seq', 1, false);


--
-- Name: watch_pulse_id_seq; Type: SEQUENCE SET; Schema: public; Owner: -
--

SELECT pg_catalog.setval('public.watch_pulse_id_seq', 1, false);


--
-- Name: account_emailaddress account_emailaddress_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.account_emailaddress
    ADD CONSTRAINT account_emailaddress_pkey PRIMARY KEY (id);


--
-- Name: account_emailaddress account_emailaddress_user_id_email_987c8728_uniq; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.account_emailaddress
    ADD CONSTRAINT account_emailaddress_user_id_email_987c8728_uniq UNIQUE (user_id, email);


--
-- Name: account_emailconfirmation account_emailconfirmation_key_key; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.account_emailconfirmation
    ADD CONSTRAINT account_emailconfirmation_key_key UNIQUE (key);


--
-- Name: account_emailconfirmation account_emailconfirmation_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.account_emailconfirmation
    ADD CONSTRAINT account_emailconfirmation_pkey PRIMARY KEY (id);


--
-- Name: accounts_attempts accounts_attempts_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.accounts_attempts
    ADD CONSTRAINT accounts_attempts_pkey PRIMARY KEY (id);


--
-- Name: accounts_auditentry accounts_auditentry_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.accounts_auditentry
    ADD CONSTRAINT accounts_auditentry_pkey PRIMARY KEY (id);


--
-- Name: accounts_policyviolation accounts_policyviolation_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.accounts_policyviolation
    ADD CONSTRAINT accounts_policyviolation_pkey PRIMARY KEY (id);


--
-- Name: accounts_stepdecided accounts_stepdecided_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.accounts_stepdecided
    ADD CONSTRAINT accounts_stepdecided_pkey PRIMARY KEY (step);


--
-- Name: accounts_team accounts_team_name_key; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.accounts_team
    ADD CONSTRAINT accounts_team_name_key UNIQUE (name);


--
-- Name: accounts_team accounts_team_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.accounts_team
    ADD CONSTRAINT accounts_team_pkey PRIMARY KEY (id);


--
-- Name: accounts_user accounts_user_email_key; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.accounts_user
    ADD CONSTRAINT accounts_user_email_key UNIQUE (email);


--
-- Name: accounts_user accounts_user_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.accounts_user
    ADD CONSTRAINT accounts_user_pkey PRIMARY KEY (id);


--
-- Name: accounts_user accounts_user_public_id_key; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.accounts_user
    ADD CONSTRAINT accounts_user_public_id_key UNIQUE (public_id);


--
-- Name: incidents_announcement announced_once; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.incidents_announcement
    ADD CONSTRAINT announced_once UNIQUE (maintenance_id, contact_id, version);


--
-- Name: duplicates_proposal asked_once_a_draft; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.duplicates_proposal
    ADD CONSTRAINT asked_once_a_draft UNIQUE (draft_id, target_id);


--
-- Name: accounts_attempts attempts_once_a_stretch; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.accounts_attempts
    ADD CONSTRAINT attempts_once_a_stretch UNIQUE (key_sha256, since);


--
-- Name: auth_group auth_group_name_key; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.auth_group
    ADD CONSTRAINT auth_group_name_key UNIQUE (name);


--
-- Name: auth_group_permissions auth_group_permissions_group_id_permission_id_0cd325b0_uniq; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.auth_group_permissions
    ADD CONSTRAINT auth_group_permissions_group_id_permission_id_0cd325b0_uniq UNIQUE (group_id, permission_id);


--
-- Name: auth_group_permissions auth_group_permissions_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.auth_group_permissions
    ADD CONSTRAINT auth_group_permissions_pkey PRIMARY KEY (id);


--
-- Name: auth_group auth_group_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.auth_group
    ADD CONSTRAINT auth_group_pkey PRIMARY KEY (id);


--
-- Name: auth_permission auth_permission_content_type_id_codename_01ab375a_uniq; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.auth_permission
    ADD CONSTRAINT auth_permission_content_type_id_codename_01ab375a_uniq UNIQUE (content_type_id, codename);


--
-- Name: auth_permission auth_permission_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.auth_permission
    ADD CONSTRAINT auth_permission_pkey PRIMARY KEY (id);


--
-- Name: cache cache_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.cache
    ADD CONSTRAINT cache_pkey PRIMARY KEY (cache_key);


--
-- Name: tickets_follower contact_follows_once; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.tickets_follower
    ADD CONSTRAINT contact_follows_once UNIQUE (ticket_id, contact_id);


--
-- Name: customers_contact customers_contact_external_id_key; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.customers_contact
    ADD CONSTRAINT customers_contact_external_id_key UNIQUE (external_id);


--
-- Name: customers_contact customers_contact_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.customers_contact
    ADD CONSTRAINT customers_contact_pkey PRIMARY KEY (id);


--
-- Name: customers_contact customers_contact_public_id_key; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.customers_contact
    ADD CONSTRAINT customers_contact_public_id_key UNIQUE (public_id);


--
-- Name: customers_contactaddress customers_contactaddress_address_key; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.customers_contactaddress
    ADD CONSTRAINT customers_contactaddress_address_key UNIQUE (address);


--
-- Name: customers_contactaddress customers_contactaddress_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.customers_contactaddress
    ADD CONSTRAINT customers_contactaddress_pkey PRIMARY KEY (id);


--
-- Name: customers_contactapp customers_contactapp_contact_id_key; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.customers_contactapp
    ADD CONSTRAINT customers_contactapp_contact_id_key UNIQUE (contact_id);


--
-- Name: customers_contactapp customers_contactapp_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.customers_contactapp
    ADD CONSTRAINT customers_contactapp_pkey PRIMARY KEY (id);


--
-- Name: customers_contactidentity customers_contactidentity_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.customers_contactidentity
    ADD CONSTRAINT customers_contactidentity_pkey PRIMARY KEY (id);


--
-- Name: customers_contactpasskey customers_contactpasskey_credential_id_key; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.customers_contactpasskey
    ADD CONSTRAINT customers_contactpasskey_credential_id_key UNIQUE (credential_id);


--
-- Name: customers_contactpasskey customers_contactpasskey_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.customers_contactpasskey
    ADD CONSTRAINT customers_contactpasskey_pkey PRIMARY KEY (id);


--
-- Name: customers_contactpassword customers_contactpassword_contact_id_key; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.customers_contactpassword
    ADD CONSTRAINT customers_contactpassword_contact_id_key UNIQUE (contact_id);


--
-- Name: customers_contactpassword customers_contactpassword_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.customers_contactpassword
    ADD CONSTRAINT customers_contactpassword_pkey PRIMARY KEY (id);


--
-- Name: customers_contactsession customers_contactsession_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.customers_contactsession
    ADD CONSTRAINT customers_contactsession_pkey PRIMARY KEY (id);


--
-- Name: customers_contactsession customers_contactsession_session_key_key; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.customers_contactsession
    ADD CONSTRAINT customers_contactsession_session_key_key UNIQUE (session_key);


--
-- Name: customers_customer customers_customer_code_key; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.customers_customer
    ADD CONSTRAINT customers_customer_code_key UNIQUE (code);


--
-- Name: customers_customer customers_customer_external_id_key; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.customers_customer
    ADD CONSTRAINT customers_customer_external_id_key UNIQUE (external_id);


--
-- Name: customers_customer customers_customer_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.customers_customer
    ADD CONSTRAINT customers_customer_pkey PRIMARY KEY (id);


--
-- Name: customers_customer customers_customer_public_id_key; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.customers_customer
    ADD CONSTRAINT customers_customer_public_id_key UNIQUE (public_id);


--
-- Name: customers_invitation customers_invitation_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.customers_invitation
    ADD CONSTRAINT customers_invitation_pkey PRIMARY KEY (id);


--
-- Name: customers_invitation customers_invitation_secret_sha256_key; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.customers_invitation
    ADD CONSTRAINT customers_invitation_secret_sha256_key UNIQUE (secret_sha256);


--
-- Name: customers_membership customers_membership_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.customers_membership
    ADD CONSTRAINT customers_membership_pkey PRIMARY KEY (id);


--
-- Name: customers_signinlink customers_signinlink_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.customers_signinlink
    ADD CONSTRAINT customers_signinlink_pkey PRIMARY KEY (id);


--
-- Name: customers_signinlink customers_signinlink_secret_sha256_key; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.customers_signinlink
    ADD CONSTRAINT customers_signinlink_secret_sha256_key UNIQUE (secret_sha256);


--
-- Name: imports_details details_once; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.imports_details
    ADD CONSTRAINT details_once UNIQUE (of_id, external_id);


--
-- Name: diagnostics_examination diagnostics_examination_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.diagnostics_examination
    ADD CONSTRAINT diagnostics_examination_pkey PRIMARY KEY (id);


--
-- Name: diagnostics_examination diagnostics_examination_public_id_key; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.diagnostics_examination
    ADD CONSTRAINT diagnostics_examination_public_id_key UNIQUE (public_id);


--
-- Name: diagnostics_finding diagnostics_finding_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.diagnostics_finding
    ADD CONSTRAINT diagnostics_finding_pkey PRIMARY KEY (id);


--
-- Name: django_content_type django_content_type_app_label_model_76bd3d3b_uniq; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.django_content_type
    ADD CONSTRAINT django_content_type_app_label_model_76bd3d3b_uniq UNIQUE (app_label, model);


--
-- Name: django_content_type django_content_type_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.django_content_type
    ADD CONSTRAINT django_content_type_pkey PRIMARY KEY (id);


--
-- Name: django_migrations django_migrations_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.django_migrations
    ADD CONSTRAINT django_migrations_pkey PRIMARY KEY (id);


--
-- Name: django_session django_session_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.django_session
    ADD CONSTRAINT django_session_pkey PRIMARY KEY (session_key);


--
-- Name: duplicates_joined duplicates_joined_merge_id_key; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.duplicates_joined
    ADD CONSTRAINT duplicates_joined_merge_id_key UNIQUE (merge_id);


--
-- Name: duplicates_joined duplicates_joined_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.duplicates_joined
    ADD CONSTRAINT duplicates_joined_pkey PRIMARY KEY (id);


--
-- Name: duplicates_learnt duplicates_learnt_only_key; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.duplicates_learnt
    ADD CONSTRAINT duplicates_learnt_only_key UNIQUE ("only");


--
-- Name: duplicates_learnt duplicates_learnt_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.duplicates_learnt
    ADD CONSTRAINT duplicates_learnt_pkey PRIMARY KEY (id);


--
-- Name: duplicates_proposal duplicates_proposal_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.duplicates_proposal
    ADD CONSTRAINT duplicates_proposal_pkey PRIMARY KEY (id);


--
-- Name: evidence_evidence evidence_evidence_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.evidence_evidence
    ADD CONSTRAINT evidence_evidence_pkey PRIMARY KEY (id);


--
-- Name: evidence_evidence evidence_once; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.evidence_evidence
    ADD CONSTRAINT evidence_once UNIQUE (ticket_id, examination_id);


--
-- Name: mail_imapaccount imap_folder_once; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.mail_imapaccount
    ADD CONSTRAINT imap_folder_once UNIQUE (host, port, username, folder);


--
-- Name: imports_details imports_details_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.imports_details
    ADD CONSTRAINT imports_details_pkey PRIMARY KEY (id);


--
-- Name: imports_import imports_import_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.imports_import
    ADD CONSTRAINT imports_import_pkey PRIMARY KEY (id);


--
-- Name: imports_import imports_import_public_id_key; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.imports_import
    ADD CONSTRAINT imports_import_public_id_key UNIQUE (public_id);


--
-- Name: imports_importline imports_importline_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.imports_importline
    ADD CONSTRAINT imports_importline_pkey PRIMARY KEY (id);


--
-- Name: imports_importportion imports_importportion_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.imports_importportion
    ADD CONSTRAINT imports_importportion_pkey PRIMARY KEY (id);


--
-- Name: incidents_announcement incidents_announcement_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.incidents_announcement
    ADD CONSTRAINT incidents_announcement_pkey PRIMARY KEY (id);


--
-- Name: incidents_incident incidents_incident_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.incidents_incident
    ADD CONSTRAINT incidents_incident_pkey PRIMARY KEY (id);


--
-- Name: incidents_incident incidents_incident_public_id_key; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.incidents_incident
    ADD CONSTRAINT incidents_incident_public_id_key UNIQUE (public_id);


--
-- Name: incidents_incident_servers incidents_incident_servers_incident_id_server_id_159705be_uniq; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.incidents_incident_servers
    ADD CONSTRAINT incidents_incident_servers_incident_id_server_id_159705be_uniq UNIQUE (incident_id, server_id);


--
-- Name: incidents_incident_servers incidents_incident_servers_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.incidents_incident_servers
    ADD CONSTRAINT incidents_incident_servers_pkey PRIMARY KEY (id);


--
-- Name: incidents_incident_services incidents_incident_servi_incident_id_service_id_7e6d73b3_uniq; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.incidents_incident_services
    ADD CONSTRAINT incidents_incident_servi_incident_id_service_id_7e6d73b3_uniq UNIQUE (incident_id, service_id);


--
-- Name: incidents_incident_services incidents_incident_services_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.incidents_incident_services
    ADD CONSTRAINT incidents_incident_services_pkey PRIMARY KEY (id);


--
-- Name: incidents_incidentevent incidents_incidentevent_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.incidents_incidentevent
    ADD CONSTRAINT incidents_incidentevent_pkey PRIMARY KEY (id);


--
-- Name: incidents_incidentnote incidents_incidentnote_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.incidents_incidentnote
    ADD CONSTRAINT incidents_incidentnote_pkey PRIMARY KEY (id);


--
-- Name: incidents_incidentnote incidents_incidentnote_public_id_key; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.incidents_incidentnote
    ADD CONSTRAINT incidents_incidentnote_public_id_key UNIQUE (public_id);


--
-- Name: incidents_incidentticket incidents_incidentticket_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.incidents_incidentticket
    ADD CONSTRAINT incidents_incidentticket_pkey PRIMARY KEY (id);


--
-- Name: incidents_maintenance incidents_maintenance_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.incidents_maintenance
    ADD CONSTRAINT incidents_maintenance_pkey PRIMARY KEY (id);


--
-- Name: incidents_maintenance incidents_maintenance_public_id_key; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.incidents_maintenance
    ADD CONSTRAINT incidents_maintenance_public_id_key UNIQUE (public_id);


--
-- Name: incidents_maintenance_servers incidents_maintenance_se_maintenance_id_server_id_917277ed_uniq; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.incidents_maintenance_servers
    ADD CONSTRAINT incidents_maintenance_se_maintenance_id_server_id_917277ed_uniq UNIQUE (maintenance_id, server_id);


--
-- Name: incidents_maintenance_services incidents_maintenance_se_maintenance_id_service_i_1dc212dc_uniq; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.incidents_maintenance_services
    ADD CONSTRAINT incidents_maintenance_se_maintenance_id_service_i_1dc212dc_uniq UNIQUE (maintenance_id, service_id);


--
-- Name: incidents_maintenance_servers incidents_maintenance_servers_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.incidents_maintenance_servers
    ADD CONSTRAINT incidents_maintenance_servers_pkey PRIMARY KEY (id);


--
-- Name: incidents_maintenance_services incidents_maintenance_services_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.incidents_maintenance_services
    ADD CONSTRAINT incidents_maintenance_services_pkey PRIMARY KEY (id);


--
-- Name: incidents_maintenancenotice incidents_maintenancenotice_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.incidents_maintenancenotice
    ADD CONSTRAINT incidents_maintenancenotice_pkey PRIMARY KEY (id);


--
-- Name: incidents_proposal incidents_proposal_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.incidents_proposal
    ADD CONSTRAINT incidents_proposal_pkey PRIMARY KEY (id);


--
-- Name: incidents_proposal incidents_proposal_public_id_key; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.incidents_proposal
    ADD CONSTRAINT incidents_proposal_public_id_key UNIQUE (public_id);


--
-- Name: incidents_told incidents_told_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.incidents_told
    ADD CONSTRAINT incidents_told_pkey PRIMARY KEY (id);


--
-- Name: incidents_update incidents_update_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.incidents_update
    ADD CONSTRAINT incidents_update_pkey PRIMARY KEY (id);


--
-- Name: incidents_update incidents_update_public_id_key; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.incidents_update
    ADD CONSTRAINT incidents_update_public_id_key UNIQUE (public_id);


--
-- Name: incidents_incidentticket linked_once; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.incidents_incidentticket
    ADD CONSTRAINT linked_once UNIQUE (incident_id, ticket_id);


--
-- Name: mail_imapaccount mail_imapaccount_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.mail_imapaccount
    ADD CONSTRAINT mail_imapaccount_pkey PRIMARY KEY (id);


--
-- Name: mail_inboundmail mail_inboundmail_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.mail_inboundmail
    ADD CONSTRAINT mail_inboundmail_pkey PRIMARY KEY (id);


--
-- Name: mail_inboundmail mail_inboundmail_public_id_key; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.mail_inboundmail
    ADD CONSTRAINT mail_inboundmail_public_id_key UNIQUE (public_id);


--
-- Name: mail_mailbox mail_mailbox_address_key; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.mail_mailbox
    ADD CONSTRAINT mail_mailbox_address_key UNIQUE (address);


--
-- Name: mail_mailbox mail_mailbox_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.mail_mailbox
    ADD CONSTRAINT mail_mailbox_pkey PRIMARY KEY (id);


--
-- Name: mail_outboundmail mail_outboundmail_message_id_key; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.mail_outboundmail
    ADD CONSTRAINT mail_outboundmail_message_id_key UNIQUE (message_id);


--
-- Name: mail_outboundmail mail_outboundmail_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.mail_outboundmail
    ADD CONSTRAINT mail_outboundmail_pkey PRIMARY KEY (id);


--
-- Name: mail_outboundmail mail_outboundmail_public_id_key; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.mail_outboundmail
    ADD CONSTRAINT mail_outboundmail_public_id_key UNIQUE (public_id);


--
-- Name: mail_rawmail mail_rawmail_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.mail_rawmail
    ADD CONSTRAINT mail_rawmail_pkey PRIMARY KEY (sha256);


--
-- Name: mail_selftest mail_selftest_outbound_id_key; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.mail_selftest
    ADD CONSTRAINT mail_selftest_outbound_id_key UNIQUE (outbound_id);


--
-- Name: mail_selftest mail_selftest_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.mail_selftest
    ADD CONSTRAINT mail_selftest_pkey PRIMARY KEY (id);


--
-- Name: mail_selftest mail_selftest_token_key; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.mail_selftest
    ADD CONSTRAINT mail_selftest_token_key UNIQUE (token);


--
-- Name: mail_sending mail_sending_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.mail_sending
    ADD CONSTRAINT mail_sending_pkey PRIMARY KEY (id);


--
-- Name: mfa_authenticator mfa_authenticator_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.mfa_authenticator
    ADD CONSTRAINT mfa_authenticator_pkey PRIMARY KEY (id);


--
-- Name: incidents_maintenancenotice notice_once; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.incidents_maintenancenotice
    ADD CONSTRAINT notice_once UNIQUE (maintenance_id, number);


--
-- Name: customers_membership once_at_a_customer; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.customers_membership
    ADD CONSTRAINT once_at_a_customer UNIQUE (contact_id, customer_id);


--
-- Name: tickets_concern one_concern_a_key; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.tickets_concern
    ADD CONSTRAINT one_concern_a_key UNIQUE (customer_id, key);


--
-- Name: customers_contactidentity one_contact_of_a_subject; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.customers_contactidentity
    ADD CONSTRAINT one_contact_of_a_subject UNIQUE (issuer, subject);


--
-- Name: tickets_draft one_draft_a_kind; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.tickets_draft
    ADD CONSTRAINT one_draft_a_kind UNIQUE (ticket_id, user_id, kind);


--
-- Name: tickets_link one_link_a_kind; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.tickets_link
    ADD CONSTRAINT one_link_a_kind UNIQUE (source_id, target_id, kind);


--
-- Name: mail_inboundmail one_mail_once_a_mailbox; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.mail_inboundmail
    ADD CONSTRAINT one_mail_once_a_mailbox UNIQUE (mailbox_id, fingerprint);


--
-- Name: watch_pulse one_pulse_a_process; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.watch_pulse
    ADD CONSTRAINT one_pulse_a_process UNIQUE (work, node, process);


--
-- Name: policy_clause policy_clause_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.policy_clause
    ADD CONSTRAINT policy_clause_pkey PRIMARY KEY (id);


--
-- Name: policy_edition policy_edition_number_key; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.policy_edition
    ADD CONSTRAINT policy_edition_number_key UNIQUE (number);


--
-- Name: policy_edition policy_edition_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.policy_edition
    ADD CONSTRAINT policy_edition_pkey PRIMARY KEY (id);


--
-- Name: imports_importportion portion_once; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.imports_importportion
    ADD CONSTRAINT portion_once UNIQUE (of_id, number);


--
-- Name: presales_addresslink presales_addresslink_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.presales_addresslink
    ADD CONSTRAINT presales_addresslink_pkey PRIMARY KEY (id);


--
-- Name: presales_addresslink presales_addresslink_secret_sha256_key; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.presales_addresslink
    ADD CONSTRAINT presales_addresslink_secret_sha256_key UNIQUE (secret_sha256);


--
-- Name: presales_enquiry presales_enquiry_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.presales_enquiry
    ADD CONSTRAINT presales_enquiry_pkey PRIMARY KEY (id);


--
-- Name: presales_enquiry presales_enquiry_public_id_key; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.presales_enquiry
    ADD CONSTRAINT presales_enquiry_public_id_key UNIQUE (public_id);


--
-- Name: tickets_presence present_once; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.tickets_presence
    ADD CONSTRAINT present_once UNIQUE (ticket_id, user_id);


--
-- Name: privacy_download privacy_download_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.privacy_download
    ADD CONSTRAINT privacy_download_pkey PRIMARY KEY (id);


--
-- Name: privacy_download privacy_download_public_id_key; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.privacy_download
    ADD CONSTRAINT privacy_download_public_id_key UNIQUE (public_id);


--
-- Name: privacy_drop privacy_drop_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.privacy_drop
    ADD CONSTRAINT privacy_drop_pkey PRIMARY KEY (id);


--
-- Name: privacy_drop privacy_drop_public_id_key; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.privacy_drop
    ADD CONSTRAINT privacy_drop_public_id_key UNIQUE (public_id);


--
-- Name: privacy_erasure privacy_erasure_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.privacy_erasure
    ADD CONSTRAINT privacy_erasure_pkey PRIMARY KEY (id);


--
-- Name: privacy_erasureplan privacy_erasureplan_contact_id_key; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.privacy_erasureplan
    ADD CONSTRAINT privacy_erasureplan_contact_id_key UNIQUE (contact_id);


--
-- Name: privacy_erasureplan privacy_erasureplan_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.privacy_erasureplan
    ADD CONSTRAINT privacy_erasureplan_pkey PRIMARY KEY (id);


--
-- Name: privacy_keeping privacy_keeping_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.privacy_keeping
    ADD CONSTRAINT privacy_keeping_pkey PRIMARY KEY (id);


--
-- Name: privacy_keeping privacy_keeping_ticket_id_key; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.privacy_keeping
    ADD CONSTRAINT privacy_keeping_ticket_id_key UNIQUE (ticket_id);


--
-- Name: privacy_retention privacy_retention_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.privacy_retention
    ADD CONSTRAINT privacy_retention_pkey PRIMARY KEY (kind);


--
-- Name: procrastinate_events procrastinate_events_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.procrastinate_events
    ADD CONSTRAINT procrastinate_events_pkey PRIMARY KEY (id);


--
-- Name: procrastinate_jobs procrastinate_jobs_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.procrastinate_jobs
    ADD CONSTRAINT procrastinate_jobs_pkey PRIMARY KEY (id);


--
-- Name: procrastinate_periodic_defers procrastinate_periodic_defers_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.procrastinate_periodic_defers
    ADD CONSTRAINT procrastinate_periodic_defers_pkey PRIMARY KEY (id);


--
-- Name: procrastinate_periodic_defers procrastinate_periodic_defers_unique; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.procrastinate_periodic_defers
    ADD CONSTRAINT procrastinate_periodic_defers_unique UNIQUE (task_name, periodic_id, defer_timestamp);


--
-- Name: procrastinate_workers procrastinate_workers_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.procrastinate_workers
    ADD CONSTRAINT procrastinate_workers_pkey PRIMARY KEY (id);


--
-- Name: duplicates_proposal proposed_once; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.duplicates_proposal
    ADD CONSTRAINT proposed_once UNIQUE (ticket_id, target_id);


--
-- Name: tickets_rating rated_once; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.tickets_rating
    ADD CONSTRAINT rated_once UNIQUE (ticket_id, contact_id);


--
-- Name: services_networkrange services_networkrange_network_key; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.services_networkrange
    ADD CONSTRAINT services_networkrange_network_key UNIQUE (network);


--
-- Name: services_networkrange services_networkrange_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.services_networkrange
    ADD CONSTRAINT services_networkrange_pkey PRIMARY KEY (id);


--
-- Name: services_quietwindow services_quietwindow_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.services_quietwindow
    ADD CONSTRAINT services_quietwindow_pkey PRIMARY KEY (id);


--
-- Name: services_server services_server_external_id_key; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.services_server
    ADD CONSTRAINT services_server_external_id_key UNIQUE (external_id);


--
-- Name: services_server services_server_name_key; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.services_server
    ADD CONSTRAINT services_server_name_key UNIQUE (name);


--
-- Name: services_server services_server_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.services_server
    ADD CONSTRAINT services_server_pkey PRIMARY KEY (id);


--
-- Name: services_service services_service_external_id_key; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.services_service
    ADD CONSTRAINT services_service_external_id_key UNIQUE (external_id);


--
-- Name: services_service services_service_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.services_service
    ADD CONSTRAINT services_service_pkey PRIMARY KEY (id);


--
-- Name: services_service services_service_public_id_key; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.services_service
    ADD CONSTRAINT services_service_public_id_key UNIQUE (public_id);


--
-- Name: services_servicedomain services_servicedomain_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.services_servicedomain
    ADD CONSTRAINT services_servicedomain_pkey PRIMARY KEY (id);


--
-- Name: telephone_call telephone_call_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.telephone_call
    ADD CONSTRAINT telephone_call_pkey PRIMARY KEY (id);


--
-- Name: telephone_call telephone_call_public_id_key; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.telephone_call
    ADD CONSTRAINT telephone_call_public_id_key UNIQUE (public_id);


--
-- Name: telephone_call telephone_call_system_id_key; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.telephone_call
    ADD CONSTRAINT telephone_call_system_id_key UNIQUE (system_id);


--
-- Name: telephone_callevent telephone_callevent_event_id_key; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.telephone_callevent
    ADD CONSTRAINT telephone_callevent_event_id_key UNIQUE (event_id);


--
-- Name: telephone_callevent telephone_callevent_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.telephone_callevent
    ADD CONSTRAINT telephone_callevent_pkey PRIMARY KEY (id);


--
-- Name: telephone_extension telephone_extension_number_key; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.telephone_extension
    ADD CONSTRAINT telephone_extension_number_key UNIQUE (number);


--
-- Name: telephone_extension telephone_extension_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.telephone_extension
    ADD CONSTRAINT telephone_extension_pkey PRIMARY KEY (id);


--
-- Name: telephone_extension telephone_extension_user_id_key; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.telephone_extension
    ADD CONSTRAINT telephone_extension_user_id_key UNIQUE (user_id);


--
-- Name: telephone_ournumber telephone_ournumber_number_key; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.telephone_ournumber
    ADD CONSTRAINT telephone_ournumber_number_key UNIQUE (number);


--
-- Name: telephone_ournumber telephone_ournumber_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.telephone_ournumber
    ADD CONSTRAINT telephone_ournumber_pkey PRIMARY KEY (id);


--
-- Name: telephone_pincheck telephone_pincheck_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.telephone_pincheck
    ADD CONSTRAINT telephone_pincheck_pkey PRIMARY KEY (id);


--
-- Name: telephone_supportpin telephone_supportpin_contact_id_key; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.telephone_supportpin
    ADD CONSTRAINT telephone_supportpin_contact_id_key UNIQUE (contact_id);


--
-- Name: telephone_supportpin telephone_supportpin_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.telephone_supportpin
    ADD CONSTRAINT telephone_supportpin_pkey PRIMARY KEY (id);


--
-- Name: tickets_attachment tickets_attachment_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.tickets_attachment
    ADD CONSTRAINT tickets_attachment_pkey PRIMARY KEY (id);


--
-- Name: tickets_attachment tickets_attachment_public_id_key; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.tickets_attachment
    ADD CONSTRAINT tickets_attachment_public_id_key UNIQUE (public_id);


--
-- Name: tickets_attention tickets_attention_customer_id_key; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.tickets_attention
    ADD CONSTRAINT tickets_attention_customer_id_key UNIQUE (customer_id);


--
-- Name: tickets_attention tickets_attention_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.tickets_attention
    ADD CONSTRAINT tickets_attention_pkey PRIMARY KEY (id);


--
-- Name: tickets_concern tickets_concern_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.tickets_concern
    ADD CONSTRAINT tickets_concern_pkey PRIMARY KEY (id);


--
-- Name: tickets_draft tickets_draft_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.tickets_draft
    ADD CONSTRAINT tickets_draft_pkey PRIMARY KEY (id);


--
-- Name: tickets_event tickets_event_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.tickets_event
    ADD CONSTRAINT tickets_event_pkey PRIMARY KEY (id);


--
-- Name: tickets_follower tickets_follower_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.tickets_follower
    ADD CONSTRAINT tickets_follower_pkey PRIMARY KEY (id);


--
-- Name: tickets_heldfile tickets_heldfile_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.tickets_heldfile
    ADD CONSTRAINT tickets_heldfile_pkey PRIMARY KEY (id);


--
-- Name: tickets_heldfile tickets_heldfile_public_id_key; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.tickets_heldfile
    ADD CONSTRAINT tickets_heldfile_public_id_key UNIQUE (public_id);


--
-- Name: tickets_link tickets_link_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.tickets_link
    ADD CONSTRAINT tickets_link_pkey PRIMARY KEY (id);


--
-- Name: tickets_merge tickets_merge_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.tickets_merge
    ADD CONSTRAINT tickets_merge_pkey PRIMARY KEY (id);


--
-- Name: tickets_message tickets_message_inbound_id_key; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.tickets_message
    ADD CONSTRAINT tickets_message_inbound_id_key UNIQUE (inbound_id);


--
-- Name: tickets_message tickets_message_outbound_id_key; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.tickets_message
    ADD CONSTRAINT tickets_message_outbound_id_key UNIQUE (outbound_id);


--
-- Name: tickets_message tickets_message_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.tickets_message
    ADD CONSTRAINT tickets_message_pkey PRIMARY KEY (id);


--
-- Name: tickets_message tickets_message_public_id_key; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.tickets_message
    ADD CONSTRAINT tickets_message_public_id_key UNIQUE (public_id);


--
-- Name: tickets_note tickets_note_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.tickets_note
    ADD CONSTRAINT tickets_note_pkey PRIMARY KEY (id);


--
-- Name: tickets_note tickets_note_public_id_key; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.tickets_note
    ADD CONSTRAINT tickets_note_public_id_key UNIQUE (public_id);


--
-- Name: tickets_order tickets_order_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.tickets_order
    ADD CONSTRAINT tickets_order_pkey PRIMARY KEY (id);


--
-- Name: tickets_order tickets_order_public_id_key; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.tickets_order
    ADD CONSTRAINT tickets_order_public_id_key UNIQUE (public_id);


--
-- Name: tickets_presence tickets_presence_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.tickets_presence
    ADD CONSTRAINT tickets_presence_pkey PRIMARY KEY (id);


--
-- Name: tickets_rating tickets_rating_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.tickets_rating
    ADD CONSTRAINT tickets_rating_pkey PRIMARY KEY (id);


--
-- Name: tickets_requestdraft tickets_requestdraft_contact_id_key; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.tickets_requestdraft
    ADD CONSTRAINT tickets_requestdraft_contact_id_key UNIQUE (contact_id);


--
-- Name: tickets_requestdraft tickets_requestdraft_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.tickets_requestdraft
    ADD CONSTRAINT tickets_requestdraft_pkey PRIMARY KEY (id);


--
-- Name: tickets_tag tickets_tag_name_key; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.tickets_tag
    ADD CONSTRAINT tickets_tag_name_key UNIQUE (name);


--
-- Name: tickets_tag tickets_tag_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.tickets_tag
    ADD CONSTRAINT tickets_tag_pkey PRIMARY KEY (id);


--
-- Name: tickets_tally tickets_tally_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.tickets_tally
    ADD CONSTRAINT tickets_tally_pkey PRIMARY KEY (id);


--
-- Name: tickets_ticket tickets_ticket_number_key; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.tickets_ticket
    ADD CONSTRAINT tickets_ticket_number_key UNIQUE (number);


--
-- Name: tickets_ticket tickets_ticket_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.tickets_ticket
    ADD CONSTRAINT tickets_ticket_pkey PRIMARY KEY (id);


--
-- Name: tickets_ticket tickets_ticket_public_id_key; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.tickets_ticket
    ADD CONSTRAINT tickets_ticket_public_id_key UNIQUE (public_id);


--
-- Name: tickets_ticket_tags tickets_ticket_tags_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.tickets_ticket_tags
    ADD CONSTRAINT tickets_ticket_tags_pkey PRIMARY KEY (id);


--
-- Name: tickets_ticket_tags tickets_ticket_tags_ticket_id_tag_id_1cff053b_uniq; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.tickets_ticket_tags
    ADD CONSTRAINT tickets_ticket_tags_ticket_id_tag_id_1cff053b_uniq UNIQUE (ticket_id, tag_id);


--
-- Name: incidents_told told_once; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.incidents_told
    ADD CONSTRAINT told_once UNIQUE (update_id, contact_id);


--
-- Name: triage_calendar triage_calendar_name_key; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.triage_calendar
    ADD CONSTRAINT triage_calendar_name_key UNIQUE (name);


--
-- Name: triage_calendar triage_calendar_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.triage_calendar
    ADD CONSTRAINT triage_calendar_pkey PRIMARY KEY (id);


--
-- Name: triage_queue triage_queue_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.triage_queue
    ADD CONSTRAINT triage_queue_pkey PRIMARY KEY (id);


--
-- Name: triage_queue triage_queue_slug_key; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.triage_queue
    ADD CONSTRAINT triage_queue_slug_key UNIQUE (slug);


--
-- Name: triage_slapolicy triage_slapolicy_name_key; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.triage_slapolicy
    ADD CONSTRAINT triage_slapolicy_name_key UNIQUE (name);


--
-- Name: triage_slapolicy triage_slapolicy_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.triage_slapolicy
    ADD CONSTRAINT triage_slapolicy_pkey PRIMARY KEY (id);


--
-- Name: tickets_follower user_follows_once; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.tickets_follower
    ADD CONSTRAINT user_follows_once UNIQUE (ticket_id, user_id);


--
-- Name: usersessions_usersession usersessions_usersession_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.usersessions_usersession
    ADD CONSTRAINT usersessions_usersession_pkey PRIMARY KEY (id);


--
-- Name: usersessions_usersession usersessions_usersession_session_key_key; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.usersessions_usersession
    ADD CONSTRAINT usersessions_usersession_session_key_key UNIQUE (session_key);


--
-- Name: accounts_policyviolation violation_once; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.accounts_policyviolation
    ADD CONSTRAINT violation_once UNIQUE (page, directive, blocked);


--
-- Name: watch_lastinspection watch_lastinspection_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.watch_lastinspection
    ADD CONSTRAINT watch_lastinspection_pkey PRIMARY KEY (kind);


--
-- Name: watch_pulse watch_pulse_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.watch_pulse
    ADD CONSTRAINT watch_pulse_pkey PRIMARY KEY (id);


--
-- Name: account_emailaddress_email_03be32b2; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX account_emailaddress_email_03be32b2 ON public.account_emailaddress USING btree (email);


--
-- Name: account_emailaddress_email_03be32b2_like; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX account_emailaddress_email_03be32b2_like ON public.account_emailaddress USING btree (email varchar_pattern_ops);


--
-- Name: account_emailaddress_user_id_2c513194; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX account_emailaddress_user_id_2c513194 ON public.account_emailaddress USING btree (user_id);


--
-- Name: account_emailconfirmation_email_address_id_5b7f8c58; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX account_emailconfirmation_email_address_id_5b7f8c58 ON public.account_emailconfirmation USING btree (email_address_id);


--
-- Name: account_emailconfirmation_key_f43612bd_like; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX account_emailconfirmation_key_f43612bd_like ON public.account_emailconfirmation USING btree (key varchar_pattern_ops);


--
-- Name: accounts_attempts_since_11cea930; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX accounts_attempts_since_11cea930 ON public.accounts_attempts USING btree (since);


--
-- Name: accounts_stepdecided_step_2a5e4e22_like; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX accounts_stepdecided_step_2a5e4e22_like ON public.accounts_stepdecided USING btree (step varchar_pattern_ops);


--
-- Name: accounts_team_name_52f5137c_like; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX accounts_team_name_52f5137c_like ON public.accounts_team USING btree (name varchar_pattern_ops);


--
-- Name: accounts_user_email_b2644a56_like; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX accounts_user_email_b2644a56_like ON public.accounts_user USING btree (email varchar_pattern_ops);


--
-- Name: accounts_user_team_id_27b7f1fa; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX accounts_user_team_id_27b7f1fa ON public.accounts_user USING btree (team_id);


--
-- Name: address_by_part; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX address_by_part ON public.customers_contactaddress USING gin (public.sportello_trigrams(((' '::text || (address)::text) || ' '::text))) WITH (fastupdate=off);


--
-- Name: attention_stale; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX attention_stale ON public.tickets_attention USING btree (customer_id) WHERE is_stale;


--
-- Name: audit_about_a_row; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX audit_about_a_row ON public.accounts_auditentry USING btree (about, id DESC) WHERE (NOT ((about)::text = ''::text));


--
-- Name: audit_by_time; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX audit_by_time ON public.accounts_auditentry USING btree (at, id);


--
-- Name: audit_of_whom; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX audit_of_whom ON public.accounts_auditentry USING btree (actor_id, at, id);


--
-- Name: audit_to_whom; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX audit_to_whom ON public.accounts_auditentry USING btree (subject, id);


--
-- Name: auth_group_name_a6ea08ec_like; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX auth_group_name_a6ea08ec_like ON public.auth_group USING btree (name varchar_pattern_ops);


--
-- Name: auth_group_permissions_group_id_b120cbf9; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX auth_group_permissions_group_id_b120cbf9 ON public.auth_group_permissions USING btree (group_id);


--
-- Name: auth_group_permissions_permission_id_84c5c92e; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX auth_group_permissions_permission_id_84c5c92e ON public.auth_group_permissions USING btree (permission_id);


--
-- Name: auth_permission_content_type_id_2f476e4b; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX auth_permission_content_type_id_2f476e4b ON public.auth_permission USING btree (content_type_id);


--
-- Name: cache_expires; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX cache_expires ON public.cache USING btree (expires);


--
-- Name: call_newest; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX call_newest ON public.telephone_call USING btree (began_at DESC);


--
-- Name: call_to_return; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX call_to_return ON public.telephone_call USING btree (digits) WHERE (ticket_id IS NOT NULL);


--
-- Name: contact_by_every_number; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX contact_by_every_number ON public.customers_contact USING gin (public.sportello_trigrams(public.sportello_phone_digits((ARRAY[(phone)::text] || (other_phones)::text[])))) WITH (fastupdate=off);


--
-- Name: contact_by_part; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX contact_by_part ON public.customers_contact USING gin (public.sportello_trigrams(((' '::text || (name)::text) || ' '::text))) WITH (fastupdate=off);


--
-- Name: customer_by_part; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX customer_by_part ON public.customers_customer USING gin (public.sportello_trigrams(((' '::text || (name)::text) || ' '::text))) WITH (fastupdate=off);


--
-- Name: customers_contact_customer_id_b9afc0da; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX customers_contact_customer_id_b9afc0da ON public.customers_contact USING btree (customer_id);


--
-- Name: customers_contact_external_id_657dca42_like; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX customers_contact_external_id_657dca42_like ON public.customers_contact USING btree (external_id varchar_pattern_ops);


--
-- Name: customers_contactaddress_address_b5a43a5d_like; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX customers_contactaddress_address_b5a43a5d_like ON public.customers_contactaddress USING btree (address varchar_pattern_ops);


--
-- Name: customers_contactaddress_contact_id_7e3475e6; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX customers_contactaddress_contact_id_7e3475e6 ON public.customers_contactaddress USING btree (contact_id);


--
-- Name: customers_contactidentity_address_id_fae8f203; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX customers_contactidentity_address_id_fae8f203 ON public.customers_contactidentity USING btree (address_id);


--
-- Name: customers_contactidentity_contact_id_e648984e; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX customers_contactidentity_contact_id_e648984e ON public.customers_contactidentity USING btree (contact_id);


--
-- Name: customers_contactpasskey_contact_id_c5266849; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX customers_contactpasskey_contact_id_c5266849 ON public.customers_contactpasskey USING btree (contact_id);


--
-- Name: customers_contactpasskey_credential_id_b47deb7d_like; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX customers_contactpasskey_credential_id_b47deb7d_like ON public.customers_contactpasskey USING btree (credential_id varchar_pattern_ops);


--
-- Name: customers_contactsession_contact_id_7b2315ac; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX customers_contactsession_contact_id_7b2315ac ON public.customers_contactsession USING btree (contact_id);


--
-- Name: customers_contactsession_session_key_e1adb35a_like; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX customers_contactsession_session_key_e1adb35a_like ON public.customers_contactsession USING btree (session_key varchar_pattern_ops);


--
-- Name: customers_customer_code_f5e1b9fb_like; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX customers_customer_code_f5e1b9fb_like ON public.customers_customer USING btree (code varchar_pattern_ops);


--
-- Name: customers_customer_external_id_b1779fc4_like; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX customers_customer_external_id_b1779fc4_like ON public.customers_customer USING btree (external_id varchar_pattern_ops);


--
-- Name: customers_invitation_by_contact_id_de5949dd; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX customers_invitation_by_contact_id_de5949dd ON public.customers_invitation USING btree (by_contact_id);


--
-- Name: customers_invitation_by_staff_id_1bf6398f; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX customers_invitation_by_staff_id_1bf6398f ON public.customers_invitation USING btree (by_staff_id);


--
-- Name: customers_invitation_customer_id_d58b36ee; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX customers_invitation_customer_id_d58b36ee ON public.customers_invitation USING btree (customer_id);


--
-- Name: customers_invitation_secret_sha256_560f0ce9_like; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX customers_invitation_secret_sha256_560f0ce9_like ON public.customers_invitation USING btree (secret_sha256 varchar_pattern_ops);


--
-- Name: customers_membership_contact_id_5e199f03; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX customers_membership_contact_id_5e199f03 ON public.customers_membership USING btree (contact_id);


--
-- Name: customers_membership_customer_id_ea167a38; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX customers_membership_customer_id_ea167a38 ON public.customers_membership USING btree (customer_id);


--
-- Name: customers_signinlink_address_id_6f98b4b7; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX customers_signinlink_address_id_6f98b4b7 ON public.customers_signinlink USING btree (address_id);


--
-- Name: customers_signinlink_contact_id_cd836bf7; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX customers_signinlink_contact_id_cd836bf7 ON public.customers_signinlink USING btree (contact_id);


--
-- Name: customers_signinlink_secret_sha256_0d431dad_like; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX customers_signinlink_secret_sha256_0d431dad_like ON public.customers_signinlink USING btree (secret_sha256 varchar_pattern_ops);


--
-- Name: details_of_record; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX details_of_record ON public.imports_details USING btree (external_id);


--
-- Name: diagnostics_examination_asked_by_id_537bcbcc; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX diagnostics_examination_asked_by_id_537bcbcc ON public.diagnostics_examination USING btree (asked_by_id);


--
-- Name: diagnostics_examination_service_id_2d207b7c; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX diagnostics_examination_service_id_2d207b7c ON public.diagnostics_examination USING btree (service_id);


--
-- Name: diagnostics_finding_examination_id_fb853ccd; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX diagnostics_finding_examination_id_fb853ccd ON public.diagnostics_finding USING btree (examination_id);


--
-- Name: django_session_expire_date_a5c62663; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX django_session_expire_date_a5c62663 ON public.django_session USING btree (expire_date);


--
-- Name: django_session_session_key_c0390e0f_like; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX django_session_session_key_c0390e0f_like ON public.django_session USING btree (session_key varchar_pattern_ops);


--
-- Name: domain_once_at_a_service; Type: INDEX; Schema: public; Owner: -
--

CREATE UNIQUE INDEX domain_once_at_a_service ON public.services_servicedomain USING btree (service_id, name) WHERE (until IS NULL);


--
-- Name: drop_of_ticket; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX drop_of_ticket ON public.privacy_drop USING btree (ticket_id, dropped_at DESC);


--
-- Name: drop_waiting; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX drop_waiting ON public.privacy_drop USING btree (expires_at) WHERE ((state)::text = 'waiting'::text);


--
-- Name: duplicates_joined_undone_by_id_79532626; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX duplicates_joined_undone_by_id_79532626 ON public.duplicates_joined USING btree (undone_by_id);


--
-- Name: duplicates_proposal_by_contact_id_9b8b6a64; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX duplicates_proposal_by_contact_id_9b8b6a64 ON public.duplicates_proposal USING btree (by_contact_id);


--
-- Name: duplicates_proposal_by_id_b9bbfa8b; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX duplicates_proposal_by_id_b9bbfa8b ON public.duplicates_proposal USING btree (by_id);


--
-- Name: duplicates_proposal_contact_id_17d9e67c; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX duplicates_proposal_contact_id_17d9e67c ON public.duplicates_proposal USING btree (contact_id);


--
-- Name: duplicates_proposal_target_id_fa7d7852; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX duplicates_proposal_target_id_fa7d7852 ON public.duplicates_proposal USING btree (target_id);


--
-- Name: event_of_incident; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX event_of_incident ON public.incidents_incidentevent USING btree (incident_id, at, id);


--
-- Name: event_of_ticket; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX event_of_ticket ON public.tickets_event USING btree (ticket_id, at, id);


--
-- Name: evidence_evidence_examination_id_296d07cd; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX evidence_evidence_examination_id_296d07cd ON public.evidence_evidence USING btree (examination_id);


--
-- Name: evidence_evidence_ticket_id_1ca6e516; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX evidence_evidence_ticket_id_1ca6e516 ON public.evidence_evidence USING btree (ticket_id);


--
-- Name: examination_finished; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX examination_finished ON public.diagnostics_examination USING btree (finished_at);


--
-- Name: examination_of_service; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX examination_of_service ON public.diagnostics_examination USING btree (service_id, id DESC);


--
-- Name: examination_waiting; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX examination_waiting ON public.diagnostics_examination USING btree (asked_at) WHERE (finished_at IS NULL);


--
-- Name: failed_job; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX failed_job ON public.procrastinate_jobs USING btree (queueing_lock) WHERE (status = 'failed'::public.procrastinate_job_status);


--
-- Name: idx_procrastinate_jobs_worker_not_null; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX idx_procrastinate_jobs_worker_not_null ON public.procrastinate_jobs USING btree (worker_id) WHERE ((worker_id IS NOT NULL) AND (status = 'doing'::public.procrastinate_job_status));


--
-- Name: idx_procrastinate_workers_last_heartbeat; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX idx_procrastinate_workers_last_heartbeat ON public.procrastinate_workers USING btree (last_heartbeat);


--
-- Name: import_going; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX import_going ON public.imports_import USING btree (moved_at) WHERE (state IN ('trying', 'running'));


--
-- Name: import_line_by_outcome; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX import_line_by_outcome ON public.imports_importline USING btree (of_id, outcome, id);


--
-- Name: imports_import_by_id_8b8eb7fa; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX imports_import_by_id_8b8eb7fa ON public.imports_import USING btree (by_id);


--
-- Name: imports_importportion_of_id_14c59be8; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX imports_importportion_of_id_14c59be8 ON public.imports_importportion USING btree (of_id);


--
-- Name: inbound_by_state; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX inbound_by_state ON public.mail_inboundmail USING btree (state, received_at DESC);


--
-- Name: inbound_message_id; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX inbound_message_id ON public.mail_inboundmail USING btree (message_id);


--
-- Name: inbound_newest; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX inbound_newest ON public.mail_inboundmail USING btree (received_at DESC, id DESC);


--
-- Name: inbound_received_only; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX inbound_received_only ON public.mail_inboundmail USING btree (mailbox_id) WHERE (NOT answers_allowed);


--
-- Name: inbound_to_decide; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX inbound_to_decide ON public.mail_inboundmail USING btree (decide_by) WHERE ((state)::text = 'held'::text);


--
-- Name: inbound_unread; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX inbound_unread ON public.mail_inboundmail USING btree (split_part((sender)::text, '@'::text, 2), sender) WHERE ((state)::text = 'received'::text);


--
-- Name: inbound_waiting; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX inbound_waiting ON public.mail_inboundmail USING btree (priority DESC, id) WHERE ((state)::text = 'received'::text);


--
-- Name: incident_current; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX incident_current ON public.incidents_incident USING btree (started_at) WHERE (ended_at IS NULL);


--
-- Name: incident_newest; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX incident_newest ON public.incidents_incident USING btree (started_at DESC);


--
-- Name: incidents_announcement_contact_id_cb9bc134; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX incidents_announcement_contact_id_cb9bc134 ON public.incidents_announcement USING btree (contact_id);


--
-- Name: incidents_announcement_maintenance_id_f3cd15e6; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX incidents_announcement_maintenance_id_f3cd15e6 ON public.incidents_announcement USING btree (maintenance_id);


--
-- Name: incidents_incident_opened_by_id_06ceaa88; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX incidents_incident_opened_by_id_06ceaa88 ON public.incidents_incident USING btree (opened_by_id);


--
-- Name: incidents_incident_servers_incident_id_45687100; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX incidents_incident_servers_incident_id_45687100 ON public.incidents_incident_servers USING btree (incident_id);


--
-- Name: incidents_incident_servers_server_id_09e0e6c8; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX incidents_incident_servers_server_id_09e0e6c8 ON public.incidents_incident_servers USING btree (server_id);


--
-- Name: incidents_incident_services_incident_id_06576227; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX incidents_incident_services_incident_id_06576227 ON public.incidents_incident_services USING btree (incident_id);


--
-- Name: incidents_incident_services_service_id_8cef07e9; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX incidents_incident_services_service_id_8cef07e9 ON public.incidents_incident_services USING btree (service_id);


--
-- Name: incidents_incidentevent_incident_id_98972806; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX incidents_incidentevent_incident_id_98972806 ON public.incidents_incidentevent USING btree (incident_id);


--
-- Name: incidents_incidentevent_user_id_60ddcd14; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX incidents_incidentevent_user_id_60ddcd14 ON public.incidents_incidentevent USING btree (user_id);


--
-- Name: incidents_incidentnote_incident_id_f728af84; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX incidents_incidentnote_incident_id_f728af84 ON public.incidents_incidentnote USING btree (incident_id);


--
-- Name: incidents_incidentnote_user_id_fe544292; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX incidents_incidentnote_user_id_fe544292 ON public.incidents_incidentnote USING btree (user_id);


--
-- Name: incidents_incidentticket_incident_id_eeb08522; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX incidents_incidentticket_incident_id_eeb08522 ON public.incidents_incidentticket USING btree (incident_id);


--
-- Name: incidents_incidentticket_linked_by_id_dedf3833; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX incidents_incidentticket_linked_by_id_dedf3833 ON public.incidents_incidentticket USING btree (linked_by_id);


--
-- Name: incidents_incidentticket_ticket_id_e77e28ad; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX incidents_incidentticket_ticket_id_e77e28ad ON public.incidents_incidentticket USING btree (ticket_id);


--
-- Name: incidents_incidentticket_told_id_fe8d2aa2; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX incidents_incidentticket_told_id_fe8d2aa2 ON public.incidents_incidentticket USING btree (told_id);


--
-- Name: incidents_incidentticket_undone_by_id_9743d0e8; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX incidents_incidentticket_undone_by_id_9743d0e8 ON public.incidents_incidentticket USING btree (undone_by_id);


--
-- Name: incidents_maintenance_planned_by_id_7ab32407; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX incidents_maintenance_planned_by_id_7ab32407 ON public.incidents_maintenance USING btree (planned_by_id);


--
-- Name: incidents_maintenance_servers_maintenance_id_f3ca77c8; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX incidents_maintenance_servers_maintenance_id_f3ca77c8 ON public.incidents_maintenance_servers USING btree (maintenance_id);


--
-- Name: incidents_maintenance_servers_server_id_02b967dd; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX incidents_maintenance_servers_server_id_02b967dd ON public.incidents_maintenance_servers USING btree (server_id);


--
-- Name: incidents_maintenance_services_maintenance_id_d491f497; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX incidents_maintenance_services_maintenance_id_d491f497 ON public.incidents_maintenance_services USING btree (maintenance_id);


--
-- Name: incidents_maintenance_services_service_id_5381e840; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX incidents_maintenance_services_service_id_5381e840 ON public.incidents_maintenance_services USING btree (service_id);


--
-- Name: incidents_maintenancenotice_maintenance_id_4ffb7d24; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX incidents_maintenancenotice_maintenance_id_4ffb7d24 ON public.incidents_maintenancenotice USING btree (maintenance_id);


--
-- Name: incidents_proposal_decided_by_id_f405bff1; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX incidents_proposal_decided_by_id_f405bff1 ON public.incidents_proposal USING btree (decided_by_id);


--
-- Name: incidents_proposal_incident_id_859f6627; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX incidents_proposal_incident_id_859f6627 ON public.incidents_proposal USING btree (incident_id);


--
-- Name: incidents_proposal_server_id_76e8dc17; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX incidents_proposal_server_id_76e8dc17 ON public.incidents_proposal USING btree (server_id);


--
-- Name: incidents_told_contact_id_794abe4b; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX incidents_told_contact_id_794abe4b ON public.incidents_told USING btree (contact_id);


--
-- Name: incidents_told_update_id_6a185680; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX incidents_told_update_id_6a185680 ON public.incidents_told USING btree (update_id);


--
-- Name: incidents_update_by_id_1e5c781f; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX incidents_update_by_id_1e5c781f ON public.incidents_update USING btree (by_id);


--
-- Name: incidents_update_incident_id_5ecafd02; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX incidents_update_incident_id_5ecafd02 ON public.incidents_update USING btree (incident_id);


--
-- Name: joined_oldest; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX joined_oldest ON public.duplicates_joined USING btree (at);


--
-- Name: link_first_answer; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX link_first_answer ON public.incidents_incidentticket USING btree (first_answer_at) WHERE (first_answer_at IS NOT NULL);


--
-- Name: link_of_incident; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX link_of_incident ON public.incidents_incidentticket USING btree (incident_id, id) WHERE ((released_at IS NULL) AND (undone_at IS NULL));


--
-- Name: mail_imapaccount_mailbox_id_b5a41fa8; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX mail_imapaccount_mailbox_id_b5a41fa8 ON public.mail_imapaccount USING btree (mailbox_id);


--
-- Name: mail_inboundmail_about_id_688b4821; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX mail_inboundmail_about_id_688b4821 ON public.mail_inboundmail USING btree (about_id);


--
-- Name: mail_inboundmail_raw_id_d92e46db; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX mail_inboundmail_raw_id_d92e46db ON public.mail_inboundmail USING btree (raw_id);


--
-- Name: mail_mailbox_address_994dad53_like; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX mail_mailbox_address_994dad53_like ON public.mail_mailbox USING btree (address varchar_pattern_ops);


--
-- Name: mail_outboundmail_copy_of_id_e90b3f26; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX mail_outboundmail_copy_of_id_e90b3f26 ON public.mail_outboundmail USING btree (copy_of_id);


--
-- Name: mail_outboundmail_mailbox_id_abac8681; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX mail_outboundmail_mailbox_id_abac8681 ON public.mail_outboundmail USING btree (mailbox_id);


--
-- Name: mail_selftest_mailbox_id_5b4c9b31; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX mail_selftest_mailbox_id_5b4c9b31 ON public.mail_selftest USING btree (mailbox_id);


--
-- Name: mail_selftest_started_at_d6d354b3; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX mail_selftest_started_at_d6d354b3 ON public.mail_selftest USING btree (started_at);


--
-- Name: maintenance_newest; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX maintenance_newest ON public.incidents_maintenance USING btree (starts_at DESC);


--
-- Name: maintenance_to_come; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX maintenance_to_come ON public.incidents_maintenance USING btree (ends_at) WHERE (cancelled_at IS NULL);


--
-- Name: merged_once; Type: INDEX; Schema: public; Owner: -
--

CREATE UNIQUE INDEX merged_once ON public.tickets_merge USING btree (source_id) WHERE (undone_at IS NULL);


--
-- Name: message_of_ticket; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX message_of_ticket ON public.tickets_message USING btree (ticket_id, created_at, id);


--
-- Name: message_words; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX message_words ON public.tickets_message USING gin (public.sportello_words((id >> 18), search)) WITH (fastupdate=off);
ALTER INDEX public.message_words ALTER COLUMN 1 SET STATISTICS 0;


--
-- Name: mfa_authenticator_user_id_0c3a50c0; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX mfa_authenticator_user_id_0c3a50c0 ON public.mfa_authenticator USING btree (user_id);


--
-- Name: note_of_ticket; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX note_of_ticket ON public.tickets_note USING btree (ticket_id, created_at, id);


--
-- Name: note_words; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX note_words ON public.tickets_note USING gin (public.sportello_words((id >> 18), search)) WITH (fastupdate=off);
ALTER INDEX public.note_words ALTER COLUMN 1 SET STATISTICS 0;


--
-- Name: notice_to_tell; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX notice_to_tell ON public.incidents_maintenancenotice USING btree (due_at) WHERE (told_at IS NULL);


--
-- Name: one_look_at_a_service; Type: INDEX; Schema: public; Owner: -
--

CREATE UNIQUE INDEX one_look_at_a_service ON public.diagnostics_examination USING btree (service_id) WHERE (finished_at IS NULL);


--
-- Name: one_look_at_a_time; Type: INDEX; Schema: public; Owner: -
--

CREATE UNIQUE INDEX one_look_at_a_time ON public.imports_import USING btree (source) WHERE ((state IN ('trying', 'running')) AND (NOT ((source)::text = 'file'::text)));


--
-- Name: one_open_invitation; Type: INDEX; Schema: public; Owner: -
--

CREATE UNIQUE INDEX one_open_invitation ON public.customers_invitation USING btree (customer_id, address) WHERE (accepted_at IS NULL);


--
-- Name: one_proposal_a_server; Type: INDEX; Schema: public; Owner: -
--

CREATE UNIQUE INDEX one_proposal_a_server ON public.incidents_proposal USING btree (server_id) WHERE ((state)::text = 'waiting'::text);


--
-- Name: one_wording_in_force; Type: INDEX; Schema: public; Owner: -
--

CREATE UNIQUE INDEX one_wording_in_force ON public.policy_clause USING btree (code) WHERE (ends_id IS NULL);


--
-- Name: outbound_automatic; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX outbound_automatic ON public.mail_outboundmail USING btree (upper(("to")::text), created_at DESC) WHERE automatic;


--
-- Name: outbound_cancelled; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX outbound_cancelled ON public.mail_outboundmail USING btree (created_at) WHERE ((state)::text = 'cancelled'::text);


--
-- Name: outbound_failed; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX outbound_failed ON public.mail_outboundmail USING btree (failed_at) WHERE ((state)::text = 'failed'::text);


--
-- Name: outbound_held; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX outbound_held ON public.mail_outboundmail USING btree (id) WHERE ((state)::text = 'held'::text);


--
-- Name: outbound_newest; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX outbound_newest ON public.mail_outboundmail USING btree (created_at DESC, id DESC);


--
-- Name: outbound_not_arrived; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX outbound_not_arrived ON public.mail_outboundmail USING btree (created_at) WHERE (state IN ('failed', 'bounced'));


--
-- Name: outbound_pending; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX outbound_pending ON public.mail_outboundmail USING btree (not_before) WHERE (state IN ('queued', 'sending', 'deferred'));


--
-- Name: pin_check_of_call; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX pin_check_of_call ON public.telephone_pincheck USING btree (contact_id, user_id, at DESC);


--
-- Name: policy_clause_begins_id_018b7a58; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX policy_clause_begins_id_018b7a58 ON public.policy_clause USING btree (begins_id);


--
-- Name: policy_clause_ends_id_aad71626; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX policy_clause_ends_id_aad71626 ON public.policy_clause USING btree (ends_id);


--
-- Name: policy_edition_published_by_id_e33fe4ca; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX policy_edition_published_by_id_e33fe4ca ON public.policy_edition USING btree (published_by_id);


--
-- Name: presales_addresslink_address_c3f887bd; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX presales_addresslink_address_c3f887bd ON public.presales_addresslink USING btree (address);


--
-- Name: presales_addresslink_address_c3f887bd_like; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX presales_addresslink_address_c3f887bd_like ON public.presales_addresslink USING btree (address varchar_pattern_ops);


--
-- Name: presales_addresslink_expires_at_e3a00e71; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX presales_addresslink_expires_at_e3a00e71 ON public.presales_addresslink USING btree (expires_at);


--
-- Name: presales_addresslink_secret_sha256_64f41c70_like; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX presales_addresslink_secret_sha256_64f41c70_like ON public.presales_addresslink USING btree (secret_sha256 varchar_pattern_ops);


--
-- Name: presales_enquiry_address_1b369fe3; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX presales_enquiry_address_1b369fe3 ON public.presales_enquiry USING btree (address);


--
-- Name: presales_enquiry_address_1b369fe3_like; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX presales_enquiry_address_1b369fe3_like ON public.presales_enquiry USING btree (address varchar_pattern_ops);


--
-- Name: presales_enquiry_asked_at_21f47462; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX presales_enquiry_asked_at_21f47462 ON public.presales_enquiry USING btree (asked_at);


--
-- Name: privacy_download_asked_by_id_1bf5205f; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX privacy_download_asked_by_id_1bf5205f ON public.privacy_download USING btree (asked_by_id);


--
-- Name: privacy_download_contact_id_7ffdd664; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX privacy_download_contact_id_7ffdd664 ON public.privacy_download USING btree (contact_id);


--
-- Name: privacy_drop_contact_id_f0e5c8f1; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX privacy_drop_contact_id_f0e5c8f1 ON public.privacy_drop USING btree (contact_id);


--
-- Name: privacy_drop_seen_by_id_7eaec784; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX privacy_drop_seen_by_id_7eaec784 ON public.privacy_drop USING btree (seen_by_id);


--
-- Name: privacy_drop_ticket_id_5c806db0; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX privacy_drop_ticket_id_5c806db0 ON public.privacy_drop USING btree (ticket_id);


--
-- Name: privacy_erasure_began_at_8b6fcc22; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX privacy_erasure_began_at_8b6fcc22 ON public.privacy_erasure USING btree (began_at);


--
-- Name: privacy_erasure_by_id_5982a932; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX privacy_erasure_by_id_5982a932 ON public.privacy_erasure USING btree (by_id);


--
-- Name: privacy_erasure_contact_id_a4fd71ca; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX privacy_erasure_contact_id_a4fd71ca ON public.privacy_erasure USING btree (contact_id);


--
-- Name: privacy_erasure_ticket_id_9b508076; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX privacy_erasure_ticket_id_9b508076 ON public.privacy_erasure USING btree (ticket_id);


--
-- Name: privacy_erasureplan_by_id_ed27b576; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX privacy_erasureplan_by_id_ed27b576 ON public.privacy_erasureplan USING btree (by_id);


--
-- Name: privacy_keeping_by_id_f04fe5e1; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX privacy_keeping_by_id_f04fe5e1 ON public.privacy_keeping USING btree (by_id);


--
-- Name: privacy_retention_kind_2744aec2_like; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX privacy_retention_kind_2744aec2_like ON public.privacy_retention USING btree (kind varchar_pattern_ops);


--
-- Name: procrastinate_events_job_id_fkey_v1; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX procrastinate_events_job_id_fkey_v1 ON public.procrastinate_events USING btree (job_id);


--
-- Name: procrastinate_jobs_id_lock_idx_v1; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX procrastinate_jobs_id_lock_idx_v1 ON public.procrastinate_jobs USING btree (id, lock) WHERE (status = ANY (ARRAY['todo'::public.procrastinate_job_status, 'doing'::public.procrastinate_job_status]));


--
-- Name: procrastinate_jobs_lock_idx_v1; Type: INDEX; Schema: public; Owner: -
--

CREATE UNIQUE INDEX procrastinate_jobs_lock_idx_v1 ON public.procrastinate_jobs USING btree (lock) WHERE (status = 'doing'::public.procrastinate_job_status);


--
-- Name: procrastinate_jobs_priority_idx_v1; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX procrastinate_jobs_priority_idx_v1 ON public.procrastinate_jobs USING btree (priority DESC, id) WHERE (status = 'todo'::public.procrastinate_job_status);


--
-- Name: procrastinate_jobs_queue_name_idx_v1; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX procrastinate_jobs_queue_name_idx_v1 ON public.procrastinate_jobs USING btree (queue_name);


--
-- Name: procrastinate_jobs_queueing_lock_idx_v1; Type: INDEX; Schema: public; Owner: -
--

CREATE UNIQUE INDEX procrastinate_jobs_queueing_lock_idx_v1 ON public.procrastinate_jobs USING btree (queueing_lock) WHERE (status = 'todo'::public.procrastinate_job_status);


--
-- Name: procrastinate_periodic_defers_job_id_fkey_v1; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX procrastinate_periodic_defers_job_id_fkey_v1 ON public.procrastinate_periodic_defers USING btree (job_id);


--
-- Name: proposal_of_server; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX proposal_of_server ON public.incidents_proposal USING btree (server_id, proposed_at DESC);


--
-- Name: proposal_oldest; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX proposal_oldest ON public.duplicates_proposal USING btree (made_at);


--
-- Name: proposal_open; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX proposal_open ON public.duplicates_proposal USING btree (made_at) WHERE ((state)::text = 'open'::text);


--
-- Name: quiet_by_source; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX quiet_by_source ON public.services_quietwindow USING btree (source);


--
-- Name: quiet_until; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX quiet_until ON public.services_quietwindow USING btree (ends_at);


--
-- Name: rating_newest; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX rating_newest ON public.tickets_rating USING btree (at DESC);


--
-- Name: server_by_part; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX server_by_part ON public.services_server USING gin (public.sportello_trigrams(((' '::text || (name)::text) || ' '::text))) WITH (fastupdate=off);


--
-- Name: service_by_part; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX service_by_part ON public.services_service USING gin (public.sportello_trigrams(((' '::text || (name)::text) || ' '::text))) WITH (fastupdate=off);


--
-- Name: service_of_customer; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX service_of_customer ON public.services_service USING btree (customer_id, name, id);


--
-- Name: services_networkrange_network_2d86e1ad_like; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX services_networkrange_network_2d86e1ad_like ON public.services_networkrange USING btree (network varchar_pattern_ops);


--
-- Name: services_quietwindow_server_id_881075db; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX services_quietwindow_server_id_881075db ON public.services_quietwindow USING btree (server_id);


--
-- Name: services_quietwindow_service_id_ab7ced9a; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX services_quietwindow_service_id_ab7ced9a ON public.services_quietwindow USING btree (service_id);


--
-- Name: services_server_external_id_a6bb7da2_like; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX services_server_external_id_a6bb7da2_like ON public.services_server USING btree (external_id varchar_pattern_ops);


--
-- Name: services_server_name_c49b973e_like; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX services_server_name_c49b973e_like ON public.services_server USING btree (name varchar_pattern_ops);


--
-- Name: services_service_external_id_cf223652_like; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX services_service_external_id_cf223652_like ON public.services_service USING btree (external_id varchar_pattern_ops);


--
-- Name: services_service_name_22a0ef31; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX services_service_name_22a0ef31 ON public.services_service USING btree (name);


--
-- Name: services_service_name_22a0ef31_like; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX services_service_name_22a0ef31_like ON public.services_service USING btree (name varchar_pattern_ops);


--
-- Name: services_service_server_id_e01d50e4; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX services_service_server_id_e01d50e4 ON public.services_service USING btree (server_id);


--
-- Name: services_servicedomain_name_95aec8ff; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX services_servicedomain_name_95aec8ff ON public.services_servicedomain USING btree (name);


--
-- Name: services_servicedomain_name_95aec8ff_like; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX services_servicedomain_name_95aec8ff_like ON public.services_servicedomain USING btree (name varchar_pattern_ops);


--
-- Name: services_servicedomain_service_id_ec40d2e2; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX services_servicedomain_service_id_ec40d2e2 ON public.services_servicedomain USING btree (service_id);


--
-- Name: telephone_call_contact_id_5e252097; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX telephone_call_contact_id_5e252097 ON public.telephone_call USING btree (contact_id);


--
-- Name: telephone_call_system_id_96a1855a_like; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX telephone_call_system_id_96a1855a_like ON public.telephone_call USING btree (system_id varchar_pattern_ops);


--
-- Name: telephone_call_ticket_id_74423aed; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX telephone_call_ticket_id_74423aed ON public.telephone_call USING btree (ticket_id);


--
-- Name: telephone_call_user_id_49c90af4; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX telephone_call_user_id_49c90af4 ON public.telephone_call USING btree (user_id);


--
-- Name: telephone_callevent_call_id_d22ba313; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX telephone_callevent_call_id_d22ba313 ON public.telephone_callevent USING btree (call_id);


--
-- Name: telephone_callevent_event_id_3d73f38f_like; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX telephone_callevent_event_id_3d73f38f_like ON public.telephone_callevent USING btree (event_id varchar_pattern_ops);


--
-- Name: telephone_extension_number_bbc58b67_like; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX telephone_extension_number_bbc58b67_like ON public.telephone_extension USING btree (number varchar_pattern_ops);


--
-- Name: telephone_ournumber_number_d8e70d82_like; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX telephone_ournumber_number_d8e70d82_like ON public.telephone_ournumber USING btree (number varchar_pattern_ops);


--
-- Name: telephone_pincheck_contact_id_3ab1b2c9; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX telephone_pincheck_contact_id_3ab1b2c9 ON public.telephone_pincheck USING btree (contact_id);


--
-- Name: telephone_pincheck_ticket_id_5075edd8; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX telephone_pincheck_ticket_id_5075edd8 ON public.telephone_pincheck USING btree (ticket_id);


--
-- Name: telephone_pincheck_user_id_8e58791f; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX telephone_pincheck_user_id_8e58791f ON public.telephone_pincheck USING btree (user_id);


--
-- Name: ticket_alarm; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX ticket_alarm ON public.tickets_ticket USING btree (alarm_at) WHERE (alarm_at IS NOT NULL);


--
-- Name: ticket_claim; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX ticket_claim ON public.tickets_ticket USING btree (claim_until) WHERE (claim_until IS NOT NULL);


--
-- Name: ticket_due; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX ticket_due ON public.tickets_ticket USING btree (due_at) WHERE ((due_kind IN ('first_response', 'next_response', 'update')) AND (status IN ('new', 'open', 'in_analysis', 'waiting')));


--
-- Name: ticket_newest; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX ticket_newest ON public.tickets_ticket USING btree (updated_at DESC, id DESC);


--
-- Name: ticket_of_contact; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX ticket_of_contact ON public.tickets_ticket USING btree (contact_id, updated_at DESC);


--
-- Name: ticket_of_contact_now; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX ticket_of_contact_now ON public.tickets_ticket USING btree (contact_id) WHERE (status IN ('new', 'open', 'in_analysis', 'waiting'));


--
-- Name: ticket_of_customer; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX ticket_of_customer ON public.tickets_ticket USING btree (customer_id, updated_at DESC);


--
-- Name: ticket_of_customer_now; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX ticket_of_customer_now ON public.tickets_ticket USING btree (customer_id) WHERE (status IN ('new', 'open', 'in_analysis', 'waiting'));


--
-- Name: ticket_order; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX ticket_order ON public.tickets_ticket USING btree ("group", (((due_at AT TIME ZONE 'UTC'::text) - ((ahead)::double precision * '00:01:00'::interval))), priority, tie, id) WHERE (status IN ('new', 'open', 'in_analysis', 'waiting'));


--
-- Name: ticket_promise; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX ticket_promise ON public.tickets_ticket USING btree (first_due_at) INCLUDE (first_answered_at, queue_id) WHERE (first_due_at IS NOT NULL);


--
-- Name: ticket_to_close; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX ticket_to_close ON public.tickets_ticket USING btree (solved_at) WHERE ((status)::text = 'solved'::text);


--
-- Name: ticket_words; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX ticket_words ON public.tickets_ticket USING gin (public.sportello_words((id >> 16), search)) WITH (fastupdate=off);
ALTER INDEX public.ticket_words ALTER COLUMN 1 SET STATISTICS 0;


--
-- Name: tickets_attachment_draft_id_f043ef28; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX tickets_attachment_draft_id_f043ef28 ON public.tickets_attachment USING btree (draft_id);


--
-- Name: tickets_attachment_message_id_19591853; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX tickets_attachment_message_id_19591853 ON public.tickets_attachment USING btree (message_id);


--
-- Name: tickets_attachment_note_id_c7229a9c; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX tickets_attachment_note_id_c7229a9c ON public.tickets_attachment USING btree (note_id);


--
-- Name: tickets_attachment_sha256_92c71afd; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX tickets_attachment_sha256_92c71afd ON public.tickets_attachment USING btree (sha256);


--
-- Name: tickets_attachment_ticket_id_00f5c87f; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX tickets_attachment_ticket_id_00f5c87f ON public.tickets_attachment USING btree (ticket_id);


--
-- Name: tickets_concern_customer_id_630dfc9c; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX tickets_concern_customer_id_630dfc9c ON public.tickets_concern USING btree (customer_id);


--
-- Name: tickets_concern_dismissed_by_id_0cb79937; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX tickets_concern_dismissed_by_id_0cb79937 ON public.tickets_concern USING btree (dismissed_by_id);


--
-- Name: tickets_draft_ticket_id_4d738b41; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX tickets_draft_ticket_id_4d738b41 ON public.tickets_draft USING btree (ticket_id);


--
-- Name: tickets_draft_user_id_0c39dc9e; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX tickets_draft_user_id_0c39dc9e ON public.tickets_draft USING btree (user_id);


--
-- Name: tickets_event_contact_id_20450658; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX tickets_event_contact_id_20450658 ON public.tickets_event USING btree (contact_id);


--
-- Name: tickets_event_user_id_dc47e63f; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX tickets_event_user_id_dc47e63f ON public.tickets_event USING btree (user_id);


--
-- Name: tickets_follower_contact_id_1496d021; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX tickets_follower_contact_id_1496d021 ON public.tickets_follower USING btree (contact_id);


--
-- Name: tickets_follower_user_id_9021a28d; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX tickets_follower_user_id_9021a28d ON public.tickets_follower USING btree (user_id);


--
-- Name: tickets_heldfile_contact_id_254869e6; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX tickets_heldfile_contact_id_254869e6 ON public.tickets_heldfile USING btree (contact_id);


--
-- Name: tickets_heldfile_held_at_8519a5a5; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX tickets_heldfile_held_at_8519a5a5 ON public.tickets_heldfile USING btree (held_at);


--
-- Name: tickets_heldfile_sha256_578fada0; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX tickets_heldfile_sha256_578fada0 ON public.tickets_heldfile USING btree (sha256);


--
-- Name: tickets_heldfile_sha256_578fada0_like; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX tickets_heldfile_sha256_578fada0_like ON public.tickets_heldfile USING btree (sha256 varchar_pattern_ops);


--
-- Name: tickets_link_source_id_efb18ebc; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX tickets_link_source_id_efb18ebc ON public.tickets_link USING btree (source_id);


--
-- Name: tickets_link_target_id_c59050aa; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX tickets_link_target_id_c59050aa ON public.tickets_link USING btree (target_id);


--
-- Name: tickets_merge_by_id_042d5d6f; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX tickets_merge_by_id_042d5d6f ON public.tickets_merge USING btree (by_id);


--
-- Name: tickets_merge_source_id_e8b8170e; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX tickets_merge_source_id_e8b8170e ON public.tickets_merge USING btree (source_id);


--
-- Name: tickets_merge_target_id_ca18eaa8; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX tickets_merge_target_id_ca18eaa8 ON public.tickets_merge USING btree (target_id);


--
-- Name: tickets_message_contact_id_d1c72644; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX tickets_message_contact_id_d1c72644 ON public.tickets_message USING btree (contact_id);


--
-- Name: tickets_message_user_id_e5561b73; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX tickets_message_user_id_e5561b73 ON public.tickets_message USING btree (user_id);


--
-- Name: tickets_note_user_id_7404e6fc; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX tickets_note_user_id_7404e6fc ON public.tickets_note USING btree (user_id);


--
-- Name: tickets_order_asked_by_contact_id_02c83021; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX tickets_order_asked_by_contact_id_02c83021 ON public.tickets_order USING btree (asked_by_contact_id);


--
-- Name: tickets_order_asked_by_id_cc547074; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX tickets_order_asked_by_id_cc547074 ON public.tickets_order USING btree (asked_by_id);


--
-- Name: tickets_order_customer_id_60494c04; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX tickets_order_customer_id_60494c04 ON public.tickets_order USING btree (customer_id);


--
-- Name: tickets_order_decided_by_id_7bffb6f2; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX tickets_order_decided_by_id_7bffb6f2 ON public.tickets_order USING btree (decided_by_id);


--
-- Name: tickets_order_ticket_id_b713d07c; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX tickets_order_ticket_id_b713d07c ON public.tickets_order USING btree (ticket_id);


--
-- Name: tickets_presence_ticket_id_f0e92811; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX tickets_presence_ticket_id_f0e92811 ON public.tickets_presence USING btree (ticket_id);


--
-- Name: tickets_presence_user_id_b1ef7b6f; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX tickets_presence_user_id_b1ef7b6f ON public.tickets_presence USING btree (user_id);


--
-- Name: tickets_rating_contact_id_3df0a576; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX tickets_rating_contact_id_3df0a576 ON public.tickets_rating USING btree (contact_id);


--
-- Name: tickets_rating_ticket_id_01a25529; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX tickets_rating_ticket_id_01a25529 ON public.tickets_rating USING btree (ticket_id);


--
-- Name: tickets_tag_name_f3587382_like; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX tickets_tag_name_f3587382_like ON public.tickets_tag USING btree (name varchar_pattern_ops);


--
-- Name: tickets_ticket_assignee_id_3a5aa407; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX tickets_ticket_assignee_id_3a5aa407 ON public.tickets_ticket USING btree (assignee_id);


--
-- Name: tickets_ticket_mailbox_id_5bd7f7d8; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX tickets_ticket_mailbox_id_5bd7f7d8 ON public.tickets_ticket USING btree (mailbox_id);


--
-- Name: tickets_ticket_merged_into_id_3a36ad40; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX tickets_ticket_merged_into_id_3a36ad40 ON public.tickets_ticket USING btree (merged_into_id);


--
-- Name: tickets_ticket_queue_id_0d3cb9ef; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX tickets_ticket_queue_id_0d3cb9ef ON public.tickets_ticket USING btree (queue_id);


--
-- Name: tickets_ticket_service_id_b539ed07; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX tickets_ticket_service_id_b539ed07 ON public.tickets_ticket USING btree (service_id);


--
-- Name: tickets_ticket_tags_tag_id_94e38768; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX tickets_ticket_tags_tag_id_94e38768 ON public.tickets_ticket_tags USING btree (tag_id);


--
-- Name: tickets_ticket_tags_ticket_id_7f74ebe4; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX tickets_ticket_tags_ticket_id_7f74ebe4 ON public.tickets_ticket_tags USING btree (ticket_id);


--
-- Name: tickets_ticket_team_id_5a4e7469; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX tickets_ticket_team_id_5a4e7469 ON public.tickets_ticket USING btree (team_id);


--
-- Name: triage_calendar_name_1d6021a4_like; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX triage_calendar_name_1d6021a4_like ON public.triage_calendar USING btree (name varchar_pattern_ops);


--
-- Name: triage_queue_calendar_id_cf69a317; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX triage_queue_calendar_id_cf69a317 ON public.triage_queue USING btree (calendar_id);


--
-- Name: triage_queue_policy_id_9bf95b8d; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX triage_queue_policy_id_9bf95b8d ON public.triage_queue USING btree (policy_id);


--
-- Name: triage_queue_slug_e0e12974_like; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX triage_queue_slug_e0e12974_like ON public.triage_queue USING btree (slug varchar_pattern_ops);


--
-- Name: triage_slapolicy_name_ee3666ac_like; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX triage_slapolicy_name_ee3666ac_like ON public.triage_slapolicy USING btree (name varchar_pattern_ops);


--
-- Name: under_one_incident; Type: INDEX; Schema: public; Owner: -
--

CREATE UNIQUE INDEX under_one_incident ON public.incidents_incidentticket USING btree (ticket_id) WHERE ((released_at IS NULL) AND (undone_at IS NULL));


--
-- Name: unique_authenticator_type; Type: INDEX; Schema: public; Owner: -
--

CREATE UNIQUE INDEX unique_authenticator_type ON public.mfa_authenticator USING btree (user_id, type) WHERE (type IN ('totp', 'recovery_codes'));


--
-- Name: unique_primary_email; Type: INDEX; Schema: public; Owner: -
--

CREATE UNIQUE INDEX unique_primary_email ON public.account_emailaddress USING btree (user_id, "primary") WHERE "primary";


--
-- Name: unique_verified_email; Type: INDEX; Schema: public; Owner: -
--

CREATE UNIQUE INDEX unique_verified_email ON public.account_emailaddress USING btree (email) WHERE verified;


--
-- Name: update_of_incident; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX update_of_incident ON public.incidents_update USING btree (incident_id, created_at DESC, id DESC);


--
-- Name: update_to_tell; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX update_to_tell ON public.incidents_update USING btree (id) WHERE (told_at IS NULL);


--
-- Name: user_email_any_case; Type: INDEX; Schema: public; Owner: -
--

CREATE UNIQUE INDEX user_email_any_case ON public.accounts_user USING btree (lower((email)::text));


--
-- Name: usersessions_usersession_session_key_fd35de43_like; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX usersessions_usersession_session_key_fd35de43_like ON public.usersessions_usersession USING btree (session_key varchar_pattern_ops);


--
-- Name: usersessions_usersession_user_id_af5e0a6d; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX usersessions_usersession_user_id_af5e0a6d ON public.usersessions_usersession USING btree (user_id);


--
-- Name: watch_lastinspection_kind_83039463_like; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX watch_lastinspection_kind_83039463_like ON public.watch_lastinspection USING btree (kind varchar_pattern_ops);


--
-- Name: accounts_auditentry audit_append_only; Type: TRIGGER; Schema: public; Owner: -
--

CREATE TRIGGER audit_append_only BEFORE DELETE OR UPDATE ON public.accounts_auditentry FOR EACH ROW EXECUTE FUNCTION public.accounts_audit_is_append_only();


--
-- Name: accounts_auditentry audit_not_emptied; Type: TRIGGER; Schema: public; Owner: -
--

CREATE TRIGGER audit_not_emptied BEFORE TRUNCATE ON public.accounts_auditentry FOR EACH STATEMENT EXECUTE FUNCTION public.accounts_audit_is_append_only();


--
-- Name: privacy_erasure erasure_append_only; Type: TRIGGER; Schema: public; Owner: -
--

CREATE TRIGGER erasure_append_only BEFORE DELETE OR UPDATE ON public.privacy_erasure FOR EACH ROW EXECUTE FUNCTION public.privacy_erasure_stays();


--
-- Name: tickets_event event_append_only; Type: TRIGGER; Schema: public; Owner: -
--

CREATE TRIGGER event_append_only BEFORE DELETE OR UPDATE ON public.tickets_event FOR EACH ROW EXECUTE FUNCTION public.tickets_event_is_append_only();


--
-- Name: tickets_event event_not_emptied; Type: TRIGGER; Schema: public; Owner: -
--

CREATE TRIGGER event_not_emptied BEFORE TRUNCATE ON public.tickets_event FOR EACH STATEMENT EXECUTE FUNCTION public.tickets_event_is_append_only();


--
-- Name: incidents_incidentevent incident_event_append_only; Type: TRIGGER; Schema: public; Owner: -
--

CREATE TRIGGER incident_event_append_only BEFORE DELETE OR UPDATE ON public.incidents_incidentevent FOR EACH ROW EXECUTE FUNCTION public.incidents_event_is_append_only();


--
-- Name: incidents_incidentevent incident_event_not_emptied; Type: TRIGGER; Schema: public; Owner: -
--

CREATE TRIGGER incident_event_not_emptied BEFORE TRUNCATE ON public.incidents_incidentevent FOR EACH STATEMENT EXECUTE FUNCTION public.incidents_event_is_append_only();


--
-- Name: procrastinate_jobs procrastinate_jobs_notify_queue_job_aborted_v1; Type: TRIGGER; Schema: public; Owner: -
--

CREATE TRIGGER procrastinate_jobs_notify_queue_job_aborted_v1 AFTER UPDATE OF abort_requested ON public.procrastinate_jobs FOR EACH ROW WHEN (((old.abort_requested = false) AND (new.abort_requested = true) AND (new.status = 'doing'::public.procrastinate_job_status))) EXECUTE FUNCTION public.procrastinate_notify_queue_abort_job_v1();


--
-- Name: procrastinate_jobs procrastinate_jobs_notify_queue_job_inserted_v1; Type: TRIGGER; Schema: public; Owner: -
--

CREATE TRIGGER procrastinate_jobs_notify_queue_job_inserted_v1 AFTER INSERT ON public.procrastinate_jobs FOR EACH ROW WHEN ((new.status = 'todo'::public.procrastinate_job_status)) EXECUTE FUNCTION public.procrastinate_notify_queue_job_inserted_v1();


--
-- Name: procrastinate_jobs procrastinate_trigger_abort_requested_events_v1; Type: TRIGGER; Schema: public; Owner: -
--

CREATE TRIGGER procrastinate_trigger_abort_requested_events_v1 AFTER UPDATE OF abort_requested ON public.procrastinate_jobs FOR EACH ROW WHEN ((new.abort_requested = true)) EXECUTE FUNCTION public.procrastinate_trigger_abort_requested_events_procedure_v1();


--
-- Name: procrastinate_jobs procrastinate_trigger_delete_jobs_v1; Type: TRIGGER; Schema: public; Owner: -
--

CREATE TRIGGER procrastinate_trigger_delete_jobs_v1 BEFORE DELETE ON public.procrastinate_jobs FOR EACH ROW EXECUTE FUNCTION public.procrastinate_unlink_periodic_defers_v1();


--
-- Name: procrastinate_jobs procrastinate_trigger_scheduled_events_v1; Type: TRIGGER; Schema: public; Owner: -
--

CREATE TRIGGER procrastinate_trigger_scheduled_events_v1 AFTER INSERT OR UPDATE ON public.procrastinate_jobs FOR EACH ROW WHEN (((new.scheduled_at IS NOT NULL) AND (new.status = 'todo'::public.procrastinate_job_status))) EXECUTE FUNCTION public.procrastinate_trigger_function_scheduled_events_v1();


--
-- Name: procrastinate_jobs procrastinate_trigger_status_events_insert_v1; Type: TRIGGER; Schema: public; Owner: -
--

CREATE TRIGGER procrastinate_trigger_status_events_insert_v1 AFTER INSERT ON public.procrastinate_jobs FOR EACH ROW WHEN ((new.status = 'todo'::public.procrastinate_job_status)) EXECUTE FUNCTION public.procrastinate_trigger_function_status_events_insert_v1();


--
-- Name: procrastinate_jobs procrastinate_trigger_status_events_update_v1; Type: TRIGGER; Schema: public; Owner: -
--

CREATE TRIGGER procrastinate_trigger_status_events_update_v1 AFTER UPDATE OF status ON public.procrastinate_jobs FOR EACH ROW EXECUTE FUNCTION public.procrastinate_trigger_function_status_events_update_v1();


--
-- Name: tickets_ticket ticket_tally_came; Type: TRIGGER; Schema: public; Owner: -
--

CREATE TRIGGER ticket_tally_came AFTER INSERT OR DELETE ON public.tickets_ticket FOR EACH ROW EXECUTE FUNCTION public.tickets_tally_change();


--
-- Name: tickets_ticket ticket_tally_changed; Type: TRIGGER; Schema: public; Owner: -
--

CREATE TRIGGER ticket_tally_changed AFTER UPDATE OF status, "group", assignee_id, team_id ON public.tickets_ticket FOR EACH ROW WHEN (((((old.status)::text = ANY (ARRAY['new'::text, 'open'::text, 'in_analysis'::text, 'waiting'::text])) IS DISTINCT FROM ((new.status)::text = ANY (ARRAY['new'::text, 'open'::text, 'in_analysis'::text, 'waiting'::text]))) OR (old."group" IS DISTINCT FROM new."group") OR (old.assignee_id IS DISTINCT FROM new.assignee_id) OR (old.team_id IS DISTINCT FROM new.team_id))) EXECUTE FUNCTION public.tickets_tally_change();


--
-- Name: account_emailaddress account_emailaddress_user_id_2c513194_fk_accounts_user_id; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.account_emailaddress
    ADD CONSTRAINT account_emailaddress_user_id_2c513194_fk_accounts_user_id FOREIGN KEY (user_id) REFERENCES public.accounts_user(id) DEFERRABLE INITIALLY DEFERRED;


--
-- Name: account_emailconfirmation account_emailconfirm_email_address_id_5b7f8c58_fk_account_e; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.account_emailconfirmation
    ADD CONSTRAINT account_emailconfirm_email_address_id_5b7f8c58_fk_account_e FOREIGN KEY (email_address_id) REFERENCES public.account_emailaddress(id) DEFERRABLE INITIALLY DEFERRED;


--
-- Name: accounts_auditentry accounts_auditentry_actor_id_3237b29c_fk_accounts_user_id; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.accounts_auditentry
    ADD CONSTRAINT accounts_auditentry_actor_id_3237b29c_fk_accounts_user_id FOREIGN KEY (actor_id) REFERENCES public.accounts_user(id) DEFERRABLE INITIALLY DEFERRED;


--
-- Name: accounts_user accounts_user_team_id_27b7f1fa_fk_accounts_team_id; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.accounts_user
    ADD CONSTRAINT accounts_user_team_id_27b7f1fa_fk_accounts_team_id FOREIGN KEY (team_id) REFERENCES public.accounts_team(id) DEFERRABLE INITIALLY DEFERRED;


--
-- Name: auth_group_permissions auth_group_permissio_permission_id_84c5c92e_fk_auth_perm; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.auth_group_permissions
    ADD CONSTRAINT auth_group_permissio_permission_id_84c5c92e_fk_auth_perm FOREIGN KEY (permission_id) REFERENCES public.auth_permission(id) DEFERRABLE INITIALLY DEFERRED;


--
-- Name: auth_group_permissions auth_group_permissions_group_id_b120cbf9_fk_auth_group_id; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.auth_group_permissions
    ADD CONSTRAINT auth_group_permissions_group_id_b120cbf9_fk_auth_group_id FOREIGN KEY (group_id) REFERENCES public.auth_group(id) DEFERRABLE INITIALLY DEFERRED;


--
-- Name: auth_permission auth_permission_content_type_id_2f476e4b_fk_django_co; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.auth_permission
    ADD CONSTRAINT auth_permission_content_type_id_2f476e4b_fk_django_co FOREIGN KEY (content_type_id) REFERENCES public.django_content_type(id) DEFERRABLE INITIALLY DEFERRED;


--
-- Name: customers_contact customers_contact_customer_id_b9afc0da_fk_customers_customer_id; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.customers_contact
    ADD CONSTRAINT customers_contact_customer_id_b9afc0da_fk_customers_customer_id FOREIGN KEY (customer_id) REFERENCES public.customers_customer(id) DEFERRABLE INITIALLY DEFERRED;


--
-- Name: customers_contactaddress customers_contactadd_contact_id_7e3475e6_fk_customers; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.customers_contactaddress
    ADD CONSTRAINT customers_contactadd_contact_id_7e3475e6_fk_customers FOREIGN KEY (contact_id) REFERENCES public.customers_contact(id) DEFERRABLE INITIALLY DEFERRED;


--
-- Name: customers_contactapp customers_contactapp_contact_id_b47c0ecb_fk_customers; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.customers_contactapp
    ADD CONSTRAINT customers_contactapp_contact_id_b47c0ecb_fk_customers FOREIGN KEY (contact_id) REFERENCES public.customers_contact(id) DEFERRABLE INITIALLY DEFERRED;


--
-- Name: customers_contactidentity customers_contactide_address_id_fae8f203_fk_customers; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.customers_contactidentity
    ADD CONSTRAINT customers_contactide_address_id_fae8f203_fk_customers FOREIGN KEY (address_id) REFERENCES public.customers_contactaddress(id) DEFERRABLE INITIALLY DEFERRED;


--
-- Name: customers_contactidentity customers_contactide_contact_id_e648984e_fk_customers; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.customers_contactidentity
    ADD CONSTRAINT customers_contactide_contact_id_e648984e_fk_customers FOREIGN KEY (contact_id) REFERENCES public.customers_contact(id) DEFERRABLE INITIALLY DEFERRED;


--
-- Name: customers_contactpassword customers_contactpas_contact_id_05985959_fk_customers; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.customers_contactpassword
    ADD CONSTRAINT customers_contactpas_contact_id_05985959_fk_customers FOREIGN KEY (contact_id) REFERENCES public.customers_contact(id) DEFERRABLE INITIALLY DEFERRED;


--
-- Name: customers_contactpasskey customers_contactpas_contact_id_c5266849_fk_customers; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.customers_contactpasskey
    ADD CONSTRAINT customers_contactpas_contact_id_c5266849_fk_customers FOREIGN KEY (contact_id) REFERENCES public.customers_contact(id) DEFERRABLE INITIALLY DEFERRED;


--
-- Name: customers_contactsession customers_contactses_contact_id_7b2315ac_fk_customers; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.customers_contactsession
    ADD CONSTRAINT customers_contactses_contact_id_7b2315ac_fk_customers FOREIGN KEY (contact_id) REFERENCES public.customers_contact(id) DEFERRABLE INITIALLY DEFERRED;


--
-- Name: customers_invitation customers_invitation_by_contact_id_de5949dd_fk_customers; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.customers_invitation
    ADD CONSTRAINT customers_invitation_by_contact_id_de5949dd_fk_customers FOREIGN KEY (by_contact_id) REFERENCES public.customers_contact(id) DEFERRABLE INITIALLY DEFERRED;


--
-- Name: customers_invitation customers_invitation_by_staff_id_1bf6398f_fk_accounts_user_id; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.customers_invitation
    ADD CONSTRAINT customers_invitation_by_staff_id_1bf6398f_fk_accounts_user_id FOREIGN KEY (by_staff_id) REFERENCES public.accounts_user(id) DEFERRABLE INITIALLY DEFERRED;


--
-- Name: customers_invitation customers_invitation_customer_id_d58b36ee_fk_customers; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.customers_invitation
    ADD CONSTRAINT customers_invitation_customer_id_d58b36ee_fk_customers FOREIGN KEY (customer_id) REFERENCES public.customers_customer(id) DEFERRABLE INITIALLY DEFERRED;


--
-- Name: customers_membership customers_membership_contact_id_5e199f03_fk_customers; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.customers_membership
    ADD CONSTRAINT customers_membership_contact_id_5e199f03_fk_customers FOREIGN KEY (contact_id) REFERENCES public.customers_contact(id) DEFERRABLE INITIALLY DEFERRED;


--
-- Name: customers_membership customers_membership_customer_id_ea167a38_fk_customers; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.customers_membership
    ADD CONSTRAINT customers_membership_customer_id_ea167a38_fk_customers FOREIGN KEY (customer_id) REFERENCES public.customers_customer(id) DEFERRABLE INITIALLY DEFERRED;


--
-- Name: customers_signinlink customers_signinlink_address_id_6f98b4b7_fk_customers; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.customers_signinlink
    ADD CONSTRAINT customers_signinlink_address_id_6f98b4b7_fk_customers FOREIGN KEY (address_id) REFERENCES public.customers_contactaddress(id) DEFERRABLE INITIALLY DEFERRED;


--
-- Name: customers_signinlink customers_signinlink_contact_id_cd836bf7_fk_customers; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.customers_signinlink
    ADD CONSTRAINT customers_signinlink_contact_id_cd836bf7_fk_customers FOREIGN KEY (contact_id) REFERENCES public.customers_contact(id) DEFERRABLE INITIALLY DEFERRED;


--
-- Name: diagnostics_examination diagnostics_examinat_asked_by_id_537bcbcc_fk_accounts_; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.diagnostics_examination
    ADD CONSTRAINT diagnostics_examinat_asked_by_id_537bcbcc_fk_accounts_ FOREIGN KEY (asked_by_id) REFERENCES public.accounts_user(id) DEFERRABLE INITIALLY DEFERRED;


--
-- Name: diagnostics_examination diagnostics_examinat_service_id_2d207b7c_fk_services_; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.diagnostics_examination
    ADD CONSTRAINT diagnostics_examinat_service_id_2d207b7c_fk_services_ FOREIGN KEY (service_id) REFERENCES public.services_service(id) DEFERRABLE INITIALLY DEFERRED;


--
-- Name: diagnostics_finding diagnostics_finding_examination_id_fb853ccd_fk_diagnosti; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.diagnostics_finding
    ADD CONSTRAINT diagnostics_finding_examination_id_fb853ccd_fk_diagnosti FOREIGN KEY (examination_id) REFERENCES public.diagnostics_examination(id) DEFERRABLE INITIALLY DEFERRED;


--
-- Name: duplicates_joined duplicates_joined_merge_id_6ea4c9e5_fk_tickets_merge_id; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.duplicates_joined
    ADD CONSTRAINT duplicates_joined_merge_id_6ea4c9e5_fk_tickets_merge_id FOREIGN KEY (merge_id) REFERENCES public.tickets_merge(id) DEFERRABLE INITIALLY DEFERRED;


--
-- Name: duplicates_joined duplicates_joined_undone_by_id_79532626_fk_accounts_user_id; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.duplicates_joined
    ADD CONSTRAINT duplicates_joined_undone_by_id_79532626_fk_accounts_user_id FOREIGN KEY (undone_by_id) REFERENCES public.accounts_user(id) DEFERRABLE INITIALLY DEFERRED;


--
-- Name: duplicates_proposal duplicates_proposal_by_contact_id_9b8b6a64_fk_customers; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.duplicates_proposal
    ADD CONSTRAINT duplicates_proposal_by_contact_id_9b8b6a64_fk_customers FOREIGN KEY (by_contact_id) REFERENCES public.customers_contact(id) DEFERRABLE INITIALLY DEFERRED;


--
-- Name: duplicates_proposal duplicates_proposal_by_id_b9bbfa8b_fk_accounts_user_id; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.duplicates_proposal
    ADD CONSTRAINT duplicates_proposal_by_id_b9bbfa8b_fk_accounts_user_id FOREIGN KEY (by_id) REFERENCES public.accounts_user(id) DEFERRABLE INITIALLY DEFERRED;


--
-- Name: duplicates_proposal duplicates_proposal_contact_id_17d9e67c_fk_customers_contact_id; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.duplicates_proposal
    ADD CONSTRAINT duplicates_proposal_contact_id_17d9e67c_fk_customers_contact_id FOREIGN KEY (contact_id) REFERENCES public.customers_contact(id) DEFERRABLE INITIALLY DEFERRED;


--
-- Name: duplicates_proposal duplicates_proposal_draft_id_5cb8556e_fk_tickets_r; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.duplicates_proposal
    ADD CONSTRAINT duplicates_proposal_draft_id_5cb8556e_fk_tickets_r FOREIGN KEY (draft_id) REFERENCES public.tickets_requestdraft(id) DEFERRABLE INITIALLY DEFERRED;


--
-- Name: duplicates_proposal duplicates_proposal_target_id_fa7d7852_fk_tickets_ticket_id; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.duplicates_proposal
    ADD CONSTRAINT duplicates_proposal_target_id_fa7d7852_fk_tickets_ticket_id FOREIGN KEY (target_id) REFERENCES public.tickets_ticket(id) DEFERRABLE INITIALLY DEFERRED;


--
-- Name: duplicates_proposal duplicates_proposal_ticket_id_85970f21_fk_tickets_ticket_id; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.duplicates_proposal
    ADD CONSTRAINT duplicates_proposal_ticket_id_85970f21_fk_tickets_ticket_id FOREIGN KEY (ticket_id) REFERENCES public.tickets_ticket(id) DEFERRABLE INITIALLY DEFERRED;


--
-- Name: evidence_evidence evidence_evidence_examination_id_296d07cd_fk_diagnosti; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.evidence_evidence
    ADD CONSTRAINT evidence_evidence_examination_id_296d07cd_fk_diagnosti FOREIGN KEY (examination_id) REFERENCES public.diagnostics_examination(id) DEFERRABLE INITIALLY DEFERRED;


--
-- Name: evidence_evidence evidence_evidence_ticket_id_1ca6e516_fk_tickets_ticket_id; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.evidence_evidence
    ADD CONSTRAINT evidence_evidence_ticket_id_1ca6e516_fk_tickets_ticket_id FOREIGN KEY (ticket_id) REFERENCES public.tickets_ticket(id) DEFERRABLE INITIALLY DEFERRED;


--
-- Name: imports_details imports_details_of_id_369bbc84_fk_imports_import_id; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.imports_details
    ADD CONSTRAINT imports_details_of_id_369bbc84_fk_imports_import_id FOREIGN KEY (of_id) REFERENCES public.imports_import(id) DEFERRABLE INITIALLY DEFERRED;


--
-- Name: imports_import imports_import_by_id_8b8eb7fa_fk_accounts_user_id; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.imports_import
    ADD CONSTRAINT imports_import_by_id_8b8eb7fa_fk_accounts_user_id FOREIGN KEY (by_id) REFERENCES public.accounts_user(id) DEFERRABLE INITIALLY DEFERRED;


--
-- Name: imports_importline imports_importline_of_id_c5188951_fk_imports_import_id; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.imports_importline
    ADD CONSTRAINT imports_importline_of_id_c5188951_fk_imports_import_id FOREIGN KEY (of_id) REFERENCES public.imports_import(id) DEFERRABLE INITIALLY DEFERRED;


--
-- Name: imports_importportion imports_importportion_of_id_14c59be8_fk_imports_import_id; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.imports_importportion
    ADD CONSTRAINT imports_importportion_of_id_14c59be8_fk_imports_import_id FOREIGN KEY (of_id) REFERENCES public.imports_import(id) DEFERRABLE INITIALLY DEFERRED;


--
-- Name: incidents_announcement incidents_announceme_contact_id_cb9bc134_fk_customers; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.incidents_announcement
    ADD CONSTRAINT incidents_announceme_contact_id_cb9bc134_fk_customers FOREIGN KEY (contact_id) REFERENCES public.customers_contact(id) DEFERRABLE INITIALLY DEFERRED;


--
-- Name: incidents_announcement incidents_announceme_maintenance_id_f3cd15e6_fk_incidents; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.incidents_announcement
    ADD CONSTRAINT incidents_announceme_maintenance_id_f3cd15e6_fk_incidents FOREIGN KEY (maintenance_id) REFERENCES public.incidents_maintenance(id) DEFERRABLE INITIALLY DEFERRED;


--
-- Name: incidents_incident incidents_incident_opened_by_id_06ceaa88_fk_accounts_user_id; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.incidents_incident
    ADD CONSTRAINT incidents_incident_opened_by_id_06ceaa88_fk_accounts_user_id FOREIGN KEY (opened_by_id) REFERENCES public.accounts_user(id) DEFERRABLE INITIALLY DEFERRED;


--
-- Name: incidents_incident_services incidents_incident_s_incident_id_06576227_fk_incidents; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.incidents_incident_services
    ADD CONSTRAINT incidents_incident_s_incident_id_06576227_fk_incidents FOREIGN KEY (incident_id) REFERENCES public.incidents_incident(id) DEFERRABLE INITIALLY DEFERRED;


--
-- Name: incidents_incident_servers incidents_incident_s_incident_id_45687100_fk_incidents; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.incidents_incident_servers
    ADD CONSTRAINT incidents_incident_s_incident_id_45687100_fk_incidents FOREIGN KEY (incident_id) REFERENCES public.incidents_incident(id) DEFERRABLE INITIALLY DEFERRED;


--
-- Name: incidents_incident_servers incidents_incident_s_server_id_09e0e6c8_fk_services_; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.incidents_incident_servers
    ADD CONSTRAINT incidents_incident_s_server_id_09e0e6c8_fk_services_ FOREIGN KEY (server_id) REFERENCES public.services_server(id) DEFERRABLE INITIALLY DEFERRED;


--
-- Name: incidents_incident_services incidents_incident_s_service_id_8cef07e9_fk_services_; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.incidents_incident_services
    ADD CONSTRAINT incidents_incident_s_service_id_8cef07e9_fk_services_ FOREIGN KEY (service_id) REFERENCES public.services_service(id) DEFERRABLE INITIALLY DEFERRED;


--
-- Name: incidents_incidentevent incidents_incidentev_incident_id_98972806_fk_incidents; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.incidents_incidentevent
    ADD CONSTRAINT incidents_incidentev_incident_id_98972806_fk_incidents FOREIGN KEY (incident_id) REFERENCES public.incidents_incident(id) DEFERRABLE INITIALLY DEFERRED;


--
-- Name: incidents_incidentevent incidents_incidentevent_user_id_60ddcd14_fk_accounts_user_id; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.incidents_incidentevent
    ADD CONSTRAINT incidents_incidentevent_user_id_60ddcd14_fk_accounts_user_id FOREIGN KEY (user_id) REFERENCES public.accounts_user(id) DEFERRABLE INITIALLY DEFERRED;


--
-- Name: incidents_incidentnote incidents_incidentno_incident_id_f728af84_fk_incidents; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.incidents_incidentnote
    ADD CONSTRAINT incidents_incidentno_incident_id_f728af84_fk_incidents FOREIGN KEY (incident_id) REFERENCES public.incidents_incident(id) DEFERRABLE INITIALLY DEFERRED;


--
-- Name: incidents_incidentnote incidents_incidentnote_user_id_fe544292_fk_accounts_user_id; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.incidents_incidentnote
    ADD CONSTRAINT incidents_incidentnote_user_id_fe544292_fk_accounts_user_id FOREIGN KEY (user_id) REFERENCES public.accounts_user(id) DEFERRABLE INITIALLY DEFERRED;


--
-- Name: incidents_incidentticket incidents_incidentti_incident_id_eeb08522_fk_incidents; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.incidents_incidentticket
    ADD CONSTRAINT incidents_incidentti_incident_id_eeb08522_fk_incidents FOREIGN KEY (incident_id) REFERENCES public.incidents_incident(id) DEFERRABLE INITIALLY DEFERRED;


--
-- Name: incidents_incidentticket incidents_incidentti_linked_by_id_dedf3833_fk_accounts_; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.incidents_incidentticket
    ADD CONSTRAINT incidents_incidentti_linked_by_id_dedf3833_fk_accounts_ FOREIGN KEY (linked_by_id) REFERENCES public.accounts_user(id) DEFERRABLE INITIALLY DEFERRED;


--
-- Name: incidents_incidentticket incidents_incidentti_ticket_id_e77e28ad_fk_tickets_t; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.incidents_incidentticket
    ADD CONSTRAINT incidents_incidentti_ticket_id_e77e28ad_fk_tickets_t FOREIGN KEY (ticket_id) REFERENCES public.tickets_ticket(id) DEFERRABLE INITIALLY DEFERRED;


--
-- Name: incidents_incidentticket incidents_incidentti_told_id_fe8d2aa2_fk_incidents; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.incidents_incidentticket
    ADD CONSTRAINT incidents_incidentti_told_id_fe8d2aa2_fk_incidents FOREIGN KEY (told_id) REFERENCES public.incidents_update(id) DEFERRABLE INITIALLY DEFERRED;


--
-- Name: incidents_incidentticket incidents_incidentti_undone_by_id_9743d0e8_fk_accounts_; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.incidents_incidentticket
    ADD CONSTRAINT incidents_incidentti_undone_by_id_9743d0e8_fk_accounts_ FOREIGN KEY (undone_by_id) REFERENCES public.accounts_user(id) DEFERRABLE INITIALLY DEFERRED;


--
-- Name: incidents_maintenancenotice incidents_maintenanc_maintenance_id_4ffb7d24_fk_incidents; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.incidents_maintenancenotice
    ADD CONSTRAINT incidents_maintenanc_maintenance_id_4ffb7d24_fk_incidents FOREIGN KEY (maintenance_id) REFERENCES public.incidents_maintenance(id) DEFERRABLE INITIALLY DEFERRED;


--
-- Name: incidents_maintenance_services incidents_maintenanc_maintenance_id_d491f497_fk_incidents; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.incidents_maintenance_services
    ADD CONSTRAINT incidents_maintenanc_maintenance_id_d491f497_fk_incidents FOREIGN KEY (maintenance_id) REFERENCES public.incidents_maintenance(id) DEFERRABLE INITIALLY DEFERRED;


--
-- Name: incidents_maintenance_servers incidents_maintenanc_maintenance_id_f3ca77c8_fk_incidents; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.incidents_maintenance_servers
    ADD CONSTRAINT incidents_maintenanc_maintenance_id_f3ca77c8_fk_incidents FOREIGN KEY (maintenance_id) REFERENCES public.incidents_maintenance(id) DEFERRABLE INITIALLY DEFERRED;


--
-- Name: incidents_maintenance incidents_maintenanc_planned_by_id_7ab32407_fk_accounts_; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.incidents_maintenance
    ADD CONSTRAINT incidents_maintenanc_planned_by_id_7ab32407_fk_accounts_ FOREIGN KEY (planned_by_id) REFERENCES public.accounts_user(id) DEFERRABLE INITIALLY DEFERRED;


--
-- Name: incidents_maintenance_servers incidents_maintenanc_server_id_02b967dd_fk_services_; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.incidents_maintenance_servers
    ADD CONSTRAINT incidents_maintenanc_server_id_02b967dd_fk_services_ FOREIGN KEY (server_id) REFERENCES public.services_server(id) DEFERRABLE INITIALLY DEFERRED;


--
-- Name: incidents_maintenance_services incidents_maintenanc_service_id_5381e840_fk_services_; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.incidents_maintenance_services
    ADD CONSTRAINT incidents_maintenanc_service_id_5381e840_fk_services_ FOREIGN KEY (service_id) REFERENCES public.services_service(id) DEFERRABLE INITIALLY DEFERRED;


--
-- Name: incidents_proposal incidents_proposal_decided_by_id_f405bff1_fk_accounts_user_id; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.incidents_proposal
    ADD CONSTRAINT incidents_proposal_decided_by_id_f405bff1_fk_accounts_user_id FOREIGN KEY (decided_by_id) REFERENCES public.accounts_user(id) DEFERRABLE INITIALLY DEFERRED;


--
-- Name: incidents_proposal incidents_proposal_incident_id_859f6627_fk_incidents; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.incidents_proposal
    ADD CONSTRAINT incidents_proposal_incident_id_859f6627_fk_incidents FOREIGN KEY (incident_id) REFERENCES public.incidents_incident(id) DEFERRABLE INITIALLY DEFERRED;


--
-- Name: incidents_proposal incidents_proposal_server_id_76e8dc17_fk_services_server_id; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.incidents_proposal
    ADD CONSTRAINT incidents_proposal_server_id_76e8dc17_fk_services_server_id FOREIGN KEY (server_id) REFERENCES public.services_server(id) DEFERRABLE INITIALLY DEFERRED;


--
-- Name: incidents_told incidents_told_contact_id_794abe4b_fk_customers_contact_id; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.incidents_told
    ADD CONSTRAINT incidents_told_contact_id_794abe4b_fk_customers_contact_id FOREIGN KEY (contact_id) REFERENCES public.customers_contact(id) DEFERRABLE INITIALLY DEFERRED;


--
-- Name: incidents_told incidents_told_update_id_6a185680_fk_incidents_update_id; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.incidents_told
    ADD CONSTRAINT incidents_told_update_id_6a185680_fk_incidents_update_id FOREIGN KEY (update_id) REFERENCES public.incidents_update(id) DEFERRABLE INITIALLY DEFERRED;


--
-- Name: incidents_update incidents_update_by_id_1e5c781f_fk_accounts_user_id; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.incidents_update
    ADD CONSTRAINT incidents_update_by_id_1e5c781f_fk_accounts_user_id FOREIGN KEY (by_id) REFERENCES public.accounts_user(id) DEFERRABLE INITIALLY DEFERRED;


--
-- Name: incidents_update incidents_update_incident_id_5ecafd02_fk_incidents_incident_id; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.incidents_update
    ADD CONSTRAINT incidents_update_incident_id_5ecafd02_fk_incidents_incident_id FOREIGN KEY (incident_id) REFERENCES public.incidents_incident(id) DEFERRABLE INITIALLY DEFERRED;


--
-- Name: mail_imapaccount mail_imapaccount_mailbox_id_b5a41fa8_fk_mail_mailbox_id; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.mail_imapaccount
    ADD CONSTRAINT mail_imapaccount_mailbox_id_b5a41fa8_fk_mail_mailbox_id FOREIGN KEY (mailbox_id) REFERENCES public.mail_mailbox(id) DEFERRABLE INITIALLY DEFERRED;


--
-- Name: mail_inboundmail mail_inboundmail_about_id_688b4821_fk_mail_outboundmail_id; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.mail_inboundmail
    ADD CONSTRAINT mail_inboundmail_about_id_688b4821_fk_mail_outboundmail_id FOREIGN KEY (about_id) REFERENCES public.mail_outboundmail(id) DEFERRABLE INITIALLY DEFERRED;


--
-- Name: mail_inboundmail mail_inboundmail_mailbox_id_20aafe8a_fk_mail_mailbox_id; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.mail_inboundmail
    ADD CONSTRAINT mail_inboundmail_mailbox_id_20aafe8a_fk_mail_mailbox_id FOREIGN KEY (mailbox_id) REFERENCES public.mail_mailbox(id) DEFERRABLE INITIALLY DEFERRED;


--
-- Name: mail_inboundmail mail_inboundmail_raw_id_d92e46db_fk_mail_rawmail_sha256; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.mail_inboundmail
    ADD CONSTRAINT mail_inboundmail_raw_id_d92e46db_fk_mail_rawmail_sha256 FOREIGN KEY (raw_id) REFERENCES public.mail_rawmail(sha256) DEFERRABLE INITIALLY DEFERRED;


--
-- Name: mail_outboundmail mail_outboundmail_copy_of_id_e90b3f26_fk_mail_outboundmail_id; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.mail_outboundmail
    ADD CONSTRAINT mail_outboundmail_copy_of_id_e90b3f26_fk_mail_outboundmail_id FOREIGN KEY (copy_of_id) REFERENCES public.mail_outboundmail(id) DEFERRABLE INITIALLY DEFERRED;


--
-- Name: mail_outboundmail mail_outboundmail_mailbox_id_abac8681_fk_mail_mailbox_id; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.mail_outboundmail
    ADD CONSTRAINT mail_outboundmail_mailbox_id_abac8681_fk_mail_mailbox_id FOREIGN KEY (mailbox_id) REFERENCES public.mail_mailbox(id) DEFERRABLE INITIALLY DEFERRED;


--
-- Name: mail_selftest mail_selftest_mailbox_id_5b4c9b31_fk_mail_mailbox_id; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.mail_selftest
    ADD CONSTRAINT mail_selftest_mailbox_id_5b4c9b31_fk_mail_mailbox_id FOREIGN KEY (mailbox_id) REFERENCES public.mail_mailbox(id) DEFERRABLE INITIALLY DEFERRED;


--
-- Name: mail_selftest mail_selftest_outbound_id_8311bc41_fk_mail_outboundmail_id; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.mail_selftest
    ADD CONSTRAINT mail_selftest_outbound_id_8311bc41_fk_mail_outboundmail_id FOREIGN KEY (outbound_id) REFERENCES public.mail_outboundmail(id) DEFERRABLE INITIALLY DEFERRED;


--
-- Name: mfa_authenticator mfa_authenticator_user_id_0c3a50c0_fk_accounts_user_id; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.mfa_authenticator
    ADD CONSTRAINT mfa_authenticator_user_id_0c3a50c0_fk_accounts_user_id FOREIGN KEY (user_id) REFERENCES public.accounts_user(id) DEFERRABLE INITIALLY DEFERRED;


--
-- Name: policy_clause policy_clause_begins_id_018b7a58_fk_policy_edition_id; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.policy_clause
    ADD CONSTRAINT policy_clause_begins_id_018b7a58_fk_policy_edition_id FOREIGN KEY (begins_id) REFERENCES public.policy_edition(id) DEFERRABLE INITIALLY DEFERRED;


--
-- Name: policy_clause policy_clause_ends_id_aad71626_fk_policy_edition_id; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.policy_clause
    ADD CONSTRAINT policy_clause_ends_id_aad71626_fk_policy_edition_id FOREIGN KEY (ends_id) REFERENCES public.policy_edition(id) DEFERRABLE INITIALLY DEFERRED;


--
-- Name: policy_edition policy_edition_published_by_id_e33fe4ca_fk_accounts_user_id; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.policy_edition
    ADD CONSTRAINT policy_edition_published_by_id_e33fe4ca_fk_accounts_user_id FOREIGN KEY (published_by_id) REFERENCES public.accounts_user(id) DEFERRABLE INITIALLY DEFERRED;


--
-- Name: privacy_download privacy_download_asked_by_id_1bf5205f_fk_accounts_user_id; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.privacy_download
    ADD CONSTRAINT privacy_download_asked_by_id_1bf5205f_fk_accounts_user_id FOREIGN KEY (asked_by_id) REFERENCES public.accounts_user(id) DEFERRABLE INITIALLY DEFERRED;


--
-- Name: privacy_download privacy_download_contact_id_7ffdd664_fk_customers_contact_id; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.privacy_download
    ADD CONSTRAINT privacy_download_contact_id_7ffdd664_fk_customers_contact_id FOREIGN KEY (contact_id) REFERENCES public.customers_contact(id) DEFERRABLE INITIALLY DEFERRED;


--
-- Name: privacy_drop privacy_drop_contact_id_f0e5c8f1_fk_customers_contact_id; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.privacy_drop
    ADD CONSTRAINT privacy_drop_contact_id_f0e5c8f1_fk_customers_contact_id FOREIGN KEY (contact_id) REFERENCES public.customers_contact(id) DEFERRABLE INITIALLY DEFERRED;


--
-- Name: privacy_drop privacy_drop_seen_by_id_7eaec784_fk_accounts_user_id; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.privacy_drop
    ADD CONSTRAINT privacy_drop_seen_by_id_7eaec784_fk_accounts_user_id FOREIGN KEY (seen_by_id) REFERENCES public.accounts_user(id) DEFERRABLE INITIALLY DEFERRED;


--
-- Name: privacy_drop privacy_drop_ticket_id_5c806db0_fk_tickets_ticket_id; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.privacy_drop
    ADD CONSTRAINT privacy_drop_ticket_id_5c806db0_fk_tickets_ticket_id FOREIGN KEY (ticket_id) REFERENCES public.tickets_ticket(id) DEFERRABLE INITIALLY DEFERRED;


--
-- Name: privacy_erasure privacy_erasure_by_id_5982a932_fk_accounts_user_id; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.privacy_erasure
    ADD CONSTRAINT privacy_erasure_by_id_5982a932_fk_accounts_user_id FOREIGN KEY (by_id) REFERENCES public.accounts_user(id) DEFERRABLE INITIALLY DEFERRED;


--
-- Name: privacy_erasure privacy_erasure_contact_id_a4fd71ca_fk_customers_contact_id; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.privacy_erasure
    ADD CONSTRAINT privacy_erasure_contact_id_a4fd71ca_fk_customers_contact_id FOREIGN KEY (contact_id) REFERENCES public.customers_contact(id) DEFERRABLE INITIALLY DEFERRED;


--
-- Name: privacy_erasure privacy_erasure_ticket_id_9b508076_fk_tickets_ticket_id; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.privacy_erasure
    ADD CONSTRAINT privacy_erasure_ticket_id_9b508076_fk_tickets_ticket_id FOREIGN KEY (ticket_id) REFERENCES public.tickets_ticket(id) DEFERRABLE INITIALLY DEFERRED;


--
-- Name: privacy_erasureplan privacy_erasureplan_by_id_ed27b576_fk_accounts_user_id; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.privacy_erasureplan
    ADD CONSTRAINT privacy_erasureplan_by_id_ed27b576_fk_accounts_user_id FOREIGN KEY (by_id) REFERENCES public.accounts_user(id) DEFERRABLE INITIALLY DEFERRED;


--
-- Name: privacy_erasureplan privacy_erasureplan_contact_id_61eb152b_fk_customers_contact_id; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.privacy_erasureplan
    ADD CONSTRAINT privacy_erasureplan_contact_id_61eb152b_fk_customers_contact_id FOREIGN KEY (contact_id) REFERENCES public.customers_contact(id) DEFERRABLE INITIALLY DEFERRED;


--
-- Name: privacy_keeping privacy_keeping_by_id_f04fe5e1_fk_accounts_user_id; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.privacy_keeping
    ADD CONSTRAINT privacy_keeping_by_id_f04fe5e1_fk_accounts_user_id FOREIGN KEY (by_id) REFERENCES public.accounts_user(id) DEFERRABLE INITIALLY DEFERRED;


--
-- Name: privacy_keeping privacy_keeping_ticket_id_3c357c52_fk_tickets_ticket_id; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.privacy_keeping
    ADD CONSTRAINT privacy_keeping_ticket_id_3c357c52_fk_tickets_ticket_id FOREIGN KEY (ticket_id) REFERENCES public.tickets_ticket(id) DEFERRABLE INITIALLY DEFERRED;


--
-- Name: procrastinate_events procrastinate_events_job_id_fkey; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.procrastinate_events
    ADD CONSTRAINT procrastinate_events_job_id_fkey FOREIGN KEY (job_id) REFERENCES public.procrastinate_jobs(id) ON DELETE CASCADE;


--
-- Name: procrastinate_jobs procrastinate_jobs_worker_id_fkey; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.procrastinate_jobs
    ADD CONSTRAINT procrastinate_jobs_worker_id_fkey FOREIGN KEY (worker_id) REFERENCES public.procrastinate_workers(id) ON DELETE SET NULL;


--
-- Name: procrastinate_periodic_defers procrastinate_periodic_defers_job_id_fkey; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.procrastinate_periodic_defers
    ADD CONSTRAINT procrastinate_periodic_defers_job_id_fkey FOREIGN KEY (job_id) REFERENCES public.procrastinate_jobs(id);


--
-- Name: services_quietwindow services_quietwindow_server_id_881075db_fk_services_server_id; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.services_quietwindow
    ADD CONSTRAINT services_quietwindow_server_id_881075db_fk_services_server_id FOREIGN KEY (server_id) REFERENCES public.services_server(id) DEFERRABLE INITIALLY DEFERRED;


--
-- Name: services_quietwindow services_quietwindow_service_id_ab7ced9a_fk_services_service_id; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.services_quietwindow
    ADD CONSTRAINT services_quietwindow_service_id_ab7ced9a_fk_services_service_id FOREIGN KEY (service_id) REFERENCES public.services_service(id) DEFERRABLE INITIALLY DEFERRED;


--
-- Name: services_service services_service_customer_id_b38f0c55_fk_customers_customer_id; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.services_service
    ADD CONSTRAINT services_service_customer_id_b38f0c55_fk_customers_customer_id FOREIGN KEY (customer_id) REFERENCES public.customers_customer(id) DEFERRABLE INITIALLY DEFERRED;


--
-- Name: services_service services_service_server_id_e01d50e4_fk_services_server_id; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.services_service
    ADD CONSTRAINT services_service_server_id_e01d50e4_fk_services_server_id FOREIGN KEY (server_id) REFERENCES public.services_server(id) DEFERRABLE INITIALLY DEFERRED;


--
-- Name: services_servicedomain services_servicedoma_service_id_ec40d2e2_fk_services_; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.services_servicedomain
    ADD CONSTRAINT services_servicedoma_service_id_ec40d2e2_fk_services_ FOREIGN KEY (service_id) REFERENCES public.services_service(id) DEFERRABLE INITIALLY DEFERRED;


--
-- Name: telephone_call telephone_call_contact_id_5e252097_fk_customers_contact_id; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.telephone_call
    ADD CONSTRAINT telephone_call_contact_id_5e252097_fk_customers_contact_id FOREIGN KEY (contact_id) REFERENCES public.customers_contact(id) DEFERRABLE INITIALLY DEFERRED;


--
-- Name: telephone_call telephone_call_ticket_id_74423aed_fk_tickets_ticket_id; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.telephone_call
    ADD CONSTRAINT telephone_call_ticket_id_74423aed_fk_tickets_ticket_id FOREIGN KEY (ticket_id) REFERENCES public.tickets_ticket(id) DEFERRABLE INITIALLY DEFERRED;


--
-- Name: telephone_call telephone_call_user_id_49c90af4_fk_accounts_user_id; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.telephone_call
    ADD CONSTRAINT telephone_call_user_id_49c90af4_fk_accounts_user_id FOREIGN KEY (user_id) REFERENCES public.accounts_user(id) DEFERRABLE INITIALLY DEFERRED;


--
-- Name: telephone_callevent telephone_callevent_call_id_d22ba313_fk_telephone_call_id; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.telephone_callevent
    ADD CONSTRAINT telephone_callevent_call_id_d22ba313_fk_telephone_call_id FOREIGN KEY (call_id) REFERENCES public.telephone_call(id) DEFERRABLE INITIALLY DEFERRED;


--
-- Name: telephone_extension telephone_extension_user_id_d7f44f02_fk_accounts_user_id; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.telephone_extension
    ADD CONSTRAINT telephone_extension_user_id_d7f44f02_fk_accounts_user_id FOREIGN KEY (user_id) REFERENCES public.accounts_user(id) DEFERRABLE INITIALLY DEFERRED;


--
-- Name: telephone_pincheck telephone_pincheck_contact_id_3ab1b2c9_fk_customers_contact_id; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.telephone_pincheck
    ADD CONSTRAINT telephone_pincheck_contact_id_3ab1b2c9_fk_customers_contact_id FOREIGN KEY (contact_id) REFERENCES public.customers_contact(id) DEFERRABLE INITIALLY DEFERRED;


--
-- Name: telephone_pincheck telephone_pincheck_ticket_id_5075edd8_fk_tickets_ticket_id; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.telephone_pincheck
    ADD CONSTRAINT telephone_pincheck_ticket_id_5075edd8_fk_tickets_ticket_id FOREIGN KEY (ticket_id) REFERENCES public.tickets_ticket(id) DEFERRABLE INITIALLY DEFERRED;


--
-- Name: telephone_pincheck telephone_pincheck_user_id_8e58791f_fk_accounts_user_id; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.telephone_pincheck
    ADD CONSTRAINT telephone_pincheck_user_id_8e58791f_fk_accounts_user_id FOREIGN KEY (user_id) REFERENCES public.accounts_user(id) DEFERRABLE INITIALLY DEFERRED;


--
-- Name: telephone_supportpin telephone_supportpin_contact_id_b25c0ddb_fk_customers; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.telephone_supportpin
    ADD CONSTRAINT telephone_supportpin_contact_id_b25c0ddb_fk_customers FOREIGN KEY (contact_id) REFERENCES public.customers_contact(id) DEFERRABLE INITIALLY DEFERRED;


--
-- Name: tickets_attachment tickets_attachment_draft_id_f043ef28_fk_tickets_draft_id; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.tickets_attachment
    ADD CONSTRAINT tickets_attachment_draft_id_f043ef28_fk_tickets_draft_id FOREIGN KEY (draft_id) REFERENCES public.tickets_draft(id) DEFERRABLE INITIALLY DEFERRED;


--
-- Name: tickets_attachment tickets_attachment_message_id_19591853_fk_tickets_message_id; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.tickets_attachment
    ADD CONSTRAINT tickets_attachment_message_id_19591853_fk_tickets_message_id FOREIGN KEY (message_id) REFERENCES public.tickets_message(id) DEFERRABLE INITIALLY DEFERRED;


--
-- Name: tickets_attachment tickets_attachment_note_id_c7229a9c_fk_tickets_note_id; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.tickets_attachment
    ADD CONSTRAINT tickets_attachment_note_id_c7229a9c_fk_tickets_note_id FOREIGN KEY (note_id) REFERENCES public.tickets_note(id) DEFERRABLE INITIALLY DEFERRED;


--
-- Name: tickets_attachment tickets_attachment_ticket_id_00f5c87f_fk_tickets_ticket_id; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.tickets_attachment
    ADD CONSTRAINT tickets_attachment_ticket_id_00f5c87f_fk_tickets_ticket_id FOREIGN KEY (ticket_id) REFERENCES public.tickets_ticket(id) DEFERRABLE INITIALLY DEFERRED;


--
-- Name: tickets_attention tickets_attention_customer_id_1fae759b_fk_customers_customer_id; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.tickets_attention
    ADD CONSTRAINT tickets_attention_customer_id_1fae759b_fk_customers_customer_id FOREIGN KEY (customer_id) REFERENCES public.customers_customer(id) DEFERRABLE INITIALLY DEFERRED;


--
-- Name: tickets_concern tickets_concern_customer_id_630dfc9c_fk_customers_customer_id; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.tickets_concern
    ADD CONSTRAINT tickets_concern_customer_id_630dfc9c_fk_customers_customer_id FOREIGN KEY (customer_id) REFERENCES public.customers_customer(id) DEFERRABLE INITIALLY DEFERRED;


--
-- Name: tickets_concern tickets_concern_dismissed_by_id_0cb79937_fk_accounts_user_id; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.tickets_concern
    ADD CONSTRAINT tickets_concern_dismissed_by_id_0cb79937_fk_accounts_user_id FOREIGN KEY (dismissed_by_id) REFERENCES public.accounts_user(id) DEFERRABLE INITIALLY DEFERRED;


--
-- Name: tickets_draft tickets_draft_ticket_id_4d738b41_fk_tickets_ticket_id; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.tickets_draft
    ADD CONSTRAINT tickets_draft_ticket_id_4d738b41_fk_tickets_ticket_id FOREIGN KEY (ticket_id) REFERENCES public.tickets_ticket(id) DEFERRABLE INITIALLY DEFERRED;


--
-- Name: tickets_draft tickets_draft_user_id_0c39dc9e_fk_accounts_user_id; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.tickets_draft
    ADD CONSTRAINT tickets_draft_user_id_0c39dc9e_fk_accounts_user_id FOREIGN KEY (user_id) REFERENCES public.accounts_user(id) DEFERRABLE INITIALLY DEFERRED;


--
-- Name: tickets_event tickets_event_contact_id_20450658_fk_customers_contact_id; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.tickets_event
    ADD CONSTRAINT tickets_event_contact_id_20450658_fk_customers_contact_id FOREIGN KEY (contact_id) REFERENCES public.customers_contact(id) DEFERRABLE INITIALLY DEFERRED;


--
-- Name: tickets_event tickets_event_ticket_id_c2d3d586_fk_tickets_ticket_id; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.tickets_event
    ADD CONSTRAINT tickets_event_ticket_id_c2d3d586_fk_tickets_ticket_id FOREIGN KEY (ticket_id) REFERENCES public.tickets_ticket(id) DEFERRABLE INITIALLY DEFERRED;


--
-- Name: tickets_event tickets_event_user_id_dc47e63f_fk_accounts_user_id; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.tickets_event
    ADD CONSTRAINT tickets_event_user_id_dc47e63f_fk_accounts_user_id FOREIGN KEY (user_id) REFERENCES public.accounts_user(id) DEFERRABLE INITIALLY DEFERRED;


--
-- Name: tickets_follower tickets_follower_contact_id_1496d021_fk_customers_contact_id; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.tickets_follower
    ADD CONSTRAINT tickets_follower_contact_id_1496d021_fk_customers_contact_id FOREIGN KEY (contact_id) REFERENCES public.customers_contact(id) DEFERRABLE INITIALLY DEFERRED;


--
-- Name: tickets_follower tickets_follower_ticket_id_f7e5160d_fk_tickets_ticket_id; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.tickets_follower
    ADD CONSTRAINT tickets_follower_ticket_id_f7e5160d_fk_tickets_ticket_id FOREIGN KEY (ticket_id) REFERENCES public.tickets_ticket(id) DEFERRABLE INITIALLY DEFERRED;


--
-- Name: tickets_follower tickets_follower_user_id_9021a28d_fk_accounts_user_id; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.tickets_follower
    ADD CONSTRAINT tickets_follower_user_id_9021a28d_fk_accounts_user_id FOREIGN KEY (user_id) REFERENCES public.accounts_user(id) DEFERRABLE INITIALLY DEFERRED;


--
-- Name: tickets_heldfile tickets_heldfile_contact_id_254869e6_fk_customers_contact_id; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.tickets_heldfile
    ADD CONSTRAINT tickets_heldfile_contact_id_254869e6_fk_customers_contact_id FOREIGN KEY (contact_id) REFERENCES public.customers_contact(id) DEFERRABLE INITIALLY DEFERRED;


--
-- Name: tickets_link tickets_link_source_id_efb18ebc_fk_tickets_ticket_id; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.tickets_link
    ADD CONSTRAINT tickets_link_source_id_efb18ebc_fk_tickets_ticket_id FOREIGN KEY (source_id) REFERENCES public.tickets_ticket(id) DEFERRABLE INITIALLY DEFERRED;


--
-- Name: tickets_link tickets_link_target_id_c59050aa_fk_tickets_ticket_id; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.tickets_link
    ADD CONSTRAINT tickets_link_target_id_c59050aa_fk_tickets_ticket_id FOREIGN KEY (target_id) REFERENCES public.tickets_ticket(id) DEFERRABLE INITIALLY DEFERRED;


--
-- Name: tickets_merge tickets_merge_by_id_042d5d6f_fk_accounts_user_id; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.tickets_merge
    ADD CONSTRAINT tickets_merge_by_id_042d5d6f_fk_accounts_user_id FOREIGN KEY (by_id) REFERENCES public.accounts_user(id) DEFERRABLE INITIALLY DEFERRED;


--
-- Name: tickets_merge tickets_merge_source_id_e8b8170e_fk_tickets_ticket_id; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.tickets_merge
    ADD CONSTRAINT tickets_merge_source_id_e8b8170e_fk_tickets_ticket_id FOREIGN KEY (source_id) REFERENCES public.tickets_ticket(id) DEFERRABLE INITIALLY DEFERRED;


--
-- Name: tickets_merge tickets_merge_target_id_ca18eaa8_fk_tickets_ticket_id; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.tickets_merge
    ADD CONSTRAINT tickets_merge_target_id_ca18eaa8_fk_tickets_ticket_id FOREIGN KEY (target_id) REFERENCES public.tickets_ticket(id) DEFERRABLE INITIALLY DEFERRED;


--
-- Name: tickets_message tickets_message_contact_id_d1c72644_fk_customers_contact_id; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.tickets_message
    ADD CONSTRAINT tickets_message_contact_id_d1c72644_fk_customers_contact_id FOREIGN KEY (contact_id) REFERENCES public.customers_contact(id) DEFERRABLE INITIALLY DEFERRED;


--
-- Name: tickets_message tickets_message_inbound_id_f3e63a74_fk_mail_inboundmail_id; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.tickets_message
    ADD CONSTRAINT tickets_message_inbound_id_f3e63a74_fk_mail_inboundmail_id FOREIGN KEY (inbound_id) REFERENCES public.mail_inboundmail(id) DEFERRABLE INITIALLY DEFERRED;


--
-- Name: tickets_message tickets_message_outbound_id_73203049_fk_mail_outboundmail_id; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.tickets_message
    ADD CONSTRAINT tickets_message_outbound_id_73203049_fk_mail_outboundmail_id FOREIGN KEY (outbound_id) REFERENCES public.mail_outboundmail(id) DEFERRABLE INITIALLY DEFERRED;


--
-- Name: tickets_message tickets_message_ticket_id_a1134910_fk_tickets_ticket_id; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.tickets_message
    ADD CONSTRAINT tickets_message_ticket_id_a1134910_fk_tickets_ticket_id FOREIGN KEY (ticket_id) REFERENCES public.tickets_ticket(id) DEFERRABLE INITIALLY DEFERRED;


--
-- Name: tickets_message tickets_message_user_id_e5561b73_fk_accounts_user_id; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.tickets_message
    ADD CONSTRAINT tickets_message_user_id_e5561b73_fk_accounts_user_id FOREIGN KEY (user_id) REFERENCES public.accounts_user(id) DEFERRABLE INITIALLY DEFERRED;


--
-- Name: tickets_note tickets_note_ticket_id_d19e6b0b_fk_tickets_ticket_id; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.tickets_note
    ADD CONSTRAINT tickets_note_ticket_id_d19e6b0b_fk_tickets_ticket_id FOREIGN KEY (ticket_id) REFERENCES public.tickets_ticket(id) DEFERRABLE INITIALLY DEFERRED;


--
-- Name: tickets_note tickets_note_user_id_7404e6fc_fk_accounts_user_id; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.tickets_note
    ADD CONSTRAINT tickets_note_user_id_7404e6fc_fk_accounts_user_id FOREIGN KEY (user_id) REFERENCES public.accounts_user(id) DEFERRABLE INITIALLY DEFERRED;


--
-- Name: tickets_order tickets_order_asked_by_contact_id_02c83021_fk_customers; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.tickets_order
    ADD CONSTRAINT tickets_order_asked_by_contact_id_02c83021_fk_customers FOREIGN KEY (asked_by_contact_id) REFERENCES public.customers_contact(id) DEFERRABLE INITIALLY DEFERRED;


--
-- Name: tickets_order tickets_order_asked_by_id_cc547074_fk_accounts_user_id; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.tickets_order
    ADD CONSTRAINT tickets_order_asked_by_id_cc547074_fk_accounts_user_id FOREIGN KEY (asked_by_id) REFERENCES public.accounts_user(id) DEFERRABLE INITIALLY DEFERRED;


--
-- Name: tickets_order tickets_order_customer_id_60494c04_fk_customers_customer_id; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.tickets_order
    ADD CONSTRAINT tickets_order_customer_id_60494c04_fk_customers_customer_id FOREIGN KEY (customer_id) REFERENCES public.customers_customer(id) DEFERRABLE INITIALLY DEFERRED;


--
-- Name: tickets_order tickets_order_decided_by_id_7bffb6f2_fk_customers_contact_id; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.tickets_order
    ADD CONSTRAINT tickets_order_decided_by_id_7bffb6f2_fk_customers_contact_id FOREIGN KEY (decided_by_id) REFERENCES public.customers_contact(id) DEFERRABLE INITIALLY DEFERRED;


--
-- Name: tickets_order tickets_order_ticket_id_b713d07c_fk_tickets_ticket_id; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.tickets_order
    ADD CONSTRAINT tickets_order_ticket_id_b713d07c_fk_tickets_ticket_id FOREIGN KEY (ticket_id) REFERENCES public.tickets_ticket(id) DEFERRABLE INITIALLY DEFERRED;


--
-- Name: tickets_presence tickets_presence_ticket_id_f0e92811_fk_tickets_ticket_id; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.tickets_presence
    ADD CONSTRAINT tickets_presence_ticket_id_f0e92811_fk_tickets_ticket_id FOREIGN KEY (ticket_id) REFERENCES public.tickets_ticket(id) DEFERRABLE INITIALLY DEFERRED;


--
-- Name: tickets_presence tickets_presence_user_id_b1ef7b6f_fk_accounts_user_id; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.tickets_presence
    ADD CONSTRAINT tickets_presence_user_id_b1ef7b6f_fk_accounts_user_id FOREIGN KEY (user_id) REFERENCES public.accounts_user(id) DEFERRABLE INITIALLY DEFERRED;


--
-- Name: tickets_rating tickets_rating_contact_id_3df0a576_fk_customers_contact_id; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.tickets_rating
    ADD CONSTRAINT tickets_rating_contact_id_3df0a576_fk_customers_contact_id FOREIGN KEY (contact_id) REFERENCES public.customers_contact(id) DEFERRABLE INITIALLY DEFERRED;


--
-- Name: tickets_rating tickets_rating_ticket_id_01a25529_fk_tickets_ticket_id; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.tickets_rating
    ADD CONSTRAINT tickets_rating_ticket_id_01a25529_fk_tickets_ticket_id FOREIGN KEY (ticket_id) REFERENCES public.tickets_ticket(id) DEFERRABLE INITIALLY DEFERRED;


--
-- Name: tickets_requestdraft tickets_requestdraft_contact_id_f318d9e4_fk_customers; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.tickets_requestdraft
    ADD CONSTRAINT tickets_requestdraft_contact_id_f318d9e4_fk_customers FOREIGN KEY (contact_id) REFERENCES public.customers_contact(id) DEFERRABLE INITIALLY DEFERRED;


--
-- Name: tickets_ticket tickets_ticket_assignee_id_3a5aa407_fk_accounts_user_id; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.tickets_ticket
    ADD CONSTRAINT tickets_ticket_assignee_id_3a5aa407_fk_accounts_user_id FOREIGN KEY (assignee_id) REFERENCES public.accounts_user(id) DEFERRABLE INITIALLY DEFERRED;


--
-- Name: tickets_ticket tickets_ticket_contact_id_a9a8a57d_fk_customers_contact_id; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.tickets_ticket
    ADD CONSTRAINT tickets_ticket_contact_id_a9a8a57d_fk_customers_contact_id FOREIGN KEY (contact_id) REFERENCES public.customers_contact(id) DEFERRABLE INITIALLY DEFERRED;


--
-- Name: tickets_ticket tickets_ticket_customer_id_f2d9135a_fk_customers_customer_id; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.tickets_ticket
    ADD CONSTRAINT tickets_ticket_customer_id_f2d9135a_fk_customers_customer_id FOREIGN KEY (customer_id) REFERENCES public.customers_customer(id) DEFERRABLE INITIALLY DEFERRED;


--
-- Name: tickets_ticket tickets_ticket_mailbox_id_5bd7f7d8_fk_mail_mailbox_id; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.tickets_ticket
    ADD CONSTRAINT tickets_ticket_mailbox_id_5bd7f7d8_fk_mail_mailbox_id FOREIGN KEY (mailbox_id) REFERENCES public.mail_mailbox(id) DEFERRABLE INITIALLY DEFERRED;


--
-- Name: tickets_ticket tickets_ticket_merged_into_id_3a36ad40_fk_tickets_ticket_id; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.tickets_ticket
    ADD CONSTRAINT tickets_ticket_merged_into_id_3a36ad40_fk_tickets_ticket_id FOREIGN KEY (merged_into_id) REFERENCES public.tickets_ticket(id) DEFERRABLE INITIALLY DEFERRED;


--
-- Name: tickets_ticket tickets_ticket_overruled_by_id_21a88ff8_fk_accounts_user_id; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.tickets_ticket
    ADD CONSTRAINT tickets_ticket_overruled_by_id_21a88ff8_fk_accounts_user_id FOREIGN KEY (overruled_by_id) REFERENCES public.accounts_user(id) DEFERRABLE INITIALLY DEFERRED;


--
-- Name: tickets_ticket tickets_ticket_queue_id_0d3cb9ef_fk_triage_queue_id; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.tickets_ticket
    ADD CONSTRAINT tickets_ticket_queue_id_0d3cb9ef_fk_triage_queue_id FOREIGN KEY (queue_id) REFERENCES public.triage_queue(id) DEFERRABLE INITIALLY DEFERRED;


--
-- Name: tickets_ticket tickets_ticket_service_id_b539ed07_fk_services_service_id; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.tickets_ticket
    ADD CONSTRAINT tickets_ticket_service_id_b539ed07_fk_services_service_id FOREIGN KEY (service_id) REFERENCES public.services_service(id) DEFERRABLE INITIALLY DEFERRED;


--
-- Name: tickets_ticket_tags tickets_ticket_tags_tag_id_94e38768_fk_tickets_tag_id; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.tickets_ticket_tags
    ADD CONSTRAINT tickets_ticket_tags_tag_id_94e38768_fk_tickets_tag_id FOREIGN KEY (tag_id) REFERENCES public.tickets_tag(id) DEFERRABLE INITIALLY DEFERRED;


--
-- Name: tickets_ticket_tags tickets_ticket_tags_ticket_id_7f74ebe4_fk_tickets_ticket_id; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.tickets_ticket_tags
    ADD CONSTRAINT tickets_ticket_tags_ticket_id_7f74ebe4_fk_tickets_ticket_id FOREIGN KEY (ticket_id) REFERENCES public.tickets_ticket(id) DEFERRABLE INITIALLY DEFERRED;


--
-- Name: tickets_ticket tickets_ticket_team_id_5a4e7469_fk_accounts_team_id; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.tickets_ticket
    ADD CONSTRAINT tickets_ticket_team_id_5a4e7469_fk_accounts_team_id FOREIGN KEY (team_id) REFERENCES public.accounts_team(id) DEFERRABLE INITIALLY DEFERRED;


--
-- Name: triage_queue triage_queue_calendar_id_cf69a317_fk_triage_calendar_id; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.triage_queue
    ADD CONSTRAINT triage_queue_calendar_id_cf69a317_fk_triage_calendar_id FOREIGN KEY (calendar_id) REFERENCES public.triage_calendar(id) DEFERRABLE INITIALLY DEFERRED;


--
-- Name: triage_queue triage_queue_policy_id_9bf95b8d_fk_triage_slapolicy_id; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.triage_queue
    ADD CONSTRAINT triage_queue_policy_id_9bf95b8d_fk_triage_slapolicy_id FOREIGN KEY (policy_id) REFERENCES public.triage_slapolicy(id) DEFERRABLE INITIALLY DEFERRED;


--
-- Name: usersessions_usersession usersessions_usersession_user_id_af5e0a6d_fk_accounts_user_id; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.usersessions_usersession
    ADD CONSTRAINT usersessions_usersession_user_id_af5e0a6d_fk_accounts_user_id FOREIGN KEY (user_id) REFERENCES public.accounts_user(id) DEFERRABLE INITIALLY DEFERRED;


--
-- PostgreSQL database dump complete
--


