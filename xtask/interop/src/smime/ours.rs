//! What this workspace makes and reads.

use mailwright_smime::cms::Keys;
use mailwright_smime::x509::Certificate;
use mailwright_smime::{
    Context, Encryptor, LayerKind, PrivateKey, Signer, SystemRandom, Transport, Verdict, open, open_cms,
    verify_detached,
};

use super::case::{Form, Sealing, Signing, Way};
use super::folder::{CA, CONTENT, PAIRS, PASSWORD, SHARED};

fn text(error: impl std::fmt::Display) -> String {
    error.to_string()
}

/// The key and the certificate of this name.
fn pair(name: &str) -> Result<(PrivateKey, &'static [u8]), String> {
    let (_, key, certificate) =
        PAIRS.iter().find(|(known, ..)| *known == name).ok_or_else(|| format!("{name}: no such key"))?;
    Ok((PrivateKey::from_der(key).map_err(text)?, certificate))
}

/// The message that is signed as a whole.
fn message(key: &str) -> Vec<u8> {
    [format!("From: {key}@example.org\r\nSubject: lunch\r\n").as_bytes(), CONTENT].concat()
}

pub(super) fn sign(case: &Signing) -> Result<Vec<u8>, String> {
    let (key, certificate) = pair(case.scheme.key)?;
    let signer = Signer::new(&key, certificate).map_err(text)?.digest(case.scheme.digest).map_err(text)?;
    let signer = if case.scheme.pss { signer.pss() } else { signer };
    match case.form {
        Form::Detached => signer.sign_cms(CONTENT),
        Form::Opaque => signer.opaque().sign_cms(CONTENT),
        Form::Message => signer.sign_message(&message(case.scheme.key)),
    }
    .map_err(text)
}

/// The signed thing and its content, one of them changed.
pub(super) fn changed(case: &Signing, made: &[u8]) -> (Vec<u8>, Vec<u8>) {
    let other = replaced(CONTENT);
    match case.form {
        Form::Detached => (made.to_vec(), other),
        Form::Opaque | Form::Message => (replaced(made), other),
    }
}

/// With one word of the text exchanged.
fn replaced(octets: &[u8]) -> Vec<u8> {
    let (from, to) = (b"at one", b"at two");
    let mut octets = octets.to_vec();
    if let Some(at) = octets.windows(from.len()).position(|window| window == from) {
        octets.splice(at..at + from.len(), to.iter().copied());
    }
    octets
}

/// With one bit of the last octets flipped, where the tag is.
pub(super) fn flipped(octets: &[u8]) -> Vec<u8> {
    let mut octets = octets.to_vec();
    // Behind it stand the ends of what has no length, in BER.
    let last = octets.iter().rposition(|octet| *octet != 0).unwrap_or(0);
    if let Some(octet) = octets.get_mut(last) {
        *octet ^= 0x40;
    }
    octets
}

fn context() -> Result<Context<'static>, String> {
    let anchor = Certificate::from_der(CA).map_err(text)?;
    Ok(Context::new().trust([anchor]).at("2027-06-01T00:00:00Z".parse().map_err(text)?))
}

pub(super) fn verify(case: &Signing, made: &[u8], content: &[u8]) -> Result<(), String> {
    let context = context()?;
    let verdict = match case.form {
        Form::Detached => verify_detached(made, content, &context).map_err(text)?.verdict(),
        Form::Opaque => {
            let layer = open_cms(made, &context).map_err(text)?;
            if *layer.content != *content && content == CONTENT {
                return Err("another text came out".to_owned());
            }
            match layer.kind {
                LayerKind::Signed(signed) => signed.verdict(),
                _ => return Err("not signed data".to_owned()),
            }
        }
        Form::Message => {
            // What the other program signs has no fields of its own.
            let message = [format!("From: {}@example.org\r\n", case.scheme.key).as_bytes(), made].concat();
            open(&message, &context).map_err(text)?.verdict()
        }
    };
    if verdict == Verdict::Good { Ok(()) } else { Err(verdict.to_string()) }
}

pub(super) fn seal(case: &Sealing) -> Result<Vec<u8>, String> {
    let mut encryptor = Encryptor::new().cipher(case.cipher.cipher);
    encryptor = match (case.recipient.way, case.recipient.key) {
        (Way::Password, _) => encryptor.to_password(PASSWORD.as_bytes()),
        (Way::Shared, _) => encryptor.to_shared(SHARED.0, SHARED.1),
        (way, Some(name)) => {
            let transport = if way == Way::Oaep { Transport::Oaep } else { Transport::Pkcs1 };
            encryptor.transport(transport).to(pair(name)?.1).map_err(text)?
        }
        (_, None) => return Err("a recipient without a key".to_owned()),
    };
    encryptor.encrypt_cms(CONTENT, &mut SystemRandom::new()).map_err(text)
}

pub(super) fn open_sealed(made: &[u8]) -> Result<Vec<u8>, String> {
    let mut keys = Keys::new();
    for (name, ..) in PAIRS.iter().filter(|(name, ..)| *name != "ed25519") {
        let (key, certificate) = pair(name)?;
        keys.add(key, certificate).map_err(text)?;
    }
    keys.add_password(PASSWORD.as_bytes()).add_shared(Some(SHARED.0), SHARED.1);
    let layer = open_cms(made, &Context::new().keys(&keys)).map_err(text)?;
    match layer.kind {
        LayerKind::Encrypted(encrypted) => encrypted.opened.map(|_| layer.content.into_owned()).map_err(text),
        _ => Err("not encrypted".to_owned()),
    }
}
