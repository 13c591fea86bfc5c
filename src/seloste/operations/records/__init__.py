"""Verbs on records: collect, rectify, read, find, say why."""
