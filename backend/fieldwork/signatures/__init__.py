"""Signatures and refusals to sign: each binds the digest of the document that the signer saw, and stays what it is."""
