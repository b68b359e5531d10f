-- A session remembers the platform and the deployment it came through. Those opened before do not: their people open the tool again.
TRUNCATE session, session_ticket;
ALTER TABLE session
  -- both null: it came through no platform
  ADD platform_id int, ADD deployment_id text,
  ADD CHECK ((platform_id IS NULL) = (deployment_id IS NULL)),
  -- A launch from a deployment nobody accepted is refused before there is a session.
  DROP COLUMN waiting;

-- Whoever takes a platform or a deployment back, by whatever way, ends what was opened through it; taking it in again revives nothing.
CREATE FUNCTION end_sessions() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_TABLE_NAME = 'lti_platform' THEN
    UPDATE session SET revoked_at = now() WHERE district_id = NEW.district_id AND platform_id = NEW.id AND revoked_at IS NULL;
  ELSE
    UPDATE session SET revoked_at = now()
      WHERE district_id = NEW.district_id AND platform_id = NEW.platform_id AND deployment_id = NEW.deployment_id AND revoked_at IS NULL;
  END IF;
  RETURN NULL;
END $$;
CREATE TRIGGER taken_back AFTER UPDATE OF active ON lti_platform FOR EACH ROW
  WHEN (OLD.active AND NOT NEW.active) EXECUTE FUNCTION end_sessions();
CREATE TRIGGER taken_back AFTER UPDATE OF status ON lti_deployment FOR EACH ROW
  WHEN (OLD.status = 'active' AND NEW.status <> 'active') EXECUTE FUNCTION end_sessions();
