-- What a platform that is a tab in Microsoft Teams has beyond a platform: the app's secret, sealed with APTT_SECRET, and by which of a person's
-- ids the roster knows them.
CREATE TABLE teams_tab (
  district_id int NOT NULL, platform_id int NOT NULL,
  sealed_client_secret text NOT NULL,
  person text NOT NULL CHECK (person IN ('oid', 'upn')),
  PRIMARY KEY (district_id, platform_id),
  FOREIGN KEY (district_id, platform_id) REFERENCES lti_platform ON DELETE CASCADE
);
CALL protect_tenant('teams_tab');
CREATE POLICY door ON teams_tab TO aptt_front USING (true) WITH CHECK (true);
GRANT SELECT ON teams_tab TO aptt_front;
