"""From a privacy notice in prose to a first notice file, by rules: what the text says, with the line it stands on."""
