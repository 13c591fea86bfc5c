"""What whoever runs an installation needs: whether it works, what is wrong, its numbers, its daily trial."""
