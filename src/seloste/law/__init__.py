"""What the law says, as dated data with small pure functions over it. Not legal advice.

Each file of ``data/`` is one rule set; each entry says where it stands in the law, when it holds and whether its text
was read (``verified``). A rule that changes gets a new entry with its dates; the old one stays, for old facts.
"""
