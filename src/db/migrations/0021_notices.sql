-- Notices a platform sent us, so that each is heard once.
CREATE TABLE lti_notice (
  district_id int NOT NULL, platform_id int NOT NULL,
  id_hash bytea NOT NULL, nonce_hash bytea NOT NULL,
  received_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (district_id, platform_id, id_hash), UNIQUE (district_id, platform_id, nonce_hash),
  FOREIGN KEY (district_id, platform_id) REFERENCES lti_platform ON DELETE CASCADE
);
CALL protect_tenant('lti_notice');
CREATE INDEX ON lti_notice (district_id, received_at);
-- The courses, in the platform's own ids, whose content this one was made from: their plans are taken up, never their children.
ALTER TABLE lti_context ADD copied_from text[] NOT NULL DEFAULT '{}';
CREATE INDEX ON lti_context (district_id, class_id) WHERE cardinality(copied_from) > 0;
