"""Agencies, departments, people and their sessions.

Passwords are argon2id; a session is a row that can be revoked. What a role may do stands in
`permissions/roles.py`. 组长 is no role but a duty on one visit (glossary "team leader").
"""
