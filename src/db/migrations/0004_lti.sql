-- What must be found before the tenant is known: the front door reads these across districts, and nothing else.
CREATE TABLE lti_platform (
  district_id int NOT NULL REFERENCES district,
  id int GENERATED ALWAYS AS IDENTITY,
  issuer text NOT NULL, client_id text NOT NULL,
  auth_url text NOT NULL, token_url text NOT NULL, jwks_url text NOT NULL,
  -- origins that may frame us, besides the issuer's and auth_url's
  frame_origins text[] NOT NULL DEFAULT '{}',
  active boolean NOT NULL DEFAULT true,
  created_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (district_id, id),
  UNIQUE (issuer, client_id)
);
CREATE TABLE lti_deployment (
  district_id int NOT NULL, platform_id int NOT NULL, deployment_id text NOT NULL,
  status text NOT NULL CHECK (status IN ('active', 'pending', 'refused')),
  first_seen timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (district_id, platform_id, deployment_id),
  FOREIGN KEY (district_id, platform_id) REFERENCES lti_platform ON DELETE CASCADE
);
-- One login under way; consumed by one DELETE … RETURNING.
CREATE TABLE lti_login (
  district_id int NOT NULL, state_hash bytea NOT NULL,
  nonce_hash bytea NOT NULL, binding_hash bytea NOT NULL,
  platform_id int NOT NULL, target_link_uri text NOT NULL, deployment_hint text,
  -- the login went through our page, which keeps the binding in storage too; the frame that stores for the platform, if it has one
  by_page boolean NOT NULL, storage_target text,
  -- the platform's request, to begin again in a new window
  request text NOT NULL,
  expires_at timestamptz NOT NULL,
  PRIMARY KEY (district_id, state_hash),
  UNIQUE (state_hash),
  FOREIGN KEY (district_id, platform_id) REFERENCES lti_platform ON DELETE CASCADE
);
CREATE INDEX ON lti_login (expires_at);
-- The tool's own signing keys; the private half is sealed with APTT_SECRET. Not a tenant's.
CREATE TABLE lti_key (
  kid text PRIMARY KEY,
  public_jwk jsonb NOT NULL,
  sealed_private_jwk text NOT NULL,
  created_at timestamptz NOT NULL DEFAULT now(),
  retires_at timestamptz
);
CREATE TABLE session (
  district_id int NOT NULL REFERENCES district,
  token_hash bytea NOT NULL,
  -- null: nobody is remembered (a pending deployment, a platform's made-up person)
  account_id bigint,
  -- instructor · mentor · learner · administrator: what the launch said, the most a session may ever use
  roles text[] NOT NULL,
  -- deployment_pending: signed in, and nothing to show until the district accepts the deployment
  waiting text,
  context_id bigint,
  locale text,
  created_at timestamptz NOT NULL DEFAULT now(),
  last_seen_at timestamptz NOT NULL DEFAULT now(),
  expires_at timestamptz NOT NULL,
  revoked_at timestamptz,
  PRIMARY KEY (district_id, token_hash),
  UNIQUE (token_hash)
);
CREATE INDEX ON session (expires_at);
-- A one-time hand-over of a session from the launch to the page.
CREATE TABLE session_ticket (
  district_id int NOT NULL, ticket_hash bytea NOT NULL,
  sealed_token text NOT NULL, expires_at timestamptz NOT NULL,
  PRIMARY KEY (district_id, ticket_hash), UNIQUE (ticket_hash)
);

-- A person as one platform knows them. The same sub on two platforms is two accounts.
CREATE TABLE lti_account (
  district_id int NOT NULL, id bigint GENERATED ALWAYS AS IDENTITY,
  platform_id int NOT NULL, sub text NOT NULL,
  user_id bigint,
  matched_by text,
  given_name text, family_name text, email text, person_sourcedid text, locale text,
  last_launch_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (district_id, id), UNIQUE (district_id, platform_id, sub)
);
-- A course as one platform knows it, and the class it is.
CREATE TABLE lti_context (
  district_id int NOT NULL, id bigint GENERATED ALWAYS AS IDENTITY,
  platform_id int NOT NULL, deployment_id text NOT NULL, context_id text NOT NULL,
  title text, class_id bigint, matched_by text,
  PRIMARY KEY (district_id, id), UNIQUE (district_id, platform_id, deployment_id, context_id)
);
-- Which children a mentor's last launch from this context named; replaced whole at each launch.
CREATE TABLE lti_mentor (
  district_id int NOT NULL, account_id bigint NOT NULL, context_id bigint NOT NULL, student_id bigint NOT NULL,
  launched_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (district_id, account_id, context_id, student_id)
);
-- People and contexts that did not match: for district IT to settle, never guessed.
CREATE TABLE pending_match (
  district_id int NOT NULL, id bigint GENERATED ALWAYS AS IDENTITY,
  kind text NOT NULL CHECK (kind IN ('person', 'context', 'mentored')),
  account_id bigint, context_id bigint, detail text NOT NULL DEFAULT '',
  because text NOT NULL,
  first_seen timestamptz NOT NULL DEFAULT now(), last_seen timestamptz NOT NULL DEFAULT now(),
  settled_at timestamptz, settled_by text,
  PRIMARY KEY (district_id, id),
  UNIQUE NULLS NOT DISTINCT (district_id, kind, account_id, context_id, detail)
);
-- Append-only: who looked at what, and why they might.
CREATE TABLE audit (
  district_id int NOT NULL, id bigint GENERATED ALWAYS AS IDENTITY,
  at timestamptz NOT NULL DEFAULT now(),
  account_id bigint, actor text NOT NULL, action text NOT NULL, reason text NOT NULL,
  student_id bigint, class_id bigint, meeting_id bigint,
  PRIMARY KEY (district_id, id)
);
CREATE INDEX ON audit (district_id, student_id) WHERE student_id IS NOT NULL;

DO $$
DECLARE name text;
BEGIN
  FOREACH name IN ARRAY ARRAY['lti_platform','lti_deployment','lti_login','session','session_ticket','lti_account','lti_context','lti_mentor','pending_match','audit'] LOOP
    EXECUTE format('CALL protect_tenant(%L)', name);
  END LOOP;
  FOREACH name IN ARRAY ARRAY['lti_platform','lti_deployment','lti_login','session','session_ticket'] LOOP
    EXECUTE format('CREATE POLICY door ON %s TO aptt_front USING (true) WITH CHECK (true)', name);
  END LOOP;
END $$;
REVOKE UPDATE, DELETE ON audit FROM aptt_service;
GRANT SELECT ON lti_platform TO aptt_front;
GRANT SELECT, INSERT ON lti_deployment TO aptt_front;
GRANT SELECT, INSERT, DELETE ON lti_login TO aptt_front;
GRANT SELECT, INSERT, UPDATE, DELETE ON lti_key TO aptt_front;
GRANT SELECT, UPDATE, DELETE ON session TO aptt_front;
GRANT SELECT, DELETE ON session_ticket TO aptt_front;
