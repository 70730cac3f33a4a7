"""What is known of backups: their folder, its index, whose they are, the passphrase."""
