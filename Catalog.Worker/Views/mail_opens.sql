-- A row is one kind of opening of one campaign's mails in one hour (UTC, by arrival). An opening is an event that the beacon
-- classed as one, or that the mail's pixel calls open or email_open. open_class tells people from the proxies that load every picture.
-- opens add up over hours; people do not.
SELECT
  year,
  month,
  day,
  hour,
  third_party,
  utm_campaign,
  open_class,
  count(*) AS opens,
  count(DISTINCT nullif(user_id, 'unknown')) AS people
FROM events
WHERE open_class IS NOT NULL OR event_name IN ('open', 'email_open')
GROUP BY year, month, day, hour, third_party, utm_campaign, open_class
