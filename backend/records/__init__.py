"""Records: what remains of an inspection. Official documents, the sealed dossier of one visit, the reports."""
