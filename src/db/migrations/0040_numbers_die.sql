-- Private numbers die some days after their meeting; where none was held, after they were drawn (aptt-domain: private numbers, rule 5).
ALTER TABLE meeting ADD COLUMN drawn_at timestamptz NOT NULL DEFAULT now();
DROP INDEX meeting_presented_at_idx;
CREATE INDEX ON meeting (district_id, coalesce(presented_at, drawn_at));
