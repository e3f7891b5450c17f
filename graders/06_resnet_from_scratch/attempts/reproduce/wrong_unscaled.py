# /// attempt
# says = "Leaves the pixels at 0 to 255."
# kind = "wrong"
# [expect]
# images = 1
# accuracy = [0, 4]
# ///
# %% images-answer
def pictures(files):
    return torch.tensor(np.stack([np.array(Image.open(file)) for file in files])).unsqueeze(1).float()


x_train = pictures(train_files)
