"""The native window: the page in a frame of the system, with its dialogs, drops and menu."""
