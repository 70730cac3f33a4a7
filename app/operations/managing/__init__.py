"""The steps of managing exports: renamed, deleted, put back, copied, merged, compared."""
