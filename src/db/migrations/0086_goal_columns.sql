-- A teacher's wish to have "APTT goal met" in a course's grade book, off unless said otherwise, and what has come of it.
CREATE TABLE goal_column (
  district_id int NOT NULL, context_id bigint NOT NULL,
  -- 'removed': nothing more is sent, and the column is to go
  wish text NOT NULL CHECK (wish IN ('on', 'off', 'removed')),
  wished_at timestamptz NOT NULL DEFAULT now(), wished_by text NOT NULL,
  -- the column, as the platform calls it
  line_item text,
  -- somebody is at it: one at a time, so that there is one column
  busy_until timestamptz,
  tried_at timestamptz,
  -- what the last try came to; null: all is there
  code text,
  -- the last time all was there
  done_at timestamptz,
  -- children with a goal met whom the course does not know
  unknown int NOT NULL DEFAULT 0,
  PRIMARY KEY (district_id, context_id)
);
-- Whose 1 the platform has taken: only what differs is sent.
CREATE TABLE goal_posted (
  district_id int NOT NULL, context_id bigint NOT NULL, student_id bigint NOT NULL,
  -- as the platform calls them
  sub text NOT NULL,
  at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (district_id, context_id, student_id)
);
CALL protect_tenant('goal_column');
CALL protect_tenant('goal_posted');
ALTER TABLE launch_diary DROP CONSTRAINT launch_diary_door_check,
  ADD CHECK (door IN ('login', 'launch', 'registration', 'notice', 'grades'));
