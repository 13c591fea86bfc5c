"""What time brings: the sweep, its report, and what leaves in the months ahead."""
