# /// attempt
# says = "Tables and a loop of its own around score; new films get the average row."
# kind = "right"
# ///
# %% gain-answer
users_known, films_known = train["user"].tolist(), train["film"].tolist()


def looked_up(table):
    return [torch.tensor(numbered(known, asked.tolist()), device=device)
            for known, asked in ((users_known, table["user"]), (films_known, table["film"]))]


torch.manual_seed(seed)
sizes = train["user"].nunique() + 1, train["film"].nunique() + 1
params = [torch.randn(n, n_factors, device=device) * 0.01 for n in sizes]
params += [torch.zeros(n, device=device) for n in sizes]
params = [p.requires_grad_() for p in params]
stars = torch.tensor(train["rating"].to_numpy(), device=device).float()
users, items = looked_up(train)
optimizer = torch.optim.AdamW(params, 0.005, betas=(0.9, 0.99), eps=1e-5, weight_decay=0.2)
schedule = torch.optim.lr_scheduler.OneCycleLR(optimizer, 0.005, total_steps=5 * 125)
for _ in range(5):
    for some in torch.randperm(len(stars)).to(device).split(512):
        optimizer.zero_grad()
        ((score(*params, users[some], items[some]) - stars[some]) ** 2).mean().backward()
        optimizer.step()
        schedule.step()
with torch.no_grad():
    for p in params:
        p[0] = p[1:].mean(0)


def predict(table):
    with torch.no_grad():
        return score(*params, *looked_up(table)).cpu().numpy()
