-- A row is one host that people came from in one hour (UTC, by arrival); null is who came from nowhere in particular.
-- Steps within a site are left out, and so are programs. Pageviews add up over hours; visitors do not.
SELECT
  year,
  month,
  day,
  hour,
  page_host,
  referrer_host,
  count(*) AS pageviews,
  count(DISTINCT visitor_id) AS visitors
FROM events
WHERE event_name = 'pageview' AND coalesce(is_bot, false) = false AND (referrer_host IS NULL OR page_host IS NULL OR referrer_host <> page_host)
GROUP BY year, month, day, hour, page_host, referrer_host
