-- Each guardian's own wish: the mark stays off the group's chart while any of them wants it off.
ALTER TABLE chart_opt_out ALTER COLUMN by_account SET NOT NULL, DROP CONSTRAINT chart_opt_out_pkey,
  ADD PRIMARY KEY (district_id, student_id, by_account);
