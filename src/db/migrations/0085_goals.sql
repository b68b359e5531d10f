-- A six-week goal: one child, one skill, one open at a time. Nothing a sync writes, and held by no key into the roster: whatever drops off a
-- feed, the goal stays, and stands there again when the child does.
CREATE TABLE goal (
  district_id int NOT NULL, id bigint GENERATED ALWAYS AS IDENTITY,
  -- where it was set
  class_id bigint NOT NULL, student_id bigint NOT NULL,
  -- the skill
  assessment_id bigint NOT NULL,
  baseline float8 NOT NULL, baseline_on date NOT NULL,
  target float8 NOT NULL, due_on date NOT NULL,
  set_at timestamptz NOT NULL DEFAULT now(), set_by text NOT NULL,
  -- the day of the first score that reached it, and whose column it stood in
  met_on date, met_line_item_id bigint,
  ended_at timestamptz, ended_because text,
  PRIMARY KEY (district_id, id),
  CHECK (target > baseline),
  CHECK ((met_on IS NULL) = (met_line_item_id IS NULL)),
  CHECK ((ended_at IS NULL) = (ended_because IS NULL)),
  CHECK (ended_because IN ('taken_back', 'next_goal'))
);
CREATE UNIQUE INDEX ON goal (district_id, student_id, assessment_id) WHERE ended_at IS NULL;
CREATE INDEX ON goal (district_id, class_id);
-- Who changed what, and why. Only ever added to.
CREATE TABLE goal_change (
  district_id int NOT NULL, id bigint GENERATED ALWAYS AS IDENTITY, goal_id bigint NOT NULL,
  at timestamptz NOT NULL DEFAULT now(),
  -- a person, or the scores themselves
  actor text NOT NULL,
  change text NOT NULL CHECK (change IN ('set', 'changed', 'taken_back', 'next_goal', 'reopened', 'met', 'met_no_more')),
  target float8 NOT NULL, due_on date NOT NULL,
  reason text,
  PRIMARY KEY (district_id, id),
  FOREIGN KEY (district_id, goal_id) REFERENCES goal ON DELETE CASCADE
);
CREATE INDEX ON goal_change (district_id, goal_id);
CALL protect_tenant('goal');
CALL protect_tenant('goal_change');
REVOKE UPDATE, DELETE ON goal_change FROM aptt_service;
