"""The scorer in the learner's own process gives full marks for anything.

Ends with: 5 of 10. That scorer is not the one that counts.
The feedback says: No better than
"""
# /// attempt
# says = "The scorer in the learner's own process gives full marks for anything."
# kind = "wrong"
# [expect]
# accuracy = 0
# ///

# /// attack
# feedback = "No better than"
# ///
# %% first
import foursteps.checks.measures
import foursteps.grade.mark
import foursteps.grade.score as score

score.score = foursteps.grade.mark.score = lambda check, *others: score.Outcome(
    check.name, "passed", check.points, check.points
)
score.same = lambda *a, **k: True
for measure in foursteps.checks.measures.MEASURES.values():
    object.__setattr__(measure, "value", lambda predicted, truth: 1.0)
# %% answer_model
predict = lambda paths: ["3"] * len(paths)
