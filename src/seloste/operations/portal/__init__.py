"""A person's own page: the link by e-mail, what is held of them, who looked, what they say yes and no to.

Nothing here asks a lens: everything held of one person is read, and of nobody else. Who they are rests on an e-mail
address on file, which is why what a guard seals is never shown here.
"""
