# /// attempt
# says = "Gives log prices where dollars are asked for."
# kind = "wrong"
# [expect]
# price = 0
# ///
# %% price-answer
def price(table):
    with learn.no_bar(), learn.no_logging():
        said, _ = learn.get_preds(dl=learn.dls.test_dl(table))
    return said.numpy().ravel()

# %% errors-here-answer
print('later')
