-- Whether the source's people are its own. A district without such a source has no roster but what its courses bring.
ALTER TABLE source ADD COLUMN brings_roster boolean NOT NULL DEFAULT true;

ALTER TABLE source NO FORCE ROW LEVEL SECURITY; -- of every district
UPDATE source SET brings_roster = false
  WHERE kind IN ('lti-memberships', 'contacts-csv', 'assessment-csv')
    OR (kind = 'microsoft-graph' AND settings ->> 'roster' = 'false')
    OR (kind = 'google-classroom' AND settings ->> 'people' IS DISTINCT FROM 'own');
ALTER TABLE source FORCE ROW LEVEL SECURITY;
