# /// attempt
# says = "Leaves the row itself among its neighbours."
# kind = "wrong"
# [expect]
# most_alike = 0
# ///
# %% alike-answer
def most_alike(factors, row, count):
    unit = factors / factors.norm(dim=1, keepdim=True)
    return (unit @ unit[row]).argsort(descending=True)[:count].tolist()
