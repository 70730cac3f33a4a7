"""Archives to import: every layout, content and damage, each written for real.

A builder takes a folder to write into and answers an `Expected`: where the archive is
and what an import of it must find. Everything in them is invented.
"""
