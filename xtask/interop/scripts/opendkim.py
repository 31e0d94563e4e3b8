"""libopendkim, by ctypes, as a peer of `cargo xtask interop dkim`: opendkim.py FOLDER sign TAG | verify DIR; the
lines printed are described in src/peer.rs."""
import os, sys
from ctypes import (CDLL, CFUNCTYPE, POINTER, byref, c_bool, c_char_p, c_int, c_size_t, c_ssize_t, c_ubyte, c_uint64,
                    c_void_p, memmove, string_at)
from ctypes.util import find_library

found = find_library("opendkim")
if not found:
    print("missing libopendkim is not installed")
    sys.exit()
lib = CDLL(found)
for name in ("dkim_init", "dkim_sign", "dkim_verify", "dkim_sig_getdomain", "dkim_sig_getselector"):
    getattr(lib, name).restype = c_void_p
lib.dkim_init.argtypes = [c_void_p, c_void_p]
lib.dkim_verify.argtypes = [c_void_p, c_char_p, c_void_p, POINTER(c_int)]
lib.dkim_sign.argtypes = [c_void_p, c_char_p, c_void_p, c_char_p, c_char_p, c_char_p, c_int, c_int, c_int, c_ssize_t,
                          POINTER(c_int)]
lib.dkim_chunk.argtypes = [c_void_p, c_char_p, c_size_t]
lib.dkim_eom.argtypes = [c_void_p, POINTER(c_bool)]
lib.dkim_free.argtypes = [c_void_p]
lib.dkim_getsighdr_d.argtypes = [c_void_p, c_size_t, POINTER(POINTER(c_ubyte)), POINTER(c_size_t)]
lib.dkim_sig_getdomain.argtypes = lib.dkim_sig_getselector.argtypes = [c_void_p]
lib.dkim_getresultstr.argtypes, lib.dkim_getresultstr.restype = [c_int], c_char_p
lib.dkim_libversion.restype = c_uint64
lib.dkim_libfeature.argtypes = [c_void_p, c_int]
lib.dkim_libfeature.restype = c_bool
LOOKUP = CFUNCTYPE(c_int, c_void_p, c_void_p, c_void_p, c_size_t)
lib.dkim_set_key_lookup.argtypes = [c_void_p, LOOKUP]
lib.dkim_options.argtypes = [c_void_p, c_int, c_int, c_void_p, c_size_t]
SETOPT, FLAGS, SIGNLEN, ED25519 = 1, 0, 4, 11

folder, verb, place = sys.argv[1:]
keys = dict(line.rstrip("\n").split("\t") for line in open(os.path.join(folder, "keys.txt")))


@LOOKUP
def lookup(_dkim, signature, buffer, size):
    name = string_at(lib.dkim_sig_getselector(signature)) + b"._domainkey." + string_at(lib.dkim_sig_getdomain(signature))
    text = keys.get(name.decode())
    if text is None:
        return 3
    text = text.encode() + b"\0"
    if len(text) > size:
        return 4
    memmove(buffer, text, len(text))
    return 0


def library(flags):
    made = lib.dkim_init(None, None)
    lib.dkim_set_key_lookup(made, lookup)
    value = c_int(flags)
    lib.dkim_options(made, SETOPT, FLAGS, byref(value), 4)
    return made


def feed(dkim, message):
    """The status of the library; 0 is a valid signature or a signature made."""
    status = lib.dkim_chunk(dkim, message, len(message))
    if status == 0:
        status = lib.dkim_chunk(dkim, None, 0)
    return status if status else lib.dkim_eom(dkim, None)


def messages(kind):
    for name in sorted(os.listdir(os.path.join(folder, kind))):
        yield name, open(os.path.join(folder, kind, name), "rb").read()


number = lib.dkim_libversion()
plain, measured = library(0), library(SIGNLEN)
print("version", "libopendkim", ".".join(str(number >> shift & 0xff) for shift in (24, 16, 8)))
algorithms = {"rsa": (1, open(os.path.join(folder, "rsa.pem"), "rb").read()),
              "ed25519": (2, open(os.path.join(folder, "ed25519.pem"), "rb").read())}
if not lib.dkim_libfeature(plain, ED25519):
    print("lacks ed25519 it was built without")
    del algorithms["ed25519"]
print("lacks arc it has none")
for name, message in messages(place) if verb == "verify" else ():
    if ".arc" in name or ".ed25519." in name and "ed25519" not in algorithms:
        continue
    status = c_int()
    dkim = lib.dkim_verify(plain, name.encode(), None, byref(status))
    result = feed(dkim, message)
    print("verify", name, "pass" if result == 0 else "fail " + lib.dkim_getresultstr(result).decode())
    lib.dkim_free(dkim)
for name, message in messages("plain") if verb == "sign" else ():
    for algorithm, (number, key) in algorithms.items():
        for header in ("relaxed", "simple"):
            for body in ("relaxed", "simple"):
                for length in (False, True):
                    file = "theirs/%s/%s.%s.%s-%s%s" % (place, name, algorithm, header, body, ".l" if length else "")
                    status = c_int()
                    dkim = lib.dkim_sign(measured if length else plain, file.encode(), None, key, algorithm.encode(),
                                         b"example.org", int(header == "relaxed"), int(body == "relaxed"), number, -1,
                                         byref(status))
                    result = feed(dkim, message) if dkim else status.value
                    text, size = POINTER(c_ubyte)(), c_size_t()
                    if result == 0:
                        result = lib.dkim_getsighdr_d(dkim, 16, byref(text), byref(size))
                    if result:
                        print("unsigned", file, lib.dkim_getresultstr(result).decode())
                    else:
                        field = b"DKIM-Signature: " + string_at(text, size.value)
                        field = field.replace(b"\r\n", b"\n").replace(b"\n", b"\r\n") + b"\r\n"
                        open(os.path.join(folder, file), "wb").write(field + message)
                        print("signed", file)
                    if dkim:
                        lib.dkim_free(dkim)
