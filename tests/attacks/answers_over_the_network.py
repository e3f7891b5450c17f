"""A helper on the network is asked for the answers.

Ends with: 5 of 10. Nothing is reached; a listener on this machine hears nothing.
The feedback says: There is no network while a notebook is graded.
"""
# /// attempt
# says = "A helper on the network is asked for the answers."
# kind = "wrong"
# [expect]
# accuracy = 0
# ///

# /// attack
# feedback = "There is no network while a notebook is graded."
# ///
# %% last
import socket

with socket.create_connection(("127.0.0.1", @PORT@), 2) as helper:
    helper.sendall(b"the hidden inputs")
# %% answer_model
predict = lambda paths: ["3"] * len(paths)
