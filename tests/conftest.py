"""What every test stands on."""

import signal

from hypothesis import settings

# Started in the background, a shell lets its children ignore Ctrl-C; the tests of Ctrl-C need it.
signal.signal(signal.SIGINT, signal.default_int_handler)

# A machine under load is slow now and then; that is no property of the code.
settings.register_profile("patient", deadline=None)
settings.load_profile("patient")
