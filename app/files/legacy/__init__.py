"""What the app's predecessor left on the disk: found and read, never written."""
