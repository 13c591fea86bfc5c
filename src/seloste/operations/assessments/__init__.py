"""What the controller must have weighed before it acts: legitimate interests, and transfers outside the EEA."""
