-- A row is one page in one hour (UTC, by arrival), as far as people and not programs asked for it.
-- Pageviews and events add up over hours; visitors and users do not.
SELECT
  year,
  month,
  day,
  hour,
  page_host,
  page_path,
  count_if(event_name = 'pageview') AS pageviews,
  count(*) AS events,
  count(DISTINCT visitor_id) AS visitors,
  count(DISTINCT nullif(user_id, 'unknown')) AS users
FROM events
WHERE coalesce(is_bot, false) = false
GROUP BY year, month, day, hour, page_host, page_path
