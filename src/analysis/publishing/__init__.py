"""How a result is shown: sentences, tables, charts and pages in Swedish and English.

This room stands behind the wall: it imports ``analysis.tables.protected``, ``analysis.reference`` and
``analysis.errors``, and reads no files but its own templates and catalogs.
"""
