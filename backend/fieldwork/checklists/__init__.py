"""Checklists: forms as data (YAML held to a schema, pinned by SHA-256), the engine that reads them, and the answers.

`rules` is the engine; its twin in TypeScript runs the same `forms/cases`. `definitions` is the door by which a form comes
in; `models` keeps compiled forms and what was answered, with the second answer beside the first when two people differ.
"""
