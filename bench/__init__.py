"""What the register costs against raw SQL on the same tables: ``./dev bench``, docs/reference/bench.md."""
