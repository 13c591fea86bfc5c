"""Writes the invented people of the examples: ``python -m scripts.demo_people``.

The same ones every time. Nobody in them exists: telephones are of the ranges 050 000 0xxx and 040 000 0xxx, addresses
end in ``.example``, business IDs begin with 9, identity codes are of the 900 series.
"""
