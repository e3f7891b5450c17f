# ruff: noqa: F821  (runs after the lecture's last cell and uses its names)
"""Try it: write a review

This is the trained bag itself, all of it: a score for each of its words. Write, and watch what each word
does: a full line speaks for five stars, a dashed one against, the stronger the clearer. Turn two words
around. Add the same word ten times. Then write a bad review that it takes for a good one.
"""

# A bag and a linear judge are a sum: a score for each word and one number more. So the whole model fits here.
with torch.no_grad():
    bias = learn.model.judge.bias[1] - learn.model.judge.bias[0]

piece = {
    "kind": "words",
    "before": "## 7. Watch it learn, and overfit",
    "alt": "A review, its words marked by how much they speak for five stars or against, and the probability "
           "that the bag of embeddings gives.",
    "label": "your review",
    "outcome": "Probability of five stars",
    "text": "Not bad at all! In fact this is the best tea I ever had, and my dog loves the box.",
    "tokens": "[a-z']+|[!?]",
    "longest": longest,
    "scores": {word: round(float(score[word]), 3) for word in vocab[2:]},
    "unknown": round(float(score["(unknown)"]), 3),
    "bias": round(float(bias), 4),
}
