"""Programs for those who work on Seloste."""
