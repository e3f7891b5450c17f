# /// attempt
# says = "The average takes in the row that was never trained."
# kind = "wrong"
# [expect]
# know_newcomers = 0
# ///
# %% newcomers-answer
def know_newcomers(table):
    return torch.cat([table.mean(dim=0, keepdim=True), table[1:]])
