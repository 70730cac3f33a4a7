"""One message of the export, in any of its shapes, understood as blocks."""
