"""dkimpy as a peer of `cargo xtask interop dkim`: dkimpy.py FOLDER sign TAG | verify DIR; the lines printed are described in
src/peer.rs."""
import os, sys

try:
    import dkim
    from importlib.metadata import version
except ImportError as error:
    print("missing", error)
    sys.exit()

folder, verb, place = sys.argv[1:]
keys = dict(line.rstrip("\n").split("\t") for line in open(os.path.join(folder, "keys.txt")))


def record(name, timeout=5):
    return keys.get((name.decode() if isinstance(name, bytes) else name).rstrip(".")).encode()


def messages(kind):
    for name in sorted(os.listdir(os.path.join(folder, kind))):
        yield name, open(os.path.join(folder, kind, name), "rb").read()


def keep(file, octets):
    with open(os.path.join(folder, file), "wb") as out:
        out.write(octets)
    print("signed", file)


def passes(name, message):
    if ".arc" in name:
        result, _, why = dkim.arc_verify(message, dnsfunc=record)
        return result == b"pass", why
    return dkim.verify(message, dnsfunc=record), ""


print("version", "dkimpy", version("dkimpy"))
try:
    import nacl
    algorithms = ["rsa", "ed25519"]
except ImportError:
    algorithms = ["rsa"]
    print("lacks ed25519 PyNaCl is not installed")
try:
    import authres
    seals = True
except ImportError:
    seals = False
    print("lacks arc-sealing authres is not installed")

if verb == "verify":
    for name, message in messages(place):
        if ".ed25519." in name and "ed25519" not in algorithms:
            continue
        try:
            good, why = passes(name, message)
            if "unknown signature algorithm: b'ed25519-sha256'" in str(why):
                print("lacks arc-ed25519 its ARC knows RSA alone")
                continue
            print("verify", name, "pass" if good else "fail " + " ".join(str(why).split()))
        except Exception as error:
            print("verify", name, "fail", repr(error))
    sys.exit()

private = {"rsa": open(os.path.join(folder, "rsa.pem"), "rb").read(),
           "ed25519": open(os.path.join(folder, "ed25519.seed"), "rb").read().strip()}
for name, message in messages("plain"):
    for algorithm in algorithms:
        for header in ("relaxed", "simple"):
            for body in ("relaxed", "simple"):
                for length in (False, True):
                    file = "theirs/%s/%s.%s.%s-%s%s" % (place, name, algorithm, header, body, ".l" if length else "")
                    try:
                        field = dkim.sign(message, algorithm.encode(), b"example.org", private[algorithm],
                                          canonicalize=(header.encode(), body.encode()), length=length,
                                          signature_algorithm=algorithm.encode() + b"-sha256")
                    except Exception as error:
                        print("unsigned", file, repr(error))
                        continue
                    keep(file, field + message)
for name, message in messages("arc-plain") if seals else ():
    base, algorithm, hop = name.split(".")
    file = "arc-theirs/%s/%s.rsa.%s.on-%s" % (place, base, hop, algorithm)
    try:
        fields = dkim.arc_sign(message, b"rsa", b"example.org", private["rsa"], b"mx.example.org")
    except Exception as error:
        print("unsigned", file, repr(error))
        continue
    if fields:
        keep(file, b"".join(fields) + message)
    else:
        print("unsigned", file, "it says nothing")
