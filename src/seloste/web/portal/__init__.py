"""A person's own page: without an account, by a link to the e-mail address on file; phone first, no script."""
