-- From when on a source that can say what changed is asked for changes, and when it was last read whole: only then absence proves anything.
ALTER TABLE source ADD COLUMN watermark text, ADD COLUMN whole_at timestamptz;
