"""Personal data breaches: written down, counted, told of (GDPR Art. 33 and 34)."""
