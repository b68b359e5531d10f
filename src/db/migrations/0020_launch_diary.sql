-- What came to the front door, accepted or refused, for district IT: no names, no tokens, no hints. Equal things of one minute are one row,
-- and only what a registered platform signed names a deployment, so that nobody can fill it.
CREATE TABLE launch_diary (
  district_id int NOT NULL REFERENCES district, id bigint GENERATED ALWAYS AS IDENTITY,
  minute timestamptz NOT NULL,
  -- null: a registration that came to nothing
  platform_id int,
  -- empty: not known, or only claimed
  deployment_id text NOT NULL,
  door text NOT NULL CHECK (door IN ('login', 'launch', 'registration', 'notice')),
  -- empty: accepted
  reason text NOT NULL, message text NOT NULL,
  -- what an accepted launch did not say
  missing text[] NOT NULL,
  count int NOT NULL,
  -- what people were shown, the first few of the minute
  refs text[] NOT NULL,
  PRIMARY KEY (district_id, id),
  UNIQUE NULLS NOT DISTINCT (district_id, minute, platform_id, deployment_id, door, reason, message, missing)
);
CALL protect_tenant('launch_diary');
