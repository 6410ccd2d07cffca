"""Who may do what: the role matrix, the acting person as a value, and the guard that holds every route to both."""
