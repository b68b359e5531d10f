-- Small runs are staged in temporary tables. Everybody may make some, unless whoever keeps the server has taken that from everybody.
DO $$
BEGIN
  IF NOT has_database_privilege('aptt_service', current_database(), 'TEMPORARY') THEN
    EXECUTE format('GRANT TEMPORARY ON DATABASE %I TO aptt_service', current_database());
  END IF;
END $$;
