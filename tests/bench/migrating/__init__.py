"""What is measured of migrating the old program's sessions."""
