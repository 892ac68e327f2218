-- A row is one third party in one hour (UTC, by arrival): how many of its events programs made, and their share from 0 to 1.
SELECT
  year,
  month,
  day,
  hour,
  third_party,
  count(*) AS events,
  count_if(is_bot) AS bot_events,
  CAST(count_if(is_bot) AS double) / count(*) AS bot_share
FROM events
GROUP BY year, month, day, hour, third_party
