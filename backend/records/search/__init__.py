"""The search in the top bar: entities, tasks, visits and dossiers by name, code or number, within one agency."""
