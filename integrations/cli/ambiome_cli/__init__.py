"""The command `ambiome`. Everything it needs beyond the base install is imported when a command runs."""
