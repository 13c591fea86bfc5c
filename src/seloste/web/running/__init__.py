"""What whoever runs the installation asks of the program: whether it works, its numbers, whom to tell of a fault."""
