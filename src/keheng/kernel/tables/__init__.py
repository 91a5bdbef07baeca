"""Lists of records: sorted, filtered, paged by key, with columns to choose and sheets to take away.

A view declares a ``Table`` (``tables.table``) and answers with ``respond`` (``tables.responding``); its template includes
``tables/table.html`` with ``table=table only``. What accounts choose is remembered by the desk.
"""
