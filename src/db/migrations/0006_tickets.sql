-- A session's token follows from its ticket and the service's secret: there is nothing to keep sealed.
ALTER TABLE session_ticket DROP COLUMN sealed_token;
