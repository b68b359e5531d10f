-- A teacher's wish holds for the class the course was theirs as. Once the course is another class's, it is off until that class's teacher wishes.
ALTER TABLE goal_column ADD COLUMN class_id bigint;
ALTER TABLE goal_column NO FORCE ROW LEVEL SECURITY; -- of every district
ALTER TABLE lti_context NO FORCE ROW LEVEL SECURITY;
UPDATE goal_column k SET class_id = x.class_id FROM lti_context x WHERE x.district_id = k.district_id AND x.id = k.context_id;
ALTER TABLE lti_context FORCE ROW LEVEL SECURITY;
ALTER TABLE goal_column FORCE ROW LEVEL SECURITY;
