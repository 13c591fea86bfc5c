"""What people see: staff pages, the public notice and the API. No SQL here."""
