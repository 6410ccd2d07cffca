"""利害关系申报: an inspector says with which entities they have ties; the head decides; nobody else reads it."""
