"""Who owns what: software catalogs, CODEOWNERS, labels."""
