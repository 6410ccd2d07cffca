"""Yaohao 摇号: double-random inspection, from the directory file to the sealed dossier.

The folders read like the life of one inspection and imports only point backwards in time:
core → plumbing → foundation → registers → planning → fieldwork → decisions → records → public_site → app.
"""
