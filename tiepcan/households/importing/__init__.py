"""Workbooks into the registry: received, read in a limited child, laid beside the registry, written as a whole.

`actions` is what people do, `reading` and `writing` what the worker does for them, `matching` the SQL that both lay
the file's rows beside the registry with.
"""
