"""Teaching the learned renderer: material, losses, the two trainings. Never imported by the server."""
