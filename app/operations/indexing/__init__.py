"""Making the catalog know an export: its conversations, their words, its figures."""
