-- A run's staged rows are a district's roster too. They have no district_id, so the whole table is the district's: its name is guarded by
-- nothing but a number, and every tenant's transactions run under the role that owns it. Not before its COPY, which PostgreSQL refuses then.
CREATE PROCEDURE protect_staged(staged_table regclass) LANGUAGE plpgsql AS $$
BEGIN
  EXECUTE format('ALTER TABLE %s ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY', staged_table);
  EXECUTE format('CREATE POLICY tenant ON %s USING (current_district() = %s)', staged_table, current_district());
END $$;
