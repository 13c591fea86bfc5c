"""A new version of a notice: what it would do, the decision on it, and the day it comes into force."""
