-- A row is one third party on one day (UTC, by arrival): how many different people it saw, without programs.
-- A day's number is the day's own: it is less than the sum over hours, and a month's is less than the sum over days.
-- visitors counts pseudonyms, which last one day; users counts those that the site named. hour is that of the first event.
SELECT
  year,
  month,
  day,
  min(hour) AS hour,
  third_party,
  count(DISTINCT visitor_id) AS visitors,
  count(DISTINCT nullif(user_id, 'unknown')) AS users,
  count_if(event_name = 'pageview') AS pageviews,
  count(*) AS events
FROM events
WHERE coalesce(is_bot, false) = false
GROUP BY year, month, day, third_party
