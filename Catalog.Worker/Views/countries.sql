-- A row is one country (ISO 3166 alpha-2; null is unknown) in one hour (UTC, by arrival), without programs.
-- Events and pageviews add up over hours; visitors do not.
SELECT
  year,
  month,
  day,
  hour,
  country,
  count(*) AS events,
  count_if(event_name = 'pageview') AS pageviews,
  count(DISTINCT visitor_id) AS visitors
FROM events
WHERE coalesce(is_bot, false) = false
GROUP BY year, month, day, hour, country
