-- District IT's leave to attach one platform, as a link: good once, for some days, for a few tries.
CREATE TABLE lti_invitation (
  district_id int NOT NULL REFERENCES district, token_hash bytea NOT NULL,
  created_at timestamptz NOT NULL DEFAULT now(), created_by text NOT NULL,
  expires_at timestamptz NOT NULL,
  tries int NOT NULL DEFAULT 0,
  -- somebody is registering with it right now
  claimed_at timestamptz,
  -- what it was used for
  platform_id int,
  PRIMARY KEY (district_id, token_hash),
  UNIQUE (token_hash),
  FOREIGN KEY (district_id, platform_id) REFERENCES lti_platform ON DELETE CASCADE
);
CALL protect_tenant('lti_invitation');
CREATE POLICY door ON lti_invitation TO aptt_front USING (true) WITH CHECK (true);
GRANT SELECT, UPDATE ON lti_invitation TO aptt_front;
