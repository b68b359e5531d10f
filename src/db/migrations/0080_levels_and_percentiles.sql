-- Of how many in a hundred comparable children the score is higher, as the test's maker says.
ALTER TABLE result ADD COLUMN percentile float8;
-- Words that stand for scores, lowest first, each from a score on: '1 A'. Null: scores are numbers.
ALTER TABLE assessment ADD COLUMN levels text[];

CREATE OR REPLACE VIEW scored_result WITH (security_invoker = true) AS
  SELECT r.district_id, r.student_id, r.line_item_id, r.score, r.score_date, r.sourced_id, r.percentile
  FROM result r
  WHERE r.ended_at IS NULL AND r.score IS NOT NULL AND (r.score_status IS NULL OR r.score_status NOT IN ('exempt', 'not submitted'));
