"""The statements that make the rows. Everything is drawn from a row's own number, so that the same numbers give the same rows.

`%(first)s` to `%(last)s` are the numbers of the tickets of one part. The k-th contact belongs to the k-th customer.
"""

from __future__ import annotations

from typing import LiteralString

INDEXES = """
    SELECT index.indexrelid::regclass::text, pg_get_indexdef(index.indexrelid)
      FROM pg_index index
     WHERE index.indrelid = ANY (%s::regclass[])
       AND NOT EXISTS (SELECT FROM pg_constraint WHERE conindid = index.indexrelid AND contype IN ('p', 'u', 'x'))
"""

PICK = """
    CREATE FUNCTION bench_pick(n bigint, seed integer, below bigint) RETURNS bigint
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    RETURN (hashint8extended(n, seed) & 9223372036854775807) % below
"""

POOL_TABLES: tuple[LiteralString, ...] = (
    "CREATE UNLOGGED TABLE bench_text (id integer PRIMARY KEY, subject text NOT NULL, half text NOT NULL)",
)

PEOPLE: tuple[LiteralString, ...] = (
    """
    INSERT INTO services_server (id, name, hostname)
    SELECT n, 'web-' || n, 'web-' || n || '.bench.example' FROM generate_series(1, greatest(10, %(customers)s / 200)) n
    """,
    """
    INSERT INTO customers_customer (id, public_id, name, code, is_active, created_at)
    SELECT n, gen_random_uuid(),
           (ARRAY['Officina', 'Panificio', 'Studio', 'Farmacia', 'Albergo', 'Cantina', 'Libreria', 'Trattoria', 'Vivaio', 'Falegnameria'])
               [1 + bench_pick(n, 1, 10)] || ' ' ||
           (ARRAY['Bianchi', 'Rossi', 'Ferrari', 'Russo', 'Gallo', 'Conti', 'Bruno', 'Greco', 'Fontana', 'Moretti', 'Barbieri', 'Lombardi'])
               [1 + bench_pick(n, 2, 12)] || ' ' || n,
           'B' || n, true, %(now)s
      FROM generate_series(1, %(customers)s) n
    """,
    """
    INSERT INTO customers_contact (id, public_id, customer_id, name, role, language, phone, is_active, created_at)
    SELECT n, gen_random_uuid(), n,
           (ARRAY['Anna', 'Luca', 'Giulia', 'Marco', 'Chiara', 'Paolo', 'Elena', 'Davide', 'Sara', 'Andrea', 'Marta', 'Pietro'])
               [1 + bench_pick(n, 3, 12)] || ' ' ||
           (ARRAY['Bianchi', 'Rossi', 'Ferrari', 'Russo', 'Gallo', 'Conti', 'Bruno', 'Greco', 'Fontana', 'Moretti', 'Barbieri', 'Lombardi'])
               [1 + bench_pick(n, 4, 12)],
           '', 'it', '', true, %(now)s
      FROM generate_series(1, %(customers)s) n
    """,
    """
    INSERT INTO customers_contactaddress (contact_id, address, is_primary, bounce_reason)
    SELECT n, 'persona' || n || '@cliente' || n || '.example', true, '' FROM generate_series(1, %(customers)s) n
    """,
    """
    INSERT INTO services_service (id, public_id, customer_id, server_id, kind, name, plan, status)
    SELECT n, gen_random_uuid(), n, 1 + bench_pick(n, 5, greatest(10, %(customers)s / 200)), 'hosting',
           'cliente' || n || '.example', 'Base', 'active'
      FROM generate_series(1, %(customers)s) n
    """,
    """
    INSERT INTO mail_rawmail (sha256, content, size) VALUES (repeat('0', 64), ''::bytea, 0)
    """,
)

# What is known of ticket k. The newest twentieth is on the desk: a third of it new, a third answered and asked again, the rest in analysis,
# answered or waiting for the customer, and so many of them outages that each group of the queue is full at 10,000 tickets: what a page of it
# costs more at another size is then not that it shows more rows. One first answer in thirty came late.
TICKETS: tuple[LiteralString, ...] = (
    """
    WITH drawn AS (
        SELECT k,
               1 + floor(%(customers)s * power(bench_pick(k, 11, 1000000) / 1e6, 1.7))::bigint AS customer,
               %(now)s - %(span)s * ((%(tickets)s + 1 - k)::float8 / %(tickets)s) AS opened,
               k > %(tickets)s * 0.95 AS open,
               CASE WHEN k %% 500 = 0 THEN 20 ELSE 5 END AS length,
               bench_pick(k, 12, 30) = 0 AS late,
               bench_pick(k, 13, 100) AS chance,
               bench_pick(k, 14, %(agents)s * 3 / 2) AS agent,
               %(now)s + make_interval(mins => bench_pick(k, 15, 480)::integer - 20) AS due
          FROM generate_series(%(first)s, %(last)s) k
    ), placed AS (
        SELECT drawn.*, CASE WHEN NOT open THEN NULL WHEN chance < 6 THEN 1 WHEN chance < 66 THEN 2 WHEN chance < 76 THEN 3
                             WHEN chance < 86 THEN 4 ELSE 5 END AS place
          FROM drawn
    )
    INSERT INTO tickets_ticket (
        id, public_id, number, subject, queue_id, mailbox_id, channel, status, customer_id, contact_id, service_id, language, assignee_id,
        is_outage, sender_verified, is_request, reasons, opened_at, updated_at, customer_waits_since, first_due_at, first_answered_at,
        last_update_at, pauses, solved_at, closed_at, "group", priority, due_at, due_kind, alarm_step, alarm_at, snippet, public_count, version)
    SELECT k, gen_random_uuid(), 10000 + k, pool.subject, queue.id, mailbox.id, 'mail',
           CASE place WHEN 1 THEN 'open' WHEN 2 THEN CASE WHEN chance < 34 THEN 'new' ELSE 'open' END WHEN 3 THEN 'in_analysis' WHEN 4 THEN 'open'
                      WHEN 5 THEN 'waiting' ELSE 'closed' END,
           customer, customer, customer, CASE WHEN bench_pick(k, 16, 4) = 0 THEN 'en' ELSE 'it' END,
           CASE WHEN agent < %(agents)s AND (NOT open OR chance >= 34) THEN (SELECT min(id) FROM accounts_user) + agent END,
           coalesce(place = 1, false), bench_pick(k, 17, 50) > 0, true, '[]', opened, opened + make_interval(mins => 9 * (length - 1)),
           CASE WHEN place <= 2 THEN opened END, opened + '10 min', opened + CASE WHEN late THEN interval '12 min' ELSE '6 min' END,
           opened + '6 min', '[]', CASE WHEN NOT open THEN opened + '1 day' END, CASE WHEN NOT open THEN opened + '8 days' END, place, 2,
           CASE WHEN place <= 3 THEN due END,
           CASE WHEN place <= 2 AND chance < 34 THEN 'first_response' WHEN place <= 2 THEN 'next_response' WHEN place = 3 THEN 'update' ELSE '' END,
           '', CASE WHEN place <= 3 AND due > %(now)s + interval '4 hours' THEN due END,
           left(pool.half, 200), length, length
      FROM placed
      JOIN bench_text pool ON pool.id = bench_pick(k, 18, %(pool)s)
     CROSS JOIN (SELECT id FROM triage_queue ORDER BY position LIMIT 1) queue
     CROSS JOIN (SELECT id FROM mail_mailbox LIMIT 1) mailbox
    """,
    """
    INSERT INTO mail_inboundmail (
        id, public_id, mailbox_id, raw_id, door, fingerprint, message_id, envelope_from, envelope_to, answers_allowed, received_at, state, sender,
        sender_name, subject, gate, reason, reason_params, problems, attempts, error, processed_at)
    SELECT ticket.id * 20 + turn, gen_random_uuid(), ticket.mailbox_id, repeat('0', 64), 'lmtp', md5(at.key::text) || md5((-at.key)::text),
           '<' || md5(at.key::text) || '@cliente' || contact.id || '.example>', address.address, mailbox.address, true, at.written, 'filed',
           address.address, contact.name, ticket.subject, '', '', '{}', '{}', 1, '', at.written
      FROM tickets_ticket ticket
      JOIN mail_mailbox mailbox ON mailbox.id = ticket.mailbox_id
      JOIN customers_contact contact ON contact.id = ticket.contact_id
      JOIN customers_contactaddress address ON address.contact_id = contact.id
     CROSS JOIN generate_series(0, ticket.public_count - 1, 2) turn
     CROSS JOIN LATERAL (SELECT ticket.id * 20 + turn AS key, ticket.opened_at + make_interval(mins => 9 * turn) AS written) at
     WHERE ticket.id BETWEEN %(first)s AND %(last)s
    """,
    """
    INSERT INTO mail_outboundmail (
        id, public_id, mailbox_id, kind, message_id, from_header, envelope_from, "to", to_name, cc, reply_to, subject, text, html, in_reply_to,
        "references", attachments, automatic, created_at, not_before, state, attempts, sent_at, last_answer)
    SELECT ticket.id * 20 + turn, gen_random_uuid(), ticket.mailbox_id, 'reply', '<' || md5((ticket.id * 20 + turn)::text) || '@bench.example>',
           mailbox.address, mailbox.address, address.address, contact.name, '{}', '', ticket.subject, '', '', '', '{}', '[]', false,
           at.written, at.written, 'sent', 1, at.written, '250 ok'
      FROM tickets_ticket ticket
      JOIN mail_mailbox mailbox ON mailbox.id = ticket.mailbox_id
      JOIN customers_contact contact ON contact.id = ticket.contact_id
      JOIN customers_contactaddress address ON address.contact_id = contact.id
     CROSS JOIN generate_series(1, ticket.public_count - 1, 2) turn
     CROSS JOIN LATERAL (SELECT ticket.opened_at + make_interval(mins => 9 * turn) AS written) at
     WHERE ticket.id BETWEEN %(first)s AND %(last)s
    """,
    """
    INSERT INTO tickets_message (
        id, public_id, ticket_id, author, user_id, contact_id, author_name, channel, text, fresh_text, html, sanitiser_version, extra,
        is_automatic, is_unverified, created_at, inbound_id, outbound_id)
    SELECT ticket.id * 20 + turn, gen_random_uuid(), ticket.id, CASE WHEN by_staff THEN 'staff' ELSE 'customer' END,
           CASE WHEN by_staff THEN coalesce(ticket.assignee_id, agent.id) END, CASE WHEN NOT by_staff THEN ticket.contact_id END,
           CASE WHEN by_staff THEN agent.name ELSE contact.name END, CASE WHEN by_staff THEN 'desk' ELSE 'mail' END,
           E'Buongiorno,\n\n' || one.half || E'\n\n' || two.half || E'\n\nPratica ' || upper(left(md5(ticket.id::text), 7)) || E'\nGrazie e saluti',
           '', '', 1, '{}', false, false, ticket.opened_at + make_interval(mins => 9 * turn),
           CASE WHEN NOT by_staff THEN ticket.id * 20 + turn END, CASE WHEN by_staff THEN ticket.id * 20 + turn END
      FROM tickets_ticket ticket
      JOIN customers_contact contact ON contact.id = ticket.contact_id
     CROSS JOIN (SELECT id, name FROM accounts_user ORDER BY id LIMIT 1) agent
     CROSS JOIN generate_series(0, ticket.public_count - 1) turn
     CROSS JOIN LATERAL (SELECT turn %% 2 = 1 AS by_staff, ticket.id * 20 + turn AS key) drawn
      JOIN bench_text one ON one.id = bench_pick(drawn.key, 21, %(pool)s)
      JOIN bench_text two ON two.id = bench_pick(drawn.key, 22, %(pool)s)
     WHERE ticket.id BETWEEN %(first)s AND %(last)s
    """,
    """
    INSERT INTO tickets_event (ticket_id, at, kind, user_id, contact_id, data)
    SELECT ticket.id, happened.at, happened.kind, CASE WHEN happened.by_staff THEN coalesce(ticket.assignee_id, agent.id) END,
           CASE WHEN NOT happened.by_staff THEN ticket.contact_id END, happened.data
      FROM tickets_ticket ticket
     CROSS JOIN (SELECT min(id) AS id FROM accounts_user) agent
     CROSS JOIN LATERAL (
           SELECT ticket.opened_at, 'opened', false, jsonb_build_object('channel', 'mail', 'number', ticket.number)
           UNION ALL
           SELECT ticket.opened_at + make_interval(mins => 9 * turn),
                  CASE turn %% 2 WHEN 1 THEN 'replied' ELSE 'customer_wrote' END, turn %% 2 = 1, '{}'
             FROM generate_series(1, ticket.public_count - 1) turn
           UNION ALL
           SELECT ticket.closed_at, 'closed', true, '{}' WHERE ticket.closed_at IS NOT NULL
     ) happened (at, kind, by_staff, data)
     WHERE ticket.id BETWEEN %(first)s AND %(last)s
    """,
    """
    INSERT INTO tickets_follower (ticket_id, contact_id, role, since)
    SELECT id, contact_id, 'requester', opened_at FROM tickets_ticket WHERE id BETWEEN %(first)s AND %(last)s
    """,
    """
    INSERT INTO tickets_note (public_id, ticket_id, user_id, text, created_at)
    SELECT gen_random_uuid(), ticket.id, coalesce(ticket.assignee_id, agent.id), pool.half, ticket.opened_at + interval '5 min'
      FROM tickets_ticket ticket
     CROSS JOIN (SELECT min(id) AS id FROM accounts_user) agent
      JOIN bench_text pool ON pool.id = bench_pick(ticket.id, 31, %(pool)s)
     WHERE ticket.id BETWEEN %(first)s AND %(last)s AND bench_pick(ticket.id, 32, 5) = 0
    """,
    """
    INSERT INTO tickets_ticket_tags (ticket_id, tag_id)
    SELECT ticket.id, tag.id FROM tickets_ticket ticket JOIN tickets_tag tag ON tag.id = bench_pick(ticket.id, 33, 40)
     WHERE ticket.id BETWEEN %(first)s AND %(last)s
    """,
)

AFTERWARDS: tuple[LiteralString, ...] = (
    "DROP TABLE bench_text",
    "DROP FUNCTION bench_pick(bigint, integer, bigint)",
    "SELECT setval('tickets_number', (SELECT max(number) FROM tickets_ticket))",
    "SELECT tickets_tally_anew()",
)

SEQUENCE: LiteralString = "SELECT setval(pg_get_serial_sequence({name}, 'id'), (SELECT max(id) FROM {table}))"
NUMBERED = (
    "services_server",
    "customers_customer",
    "customers_contact",
    "services_service",
    "tickets_ticket",
    "tickets_message",
    "mail_inboundmail",
    "mail_outboundmail",
)
"""Tables whose rows were given their keys here, and whose sequences must go on behind them."""
