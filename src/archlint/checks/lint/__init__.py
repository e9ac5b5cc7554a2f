"""Rules about files themselves: whether archlint, and so others, can read them."""
