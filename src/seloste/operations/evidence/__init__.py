"""Evidence that the notice is kept: each sentence of it with its rule, where that is enforced, and the last proof."""
