"""Pages for anybody: the notice of each register, in every language it is written in."""
