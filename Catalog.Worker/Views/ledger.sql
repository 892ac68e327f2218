-- A row is what one beacon process received in one hour (received_hour, UTC) as far as it arrived in one hour of the lake.
-- Summed over year, month, day and hour it is the account of that beacon's hour: delivered counts the different numbers that
-- are in the lake, and without loss it is last_seq - first_seq + 1; received, accepted and dropped are what the beacon counted
-- itself (accepted without its own ledger events; of counts that it told again, because it did not learn that they had
-- arrived, the last ones). An event that Firehose delivered twice, into two hours, counts in both: the table ledger_hours,
-- which the worker's job writes, counts numbers over all of them. unnumbered are events that came from elsewhere. The numbers
-- of events that an erasure took out are there still, and count as delivered.
SELECT
  year,
  month,
  day,
  hour,
  date_trunc('hour', received_at) AS received_hour,
  beacon_id,
  count(DISTINCT beacon_seq) AS delivered,
  min(beacon_seq) AS first_seq,
  max(beacon_seq) AS last_seq,
  count_if(event_name = 'ledger' AND params IS NOT NULL) AS ledger_events,
  sum(CASE WHEN _tells THEN TRY_CAST(element_at(params, 'received') AS bigint) END) AS received,
  sum(CASE WHEN _tells THEN TRY_CAST(element_at(params, 'accepted') AS bigint) END) AS accepted,
  sum(CASE WHEN _tells THEN TRY_CAST(element_at(params, 'dropped') AS bigint) END) AS dropped,
  max_by(CASE WHEN event_name = 'ledger' THEN TRY_CAST(element_at(params, 'undelivered') AS bigint) END, received_at) FILTER (WHERE event_name = 'ledger' AND params IS NOT NULL) AS undelivered,
  count_if(beacon_seq IS NULL) AS unnumbered
FROM (
  SELECT
    *,
    event_name = 'ledger' AND (element_at(params, 'since') IS NULL OR _told = 1) AS _tells
  FROM (
    SELECT
      *,
      row_number() OVER (PARTITION BY year, month, day, hour, event_id ORDER BY received_at) AS _occurrence,
      rank() OVER (PARTITION BY year, month, day, hour, beacon_id, event_name, element_at(params, 'since') ORDER BY beacon_seq DESC) AS _told
    FROM ${table}
  )
)
WHERE _occurrence = 1 OR event_id IS NULL
GROUP BY year, month, day, hour, date_trunc('hour', received_at), beacon_id
