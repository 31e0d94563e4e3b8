//! Messages made while they are read (RFC 8551 3): signed and encrypted.

use std::io::{BufRead, BufReader, Read, Write};

use mailwright_message_model::Message;

use super::canonical::Canonical;
use super::head::Headed;
use super::source::BUFFER;
use super::write::{Base64, Elements};
use crate::ber::{Identifier, write};
use crate::cms::ContentType;
use crate::error::Error;
use crate::make::entity::{self, SevenBit};
use crate::make::{Encryptor, Signer, new_secret};
use crate::random::Random;

/// Signs a message while it is read, as [`Signer::sign_message`]: its fields stay outside, its content is signed.
///
/// ```
/// use mailwright_smime::{Context, PrivateKey, Signer, SystemRandom, stream};
///
/// # fn sign(key: &PrivateKey, certificate: &[u8], path: &std::path::Path) -> Result<(), Box<dyn std::error::Error>> {
/// let signer = Signer::new(key, certificate)?;
/// let (message, mut out) = (std::fs::File::open(path)?, std::io::stdout());
/// stream::sign_message(&signer, message, &mut out, &mut SystemRandom::new())?;
/// # Ok(())
/// # }
/// ```
///
/// # Errors
///
/// As [`sign`]; [`ErrorKind::Limit`](crate::ErrorKind::Limit) for a header beyond
/// [`MAX_HEADER`](crate::limits::MAX_HEADER).
pub fn sign_message(
    signer: &Signer<'_>,
    message: impl Read,
    out: &mut dyn Write,
    random: &mut dyn Random,
) -> Result<(), Error> {
    let part = without_fields(message, out)?;
    sign(signer, part, out, random)
}

/// Signs an entity while it is read, as [`Signer::sign`]; its lines get the ends of mail.
///
/// # Errors
///
/// As [`Signer::sign`], and [`ErrorKind::Io`](crate::ErrorKind::Io): what was written by then is to be thrown away.
/// `random` is asked for the delimiter of a multipart/signed.
pub fn sign(
    signer: &Signer<'_>,
    part: impl Read,
    out: &mut dyn Write,
    random: &mut dyn Random,
) -> Result<(), Error> {
    if signer.is_opaque() {
        put(out, entity::pkcs7_header("signed-data", "smime.p7m").as_bytes())?;
        let mut base64 = Base64::new(out);
        signed_data(signer, part, true, &mut base64)?;
        return base64.finish();
    }
    let boundary = entity::boundary_of(&new_secret(random, 12)?);
    put(out, entity::before_signed(signer.micalg(), &boundary).as_bytes())?;
    let (mut hasher, mut seven_bit) = (signer.hasher(), SevenBit::default());
    pump(part, true, &mut |piece| {
        seven_bit.check(piece)?;
        hasher.update(piece);
        put(out, piece)
    })?;
    let signature = signer.finish(&hasher.finish(), None)?;
    put(out, entity::behind_signed(&boundary, &signature).as_bytes())
}

/// The CMS structure over octets that are read, as [`Signer::sign_cms`]: where the signer is opaque, BER of indefinite
/// lengths with the content inside.
///
/// # Errors
///
/// As [`Signer::sign_cms`], and [`ErrorKind::Io`](crate::ErrorKind::Io).
pub fn sign_cms(signer: &Signer<'_>, content: impl Read, out: &mut dyn Write) -> Result<(), Error> {
    if signer.is_opaque() {
        return signed_data(signer, content, false, out);
    }
    let mut hasher = signer.hasher();
    pump(content, false, &mut |piece| {
        hasher.update(piece);
        Ok(())
    })?;
    put(out, &signer.finish(&hasher.finish(), None)?)
}

fn signed_data(
    signer: &Signer<'_>,
    content: impl Read,
    is_text: bool,
    out: &mut dyn Write,
) -> Result<(), Error> {
    let mut elements = Elements::new(out);
    begin(&mut elements, ContentType::SignedData)?;
    elements.raw(&signer.before_content())?;
    elements.enter(Identifier::SEQUENCE)?;
    elements.raw(&oid(ContentType::Data))?;
    elements.enter(Identifier::context(0))?;
    elements.enter(Identifier::OCTETS_IN_PIECES)?;
    let mut hasher = signer.hasher();
    pump(content, is_text, &mut |piece| {
        hasher.update(piece);
        elements.octets(piece)
    })?;
    elements.leave(3)?;
    elements.raw(&signer.behind_content(&hasher.finish())?)?;
    elements.leave_all()
}

/// Encrypts a message while it is read, as [`Encryptor::encrypt_message`]: its fields stay outside.
///
/// # Errors
///
/// As [`encrypt`]; [`ErrorKind::Limit`](crate::ErrorKind::Limit) for a header beyond
/// [`MAX_HEADER`](crate::limits::MAX_HEADER).
pub fn encrypt_message(
    encryptor: &Encryptor,
    message: impl Read,
    out: &mut dyn Write,
    random: &mut dyn Random,
) -> Result<(), Error> {
    let part = without_fields(message, out)?;
    encrypt(encryptor, part, out, random)
}

/// Encrypts an entity while it is read, as [`Encryptor::encrypt`]; its lines get the ends of mail.
///
/// # Errors
///
/// As [`encrypt_cms`].
pub fn encrypt(
    encryptor: &Encryptor,
    part: impl Read,
    out: &mut dyn Write,
    random: &mut dyn Random,
) -> Result<(), Error> {
    let sealing = encryptor.begin(random)?;
    put(out, entity::pkcs7_header(encryptor.smime_type(), "smime.p7m").as_bytes())?;
    let mut base64 = Base64::new(out);
    seal(sealing, part, true, &mut base64)?;
    base64.finish()
}

/// The CMS structure with octets inside that are read, as [`Encryptor::encrypt_cms`]: BER of indefinite lengths.
///
/// # Errors
///
/// As [`Encryptor::encrypt_cms`], and [`ErrorKind::Io`](crate::ErrorKind::Io); [`ErrorKind::Limit`](crate::ErrorKind::Limit)
/// for more than GCM may seal ([`MAX_GCM_CONTENT`](crate::limits::MAX_GCM_CONTENT)). What was written by then is to be
/// thrown away.
pub fn encrypt_cms(
    encryptor: &Encryptor,
    content: impl Read,
    out: &mut dyn Write,
    random: &mut dyn Random,
) -> Result<(), Error> {
    seal(encryptor.begin(random)?, content, false, out)
}

fn seal(
    mut sealing: crate::make::Sealing,
    content: impl Read,
    is_text: bool,
    out: &mut dyn Write,
) -> Result<(), Error> {
    let mut elements = Elements::new(out);
    begin(&mut elements, sealing.kind())?;
    elements.raw(&sealing.before)?;
    elements.enter(Identifier::SEQUENCE)?;
    elements.raw(&sealing.inside)?;
    elements.enter(Identifier::context(0))?;
    pump(content, is_text, &mut |piece| sealing.update(piece, &mut |sealed| elements.octets(sealed)))?;
    let behind = sealing.finish(&mut |sealed| elements.octets(sealed))?;
    elements.leave(2)?;
    elements.raw(&behind)?;
    elements.leave_all()
}

/// A `ContentInfo` (RFC 5652 3), and the SEQUENCE of its content.
fn begin(elements: &mut Elements<'_>, kind: ContentType) -> Result<(), Error> {
    elements.enter(Identifier::SEQUENCE)?;
    elements.raw(&oid(kind))?;
    elements.enter(Identifier::context(0))?;
    elements.enter(Identifier::SEQUENCE)
}

fn oid(kind: ContentType) -> Vec<u8> {
    kind.oid().map(write::oid).unwrap_or_default()
}

/// The entity that is to be signed or sealed; what is to stand outside is written.
fn without_fields<R: Read>(message: R, out: &mut dyn Write) -> Result<impl Read + use<R>, Error> {
    let mut headed = Headed::read(BufReader::with_capacity(BUFFER, message))?;
    headed.whole()?;
    let body = Message::parse(headed.head()).map_or(0, |message| message.root().body_span().start);
    let split = entity::split(headed.head().get(..body).unwrap_or_default())?;
    headed.skip_to(body);
    put(out, &entity::with_fields(&split.outside, &[]))?;
    Ok(std::io::Cursor::new(split.inside).chain(headed))
}

/// Hands on what is read, with the line ends of mail if it is text.
fn pump(
    content: impl Read,
    is_text: bool,
    each: &mut dyn FnMut(&[u8]) -> Result<(), Error>,
) -> Result<(), Error> {
    let mut input = BufReader::with_capacity(BUFFER, content);
    let (mut canonical, mut changed) = (Canonical::default(), Vec::new());
    loop {
        let piece = match input.fill_buf() {
            Ok(piece) => piece,
            Err(error) if error.kind() == std::io::ErrorKind::Interrupted => continue,
            Err(error) => return Err(Error::io(&error)),
        };
        let read = piece.len();
        if read == 0 {
            return Ok(());
        }
        if is_text && canonical.changes(piece) {
            changed.clear();
            canonical.push(piece, &mut changed);
            each(&changed)?;
        } else {
            canonical.pass(piece);
            each(piece)?;
        }
        input.consume(read);
    }
}

fn put(out: &mut dyn Write, octets: &[u8]) -> Result<(), Error> {
    out.write_all(octets).map_err(|error| Error::io(&error))
}
