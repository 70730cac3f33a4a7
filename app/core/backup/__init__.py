"""Pure rules of backups: what one holds, how two differ, which stay, when the next is due."""
