-- A row is one session: what one person did without a pause of more than 30 minutes, within one day (UTC, by arrival).
-- A person is the visitor, else the user that the site named; events of nobody in particular and of programs are left out.
-- hour is the hour in which the session began. seconds is the time from its first event to its last.
SELECT
  year,
  month,
  day,
  min(hour) AS hour,
  person,
  session,
  min(received_at) AS started_at,
  max(received_at) AS ended_at,
  date_diff('second', min(received_at), max(received_at)) AS seconds,
  count(*) AS events,
  count_if(event_name = 'pageview') AS pageviews,
  min_by(page_url, received_at) AS entry_page,
  max_by(page_url, received_at) AS exit_page,
  min_by(referrer_host, received_at) AS referrer_host,
  min_by(utm_source, received_at) AS utm_source,
  min_by(utm_campaign, received_at) AS utm_campaign,
  min_by(third_party, received_at) AS third_party
FROM (
  SELECT
    *,
    sum(_begins) OVER (PARTITION BY year, month, day, person ORDER BY received_at, event_id ROWS UNBOUNDED PRECEDING) AS session
  FROM (
    SELECT
      *,
      CASE
        WHEN date_diff('millisecond', lag(received_at) OVER (PARTITION BY year, month, day, person ORDER BY received_at, event_id), received_at) <= 1800000 THEN 0
        ELSE 1
      END AS _begins
    FROM (
      SELECT *, coalesce(visitor_id, nullif(user_id, 'unknown')) AS person
      FROM events
      WHERE coalesce(is_bot, false) = false
    )
    WHERE person IS NOT NULL
  )
)
GROUP BY year, month, day, person, session
