# /// attempt
# says = "TF-IDF with a linear model, and says so; ranks by counting wins; a loop for the top."
# kind = "right"
# ///
# %% auc-answer
def auc(truth, scores):
    won = 0.0
    ones, zeros = scores[truth == 1], scores[truth == 0]
    for one in ones:
        won += (one > zeros).sum() + (one == zeros).sum() / 2
    return won / (len(ones) * len(zeros))

# %% found-answer
def found_in_top(truth, scores, k):
    read = sorted(zip(scores, truth), reverse=True)[:k]
    return sum(label for _, label in read) / sum(truth)

# %% lift-answer
def predict(table):
    return reference.decision_function(table["remarks"])
