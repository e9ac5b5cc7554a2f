"""How releases are brought out step by step, what judges them on the way, and who gets which traffic."""
