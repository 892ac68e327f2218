-- A row is one campaign (its source, medium and name) on one day (UTC, by arrival): how often it brought somebody, and for
-- how many people it was the first and the last campaign of that day. A person is the visitor, else the user that the site
-- named; a touch of nobody in particular is counted as a touch alone. Programs are left out. hour is that of the first touch.
SELECT
  year,
  month,
  day,
  min(hour) AS hour,
  utm_source,
  utm_medium,
  utm_campaign,
  count(*) AS touches,
  count(DISTINCT person) AS people,
  count_if(person IS NOT NULL AND _from_first = 1) AS first_touches,
  count_if(person IS NOT NULL AND _from_last = 1) AS last_touches
FROM (
  SELECT
    *,
    row_number() OVER (PARTITION BY year, month, day, person ORDER BY received_at, event_id) AS _from_first,
    row_number() OVER (PARTITION BY year, month, day, person ORDER BY received_at DESC, event_id DESC) AS _from_last
  FROM (
    SELECT *, coalesce(visitor_id, nullif(user_id, 'unknown')) AS person
    FROM events
    WHERE (utm_source IS NOT NULL OR utm_medium IS NOT NULL OR utm_campaign IS NOT NULL) AND coalesce(is_bot, false) = false
  )
)
GROUP BY year, month, day, utm_source, utm_medium, utm_campaign
