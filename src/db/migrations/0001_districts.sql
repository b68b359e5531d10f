-- Two roles nobody logs in as. The service puts one on for each transaction; neither owns a table nor bypasses row-level security.
DO $$
BEGIN
  IF NOT EXISTS (SELECT 1 FROM pg_roles WHERE rolname = 'aptt_service') THEN CREATE ROLE aptt_service NOLOGIN; END IF;
  IF NOT EXISTS (SELECT 1 FROM pg_roles WHERE rolname = 'aptt_front') THEN CREATE ROLE aptt_front NOLOGIN; END IF;
  EXECUTE format('GRANT aptt_service, aptt_front TO %I', current_user);
EXCEPTION
  WHEN duplicate_object OR unique_violation THEN NULL; -- another database of this server is migrating at this moment
END $$;

-- Null when no tenant is set: then every policy is false.
CREATE FUNCTION current_district() RETURNS int LANGUAGE sql STABLE PARALLEL SAFE
  AS $$ SELECT NULLIF(current_setting('aptt.district_id', true), '')::int $$;

CREATE TABLE district (
  id int PRIMARY KEY GENERATED ALWAYS AS IDENTITY,
  slug text NOT NULL UNIQUE CHECK (slug ~ '^[a-z0-9][a-z0-9-]{0,62}$'),
  name text NOT NULL,
  time_zone text NOT NULL DEFAULT 'America/Chicago',
  -- {"matchEmail": bool, "displayPolicy": {...stricter than config/policy.ts}}
  settings jsonb NOT NULL DEFAULT '{}',
  created_at timestamptz NOT NULL DEFAULT now()
);
ALTER TABLE district ENABLE ROW LEVEL SECURITY; -- not forced: the operator's role, its owner, creates districts
CREATE POLICY own ON district TO aptt_service USING (id = (SELECT current_district()));
CREATE POLICY door ON district FOR SELECT TO aptt_front USING (true);
GRANT SELECT, UPDATE ON district TO aptt_service;
GRANT SELECT ON district TO aptt_front;

-- Every tenant table calls this: tenant first in the key, security forced even for the table's owner.
CREATE PROCEDURE protect_tenant(tenant_table regclass) LANGUAGE plpgsql AS $$
BEGIN
  EXECUTE format('ALTER TABLE %s ENABLE ROW LEVEL SECURITY', tenant_table);
  EXECUTE format('ALTER TABLE %s FORCE ROW LEVEL SECURITY', tenant_table);
  EXECUTE format('CREATE POLICY tenant ON %s TO aptt_service USING (district_id = (SELECT current_district())) WITH CHECK (district_id = (SELECT current_district()))', tenant_table);
  EXECUTE format('GRANT SELECT, INSERT, UPDATE, DELETE ON %s TO aptt_service', tenant_table);
END $$;
