"""摇号: nobody can choose who is inspected, and any outsider can prove it afterwards (draw.md).

The core is pure and is a function of its published inputs: `codes`, `committed_files`, `commitment`, `seed`,
`tickets`, `outcome`, `replacement` and `record` each hold one step of draw/1; `verify` is a program of its own that
computes all of it a second time and imports none of it.
"""
