-- What a source's listing said when it was last applied, stretch by stretch, so that the next night need only look at the lines that differ.
-- True of the roster as it stands: whatever else writes to a listing's records forgets the listing.
CREATE TABLE source_listing (
  district_id int NOT NULL,
  source_id int NOT NULL,
  entity text NOT NULL,
  -- equal readings read equal bytes alike
  reading text NOT NULL,
  run_id bigint NOT NULL,
  PRIMARY KEY (district_id, source_id, entity)
);
CREATE TABLE source_stretch (
  district_id int NOT NULL,
  source_id int NOT NULL,
  entity text NOT NULL,
  id bigint GENERATED ALWAYS AS IDENTITY,
  -- null where a row had a remark: it is looked at every night
  digest bytea,
  sourced_ids text[] NOT NULL,
  PRIMARY KEY (district_id, source_id, entity, id)
);
CALL protect_tenant('source_listing');
CALL protect_tenant('source_stretch');
