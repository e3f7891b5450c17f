# /// attempt
# says = "The dot product for the cosine: long rows are alike to everything."
# kind = "wrong"
# [expect]
# most_alike = [0, 1.5]
# ///
# %% alike-answer
def most_alike(factors, row, count):
    order = (factors @ factors[row]).argsort(descending=True)
    return [other for other in order.tolist() if other != row][:count]
