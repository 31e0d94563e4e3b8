# Scans all messages of a folder by flufl.bounce, once for each line of input; prints how many nanoseconds that took.
import email, os, sys, time

modules, folder = sys.argv[1:3]
sys.path.insert(0, modules)
from flufl.bounce import all_failures

names = sorted(os.listdir(folder))
messages = [open(os.path.join(folder, name), "rb").read() for name in names]
print("ready", flush=True)
for turn in iter(sys.stdin.readline, ""):
    start = time.perf_counter_ns()
    for raw in messages:
        try:
            all_failures(email.message_from_bytes(raw))
        except Exception:
            # It raises for some of them.
            pass
    print(time.perf_counter_ns() - start, flush=True)
