//! gzip (RFC 1952) and ZIP, without trust in any size that they declare.

use flate2::{Crc, Decompress, FlushDecompress, Status};

use super::{Error, ErrorKind, Limits, WarningKind, Warnings};

/// Octets that are unpacked between two looks at the limits.
const STEP: usize = 64 << 10;

/// Octets of packed data by which the ratio may be off: a stream begins with tables.
const SLACK: usize = 4 << 10;

/// Members of an archive or of a gzip file that are looked at: an archive of reports has one, of a bundle some dozen. An empty
/// member of gzip has 20 octets, and takes as long as a thousand.
const MAX_MEMBERS: usize = 1000;

/// The content of a gzip file: of its members, one after the other.
pub(super) fn gunzip(packed: &[u8], limits: &Limits, warnings: &mut Warnings) -> Result<Vec<u8>, Error> {
    let mut out = Vec::new();
    let mut rest = packed;
    let mut members = 0..MAX_MEMBERS;
    while let Some(body) = gzip_body(rest) {
        if members.next().is_none() {
            break;
        }
        let start = out.len();
        let inflated = inflate(body, &mut out, limits)?;
        if !inflated.whole {
            warnings.add(WarningKind::Truncated, "gzip", 0);
            return if out.is_empty() { Err(Error::new(ErrorKind::Packed)) } else { Ok(out) };
        }
        // RFC 1952 2.3.1: CRC32 and ISIZE.
        let behind = body.get(inflated.read..).unwrap_or_default();
        let Some((trailer, next)) = behind.split_at_checked(8) else {
            warnings.add(WarningKind::Truncated, "gzip", 0);
            return Ok(out);
        };
        if little(trailer.get(..4).unwrap_or_default()) != crc(out.get(start..).unwrap_or_default()) {
            warnings.add(WarningKind::Checksum, "gzip", 0);
        }
        rest = next;
        if rest.is_empty() {
            return Ok(out);
        }
    }
    if out.is_empty() {
        return Err(Error::new(ErrorKind::Packed));
    }
    warnings.add(WarningKind::TrailingOctets, "gzip", packed.len().saturating_sub(rest.len()));
    Ok(out)
}

/// What stands behind the header of a gzip member (RFC 1952 2.3); `None` where there is no header.
fn gzip_body(member: &[u8]) -> Option<&[u8]> {
    let [0x1f, 0x8b, 8, flags, _, _, _, _, _, _, rest @ ..] = member else { return None };
    let mut rest = rest;
    if flags & 4 != 0 {
        let (len, behind) = rest.split_at_checked(2)?;
        rest = behind.get(usize::try_from(little(len)).ok()?..)?;
    }
    // FNAME, FCOMMENT: up to a NUL each.
    for flag in [8, 16] {
        if flags & flag != 0 {
            rest = rest.get(memchr::memchr(0, rest)?.checked_add(1)?..)?;
        }
    }
    if flags & 2 != 0 { rest.get(2..) } else { Some(rest) }
}

struct Inflated {
    /// Octets of the packed data that belong to the stream.
    read: usize,
    /// Whether the stream has come to its end.
    whole: bool,
}

/// Unpacks a deflate stream behind what is in `out`, as far as it can be, up to the limits.
fn inflate(packed: &[u8], out: &mut Vec<u8>, limits: &Limits) -> Result<Inflated, Error> {
    let too_large = |name| Err(Error::new(ErrorKind::Limit(name)));
    let mut stream = Decompress::new(false);
    let mut step = vec![0; STEP];
    loop {
        let (read, written) = (stream.total_in(), stream.total_out());
        let input = packed.get(usize::try_from(read).unwrap_or(usize::MAX)..).unwrap_or_default();
        let status = stream.decompress(input, &mut step, FlushDecompress::None);
        let got = usize::try_from(stream.total_out().saturating_sub(written)).unwrap_or_default();
        let took = stream.total_in().saturating_sub(read);
        if out.len().saturating_add(got) > limits.unpacked {
            return too_large("unpacked");
        }
        out.extend_from_slice(step.get(..got).unwrap_or_default());
        let end = |whole| Inflated { read: usize::try_from(stream.total_in()).unwrap_or(usize::MAX), whole };
        match status {
            Ok(Status::StreamEnd) => return Ok(end(true)),
            Ok(_) if got > 0 || took > 0 => {}
            Ok(_) | Err(_) => return Ok(end(false)),
        }
        // Of what was read so far, so that a bomb in front of other data is found as soon.
        let so_far = usize::try_from(stream.total_in()).unwrap_or(usize::MAX).saturating_add(SLACK);
        if out.len() > Limits::FREE && out.len() / limits.ratio.max(1) > so_far {
            return too_large("ratio");
        }
    }
}

/// A member of an archive, by its entry in the central directory or by its local header.
struct Member<'z> {
    name: &'z [u8],
    method: u64,
    crc: u64,
    packed: &'z [u8],
    encrypted: bool,
}

/// The first member of an archive that is a report by its name, else the first file.
pub(super) fn unzip(archive: &[u8], limits: &Limits, warnings: &mut Warnings) -> Result<Vec<u8>, Error> {
    let mut members = directory(archive);
    if members.is_empty() {
        warnings.add(WarningKind::Truncated, "zip", 0);
        members.extend(local(archive, 0, None));
    }
    members.retain(|member| !member.name.ends_with(b"/"));
    if members.len() > 1 {
        warnings.add(WarningKind::SeveralMembers, "zip", 0);
    }
    let is_report = |member: &&Member<'_>| {
        let name = member.name.to_ascii_lowercase();
        let hidden = name.starts_with(b"__macosx/");
        !hidden && [&b".xml"[..], b".json", b".gz"].iter().any(|end| name.ends_with(end))
    };
    let member = members.iter().find(is_report).or_else(|| members.first());
    let member = member.filter(|member| !member.encrypted).ok_or(Error::new(ErrorKind::Packed))?;
    let mut out = Vec::new();
    match member.method {
        0 if member.packed.len() > limits.unpacked => return Err(Error::new(ErrorKind::Limit("unpacked"))),
        0 => out.extend_from_slice(member.packed),
        8 => {
            if !inflate(member.packed, &mut out, limits)?.whole {
                warnings.add(WarningKind::Truncated, "zip", 0);
            }
        }
        _ => return Err(Error::new(ErrorKind::Packed)),
    }
    if out.is_empty() {
        return Err(Error::new(ErrorKind::Empty));
    }
    if member.crc != crc(&out) {
        warnings.add(WarningKind::Checksum, "zip", 0);
    }
    Ok(out)
}

/// The members by the central directory (APPNOTE.TXT 4.3.12, 4.3.16).
fn directory(archive: &[u8]) -> Vec<Member<'_>> {
    let mut members = Vec::new();
    // The end record has a comment of up to 65,535 octets behind it.
    let tail = archive.len().saturating_sub(22 + 65_535);
    let Some(end) = memchr::memmem::rfind(archive.get(tail..).unwrap_or_default(), b"PK\x05\x06") else {
        return members;
    };
    let field = |entry: &[u8], at: usize, len: usize| little(entry.get(at..at + len).unwrap_or_default());
    let end = archive.get(tail.saturating_add(end)..).unwrap_or_default();
    let mut rest =
        usize::try_from(field(end, 16, 4)).ok().and_then(|at| archive.get(at..)).unwrap_or_default();
    while rest.starts_with(b"PK\x01\x02") && members.len() < MAX_MEMBERS {
        let len = |at| usize::try_from(field(rest, at, 2)).unwrap_or_default();
        let (name, more) = (len(28), len(30).saturating_add(len(32)));
        let place = usize::try_from(field(rest, 42, 4)).unwrap_or(usize::MAX);
        let size = usize::try_from(field(rest, 20, 4)).ok();
        if let Some(member) = local(archive, place, size) {
            members.push(Member { crc: field(rest, 16, 4), method: field(rest, 10, 2), ..member });
        }
        let next = 46_usize.saturating_add(name).saturating_add(more);
        rest = rest.get(next..).unwrap_or_default();
    }
    members
}

/// The member with the local header at `at` (APPNOTE.TXT 4.3.7); its data reaches to `size` or the end of the archive.
fn local(archive: &[u8], at: usize, size: Option<usize>) -> Option<Member<'_>> {
    let header = archive.get(at..)?;
    header.starts_with(b"PK\x03\x04").then_some(())?;
    let field = |at: usize, len: usize| Some(little(header.get(at..at.checked_add(len)?)?));
    let (name_len, extra) = (usize::try_from(field(26, 2)?).ok()?, usize::try_from(field(28, 2)?).ok()?);
    let name_end = 30_usize.checked_add(name_len)?;
    let data = header.get(name_end.checked_add(extra)?..)?;
    Some(Member {
        name: header.get(30..name_end)?,
        method: field(8, 2)?,
        crc: field(14, 4)?,
        packed: size.and_then(|size| data.get(..size)).unwrap_or(data),
        encrypted: field(6, 2)? & 1 != 0,
    })
}

fn little(octets: &[u8]) -> u64 {
    octets.iter().rev().take(8).fold(0, |number, &octet| number << 8 | u64::from(octet))
}

fn crc(octets: &[u8]) -> u64 {
    let mut crc = Crc::new();
    crc.update(octets);
    u64::from(crc.sum())
}

/// A gzip file of `octets`, without name and time.
pub(in crate::report) fn gzip(octets: &[u8]) -> Vec<u8> {
    use flate2::{Compress, Compression, FlushCompress};
    let mut out = vec![0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 0xff];
    let mut stream = Compress::new(Compression::default(), false);
    let mut step = vec![0; STEP];
    loop {
        let written = stream.total_out();
        let read = usize::try_from(stream.total_in()).unwrap_or(usize::MAX);
        let status =
            stream.compress(octets.get(read..).unwrap_or_default(), &mut step, FlushCompress::Finish);
        let got = usize::try_from(stream.total_out().saturating_sub(written)).unwrap_or_default();
        out.extend_from_slice(step.get(..got).unwrap_or_default());
        if !matches!(status, Ok(Status::Ok)) {
            break;
        }
    }
    out.extend(crc(octets).to_le_bytes().iter().take(4));
    // RFC 1952 2.3.1: ISIZE is the size modulo 2^32.
    out.extend((octets.len() as u64).to_le_bytes().iter().take(4));
    out
}
