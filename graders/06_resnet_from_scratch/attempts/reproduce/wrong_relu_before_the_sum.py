# /// attempt
# says = "Lets the ReLU act before the sum, so that a block can only add."
# kind = "wrong"
# [expect]
# block = [0, 0.7]
# accuracy = [0, 4]
# ///
# %% block-answer
def conv(c_in, c_out, size, stride):
    return nn.Sequential(nn.Conv2d(c_in, c_out, size, stride, size // 2, bias=False), nn.BatchNorm2d(c_out))


class ResBlock(nn.Module):
    def __init__(self, c_in, c_out, stride):
        super().__init__()
        self.through = nn.Sequential(conv(c_in, c_out, 3, stride), nn.ReLU(), conv(c_out, c_out, 3, 1), nn.ReLU())
        same = c_in == c_out and stride == 1
        self.around = nn.Identity() if same else conv(c_in, c_out, 1, stride)

    def forward(self, x):
        return self.through(x) + self.around(x)


def make_block(c_in, c_out, stride):
    return ResBlock(c_in, c_out, stride)
