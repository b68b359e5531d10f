-- What a platform that is a Google Classroom add-on has beyond a platform: the client's secret, sealed with APTT_SECRET, and where its API is.
CREATE TABLE classroom_addon (
  district_id int NOT NULL, platform_id int NOT NULL,
  sealed_client_secret text NOT NULL,
  api_url text NOT NULL,
  PRIMARY KEY (district_id, platform_id),
  FOREIGN KEY (district_id, platform_id) REFERENCES lti_platform ON DELETE CASCADE
);
CALL protect_tenant('classroom_addon');
CREATE POLICY door ON classroom_addon TO aptt_front USING (true) WITH CHECK (true);
GRANT SELECT ON classroom_addon TO aptt_front;
