"""Pure rules: values in, values out; no disk, no clock, no database."""
