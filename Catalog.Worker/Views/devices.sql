-- A row is one combination of device, operating system and browser in one hour (UTC, by arrival), without programs.
-- Events and pageviews add up over hours; visitors do not.
SELECT
  year,
  month,
  day,
  hour,
  device,
  os,
  browser,
  count(*) AS events,
  count_if(event_name = 'pageview') AS pageviews,
  count(DISTINCT visitor_id) AS visitors
FROM events
WHERE coalesce(is_bot, false) = false
GROUP BY year, month, day, hour, device, os, browser
