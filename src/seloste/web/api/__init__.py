"""The JSON API: the same verbs as the pages, for programs with a key, described by a document made from the notice."""
