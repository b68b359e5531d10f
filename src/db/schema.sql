-- Made by `npm run schema` from the migrations. Do not edit.

CREATE SCHEMA staging;

CREATE OR REPLACE FUNCTION public.current_district()
 RETURNS integer
 LANGUAGE sql
 STABLE PARALLEL SAFE
AS $function$ SELECT NULLIF(current_setting('aptt.district_id', true), '')::int $function$;

CREATE OR REPLACE FUNCTION public.end_sessions()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
BEGIN
  IF TG_TABLE_NAME = 'lti_platform' THEN
    UPDATE session SET revoked_at = now() WHERE district_id = NEW.district_id AND platform_id = NEW.id AND revoked_at IS NULL;
  ELSE
    UPDATE session SET revoked_at = now()
      WHERE district_id = NEW.district_id AND platform_id = NEW.platform_id AND deployment_id = NEW.deployment_id AND revoked_at IS NULL;
  END IF;
  RETURN NULL;
END $function$;

CREATE OR REPLACE PROCEDURE public.protect_staged(IN staged_table regclass)
 LANGUAGE plpgsql
AS $procedure$
BEGIN
  EXECUTE format('ALTER TABLE %s ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY', staged_table);
  EXECUTE format('CREATE POLICY tenant ON %s USING (current_district() = %s)', staged_table, current_district());
END $procedure$;

CREATE OR REPLACE PROCEDURE public.protect_tenant(IN tenant_table regclass)
 LANGUAGE plpgsql
AS $procedure$
BEGIN
  EXECUTE format('ALTER TABLE %s ENABLE ROW LEVEL SECURITY', tenant_table);
  EXECUTE format('ALTER TABLE %s FORCE ROW LEVEL SECURITY', tenant_table);
  EXECUTE format('CREATE POLICY tenant ON %s TO aptt_service USING (district_id = (SELECT current_district())) WITH CHECK (district_id = (SELECT current_district()))', tenant_table);
  EXECUTE format('GRANT SELECT, INSERT, UPDATE, DELETE ON %s TO aptt_service', tenant_table);
END $procedure$;

CREATE OR REPLACE PROCEDURE public.refresh_statistics(IN roster_table regclass)
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'public', 'pg_temp'
AS $procedure$
BEGIN
  IF NOT EXISTS (SELECT 1 FROM pg_class WHERE oid = roster_table AND relnamespace = 'public'::regnamespace AND relkind = 'r') THEN
    RAISE EXCEPTION 'not a table of the roster: %', roster_table;
  END IF;
  EXECUTE format('ANALYZE %s', roster_table);
END $procedure$;

CREATE TABLE "user" (
  district_id integer NOT NULL,
  source_id integer NOT NULL,
  sourced_id text NOT NULL,
  id bigint GENERATED ALWAYS AS IDENTITY NOT NULL,
  enabled boolean NOT NULL,
  username text,
  user_ids text[] NOT NULL,
  given_name text NOT NULL,
  family_name text NOT NULL,
  middle_name text,
  preferred_given_name text,
  preferred_family_name text,
  identifier text,
  email text,
  grades text[] NOT NULL,
  hash uuid NOT NULL,
  first_run bigint NOT NULL,
  last_run bigint NOT NULL,
  ended_at timestamp with time zone,
  CONSTRAINT user_pkey PRIMARY KEY (district_id, id),
  CONSTRAINT user_district_id_source_id_sourced_id_key UNIQUE (district_id, source_id, sourced_id)
);
CREATE INDEX user_district_id_identifier_idx ON public."user" USING btree (district_id, identifier) WHERE (identifier IS NOT NULL);
CREATE INDEX user_district_id_lower_idx ON public."user" USING btree (district_id, lower(email)) WHERE (email IS NOT NULL);
ALTER TABLE "user" ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON "user" FOR ALL TO aptt_service USING ((district_id = ( SELECT current_district() AS current_district))) WITH CHECK ((district_id = ( SELECT current_district() AS current_district)));
GRANT DELETE, INSERT, SELECT, UPDATE ON "user" TO aptt_service;

CREATE TABLE academic_session (
  district_id integer NOT NULL,
  source_id integer NOT NULL,
  sourced_id text NOT NULL,
  id bigint GENERATED ALWAYS AS IDENTITY NOT NULL,
  title text NOT NULL,
  type text NOT NULL,
  start_date date,
  end_date date,
  parent_sourced_id text,
  school_year integer,
  hash uuid NOT NULL,
  first_run bigint NOT NULL,
  last_run bigint NOT NULL,
  ended_at timestamp with time zone,
  CONSTRAINT academic_session_pkey PRIMARY KEY (district_id, id),
  CONSTRAINT academic_session_district_id_source_id_sourced_id_key UNIQUE (district_id, source_id, sourced_id)
);
ALTER TABLE academic_session ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON academic_session FOR ALL TO aptt_service USING ((district_id = ( SELECT current_district() AS current_district))) WITH CHECK ((district_id = ( SELECT current_district() AS current_district)));
GRANT DELETE, INSERT, SELECT, UPDATE ON academic_session TO aptt_service;

CREATE TABLE assessment (
  district_id integer NOT NULL,
  source_id integer NOT NULL,
  sourced_id text NOT NULL,
  id bigint GENERATED ALWAYS AS IDENTITY NOT NULL,
  title text NOT NULL,
  subject text,
  skill text,
  unit text,
  scale_min double precision,
  scale_max double precision,
  hash uuid NOT NULL,
  first_run bigint NOT NULL,
  last_run bigint NOT NULL,
  ended_at timestamp with time zone,
  levels text[],
  objectives text[],
  CONSTRAINT assessment_pkey PRIMARY KEY (district_id, id),
  CONSTRAINT assessment_district_id_source_id_sourced_id_key UNIQUE (district_id, source_id, sourced_id)
);
ALTER TABLE assessment ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON assessment FOR ALL TO aptt_service USING ((district_id = ( SELECT current_district() AS current_district))) WITH CHECK ((district_id = ( SELECT current_district() AS current_district)));
GRANT DELETE, INSERT, SELECT, UPDATE ON assessment TO aptt_service;

CREATE TABLE audit (
  district_id integer NOT NULL,
  id bigint GENERATED ALWAYS AS IDENTITY NOT NULL,
  at timestamp with time zone DEFAULT now() NOT NULL,
  account_id bigint,
  actor text NOT NULL,
  action text NOT NULL,
  reason text NOT NULL,
  student_id bigint,
  class_id bigint,
  meeting_id bigint,
  CONSTRAINT audit_pkey PRIMARY KEY (district_id, id)
);
CREATE INDEX audit_district_id_student_id_idx ON public.audit USING btree (district_id, student_id) WHERE (student_id IS NOT NULL);
ALTER TABLE audit ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON audit FOR ALL TO aptt_service USING ((district_id = ( SELECT current_district() AS current_district))) WITH CHECK ((district_id = ( SELECT current_district() AS current_district)));
GRANT INSERT, SELECT ON audit TO aptt_service;

CREATE TABLE band_consent (
  district_id integer NOT NULL,
  class_id bigint NOT NULL,
  at timestamp with time zone DEFAULT now() NOT NULL,
  by_account bigint,
  CONSTRAINT band_consent_pkey PRIMARY KEY (district_id, class_id)
);
ALTER TABLE band_consent ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON band_consent FOR ALL TO aptt_service USING ((district_id = ( SELECT current_district() AS current_district))) WITH CHECK ((district_id = ( SELECT current_district() AS current_district)));
GRANT DELETE, INSERT, SELECT, UPDATE ON band_consent TO aptt_service;

CREATE TABLE benchmark (
  district_id integer NOT NULL,
  source_id integer NOT NULL,
  sourced_id text NOT NULL,
  assessment_id bigint NOT NULL,
  grade text,
  "window" text,
  value double precision NOT NULL,
  source text,
  as_of date,
  hash uuid NOT NULL,
  first_run bigint NOT NULL,
  last_run bigint NOT NULL,
  ended_at timestamp with time zone,
  CONSTRAINT benchmark_pkey PRIMARY KEY (district_id, source_id, sourced_id)
);
CREATE INDEX benchmark_district_id_assessment_id_idx ON public.benchmark USING btree (district_id, assessment_id);
ALTER TABLE benchmark ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON benchmark FOR ALL TO aptt_service USING ((district_id = ( SELECT current_district() AS current_district))) WITH CHECK ((district_id = ( SELECT current_district() AS current_district)));
GRANT DELETE, INSERT, SELECT, UPDATE ON benchmark TO aptt_service;

CREATE TABLE chart_opt_out (
  district_id integer NOT NULL,
  student_id bigint NOT NULL,
  at timestamp with time zone DEFAULT now() NOT NULL,
  by_account bigint NOT NULL,
  CONSTRAINT chart_opt_out_pkey PRIMARY KEY (district_id, student_id, by_account)
);
ALTER TABLE chart_opt_out ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON chart_opt_out FOR ALL TO aptt_service USING ((district_id = ( SELECT current_district() AS current_district))) WITH CHECK ((district_id = ( SELECT current_district() AS current_district)));
GRANT DELETE, INSERT, SELECT, UPDATE ON chart_opt_out TO aptt_service;

CREATE TABLE class (
  district_id integer NOT NULL,
  source_id integer NOT NULL,
  sourced_id text NOT NULL,
  id bigint GENERATED ALWAYS AS IDENTITY NOT NULL,
  title text NOT NULL,
  class_code text,
  class_type text,
  location text,
  grades text[] NOT NULL,
  course_id bigint,
  school_id bigint,
  term_sourced_ids text[] NOT NULL,
  subjects text[] NOT NULL,
  periods text[] NOT NULL,
  hash uuid NOT NULL,
  first_run bigint NOT NULL,
  last_run bigint NOT NULL,
  ended_at timestamp with time zone,
  CONSTRAINT class_pkey PRIMARY KEY (district_id, id),
  CONSTRAINT class_district_id_source_id_sourced_id_key UNIQUE (district_id, source_id, sourced_id)
);
CREATE INDEX class_district_id_school_id_idx ON public.class USING btree (district_id, school_id);
ALTER TABLE class ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON class FOR ALL TO aptt_service USING ((district_id = ( SELECT current_district() AS current_district))) WITH CHECK ((district_id = ( SELECT current_district() AS current_district)));
GRANT DELETE, INSERT, SELECT, UPDATE ON class TO aptt_service;

CREATE TABLE class_hold (
  district_id integer NOT NULL,
  class_id bigint NOT NULL,
  run_id bigint NOT NULL,
  because text NOT NULL,
  held_at timestamp with time zone DEFAULT now() NOT NULL,
  CONSTRAINT class_hold_pkey PRIMARY KEY (district_id, class_id)
);
ALTER TABLE class_hold ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON class_hold FOR ALL TO aptt_service USING ((district_id = ( SELECT current_district() AS current_district))) WITH CHECK ((district_id = ( SELECT current_district() AS current_district)));
GRANT DELETE, INSERT, SELECT, UPDATE ON class_hold TO aptt_service;

CREATE TABLE classroom_addon (
  district_id integer NOT NULL,
  platform_id integer NOT NULL,
  sealed_client_secret text NOT NULL,
  api_url text NOT NULL,
  CONSTRAINT classroom_addon_pkey PRIMARY KEY (district_id, platform_id),
  CONSTRAINT classroom_addon_district_id_platform_id_fkey FOREIGN KEY (district_id, platform_id) REFERENCES lti_platform(district_id, id) ON DELETE CASCADE
);
ALTER TABLE classroom_addon ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY door ON classroom_addon FOR ALL TO aptt_front USING (true) WITH CHECK (true);
CREATE POLICY tenant ON classroom_addon FOR ALL TO aptt_service USING ((district_id = ( SELECT current_district() AS current_district))) WITH CHECK ((district_id = ( SELECT current_district() AS current_district)));
GRANT SELECT ON classroom_addon TO aptt_front;
GRANT DELETE, INSERT, SELECT, UPDATE ON classroom_addon TO aptt_service;

CREATE TABLE course (
  district_id integer NOT NULL,
  source_id integer NOT NULL,
  sourced_id text NOT NULL,
  id bigint GENERATED ALWAYS AS IDENTITY NOT NULL,
  title text NOT NULL,
  course_code text,
  grades text[] NOT NULL,
  org_id bigint,
  subjects text[] NOT NULL,
  hash uuid NOT NULL,
  first_run bigint NOT NULL,
  last_run bigint NOT NULL,
  ended_at timestamp with time zone,
  CONSTRAINT course_pkey PRIMARY KEY (district_id, id),
  CONSTRAINT course_district_id_source_id_sourced_id_key UNIQUE (district_id, source_id, sourced_id)
);
ALTER TABLE course ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON course FOR ALL TO aptt_service USING ((district_id = ( SELECT current_district() AS current_district))) WITH CHECK ((district_id = ( SELECT current_district() AS current_district)));
GRANT DELETE, INSERT, SELECT, UPDATE ON course TO aptt_service;

CREATE TABLE district (
  id integer GENERATED ALWAYS AS IDENTITY NOT NULL,
  slug text NOT NULL,
  name text NOT NULL,
  time_zone text DEFAULT 'America/Chicago'::text NOT NULL,
  settings jsonb DEFAULT '{}'::jsonb NOT NULL,
  created_at timestamp with time zone DEFAULT now() NOT NULL,
  families jsonb,
  CONSTRAINT district_pkey PRIMARY KEY (id),
  CONSTRAINT district_slug_key UNIQUE (slug),
  CONSTRAINT district_slug_check CHECK ((slug ~ '^[a-z0-9][a-z0-9-]{0,62}$'::text))
);
ALTER TABLE district ENABLE ROW LEVEL SECURITY;
CREATE POLICY door ON district FOR SELECT TO aptt_front USING (true);
CREATE POLICY own ON district FOR ALL TO aptt_service USING ((id = ( SELECT current_district() AS current_district)));
GRANT SELECT ON district TO aptt_front;
GRANT SELECT, UPDATE ON district TO aptt_service;

CREATE TABLE enrollment (
  district_id integer NOT NULL,
  source_id integer NOT NULL,
  sourced_id text NOT NULL,
  class_id bigint NOT NULL,
  user_id bigint NOT NULL,
  role text NOT NULL,
  is_primary boolean NOT NULL,
  begin_date date,
  end_date date,
  hash uuid NOT NULL,
  first_run bigint NOT NULL,
  last_run bigint NOT NULL,
  ended_at timestamp with time zone,
  CONSTRAINT enrollment_pkey PRIMARY KEY (district_id, source_id, sourced_id)
);
CREATE INDEX enrollment_district_id_class_id_role_idx ON public.enrollment USING btree (district_id, class_id, role);
CREATE INDEX enrollment_district_id_user_id_idx ON public.enrollment USING btree (district_id, user_id);
ALTER TABLE enrollment ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON enrollment FOR ALL TO aptt_service USING ((district_id = ( SELECT current_district() AS current_district))) WITH CHECK ((district_id = ( SELECT current_district() AS current_district)));
GRANT DELETE, INSERT, SELECT, UPDATE ON enrollment TO aptt_service;

CREATE TABLE goal (
  district_id integer NOT NULL,
  id bigint GENERATED ALWAYS AS IDENTITY NOT NULL,
  class_id bigint NOT NULL,
  student_id bigint NOT NULL,
  assessment_id bigint NOT NULL,
  baseline double precision NOT NULL,
  baseline_on date NOT NULL,
  target double precision NOT NULL,
  due_on date NOT NULL,
  set_at timestamp with time zone DEFAULT now() NOT NULL,
  set_by text NOT NULL,
  met_on date,
  met_line_item_id bigint,
  ended_at timestamp with time zone,
  ended_because text,
  CONSTRAINT goal_pkey PRIMARY KEY (district_id, id),
  CONSTRAINT goal_check CHECK ((target > baseline)),
  CONSTRAINT goal_check1 CHECK (((met_on IS NULL) = (met_line_item_id IS NULL))),
  CONSTRAINT goal_check2 CHECK (((ended_at IS NULL) = (ended_because IS NULL))),
  CONSTRAINT goal_ended_because_check CHECK ((ended_because = ANY (ARRAY['taken_back'::text, 'next_goal'::text])))
);
CREATE INDEX goal_district_id_class_id_idx ON public.goal USING btree (district_id, class_id);
CREATE UNIQUE INDEX goal_district_id_student_id_assessment_id_idx ON public.goal USING btree (district_id, student_id, assessment_id) WHERE (ended_at IS NULL);
ALTER TABLE goal ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON goal FOR ALL TO aptt_service USING ((district_id = ( SELECT current_district() AS current_district))) WITH CHECK ((district_id = ( SELECT current_district() AS current_district)));
GRANT DELETE, INSERT, SELECT, UPDATE ON goal TO aptt_service;

CREATE TABLE goal_change (
  district_id integer NOT NULL,
  id bigint GENERATED ALWAYS AS IDENTITY NOT NULL,
  goal_id bigint NOT NULL,
  at timestamp with time zone DEFAULT now() NOT NULL,
  actor text NOT NULL,
  change text NOT NULL,
  target double precision NOT NULL,
  due_on date NOT NULL,
  reason text,
  CONSTRAINT goal_change_pkey PRIMARY KEY (district_id, id),
  CONSTRAINT goal_change_change_check CHECK ((change = ANY (ARRAY['set'::text, 'changed'::text, 'taken_back'::text, 'next_goal'::text, 'reopened'::text, 'met'::text, 'met_no_more'::text]))),
  CONSTRAINT goal_change_district_id_goal_id_fkey FOREIGN KEY (district_id, goal_id) REFERENCES goal(district_id, id) ON DELETE CASCADE
);
CREATE INDEX goal_change_district_id_goal_id_idx ON public.goal_change USING btree (district_id, goal_id);
ALTER TABLE goal_change ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON goal_change FOR ALL TO aptt_service USING ((district_id = ( SELECT current_district() AS current_district))) WITH CHECK ((district_id = ( SELECT current_district() AS current_district)));
GRANT INSERT, SELECT ON goal_change TO aptt_service;

CREATE TABLE goal_column (
  district_id integer NOT NULL,
  context_id bigint NOT NULL,
  wish text NOT NULL,
  wished_at timestamp with time zone DEFAULT now() NOT NULL,
  wished_by text NOT NULL,
  line_item text,
  busy_until timestamp with time zone,
  tried_at timestamp with time zone,
  code text,
  done_at timestamp with time zone,
  unknown integer DEFAULT 0 NOT NULL,
  class_id bigint,
  CONSTRAINT goal_column_pkey PRIMARY KEY (district_id, context_id),
  CONSTRAINT goal_column_wish_check CHECK ((wish = ANY (ARRAY['on'::text, 'off'::text, 'removed'::text])))
);
ALTER TABLE goal_column ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON goal_column FOR ALL TO aptt_service USING ((district_id = ( SELECT current_district() AS current_district))) WITH CHECK ((district_id = ( SELECT current_district() AS current_district)));
GRANT DELETE, INSERT, SELECT, UPDATE ON goal_column TO aptt_service;

CREATE TABLE goal_posted (
  district_id integer NOT NULL,
  context_id bigint NOT NULL,
  student_id bigint NOT NULL,
  sub text NOT NULL,
  at timestamp with time zone DEFAULT now() NOT NULL,
  CONSTRAINT goal_posted_pkey PRIMARY KEY (district_id, context_id, student_id)
);
ALTER TABLE goal_posted ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON goal_posted FOR ALL TO aptt_service USING ((district_id = ( SELECT current_district() AS current_district))) WITH CHECK ((district_id = ( SELECT current_district() AS current_district)));
GRANT DELETE, INSERT, SELECT, UPDATE ON goal_posted TO aptt_service;

CREATE TABLE guardianship (
  district_id integer NOT NULL,
  source_id integer NOT NULL,
  sourced_id text NOT NULL,
  student_id bigint NOT NULL,
  guardian_id bigint NOT NULL,
  relation text,
  is_primary boolean NOT NULL,
  lives_with boolean,
  no_contact boolean NOT NULL,
  language text,
  interpreter boolean,
  phone text,
  email text,
  confirmed_on date,
  hash uuid NOT NULL,
  first_run bigint NOT NULL,
  last_run bigint NOT NULL,
  ended_at timestamp with time zone,
  CONSTRAINT guardianship_pkey PRIMARY KEY (district_id, source_id, sourced_id)
);
CREATE INDEX guardianship_district_id_guardian_id_idx ON public.guardianship USING btree (district_id, guardian_id);
CREATE INDEX guardianship_district_id_student_id_idx ON public.guardianship USING btree (district_id, student_id);
ALTER TABLE guardianship ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON guardianship FOR ALL TO aptt_service USING ((district_id = ( SELECT current_district() AS current_district))) WITH CHECK ((district_id = ( SELECT current_district() AS current_district)));
GRANT DELETE, INSERT, SELECT, UPDATE ON guardianship TO aptt_service;

CREATE TABLE launch_diary (
  district_id integer NOT NULL,
  id bigint GENERATED ALWAYS AS IDENTITY NOT NULL,
  minute timestamp with time zone NOT NULL,
  platform_id integer,
  deployment_id text NOT NULL,
  door text NOT NULL,
  reason text NOT NULL,
  message text NOT NULL,
  missing text[] NOT NULL,
  count integer NOT NULL,
  refs text[] NOT NULL,
  CONSTRAINT launch_diary_pkey PRIMARY KEY (district_id, id),
  CONSTRAINT launch_diary_district_id_minute_platform_id_deployment_id_d_key UNIQUE NULLS NOT DISTINCT (district_id, minute, platform_id, deployment_id, door, reason, message, missing),
  CONSTRAINT launch_diary_door_check CHECK ((door = ANY (ARRAY['login'::text, 'launch'::text, 'registration'::text, 'notice'::text, 'grades'::text]))),
  CONSTRAINT launch_diary_district_id_fkey FOREIGN KEY (district_id) REFERENCES district(id)
);
ALTER TABLE launch_diary ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON launch_diary FOR ALL TO aptt_service USING ((district_id = ( SELECT current_district() AS current_district))) WITH CHECK ((district_id = ( SELECT current_district() AS current_district)));
GRANT DELETE, INSERT, SELECT, UPDATE ON launch_diary TO aptt_service;

CREATE TABLE line_item (
  district_id integer NOT NULL,
  source_id integer NOT NULL,
  sourced_id text NOT NULL,
  id bigint GENERATED ALWAYS AS IDENTITY NOT NULL,
  title text NOT NULL,
  class_id bigint,
  assessment_id bigint,
  "window" text,
  school_year integer,
  assign_date date,
  due_date date,
  result_value_min double precision,
  result_value_max double precision,
  hash uuid NOT NULL,
  first_run bigint NOT NULL,
  last_run bigint NOT NULL,
  ended_at timestamp with time zone,
  levels text[],
  objectives text[],
  CONSTRAINT line_item_pkey PRIMARY KEY (district_id, id),
  CONSTRAINT line_item_district_id_source_id_sourced_id_key UNIQUE (district_id, source_id, sourced_id)
);
CREATE INDEX line_item_district_id_assessment_id_idx ON public.line_item USING btree (district_id, assessment_id) WHERE (assessment_id IS NOT NULL);
CREATE INDEX line_item_district_id_class_id_idx ON public.line_item USING btree (district_id, class_id) WHERE (class_id IS NOT NULL);
ALTER TABLE line_item ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON line_item FOR ALL TO aptt_service USING ((district_id = ( SELECT current_district() AS current_district))) WITH CHECK ((district_id = ( SELECT current_district() AS current_district)));
GRANT DELETE, INSERT, SELECT, UPDATE ON line_item TO aptt_service;

CREATE TABLE lti_account (
  district_id integer NOT NULL,
  id bigint GENERATED ALWAYS AS IDENTITY NOT NULL,
  platform_id integer NOT NULL,
  sub text NOT NULL,
  user_id bigint,
  matched_by text,
  given_name text,
  family_name text,
  email text,
  person_sourcedid text,
  locale text,
  last_launch_at timestamp with time zone DEFAULT now() NOT NULL,
  CONSTRAINT lti_account_pkey PRIMARY KEY (district_id, id),
  CONSTRAINT lti_account_district_id_platform_id_sub_key UNIQUE (district_id, platform_id, sub)
);
ALTER TABLE lti_account ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON lti_account FOR ALL TO aptt_service USING ((district_id = ( SELECT current_district() AS current_district))) WITH CHECK ((district_id = ( SELECT current_district() AS current_district)));
GRANT DELETE, INSERT, SELECT, UPDATE ON lti_account TO aptt_service;

CREATE TABLE lti_context (
  district_id integer NOT NULL,
  id bigint GENERATED ALWAYS AS IDENTITY NOT NULL,
  platform_id integer NOT NULL,
  deployment_id text NOT NULL,
  context_id text NOT NULL,
  title text,
  class_id bigint,
  matched_by text,
  memberships_url text,
  line_items_url text,
  service_scopes text[] DEFAULT '{}'::text[] NOT NULL,
  source_id integer,
  members_read_at timestamp with time zone,
  copied_from text[] DEFAULT '{}'::text[] NOT NULL,
  CONSTRAINT lti_context_pkey PRIMARY KEY (district_id, id),
  CONSTRAINT lti_context_district_id_platform_id_deployment_id_context_i_key UNIQUE (district_id, platform_id, deployment_id, context_id)
);
CREATE INDEX lti_context_district_id_class_id_idx ON public.lti_context USING btree (district_id, class_id) WHERE (cardinality(copied_from) > 0);
ALTER TABLE lti_context ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON lti_context FOR ALL TO aptt_service USING ((district_id = ( SELECT current_district() AS current_district))) WITH CHECK ((district_id = ( SELECT current_district() AS current_district)));
GRANT DELETE, INSERT, SELECT, UPDATE ON lti_context TO aptt_service;

CREATE TABLE lti_deep_link (
  district_id integer NOT NULL,
  token_hash bytea NOT NULL,
  platform_id integer NOT NULL,
  deployment_id text NOT NULL,
  asked bytea NOT NULL,
  expires_at timestamp with time zone NOT NULL,
  CONSTRAINT lti_deep_link_pkey PRIMARY KEY (district_id, token_hash),
  CONSTRAINT lti_deep_link_token_hash_key UNIQUE (token_hash),
  CONSTRAINT lti_deep_link_district_id_platform_id_fkey FOREIGN KEY (district_id, platform_id) REFERENCES lti_platform(district_id, id) ON DELETE CASCADE
);
CREATE INDEX lti_deep_link_expires_at_idx ON public.lti_deep_link USING btree (expires_at);
ALTER TABLE lti_deep_link ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY door ON lti_deep_link FOR ALL TO aptt_front USING (true) WITH CHECK (true);
CREATE POLICY tenant ON lti_deep_link FOR ALL TO aptt_service USING ((district_id = ( SELECT current_district() AS current_district))) WITH CHECK ((district_id = ( SELECT current_district() AS current_district)));
GRANT DELETE, INSERT, SELECT ON lti_deep_link TO aptt_front;
GRANT DELETE, INSERT, SELECT, UPDATE ON lti_deep_link TO aptt_service;

CREATE TABLE lti_deployment (
  district_id integer NOT NULL,
  platform_id integer NOT NULL,
  deployment_id text NOT NULL,
  status text NOT NULL,
  first_seen timestamp with time zone DEFAULT now() NOT NULL,
  CONSTRAINT lti_deployment_pkey PRIMARY KEY (district_id, platform_id, deployment_id),
  CONSTRAINT lti_deployment_status_check CHECK ((status = ANY (ARRAY['active'::text, 'pending'::text, 'refused'::text]))),
  CONSTRAINT lti_deployment_district_id_platform_id_fkey FOREIGN KEY (district_id, platform_id) REFERENCES lti_platform(district_id, id) ON DELETE CASCADE
);
CREATE TRIGGER taken_back AFTER UPDATE OF status ON public.lti_deployment FOR EACH ROW WHEN (((old.status = 'active'::text) AND (new.status <> 'active'::text))) EXECUTE FUNCTION end_sessions();
ALTER TABLE lti_deployment ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY door ON lti_deployment FOR ALL TO aptt_front USING (true) WITH CHECK (true);
CREATE POLICY tenant ON lti_deployment FOR ALL TO aptt_service USING ((district_id = ( SELECT current_district() AS current_district))) WITH CHECK ((district_id = ( SELECT current_district() AS current_district)));
GRANT INSERT, SELECT ON lti_deployment TO aptt_front;
GRANT DELETE, INSERT, SELECT, UPDATE ON lti_deployment TO aptt_service;

CREATE TABLE lti_invitation (
  district_id integer NOT NULL,
  token_hash bytea NOT NULL,
  created_at timestamp with time zone DEFAULT now() NOT NULL,
  created_by text NOT NULL,
  expires_at timestamp with time zone NOT NULL,
  tries integer DEFAULT 0 NOT NULL,
  claimed_at timestamp with time zone,
  platform_id integer,
  CONSTRAINT lti_invitation_pkey PRIMARY KEY (district_id, token_hash),
  CONSTRAINT lti_invitation_token_hash_key UNIQUE (token_hash),
  CONSTRAINT lti_invitation_district_id_fkey FOREIGN KEY (district_id) REFERENCES district(id),
  CONSTRAINT lti_invitation_district_id_platform_id_fkey FOREIGN KEY (district_id, platform_id) REFERENCES lti_platform(district_id, id) ON DELETE CASCADE
);
ALTER TABLE lti_invitation ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY door ON lti_invitation FOR ALL TO aptt_front USING (true) WITH CHECK (true);
CREATE POLICY tenant ON lti_invitation FOR ALL TO aptt_service USING ((district_id = ( SELECT current_district() AS current_district))) WITH CHECK ((district_id = ( SELECT current_district() AS current_district)));
GRANT SELECT, UPDATE ON lti_invitation TO aptt_front;
GRANT DELETE, INSERT, SELECT, UPDATE ON lti_invitation TO aptt_service;

CREATE TABLE lti_key (
  kid text NOT NULL,
  public_jwk jsonb NOT NULL,
  sealed_private_jwk text NOT NULL,
  created_at timestamp with time zone DEFAULT now() NOT NULL,
  retires_at timestamp with time zone,
  CONSTRAINT lti_key_pkey PRIMARY KEY (kid)
);
GRANT DELETE, INSERT, SELECT, UPDATE ON lti_key TO aptt_front;

CREATE TABLE lti_login (
  district_id integer NOT NULL,
  state_hash bytea NOT NULL,
  nonce_hash bytea NOT NULL,
  binding_hash bytea NOT NULL,
  platform_id integer NOT NULL,
  target_link_uri text NOT NULL,
  deployment_hint text,
  by_page boolean NOT NULL,
  storage_target text,
  request text NOT NULL,
  expires_at timestamp with time zone NOT NULL,
  CONSTRAINT lti_login_pkey PRIMARY KEY (district_id, state_hash),
  CONSTRAINT lti_login_state_hash_key UNIQUE (state_hash),
  CONSTRAINT lti_login_district_id_platform_id_fkey FOREIGN KEY (district_id, platform_id) REFERENCES lti_platform(district_id, id) ON DELETE CASCADE
);
CREATE INDEX lti_login_expires_at_idx ON public.lti_login USING btree (expires_at);
ALTER TABLE lti_login ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY door ON lti_login FOR ALL TO aptt_front USING (true) WITH CHECK (true);
CREATE POLICY tenant ON lti_login FOR ALL TO aptt_service USING ((district_id = ( SELECT current_district() AS current_district))) WITH CHECK ((district_id = ( SELECT current_district() AS current_district)));
GRANT DELETE, INSERT, SELECT ON lti_login TO aptt_front;
GRANT DELETE, INSERT, SELECT, UPDATE ON lti_login TO aptt_service;

CREATE TABLE lti_mentor (
  district_id integer NOT NULL,
  account_id bigint NOT NULL,
  context_id bigint NOT NULL,
  student_id bigint NOT NULL,
  launched_at timestamp with time zone DEFAULT now() NOT NULL,
  CONSTRAINT lti_mentor_pkey PRIMARY KEY (district_id, account_id, context_id, student_id)
);
ALTER TABLE lti_mentor ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON lti_mentor FOR ALL TO aptt_service USING ((district_id = ( SELECT current_district() AS current_district))) WITH CHECK ((district_id = ( SELECT current_district() AS current_district)));
GRANT DELETE, INSERT, SELECT, UPDATE ON lti_mentor TO aptt_service;

CREATE TABLE lti_notice (
  district_id integer NOT NULL,
  platform_id integer NOT NULL,
  id_hash bytea NOT NULL,
  nonce_hash bytea NOT NULL,
  received_at timestamp with time zone DEFAULT now() NOT NULL,
  CONSTRAINT lti_notice_pkey PRIMARY KEY (district_id, platform_id, id_hash),
  CONSTRAINT lti_notice_district_id_platform_id_nonce_hash_key UNIQUE (district_id, platform_id, nonce_hash),
  CONSTRAINT lti_notice_district_id_platform_id_fkey FOREIGN KEY (district_id, platform_id) REFERENCES lti_platform(district_id, id) ON DELETE CASCADE
);
CREATE INDEX lti_notice_district_id_received_at_idx ON public.lti_notice USING btree (district_id, received_at);
ALTER TABLE lti_notice ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON lti_notice FOR ALL TO aptt_service USING ((district_id = ( SELECT current_district() AS current_district))) WITH CHECK ((district_id = ( SELECT current_district() AS current_district)));
GRANT DELETE, INSERT, SELECT, UPDATE ON lti_notice TO aptt_service;

CREATE TABLE lti_platform (
  district_id integer NOT NULL,
  id integer GENERATED ALWAYS AS IDENTITY NOT NULL,
  issuer text NOT NULL,
  client_id text NOT NULL,
  auth_url text NOT NULL,
  token_url text NOT NULL,
  jwks_url text NOT NULL,
  frame_origins text[] DEFAULT '{}'::text[] NOT NULL,
  active boolean DEFAULT true NOT NULL,
  created_at timestamp with time zone DEFAULT now() NOT NULL,
  token_audience text,
  trust_custom boolean DEFAULT false NOT NULL,
  CONSTRAINT lti_platform_pkey PRIMARY KEY (district_id, id),
  CONSTRAINT lti_platform_issuer_client_id_key UNIQUE (issuer, client_id),
  CONSTRAINT lti_platform_district_id_fkey FOREIGN KEY (district_id) REFERENCES district(id)
);
CREATE TRIGGER taken_back AFTER UPDATE OF active, trust_custom ON public.lti_platform FOR EACH ROW WHEN (((old.active AND (NOT new.active)) OR (old.trust_custom AND (NOT new.trust_custom)))) EXECUTE FUNCTION end_sessions();
ALTER TABLE lti_platform ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY door ON lti_platform FOR ALL TO aptt_front USING (true) WITH CHECK (true);
CREATE POLICY tenant ON lti_platform FOR ALL TO aptt_service USING ((district_id = ( SELECT current_district() AS current_district))) WITH CHECK ((district_id = ( SELECT current_district() AS current_district)));
GRANT SELECT ON lti_platform TO aptt_front;
GRANT DELETE, INSERT, SELECT, UPDATE ON lti_platform TO aptt_service;

CREATE TABLE meeting (
  district_id integer NOT NULL,
  id bigint GENERATED ALWAYS AS IDENTITY NOT NULL,
  class_id bigint NOT NULL,
  line_item_id bigint NOT NULL,
  created_at timestamp with time zone DEFAULT now() NOT NULL,
  created_by bigint,
  presented_at timestamp with time zone,
  cancelled_at timestamp with time zone,
  drawn_at timestamp with time zone DEFAULT now() NOT NULL,
  CONSTRAINT meeting_pkey PRIMARY KEY (district_id, id)
);
CREATE INDEX meeting_district_id_class_id_id_idx ON public.meeting USING btree (district_id, class_id, id DESC);
CREATE UNIQUE INDEX meeting_district_id_class_id_line_item_id_idx ON public.meeting USING btree (district_id, class_id, line_item_id) WHERE ((presented_at IS NULL) AND (cancelled_at IS NULL));
CREATE INDEX meeting_district_id_coalesce_idx ON public.meeting USING btree (district_id, COALESCE(presented_at, drawn_at));
ALTER TABLE meeting ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON meeting FOR ALL TO aptt_service USING ((district_id = ( SELECT current_district() AS current_district))) WITH CHECK ((district_id = ( SELECT current_district() AS current_district)));
GRANT DELETE, INSERT, SELECT, UPDATE ON meeting TO aptt_service;

CREATE TABLE org (
  district_id integer NOT NULL,
  source_id integer NOT NULL,
  sourced_id text NOT NULL,
  id bigint GENERATED ALWAYS AS IDENTITY NOT NULL,
  name text NOT NULL,
  type text NOT NULL,
  identifier text,
  parent_sourced_id text,
  hash uuid NOT NULL,
  first_run bigint NOT NULL,
  last_run bigint NOT NULL,
  ended_at timestamp with time zone,
  CONSTRAINT org_pkey PRIMARY KEY (district_id, id),
  CONSTRAINT org_district_id_source_id_sourced_id_key UNIQUE (district_id, source_id, sourced_id)
);
ALTER TABLE org ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON org FOR ALL TO aptt_service USING ((district_id = ( SELECT current_district() AS current_district))) WITH CHECK ((district_id = ( SELECT current_district() AS current_district)));
GRANT DELETE, INSERT, SELECT, UPDATE ON org TO aptt_service;

CREATE TABLE pending_match (
  district_id integer NOT NULL,
  id bigint GENERATED ALWAYS AS IDENTITY NOT NULL,
  kind text NOT NULL,
  account_id bigint,
  context_id bigint,
  detail text DEFAULT ''::text NOT NULL,
  because text NOT NULL,
  first_seen timestamp with time zone DEFAULT now() NOT NULL,
  last_seen timestamp with time zone DEFAULT now() NOT NULL,
  settled_at timestamp with time zone,
  settled_by text,
  CONSTRAINT pending_match_pkey PRIMARY KEY (district_id, id),
  CONSTRAINT pending_match_district_id_kind_account_id_context_id_detail_key UNIQUE NULLS NOT DISTINCT (district_id, kind, account_id, context_id, detail),
  CONSTRAINT pending_match_kind_check CHECK ((kind = ANY (ARRAY['person'::text, 'context'::text, 'mentored'::text])))
);
ALTER TABLE pending_match ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON pending_match FOR ALL TO aptt_service USING ((district_id = ( SELECT current_district() AS current_district))) WITH CHECK ((district_id = ( SELECT current_district() AS current_district)));
GRANT DELETE, INSERT, SELECT, UPDATE ON pending_match TO aptt_service;

CREATE TABLE private_number (
  district_id integer NOT NULL,
  meeting_id bigint NOT NULL,
  student_id bigint NOT NULL,
  number integer NOT NULL,
  CONSTRAINT private_number_pkey PRIMARY KEY (district_id, meeting_id, student_id),
  CONSTRAINT private_number_district_id_meeting_id_number_key UNIQUE (district_id, meeting_id, number),
  CONSTRAINT private_number_district_id_meeting_id_fkey FOREIGN KEY (district_id, meeting_id) REFERENCES meeting(district_id, id) ON DELETE CASCADE
);
ALTER TABLE private_number ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON private_number FOR ALL TO aptt_service USING ((district_id = ( SELECT current_district() AS current_district))) WITH CHECK ((district_id = ( SELECT current_district() AS current_district)));
GRANT DELETE, INSERT, SELECT, UPDATE ON private_number TO aptt_service;

CREATE TABLE result (
  district_id integer NOT NULL,
  source_id integer NOT NULL,
  sourced_id text NOT NULL,
  line_item_id bigint NOT NULL,
  student_id bigint NOT NULL,
  score_status text,
  score double precision,
  text_score text,
  score_date date,
  hash uuid NOT NULL,
  first_run bigint NOT NULL,
  last_run bigint NOT NULL,
  ended_at timestamp with time zone,
  percentile double precision,
  CONSTRAINT result_pkey PRIMARY KEY (district_id, source_id, sourced_id)
);
CREATE INDEX result_district_id_line_item_id_idx ON public.result USING btree (district_id, line_item_id);
CREATE INDEX result_district_id_student_id_idx ON public.result USING btree (district_id, student_id);
ALTER TABLE result ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON result FOR ALL TO aptt_service USING ((district_id = ( SELECT current_district() AS current_district))) WITH CHECK ((district_id = ( SELECT current_district() AS current_district)));
GRANT DELETE, INSERT, SELECT, UPDATE ON result TO aptt_service;

CREATE TABLE role (
  district_id integer NOT NULL,
  source_id integer NOT NULL,
  sourced_id text NOT NULL,
  user_id bigint NOT NULL,
  org_id bigint,
  role text NOT NULL,
  role_type text,
  begin_date date,
  end_date date,
  hash uuid NOT NULL,
  first_run bigint NOT NULL,
  last_run bigint NOT NULL,
  ended_at timestamp with time zone,
  CONSTRAINT role_pkey PRIMARY KEY (district_id, source_id, sourced_id)
);
CREATE INDEX role_district_id_user_id_idx ON public.role USING btree (district_id, user_id);
ALTER TABLE role ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON role FOR ALL TO aptt_service USING ((district_id = ( SELECT current_district() AS current_district))) WITH CHECK ((district_id = ( SELECT current_district() AS current_district)));
GRANT DELETE, INSERT, SELECT, UPDATE ON role TO aptt_service;

CREATE TABLE schema_migration (
  name text NOT NULL,
  applied_at timestamp with time zone DEFAULT now() NOT NULL,
  CONSTRAINT schema_migration_pkey PRIMARY KEY (name)
);

CREATE TABLE session (
  district_id integer NOT NULL,
  token_hash bytea NOT NULL,
  account_id bigint,
  roles text[] NOT NULL,
  context_id bigint,
  locale text,
  created_at timestamp with time zone DEFAULT now() NOT NULL,
  last_seen_at timestamp with time zone DEFAULT now() NOT NULL,
  expires_at timestamp with time zone NOT NULL,
  revoked_at timestamp with time zone,
  platform_id integer,
  deployment_id text,
  CONSTRAINT session_pkey PRIMARY KEY (district_id, token_hash),
  CONSTRAINT session_token_hash_key UNIQUE (token_hash),
  CONSTRAINT session_check CHECK (((platform_id IS NULL) = (deployment_id IS NULL))),
  CONSTRAINT session_district_id_fkey FOREIGN KEY (district_id) REFERENCES district(id)
);
CREATE INDEX session_expires_at_idx ON public.session USING btree (expires_at);
ALTER TABLE session ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY door ON session FOR ALL TO aptt_front USING (true) WITH CHECK (true);
CREATE POLICY tenant ON session FOR ALL TO aptt_service USING ((district_id = ( SELECT current_district() AS current_district))) WITH CHECK ((district_id = ( SELECT current_district() AS current_district)));
GRANT DELETE, SELECT, UPDATE ON session TO aptt_front;
GRANT DELETE, INSERT, SELECT, UPDATE ON session TO aptt_service;

CREATE TABLE session_ticket (
  district_id integer NOT NULL,
  ticket_hash bytea NOT NULL,
  expires_at timestamp with time zone NOT NULL,
  CONSTRAINT session_ticket_pkey PRIMARY KEY (district_id, ticket_hash),
  CONSTRAINT session_ticket_ticket_hash_key UNIQUE (ticket_hash)
);
ALTER TABLE session_ticket ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY door ON session_ticket FOR ALL TO aptt_front USING (true) WITH CHECK (true);
CREATE POLICY tenant ON session_ticket FOR ALL TO aptt_service USING ((district_id = ( SELECT current_district() AS current_district))) WITH CHECK ((district_id = ( SELECT current_district() AS current_district)));
GRANT DELETE, SELECT ON session_ticket TO aptt_front;
GRANT DELETE, INSERT, SELECT, UPDATE ON session_ticket TO aptt_service;

CREATE TABLE source (
  district_id integer NOT NULL,
  id integer GENERATED ALWAYS AS IDENTITY NOT NULL,
  name text NOT NULL,
  kind text NOT NULL,
  settings jsonb DEFAULT '{}'::jsonb NOT NULL,
  fingerprint text,
  fingerprint_run bigint,
  created_at timestamp with time zone DEFAULT now() NOT NULL,
  watermark text,
  whole_at timestamp with time zone,
  brings_roster boolean DEFAULT true NOT NULL,
  living jsonb,
  CONSTRAINT source_pkey PRIMARY KEY (district_id, id),
  CONSTRAINT source_district_id_name_key UNIQUE (district_id, name),
  CONSTRAINT source_district_id_fkey FOREIGN KEY (district_id) REFERENCES district(id)
);
ALTER TABLE source ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON source FOR ALL TO aptt_service USING ((district_id = ( SELECT current_district() AS current_district))) WITH CHECK ((district_id = ( SELECT current_district() AS current_district)));
GRANT DELETE, INSERT, SELECT, UPDATE ON source TO aptt_service;

CREATE TABLE source_listing (
  district_id integer NOT NULL,
  source_id integer NOT NULL,
  entity text NOT NULL,
  reading text NOT NULL,
  run_id bigint NOT NULL,
  CONSTRAINT source_listing_pkey PRIMARY KEY (district_id, source_id, entity)
);
ALTER TABLE source_listing ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON source_listing FOR ALL TO aptt_service USING ((district_id = ( SELECT current_district() AS current_district))) WITH CHECK ((district_id = ( SELECT current_district() AS current_district)));
GRANT DELETE, INSERT, SELECT, UPDATE ON source_listing TO aptt_service;

CREATE TABLE source_stretch (
  district_id integer NOT NULL,
  source_id integer NOT NULL,
  entity text NOT NULL,
  id bigint GENERATED ALWAYS AS IDENTITY NOT NULL,
  digest bytea,
  sourced_ids text[] NOT NULL,
  CONSTRAINT source_stretch_pkey PRIMARY KEY (district_id, source_id, entity, id)
);
ALTER TABLE source_stretch ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON source_stretch FOR ALL TO aptt_service USING ((district_id = ( SELECT current_district() AS current_district))) WITH CHECK ((district_id = ( SELECT current_district() AS current_district)));
GRANT DELETE, INSERT, SELECT, UPDATE ON source_stretch TO aptt_service;

CREATE TABLE sync_problem (
  district_id integer NOT NULL,
  run_id bigint NOT NULL,
  n integer NOT NULL,
  entity text NOT NULL,
  severity text NOT NULL,
  code text NOT NULL,
  message text NOT NULL,
  sourced_id text,
  file text,
  line integer,
  field text,
  CONSTRAINT sync_problem_pkey PRIMARY KEY (district_id, run_id, n)
);
ALTER TABLE sync_problem ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON sync_problem FOR ALL TO aptt_service USING ((district_id = ( SELECT current_district() AS current_district))) WITH CHECK ((district_id = ( SELECT current_district() AS current_district)));
GRANT DELETE, INSERT, SELECT, UPDATE ON sync_problem TO aptt_service;

CREATE TABLE sync_run (
  district_id integer NOT NULL,
  id bigint GENERATED ALWAYS AS IDENTITY NOT NULL,
  source_id integer NOT NULL,
  status text NOT NULL,
  started_at timestamp with time zone DEFAULT now() NOT NULL,
  finished_at timestamp with time zone,
  fingerprint text,
  report jsonb DEFAULT '{}'::jsonb NOT NULL,
  held_because jsonb DEFAULT '[]'::jsonb NOT NULL,
  staged boolean DEFAULT false NOT NULL,
  decided_by text,
  error_code text,
  error_message text,
  CONSTRAINT sync_run_pkey PRIMARY KEY (district_id, id),
  CONSTRAINT sync_run_district_id_fkey FOREIGN KEY (district_id) REFERENCES district(id)
);
CREATE INDEX sync_run_district_id_source_id_id_idx ON public.sync_run USING btree (district_id, source_id, id DESC);
ALTER TABLE sync_run ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON sync_run FOR ALL TO aptt_service USING ((district_id = ( SELECT current_district() AS current_district))) WITH CHECK ((district_id = ( SELECT current_district() AS current_district)));
GRANT DELETE, INSERT, SELECT, UPDATE ON sync_run TO aptt_service;

CREATE TABLE sync_undo (
  district_id integer NOT NULL,
  run_id bigint NOT NULL,
  entity text NOT NULL,
  source_id integer NOT NULL,
  sourced_id text NOT NULL,
  before jsonb NOT NULL,
  CONSTRAINT sync_undo_pkey PRIMARY KEY (district_id, run_id, entity, source_id, sourced_id)
);
ALTER TABLE sync_undo ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON sync_undo FOR ALL TO aptt_service USING ((district_id = ( SELECT current_district() AS current_district))) WITH CHECK ((district_id = ( SELECT current_district() AS current_district)));
GRANT DELETE, INSERT, SELECT, UPDATE ON sync_undo TO aptt_service;

CREATE TABLE teams_tab (
  district_id integer NOT NULL,
  platform_id integer NOT NULL,
  sealed_client_secret text NOT NULL,
  person text NOT NULL,
  CONSTRAINT teams_tab_pkey PRIMARY KEY (district_id, platform_id),
  CONSTRAINT teams_tab_person_check CHECK ((person = ANY (ARRAY['oid'::text, 'upn'::text]))),
  CONSTRAINT teams_tab_district_id_platform_id_fkey FOREIGN KEY (district_id, platform_id) REFERENCES lti_platform(district_id, id) ON DELETE CASCADE
);
ALTER TABLE teams_tab ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY door ON teams_tab FOR ALL TO aptt_front USING (true) WITH CHECK (true);
CREATE POLICY tenant ON teams_tab FOR ALL TO aptt_service USING ((district_id = ( SELECT current_district() AS current_district))) WITH CHECK ((district_id = ( SELECT current_district() AS current_district)));
GRANT SELECT ON teams_tab TO aptt_front;
GRANT DELETE, INSERT, SELECT, UPDATE ON teams_tab TO aptt_service;

CREATE TABLE user_alias (
  district_id integer NOT NULL,
  source_id integer NOT NULL,
  sourced_id text NOT NULL,
  user_id bigint NOT NULL,
  hash uuid NOT NULL,
  first_run bigint NOT NULL,
  last_run bigint NOT NULL,
  ended_at timestamp with time zone,
  CONSTRAINT user_alias_pkey PRIMARY KEY (district_id, source_id, sourced_id)
);
CREATE INDEX user_alias_district_id_user_id_idx ON public.user_alias USING btree (district_id, user_id);
ALTER TABLE user_alias ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON user_alias FOR ALL TO aptt_service USING ((district_id = ( SELECT current_district() AS current_district))) WITH CHECK ((district_id = ( SELECT current_district() AS current_district)));
GRANT DELETE, INSERT, SELECT, UPDATE ON user_alias TO aptt_service;

CREATE VIEW active_enrollment WITH (security_invoker=true) AS
 SELECT e.district_id,
    e.class_id,
    e.user_id,
    e.role,
    e.is_primary,
    e.begin_date,
    e.first_run
   FROM (enrollment e
     JOIN "user" u ON (((u.district_id = e.district_id) AND (u.id = e.user_id))))
  WHERE ((e.ended_at IS NULL) AND (u.ended_at IS NULL) AND u.enabled AND ((e.begin_date IS NULL) OR (e.begin_date <= CURRENT_DATE)) AND ((e.end_date IS NULL) OR (e.end_date > CURRENT_DATE) OR (NOT (EXISTS ( SELECT 1
           FROM enrollment later
          WHERE ((later.district_id = e.district_id) AND (later.class_id = e.class_id) AND (later.ended_at IS NULL) AND ((later.end_date IS NULL) OR (later.end_date > e.end_date))))))));
GRANT SELECT ON active_enrollment TO aptt_service;

CREATE VIEW family_link WITH (security_invoker=true) AS
 SELECT g.district_id,
    g.student_id,
    g.guardian_id,
    (NOT bool_or(g.no_contact)) AS linked
   FROM (guardianship g
     JOIN source s ON (((s.district_id = g.district_id) AND (s.id = g.source_id))))
  GROUP BY g.district_id, g.student_id, g.guardian_id
 HAVING (bool_or(g.no_contact) OR bool_or(((g.ended_at IS NULL) AND (s.kind <> 'google-classroom'::text))));
GRANT SELECT ON family_link TO aptt_service;

CREATE VIEW scored_result WITH (security_invoker=true) AS
 SELECT district_id,
    student_id,
    line_item_id,
    score,
    score_date,
    sourced_id,
    percentile
   FROM result r
  WHERE ((ended_at IS NULL) AND (score IS NOT NULL) AND ((score_status IS NULL) OR (score_status <> ALL (ARRAY['exempt'::text, 'not submitted'::text]))));
GRANT SELECT ON scored_result TO aptt_service;
