"""Letters by e-mail: what is written, how it leaves, and the thread that sends it."""
