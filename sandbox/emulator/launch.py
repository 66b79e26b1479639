"""Runs the emulator on a free port of loopback until standard input ends, so that it never outlives who started it.

Prints its address once it answers, or why it does not.
"""

import os
import pathlib
import signal
import socket
import subprocess
import sys
import time
import urllib.request

with socket.socket() as probe:
    probe.bind(("127.0.0.1", int(os.environ.get("EMULATOR_PORT", "0"))))
    port = probe.getsockname()[1]
url = f"http://127.0.0.1:{port}"
settings = {"GATEWAY_PORT": str(port), "BIND_HOST": "127.0.0.1", "IOT_MTLS_ENABLED": "0"}
program = pathlib.Path(sys.executable).with_name("ministack")
log = open(os.environ.get("EMULATOR_LOG", os.devnull), "wb")
emulator = subprocess.Popen([program], env={**os.environ, **settings}, stdin=subprocess.DEVNULL, stdout=log, stderr=log,
                            start_new_session=True)
end = time.monotonic() + 60
while True:
    try:
        urllib.request.urlopen(f"{url}/_ministack/health", timeout=2).read()
        break
    except OSError as error:
        answered = hasattr(error, "code")
    if answered:
        break
    if emulator.poll() is not None or time.monotonic() > end:
        print(f"the AWS emulator did not start (exit code {emulator.poll()}); see EMULATOR_LOG", flush=True)
        sys.exit(1)
    time.sleep(0.05)
print(url, flush=True)
try:
    sys.stdin.buffer.read()
finally:
    os.killpg(emulator.pid, signal.SIGKILL)
