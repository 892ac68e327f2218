-- A row is one third party in one hour (UTC, by arrival): how much its pixel was loaded, and when first and last.
-- users counts those that the site named; events without a userid are of nobody in particular.
SELECT
  year,
  month,
  day,
  hour,
  third_party,
  count(*) AS events,
  count(DISTINCT nullif(user_id, 'unknown')) AS users,
  min(received_at) AS first_seen,
  max(received_at) AS last_seen
FROM events
GROUP BY year, month, day, hour, third_party
