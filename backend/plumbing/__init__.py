"""Everything that touches the outside: the database, files, the web, spreadsheets, PDF. It knows no law."""
