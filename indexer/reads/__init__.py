"""The reads behind `indexer.queries`, a module for each kind of question.

It owns their SQL and the types of their answers. It refuses readers: others import
`indexer.queries` alone.
"""
