"""Citations of an answer: marks taken out of its text, sources numbered, links kept."""
