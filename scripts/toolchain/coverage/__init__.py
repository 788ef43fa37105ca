"""Which branches of our contracts the Solidity tests take.

Every condition is watched by itself, both ways: of `if`, loops and `? :`, and each operand of `&&`
and `||`. forge's own coverage knows no more than whether the body of an `if` was run.
"""
