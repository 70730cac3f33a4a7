"""Making a backup: looking, reading, packing, publishing."""
