-- Counted once, then moved by what a run changes; null: to be counted anew.
-- Living records of the source by entity.
ALTER TABLE source ADD COLUMN living jsonb;
-- Families of the district, as a run's report tells them.
ALTER TABLE district ADD COLUMN families jsonb;
