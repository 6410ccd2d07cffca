"""Starting the house: the web server, the worker and the database's schema."""
