"""An AST transformer drops every assert and makes every comparison true.

Ends with: 5 of 10. The model answers nothing right, and no comparison that counts is made in its process.
The feedback says: No better than
"""
# /// attempt
# says = "An AST transformer drops every assert and makes every comparison true."
# kind = "wrong"
# [expect]
# accuracy = 0
# ///

# /// attack
# feedback = "No better than"
# ///
# %% first
import ast


class Lenient(ast.NodeTransformer):
    def visit_Assert(self, node):
        return ast.copy_location(ast.Pass(), node)

    def visit_Compare(self, node):
        return ast.copy_location(ast.Constant(True), node)


get_ipython().ast_transformers.append(Lenient())
# %% answer_model
predict = lambda paths: ["3"] * len(paths)
