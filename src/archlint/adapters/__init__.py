"""Programs other than archlint's own, run only when a flag names them."""
