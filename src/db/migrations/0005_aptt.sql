CREATE TABLE meeting (
  district_id int NOT NULL, id bigint GENERATED ALWAYS AS IDENTITY,
  class_id bigint NOT NULL, line_item_id bigint NOT NULL,
  created_at timestamptz NOT NULL DEFAULT now(), created_by bigint,
  presented_at timestamptz,
  cancelled_at timestamptz,
  PRIMARY KEY (district_id, id)
);
CREATE INDEX ON meeting (district_id, class_id, id DESC);
-- One meeting under preparation for a class and a measure: two teachers who press the button together share it.
CREATE UNIQUE INDEX ON meeting (district_id, class_id, line_item_id) WHERE presented_at IS NULL AND cancelled_at IS NULL;
-- For the purge of numbers.
CREATE INDEX ON meeting (presented_at) WHERE presented_at IS NOT NULL;
-- Drawn anew for every meeting; deleted 14 days after it was presented (aptt-domain: private numbers, rule 5).
CREATE TABLE private_number (
  district_id int NOT NULL, meeting_id bigint NOT NULL, student_id bigint NOT NULL, number int NOT NULL,
  PRIMARY KEY (district_id, meeting_id, student_id),
  UNIQUE (district_id, meeting_id, number),
  FOREIGN KEY (district_id, meeting_id) REFERENCES meeting ON DELETE CASCADE
);
-- A family that wants no mark on the group's chart.
CREATE TABLE chart_opt_out (
  district_id int NOT NULL, student_id bigint NOT NULL,
  at timestamptz NOT NULL DEFAULT now(), by_account bigint,
  PRIMARY KEY (district_id, student_id)
);
-- A school leader's consent that classes of 6 to 9 may be shown as bands.
CREATE TABLE band_consent (
  district_id int NOT NULL, class_id bigint NOT NULL,
  at timestamptz NOT NULL DEFAULT now(), by_account bigint,
  PRIMARY KEY (district_id, class_id)
);
CALL protect_tenant('meeting');
CALL protect_tenant('private_number');
CALL protect_tenant('chart_opt_out');
CALL protect_tenant('band_consent');

-- Who belongs to a class today. Ended rows and future ones do not. A passed end date means the person left while the class went on; where
-- everybody's end has passed the class is last year's, and it is shown as it was until the source drops it.
CREATE VIEW active_enrollment WITH (security_invoker = true) AS
  SELECT e.district_id, e.class_id, e.user_id, e.role, e.is_primary, e.begin_date, e.first_run
  FROM enrollment e JOIN "user" u ON u.district_id = e.district_id AND u.id = e.user_id
  WHERE e.ended_at IS NULL AND u.ended_at IS NULL AND u.enabled
    AND (e.begin_date IS NULL OR e.begin_date <= current_date)
    AND (e.end_date IS NULL OR e.end_date > current_date OR NOT EXISTS (
      SELECT 1 FROM enrollment later
      WHERE later.district_id = e.district_id AND later.class_id = e.class_id AND later.ended_at IS NULL
        AND (later.end_date IS NULL OR later.end_date > e.end_date)));

-- Scores that count. Exempt and not submitted are missing, whatever number stands beside them; zero is a score.
CREATE VIEW scored_result WITH (security_invoker = true) AS
  SELECT r.district_id, r.student_id, r.line_item_id, r.score, r.score_date, r.sourced_id
  FROM result r
  WHERE r.ended_at IS NULL AND r.score IS NOT NULL AND (r.score_status IS NULL OR r.score_status NOT IN ('exempt', 'not submitted'));
GRANT SELECT ON active_enrollment, scored_result TO aptt_service;
