"""Programs that people run: mentors, buyers, operators, and those who develop the project.

Refuses: rules of the marketplace. A command reads its arguments, calls the packages below
and prints; it decides nothing that another client would need to know.
"""
