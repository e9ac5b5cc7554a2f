"""The command line: flags in, exit codes out; everything else happens elsewhere."""
