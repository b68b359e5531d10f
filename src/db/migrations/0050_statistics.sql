-- A first load is compared with the next night before PostgreSQL has looked at it by itself. The service owns no table, so this is done for it.
CREATE PROCEDURE refresh_statistics(roster_table regclass) LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  IF NOT EXISTS (SELECT 1 FROM pg_class WHERE oid = roster_table AND relnamespace = 'public'::regnamespace AND relkind = 'r') THEN
    RAISE EXCEPTION 'not a table of the roster: %', roster_table;
  END IF;
  EXECUTE format('ANALYZE %s', roster_table);
END $$;
REVOKE ALL ON PROCEDURE refresh_statistics FROM PUBLIC;
GRANT EXECUTE ON PROCEDURE refresh_statistics TO aptt_service;
