# /// attempt
# says = "Gives 0 and 1 where labels are wanted."
# kind = "wrong"
# [expect]
# accuracy = 0
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
learn.fit_one_cycle(epochs, learning_rate)


def predict(table):
    said = []
    for start in range(0, len(table), 256):
        words = [tokens(text) or [""] for text in table["review"][start:start + 256]]
        with torch.no_grad():
            scores = learn.model.eval()(torch.as_tensor(padded(words, vocab, longest)).to(device))
        said += scores.argmax(1).tolist()
    return said

# %% errors-here-answer
print('later')
