-- A picker that is open: what the platform asked for, until a teacher answers it, once.
CREATE TABLE lti_deep_link (
  district_id int NOT NULL, token_hash bytea NOT NULL,
  platform_id int NOT NULL, deployment_id text NOT NULL,
  -- JSON, as bytes: the platform's `data` goes back as it came, whatever it holds
  asked bytea NOT NULL,
  expires_at timestamptz NOT NULL,
  PRIMARY KEY (district_id, token_hash),
  UNIQUE (token_hash),
  FOREIGN KEY (district_id, platform_id) REFERENCES lti_platform ON DELETE CASCADE
);
CREATE INDEX ON lti_deep_link (expires_at);
CALL protect_tenant('lti_deep_link');
CREATE POLICY door ON lti_deep_link TO aptt_front USING (true) WITH CHECK (true);
GRANT SELECT, INSERT, DELETE ON lti_deep_link TO aptt_front;
