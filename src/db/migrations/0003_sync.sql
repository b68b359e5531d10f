-- Staged rows of a run live in the schema `staging`, in tables named by the run, until it is applied or dropped.
CREATE SCHEMA staging;
GRANT USAGE, CREATE ON SCHEMA staging TO aptt_service;

CREATE TABLE sync_run (
  district_id int NOT NULL REFERENCES district,
  id bigint GENERATED ALWAYS AS IDENTITY,
  source_id int NOT NULL,
  -- running · applied · unchanged · held · failed · rejected · undone · dry-run
  status text NOT NULL,
  started_at timestamptz NOT NULL DEFAULT now(),
  finished_at timestamptz,
  fingerprint text,
  -- {"entities": {...}, "guardians": {...}} as `aptt sync --json` prints it
  report jsonb NOT NULL DEFAULT '{}',
  held_because jsonb NOT NULL DEFAULT '[]',
  -- the staged rows are still there: it can be approved
  staged boolean NOT NULL DEFAULT false,
  decided_by text,
  error_code text,
  error_message text,
  PRIMARY KEY (district_id, id)
);
CREATE INDEX ON sync_run (district_id, source_id, id DESC);
CREATE TABLE sync_problem (
  district_id int NOT NULL,
  run_id bigint NOT NULL,
  n int NOT NULL,
  entity text NOT NULL, severity text NOT NULL, code text NOT NULL, message text NOT NULL,
  sourced_id text, file text, line int, field text,
  PRIMARY KEY (district_id, run_id, n)
);
-- What a run changed or ended, as it was before (added rows carry first_run).
CREATE TABLE sync_undo (
  district_id int NOT NULL,
  run_id bigint NOT NULL,
  entity text NOT NULL,
  source_id int NOT NULL,
  sourced_id text NOT NULL,
  before jsonb NOT NULL,
  PRIMARY KEY (district_id, run_id, entity, source_id, sourced_id)
);
-- A class that lost too many children at once: it stays on yesterday's data until somebody looks.
CREATE TABLE class_hold (
  district_id int NOT NULL,
  class_id bigint NOT NULL,
  run_id bigint NOT NULL,
  because text NOT NULL,
  held_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (district_id, class_id)
);
CALL protect_tenant('sync_run');
CALL protect_tenant('sync_problem');
CALL protect_tenant('sync_undo');
CALL protect_tenant('class_hold');
