"""What the register costs against raw SQL on the same tables. ``./dev bench`` runs it; docs/bench.md says how."""
