# /// attempt
# says = "Leaves the pixels at 0 to 255."
# kind = "wrong"
# [expect]
# images = [1, 1.5]
# accuracy = [0, 6]
# ///
# %% images_answer
def load_images(files):
    pixels = np.stack([np.array(Image.open(file)) for file in files])
    return torch.tensor(pixels, device=device).float().flatten(1)

x_train = load_images(train_files)
