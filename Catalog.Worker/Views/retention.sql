-- A row is one user that the site named, seen by one third party on one day (UTC, by arrival), without programs.
-- Who of one day came back on another is a join of the two days, which reads only those:
-- SELECT count(*) AS users, count(later.user_id) AS returned FROM retention first LEFT JOIN retention later
-- ON later.user_id = first.user_id AND later.third_party = first.third_party AND later.year = '2026' AND later.month = '03'
-- AND later.day = '08' WHERE first.year = '2026' AND first.month = '03' AND first.day = '01'.
-- Visitors cannot be followed over days: their pseudonyms last one. hour is that of the user's first event of the day.
SELECT
  year,
  month,
  day,
  min(hour) AS hour,
  third_party,
  user_id,
  count(*) AS events,
  count_if(event_name = 'pageview') AS pageviews,
  min(received_at) AS first_at,
  max(received_at) AS last_at
FROM events
WHERE user_id <> 'unknown' AND coalesce(is_bot, false) = false
GROUP BY year, month, day, third_party, user_id
