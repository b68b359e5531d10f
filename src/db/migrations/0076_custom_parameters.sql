-- District IT's word that only administrators write this platform's custom parameters: until it is given, they name nobody. Taken back, it ends
-- what may have been opened by them.
ALTER TABLE lti_platform ADD trust_custom boolean NOT NULL DEFAULT false;
DROP TRIGGER taken_back ON lti_platform;
CREATE TRIGGER taken_back AFTER UPDATE OF active, trust_custom ON lti_platform FOR EACH ROW
  WHEN ((OLD.active AND NOT NEW.active) OR (OLD.trust_custom AND NOT NEW.trust_custom)) EXECUTE FUNCTION end_sessions();
