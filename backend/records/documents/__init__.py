"""Official documents: the content of a dossier as plain values, which documents it makes in which order, and the
templates that set each of them on paper. Pure typesetting: nothing here reads a table."""
