"""Pure rules of backups: what one holds, which to keep, when the next is due."""
