"""What the desktop around us offers: its trash looked into, its file manager opened."""
