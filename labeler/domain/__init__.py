"""Values and pure functions: no files, no clock, no database, no Qt."""
