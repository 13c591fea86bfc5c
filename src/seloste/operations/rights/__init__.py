"""What people ask of their own data: GDPR Art. 12 and 15 to 22. One verb in one file; `model` says what a request is.

Rows of requests are no role's own, so nothing here asks a lens: the pages are for whoever leads privacy in the
register, the portal for the person.
"""
