"""The skins: command line, REST API and page server over one table."""
