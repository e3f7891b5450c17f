# /// attempt
# says = "One epoch at a learning rate far too small."
# kind = "wrong"
# [expect]
# accuracy = [0, 1]
# ///
# %% accuracy-answer
class Bag(nn.Module):
    def __init__(self):
        super().__init__()
        self.rows = Embedding(len(vocab), width)
        self.judge = nn.Linear(width, 2)

    def forward(self, numbers):
        return self.judge(mean_of_words(self.rows(numbers), numbers))


set_seed(seed, reproducible=True)
learn = Learner(dls, Bag(), loss_func=CrossEntropyLossFlat(), metrics=accuracy, wd=0.01)
learn.fit_one_cycle(1, 0.0005)


def predict(table):
    said = []
    for start in range(0, len(table), 256):
        words = [tokens(text) or [""] for text in table["review"][start:start + 256]]
        with torch.no_grad():
            scores = learn.model.eval()(torch.as_tensor(padded(words, vocab, longest)).to(device))
        said += ["great" if great else "other" for great in scores.argmax(1).tolist()]
    return said

# %% errors-here-answer
print('later')
