"""The subcommands, one a file. What the base install lacks is imported inside the functions."""
