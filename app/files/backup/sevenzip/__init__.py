"""Archives of the 7z format, written and read by blocks."""
