-- A row is one event. Firehose delivers at least once, so the lake can hold an event twice in one hour; here it is once.
-- The beacons' own ledger events are left out: they are no traffic. Everything else but ledger and dropped reads this view.
-- Filter on year, month, day and hour: they are what a filter passes through, and what keeps a query cheap.
SELECT
  ${columns},
  year,
  month,
  day,
  hour
FROM (
  SELECT
    *,
    row_number() OVER (PARTITION BY year, month, day, hour, event_id ORDER BY received_at) AS _occurrence
  FROM ${table}
)
WHERE (_occurrence = 1 OR event_id IS NULL) AND coalesce(event_name, '') <> 'ledger'
