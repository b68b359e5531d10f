CREATE TABLE meeting (
  district_id int NOT NULL, id bigint GENERATED ALWAYS AS IDENTITY,
  class_id bigint NOT NULL, line_item_id bigint NOT NULL,
  created_at timestamptz NOT NULL DEFAULT now(), created_by bigint,
  presented_at timestamptz,
  cancelled_at timestamptz,
  PRIMARY KEY (district_id, id)
);
CREATE INDEX ON meeting (district_id, class_id, id DESC);
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
