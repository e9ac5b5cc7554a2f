"""The names by which objects mean others, and the table of the fields that hold them."""
