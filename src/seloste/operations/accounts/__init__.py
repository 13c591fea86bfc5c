"""What is done with the accounts of the staff: one verb a file. Each takes the installation's database first."""
