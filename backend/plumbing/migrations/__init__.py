"""The database's schema, step by step: one migration for each change of the tables."""
