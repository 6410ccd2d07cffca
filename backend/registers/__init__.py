"""一单两库: the matter list, the entity directory and the inspector directory, and how they are filled."""
