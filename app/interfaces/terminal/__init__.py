"""The command line: one command a row of the table, for people and for scripts."""
