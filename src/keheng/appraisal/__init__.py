"""The fiscal self-evaluation form (财政项目支出绩效自评表) as a value: readers, scoring policies, audit rules, writers.

Pure Python: nothing here knows Django, a database or the network. Purpose, terms and legal basis: ``README.md``.
"""
