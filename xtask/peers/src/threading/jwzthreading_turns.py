# Threads messages by jwzthreading, once for each line of input; prints how many nanoseconds that took.
# Input: a JSON list a message (its id, the ids of its references, its subject), an empty line, then a line a turn.
import json, re, sys, tarfile, time

with tarfile.open(sys.argv[1]) as archive:
    source = archive.extractfile("jwzthreading-0.91/jwzthreading.py").read().decode()
# It is written for Python 2: two forms that are no more, and a class whose `__slots__` did nothing.
source = re.sub(r'raise ValueError, ("[^"]*")', r"raise ValueError(\1)", source)
source = re.sub(r"^(\s*)print ('[^']*')$", r"\1print(\2)", source, flags=re.M)
source = source.replace("'children', 'id']", "'children', 'id', 'message_id']")
module = {"__name__": "jwzthreading"}
exec(compile(source, "jwzthreading.py", "exec"), module)
sys.setrecursionlimit(100_000)

messages = []
for line in iter(sys.stdin.readline, "\n"):
    own, references, subject = json.loads(line)
    message = module["Message"]()
    message.message_id, message.subject = own, subject
    message.references = list(dict.fromkeys(references))
    messages.append(message)
print("ready", flush=True)
for turn in iter(sys.stdin.readline, ""):
    start = time.perf_counter_ns()
    module["thread"](messages)
    print(time.perf_counter_ns() - start, flush=True)
