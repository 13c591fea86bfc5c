"""Pages of the staff, one a file."""
