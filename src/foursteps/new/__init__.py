"""A new course, or a new topic of one: a small, whole example that passes every command, to be edited.

The example is a course like any other, in `template/`, and is checked, measured and proved as one.
"""
