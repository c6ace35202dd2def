"""Pages of households: the list, one household, what changes it, yearly reviews, workbooks, and records that look alike."""
