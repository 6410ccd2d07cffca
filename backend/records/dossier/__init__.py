"""The dossier of one visit: what is missing, sealing, the PDF and its package, and checking a package anywhere."""
