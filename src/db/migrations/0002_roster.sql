-- The roster's truth, in OneRoster words. Identity is (district, source, sourcedId); `id` is our own short handle for joins and addresses.
-- `hash` is the content as the source gave it; `ended_at` is when we noticed it gone, never a DELETE; `first_run`/`last_run` say which
-- sync runs made and last touched the row (undo needs both).

CREATE TABLE source (
  district_id int NOT NULL REFERENCES district,
  id int GENERATED ALWAYS AS IDENTITY,
  name text NOT NULL,
  kind text NOT NULL,
  settings jsonb NOT NULL DEFAULT '{}',
  -- of the input last applied (or undone): equal input needs no second look
  fingerprint text,
  fingerprint_run bigint,
  created_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (district_id, id),
  UNIQUE (district_id, name)
);
CALL protect_tenant('source');

CREATE TABLE org (
  district_id int NOT NULL, source_id int NOT NULL, sourced_id text NOT NULL,
  id bigint GENERATED ALWAYS AS IDENTITY,
  name text NOT NULL, type text NOT NULL, identifier text, parent_sourced_id text,
  hash uuid NOT NULL, first_run bigint NOT NULL, last_run bigint NOT NULL, ended_at timestamptz,
  PRIMARY KEY (district_id, id), UNIQUE (district_id, source_id, sourced_id)
);
CREATE TABLE academic_session (
  district_id int NOT NULL, source_id int NOT NULL, sourced_id text NOT NULL,
  id bigint GENERATED ALWAYS AS IDENTITY,
  title text NOT NULL, type text NOT NULL, start_date date, end_date date, parent_sourced_id text, school_year int,
  hash uuid NOT NULL, first_run bigint NOT NULL, last_run bigint NOT NULL, ended_at timestamptz,
  PRIMARY KEY (district_id, id), UNIQUE (district_id, source_id, sourced_id)
);
CREATE TABLE course (
  district_id int NOT NULL, source_id int NOT NULL, sourced_id text NOT NULL,
  id bigint GENERATED ALWAYS AS IDENTITY,
  title text NOT NULL, course_code text, grades text[] NOT NULL, org_id bigint, subjects text[] NOT NULL,
  hash uuid NOT NULL, first_run bigint NOT NULL, last_run bigint NOT NULL, ended_at timestamptz,
  PRIMARY KEY (district_id, id), UNIQUE (district_id, source_id, sourced_id)
);
CREATE TABLE class (
  district_id int NOT NULL, source_id int NOT NULL, sourced_id text NOT NULL,
  id bigint GENERATED ALWAYS AS IDENTITY,
  title text NOT NULL, class_code text, class_type text, location text, grades text[] NOT NULL,
  course_id bigint, school_id bigint, term_sourced_ids text[] NOT NULL, subjects text[] NOT NULL, periods text[] NOT NULL,
  hash uuid NOT NULL, first_run bigint NOT NULL, last_run bigint NOT NULL, ended_at timestamptz,
  PRIMARY KEY (district_id, id), UNIQUE (district_id, source_id, sourced_id)
);
CREATE INDEX ON class (district_id, school_id);
CREATE TABLE "user" (
  district_id int NOT NULL, source_id int NOT NULL, sourced_id text NOT NULL,
  id bigint GENERATED ALWAYS AS IDENTITY,
  enabled boolean NOT NULL, username text, user_ids text[] NOT NULL,
  given_name text NOT NULL, family_name text NOT NULL, middle_name text, preferred_given_name text, preferred_family_name text,
  identifier text, email text, grades text[] NOT NULL,
  hash uuid NOT NULL, first_run bigint NOT NULL, last_run bigint NOT NULL, ended_at timestamptz,
  PRIMARY KEY (district_id, id), UNIQUE (district_id, source_id, sourced_id)
);
CREATE INDEX ON "user" (district_id, identifier) WHERE identifier IS NOT NULL;
CREATE INDEX ON "user" (district_id, lower(email)) WHERE email IS NOT NULL;
-- A person of one source who is already a user of another: the link, instead of a second person.
CREATE TABLE user_alias (
  district_id int NOT NULL, source_id int NOT NULL, sourced_id text NOT NULL,
  user_id bigint NOT NULL,
  hash uuid NOT NULL, first_run bigint NOT NULL, last_run bigint NOT NULL, ended_at timestamptz,
  PRIMARY KEY (district_id, source_id, sourced_id)
);
CREATE INDEX ON user_alias (district_id, user_id);
CREATE TABLE role (
  district_id int NOT NULL, source_id int NOT NULL, sourced_id text NOT NULL,
  user_id bigint NOT NULL, org_id bigint, role text NOT NULL, role_type text, begin_date date, end_date date,
  hash uuid NOT NULL, first_run bigint NOT NULL, last_run bigint NOT NULL, ended_at timestamptz,
  PRIMARY KEY (district_id, source_id, sourced_id)
);
CREATE INDEX ON role (district_id, user_id);
CREATE TABLE enrollment (
  district_id int NOT NULL, source_id int NOT NULL, sourced_id text NOT NULL,
  class_id bigint NOT NULL, user_id bigint NOT NULL, role text NOT NULL, is_primary boolean NOT NULL, begin_date date, end_date date,
  hash uuid NOT NULL, first_run bigint NOT NULL, last_run bigint NOT NULL, ended_at timestamptz,
  PRIMARY KEY (district_id, source_id, sourced_id)
);
CREATE INDEX ON enrollment (district_id, class_id, role);
CREATE INDEX ON enrollment (district_id, user_id);
CREATE TABLE guardianship (
  district_id int NOT NULL, source_id int NOT NULL, sourced_id text NOT NULL,
  student_id bigint NOT NULL, guardian_id bigint NOT NULL,
  relation text, is_primary boolean NOT NULL, lives_with boolean, no_contact boolean NOT NULL,
  language text, interpreter boolean, phone text, email text, confirmed_on date,
  hash uuid NOT NULL, first_run bigint NOT NULL, last_run bigint NOT NULL, ended_at timestamptz,
  PRIMARY KEY (district_id, source_id, sourced_id)
);
CREATE INDEX ON guardianship (district_id, student_id);
CREATE INDEX ON guardianship (district_id, guardian_id);
CREATE TABLE assessment (
  district_id int NOT NULL, source_id int NOT NULL, sourced_id text NOT NULL,
  id bigint GENERATED ALWAYS AS IDENTITY,
  title text NOT NULL, subject text, skill text, unit text, scale_min float8, scale_max float8,
  hash uuid NOT NULL, first_run bigint NOT NULL, last_run bigint NOT NULL, ended_at timestamptz,
  PRIMARY KEY (district_id, id), UNIQUE (district_id, source_id, sourced_id)
);
CREATE TABLE benchmark (
  district_id int NOT NULL, source_id int NOT NULL, sourced_id text NOT NULL,
  assessment_id bigint NOT NULL, grade text, "window" text, value float8 NOT NULL, source text, as_of date,
  hash uuid NOT NULL, first_run bigint NOT NULL, last_run bigint NOT NULL, ended_at timestamptz,
  PRIMARY KEY (district_id, source_id, sourced_id)
);
CREATE INDEX ON benchmark (district_id, assessment_id);
CREATE TABLE line_item (
  district_id int NOT NULL, source_id int NOT NULL, sourced_id text NOT NULL,
  id bigint GENERATED ALWAYS AS IDENTITY,
  title text NOT NULL, class_id bigint, assessment_id bigint, "window" text, school_year int, assign_date date, due_date date,
  result_value_min float8, result_value_max float8,
  hash uuid NOT NULL, first_run bigint NOT NULL, last_run bigint NOT NULL, ended_at timestamptz,
  PRIMARY KEY (district_id, id), UNIQUE (district_id, source_id, sourced_id)
);
CREATE INDEX ON line_item (district_id, class_id) WHERE class_id IS NOT NULL;
CREATE INDEX ON line_item (district_id, assessment_id) WHERE assessment_id IS NOT NULL;
CREATE TABLE result (
  district_id int NOT NULL, source_id int NOT NULL, sourced_id text NOT NULL,
  line_item_id bigint NOT NULL, student_id bigint NOT NULL,
  score_status text, score float8, text_score text, score_date date,
  hash uuid NOT NULL, first_run bigint NOT NULL, last_run bigint NOT NULL, ended_at timestamptz,
  PRIMARY KEY (district_id, source_id, sourced_id)
);
CREATE INDEX ON result (district_id, student_id);
CREATE INDEX ON result (district_id, line_item_id);

DO $$
DECLARE name text;
BEGIN
  FOREACH name IN ARRAY ARRAY['org','academic_session','course','class','"user"','user_alias','role','enrollment','guardianship','assessment','benchmark','line_item','result'] LOOP
    EXECUTE format('CALL protect_tenant(%L)', name);
  END LOOP;
END $$;
