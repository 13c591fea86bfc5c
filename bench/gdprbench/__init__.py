"""GDPRbench (Shastri et al., PVLDB 13(7), 2020): its four roles on our layout, by hand on it, and on its wide table."""
