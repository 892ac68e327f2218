-- A row is one third party on one day (UTC, by arrival): how many people came how far, in this order of event names:
-- pageview, add_to_cart, checkout, purchase. A step counts when it came at the time of the step before or later, that day;
-- a purchase is a checkout as well, since not every site tells of both.
-- A person is the visitor, else the user that the site named; programs are left out. hour is that of the first event.
SELECT
  year,
  month,
  day,
  min(_hour) AS hour,
  third_party,
  count(_viewed) AS pageview,
  count(_added) AS add_to_cart,
  count(_checked_out) AS checkout,
  count(CASE WHEN _purchased >= _checked_out THEN 1 END) AS purchase
FROM (
  SELECT
    year, month, day, third_party, person, min(hour) AS _hour, min(_viewed) AS _viewed, min(_added) AS _added, min(_checked_out) AS _checked_out,
    min(CASE WHEN event_name = 'purchase' AND received_at >= _checked_out THEN received_at END) AS _purchased
  FROM (
    SELECT
      *,
      min(CASE WHEN event_name IN ('checkout', 'purchase') AND received_at >= _added THEN received_at END)
        OVER (PARTITION BY year, month, day, third_party, person) AS _checked_out
    FROM (
      SELECT
        *,
        min(CASE WHEN event_name = 'add_to_cart' AND received_at >= _viewed THEN received_at END)
          OVER (PARTITION BY year, month, day, third_party, person) AS _added
      FROM (
        SELECT
          *,
          min(CASE WHEN event_name = 'pageview' THEN received_at END)
            OVER (PARTITION BY year, month, day, third_party, person) AS _viewed
        FROM (
          SELECT *, coalesce(visitor_id, nullif(user_id, 'unknown')) AS person
          FROM events
          WHERE coalesce(is_bot, false) = false
        )
        WHERE person IS NOT NULL
      )
    )
  )
  GROUP BY year, month, day, third_party, person
)
GROUP BY year, month, day, third_party
