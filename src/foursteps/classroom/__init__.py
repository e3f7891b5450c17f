"""A class around the exercises: who is in it, what they hand in, what they get, and what their marks show.

The gradebook is nbgrader's; who is in the class stands there and nowhere else. What the class has agreed on
(due dates, late work, what is dropped) stands in `class/class.toml`.
"""
