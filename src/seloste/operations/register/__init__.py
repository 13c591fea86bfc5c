"""What a register is and holds, as a whole; nothing here tells of anybody."""
