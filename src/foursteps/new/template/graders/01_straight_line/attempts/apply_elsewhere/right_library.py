# /// attempt
# says = "Lets scikit-learn fit a ridge, and takes the gain apart."
# kind = "right"
# ///
# %% gain_answer
def gain(truth, ours, theirs):
    rows = [(b - t) ** 2 - (a - t) ** 2 for t, a, b in zip(truth, ours, theirs)]
    mean = sum(rows) / len(rows)
    return mean, (sum((row - mean) ** 2 for row in rows) / len(rows)) ** 0.5 / len(rows) ** 0.5
# %% lift_answer
from sklearn.linear_model import Ridge
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

model = make_pipeline(StandardScaler(), Ridge(3.0)).fit(train.drop(columns="progression"), train["progression"])
predict = model.predict
