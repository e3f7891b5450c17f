"""What every test stands on."""

import signal

# Started in the background, a shell lets its children ignore Ctrl-C; the tests of Ctrl-C need it.
signal.signal(signal.SIGINT, signal.default_int_handler)
