# /// attempt
# says = "Counting, done well: TF-IDF with a linear model, which the lecture calls the strong reference."
# kind = "right"
# ///
# %% accuracy-answer
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline

counted = make_pipeline(TfidfVectorizer(tokenizer=tokens, token_pattern=None, ngram_range=(1, 2), min_df=2, sublinear_tf=True),
                        LogisticRegression(C=10, max_iter=300)).fit(train["review"], train["score"])


def predict(table):
    return counted.predict(table["review"])
