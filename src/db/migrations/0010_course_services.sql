-- Whom a platform wants its service tokens asked of by name; null: its token address (Brightspace has one name for all its token addresses).
ALTER TABLE lti_platform ADD token_audience text;
-- Where a platform answers about a course, as its last launch said: the night asks there.
ALTER TABLE lti_context
  ADD memberships_url text,
  ADD line_items_url text,
  ADD service_scopes text[] NOT NULL DEFAULT '{}',
  -- the source that reads this course's roster over Names and Roles; null: none does
  ADD source_id int,
  -- when the roster was last read whole
  ADD members_read_at timestamptz;
