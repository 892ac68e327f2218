-- A row is one page on one day (UTC, by arrival), as far as people and not programs asked for it.
-- users counts those that the site named; events without a userid are of nobody in particular.
-- hour is the hour of the day's first pageview.
SELECT
  year,
  month,
  day,
  min(hour) AS hour,
  page_host,
  page_path,
  count(*) AS pageviews,
  count(DISTINCT nullif(user_id, 'unknown')) AS users,
  count(DISTINCT visitor_id) AS visitors
FROM events
WHERE event_name = 'pageview' AND coalesce(is_bot, false) = false
GROUP BY year, month, day, page_host, page_path
