-- A row is one reason for which one beacon dropped requests in one hour (UTC, by arrival of its count): how many.
-- The numbers are those that the beacons count themselves and write into the stream as ledger events; of those
-- that a beacon told again, because it did not learn that they had arrived, the last ones count.
SELECT
  year,
  month,
  day,
  hour,
  beacon_id,
  substr(name, 9) AS reason,
  sum(TRY_CAST(element_at(params, name) AS bigint)) AS dropped
FROM (
  -- By number, and not by unnesting the map: so a filter on the hours passes through in every engine.
  SELECT year, month, day, hour, beacon_id, params, element_at(map_keys(params), n) AS name
  FROM (
    SELECT
      *,
      row_number() OVER (PARTITION BY year, month, day, hour, event_id ORDER BY received_at) AS _occurrence,
      rank() OVER (PARTITION BY year, month, day, hour, beacon_id, element_at(params, 'since') ORDER BY beacon_seq DESC) AS _told
    FROM ${table}
    WHERE event_name = 'ledger'
  )
  CROSS JOIN UNNEST(sequence(1, 64)) AS numbers (n)
  WHERE _occurrence = 1 AND (element_at(params, 'since') IS NULL OR _told = 1)
)
WHERE starts_with(name, 'dropped_')
GROUP BY year, month, day, hour, beacon_id, substr(name, 9)
