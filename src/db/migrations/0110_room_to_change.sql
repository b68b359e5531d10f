-- A night changes a few rows of many pages. With room left on its page a changed row stays there, and no index learns of it.
ALTER TABLE "user" SET (fillfactor = 90);
ALTER TABLE role SET (fillfactor = 90);
ALTER TABLE enrollment SET (fillfactor = 90);
ALTER TABLE guardianship SET (fillfactor = 90);
ALTER TABLE result SET (fillfactor = 90);
