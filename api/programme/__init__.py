"""What a mentor has promised with a drop, as far as it is about people and not about money.

It owns the published terms (the document whose hash the drop carries) and what follows from them:
sessions, who may enter them, who may see resale listings. It refuses to believe a document that
the mirror's hash does not stand for, and to decide: the gate does.
"""
