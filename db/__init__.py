"""The catalog: SQLite by peewee; rows and queries, no rules."""
