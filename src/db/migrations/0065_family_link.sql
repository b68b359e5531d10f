-- Every pair of a child and a grown-up that some source speaks of. `linked`: the grown-up may be told of the child. An order that forbids contact
-- wins over every source that links the two, also where its row has ended; what only helps to find a person (google-classroom) links nobody.
-- src/roster/families.ts says the same of one pair's facts.
CREATE VIEW family_link WITH (security_invoker = true) AS
  SELECT g.district_id, g.student_id, g.guardian_id, NOT bool_or(g.no_contact) AS linked
  FROM guardianship g JOIN source s ON s.district_id = g.district_id AND s.id = g.source_id
  GROUP BY g.district_id, g.student_id, g.guardian_id
  HAVING bool_or(g.no_contact) OR bool_or(g.ended_at IS NULL AND s.kind <> 'google-classroom');
GRANT SELECT ON family_link TO aptt_service;
