"""dkimpy as a peer of `cargo xtask interop dkim`: dkimpy.py FOLDER; the lines printed are described in src/peer.rs."""
import os, sys

try:
    import dkim
    from importlib.metadata import version
except ImportError as error:
    print("missing", error)
    sys.exit()

folder = sys.argv[1]
keys = dict(line.rstrip("\n").split("\t") for line in open(os.path.join(folder, "keys.txt")))


def record(name, timeout=5):
    return keys.get((name.decode() if isinstance(name, bytes) else name).rstrip(".")).encode()


def messages(kind):
    for name in sorted(os.listdir(os.path.join(folder, kind))):
        yield name, open(os.path.join(folder, kind, name), "rb").read()


print("version", "dkimpy", version("dkimpy"))
try:
    import nacl
    algorithms = ["rsa", "ed25519"]
except ImportError:
    algorithms = ["rsa"]
    print("lacks ed25519 PyNaCl is not installed")
for name, message in messages("ours"):
    if "ed25519" in name and "ed25519" not in algorithms:
        continue
    try:
        print("verify", name, "pass" if dkim.verify(message, dnsfunc=record) else "fail")
    except Exception as error:
        print("verify", name, "fail", repr(error))
private = {"rsa": open(os.path.join(folder, "rsa.pem"), "rb").read(),
           "ed25519": open(os.path.join(folder, "ed25519.seed"), "rb").read().strip()}
for name, message in messages("plain"):
    for algorithm in algorithms:
        for header in ("relaxed", "simple"):
            for body in ("relaxed", "simple"):
                for length in (False, True):
                    file = "%s.%s.%s-%s%s" % (name, algorithm, header, body, ".l" if length else "")
                    try:
                        field = dkim.sign(message, algorithm.encode(), b"example.org", private[algorithm],
                                          canonicalize=(header.encode(), body.encode()), length=length,
                                          signature_algorithm=algorithm.encode() + b"-sha256")
                    except Exception as error:
                        print("unsigned", file, repr(error))
                        continue
                    open(os.path.join(folder, "theirs", file), "wb").write(field + message)
                    print("signed", file)
