//! What a ZIP holds, by its central directory. Nothing is unpacked.

use std::borrow::Cow;

use super::FileName;

/// Members that are read: what comes after them is not looked at.
pub const MAX_MEMBERS: usize = 1_000;

/// From how far behind its packed size on a member can only be a bomb: deflate reaches 1,032 at most (zlib's technical details),
/// for a file of one octet repeated; documents stay below 100.
const BOMB_RATIO: u64 = 200;

/// Octets from the end in which the end record lies: its 22 and a comment of 65,535 (APPNOTE 4.3.16).
const END_REACH: usize = 22 + 65_535;

/// The directory of a ZIP.
#[derive(Clone, Debug, Default)]
pub struct Archive<'a> {
    /// Its members, at most [`MAX_MEMBERS`].
    pub members: Vec<Member<'a>>,
    /// Whether there are more.
    pub is_cut: bool,
}

/// A file in an archive.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Member<'a> {
    /// Its name with its folders.
    pub name: Cow<'a, str>,
    /// Octets in the archive.
    pub packed: u64,
    /// Octets as it says when unpacked.
    pub size: u64,
    /// Whether a password is needed.
    pub is_encrypted: bool,
}

impl Member<'_> {
    /// Whether unpacking it would fill a disk.
    #[must_use]
    pub fn is_bomb(&self) -> bool {
        self.size > 10 << 20 && self.size / self.packed.max(1) > BOMB_RATIO
    }

    /// The name without its folders.
    #[must_use]
    pub fn file_name(&self) -> FileName<'_> {
        FileName(self.name.rsplit(['/', '\\']).next().unwrap_or_default())
    }
}

impl<'a> Archive<'a> {
    /// Reads the central directory (APPNOTE 4.3.12), or, where there is none, the local headers up to the first whose size is not
    /// given there (4.3.7). Archives that continue elsewhere and ZIP64 are read as far as their 32-bit fields go.
    #[must_use]
    pub fn read(octets: &'a [u8]) -> Self {
        let mut archive = Self::default();
        match central(octets) {
            Some(directory) => archive.fill(directory, b"PK\x01\x02"),
            None => archive.fill(octets, b"PK\x03\x04"),
        }
        archive
    }

    /// Whether a member needs a password.
    #[must_use]
    pub fn is_encrypted(&self) -> bool {
        self.members.iter().any(|member| member.is_encrypted)
    }

    /// The first member that Windows would run.
    #[must_use]
    pub fn running(&self) -> Option<&Member<'a>> {
        self.members.iter().find(|member| member.file_name().runs())
    }

    /// Whether it is an office document (ECMA-376 part 2).
    #[must_use]
    pub fn is_document(&self) -> bool {
        self.members.iter().any(|member| member.name == "[Content_Types].xml")
    }

    /// Whether it is a program for Java: its classes are no programs by themselves.
    #[must_use]
    pub fn is_java(&self) -> bool {
        self.members.iter().any(|member| member.name == "META-INF/MANIFEST.MF")
    }

    /// Whether a document has macros.
    #[must_use]
    pub fn has_macros(&self) -> bool {
        self.members.iter().any(|member| {
            let name = member.file_name().0;
            name.eq_ignore_ascii_case("vbaProject.bin") || member.name.contains("macrosheets/")
        })
    }

    /// Reads headers that stand one behind the other, in the layout of the mark.
    fn fill(&mut self, octets: &'a [u8], mark: &[u8; 4]) {
        let is_central = mark.get(2) == Some(&1);
        // The central header has two fields of two octets more in front, and more behind the lengths.
        let (shift, fixed) = if is_central { (2, 46) } else { (0, 30) };
        let mut rest = octets;
        while rest.starts_with(mark) {
            if self.members.len() >= MAX_MEMBERS {
                self.is_cut = true;
                return;
            }
            let Some(header) = rest.get(..fixed) else { return };
            let flags = u16_at(header, 6 + shift);
            let packed = u32_at(header, 18 + shift);
            let size = u32_at(header, 22 + shift);
            let name_len = usize::from(u16_at(header, 26 + shift));
            let extra_len = usize::from(u16_at(header, 28 + shift));
            let comment_len = if is_central { usize::from(u16_at(header, 32)) } else { 0 };
            let Some(name) = rest.get(fixed..fixed.saturating_add(name_len)) else { return };
            self.members.push(Member {
                name: String::from_utf8_lossy(name),
                packed: u64::from(packed),
                size: u64::from(size),
                // APPNOTE 4.4.4: bit 0.
                is_encrypted: flags & 1 != 0,
            });
            // APPNOTE 4.4.4, bit 3: the sizes stand behind the data.
            if !is_central && flags & 8 != 0 {
                return;
            }
            let data = if is_central { 0 } else { usize::try_from(packed).unwrap_or(usize::MAX) };
            let next = [fixed, name_len, extra_len, comment_len, data]
                .iter()
                .fold(0_usize, |sum, part| sum.saturating_add(*part));
            rest = rest.get(next..).unwrap_or_default();
        }
    }
}

/// The central directory, by the last end record (APPNOTE 4.3.16).
fn central(octets: &[u8]) -> Option<&[u8]> {
    let tail_at = octets.len().saturating_sub(END_REACH);
    let tail = octets.get(tail_at..)?;
    let end = tail_at.saturating_add(memchr::memmem::rfind(tail, b"PK\x05\x06")?);
    let record = octets.get(end..)?;
    let size = usize::try_from(u32_at(record, 12)).ok()?;
    let offset = usize::try_from(u32_at(record, 16)).ok()?;
    // Where something stands before the archive, offsets count from its start: the directory ends where the record begins.
    let by_size = end.checked_sub(size).and_then(|start| octets.get(start..end));
    let by_offset = octets.get(offset..end);
    [by_size, by_offset].into_iter().flatten().find(|directory| directory.starts_with(b"PK\x01\x02"))
}

fn u16_at(octets: &[u8], at: usize) -> u16 {
    match octets.get(at..) {
        Some([low, high, ..]) => u16::from_le_bytes([*low, *high]),
        _ => 0,
    }
}

fn u32_at(octets: &[u8], at: usize) -> u32 {
    match octets.get(at..) {
        Some([a, b, c, d, ..]) => u32::from_le_bytes([*a, *b, *c, *d]),
        _ => 0,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A stored ZIP with empty members of these names, flags and sizes.
    fn zip(members: &[(&str, u16, u32)]) -> Vec<u8> {
        let (mut out, mut directory) = (Vec::new(), Vec::new());
        for (name, flags, size) in members {
            let offset = u32::try_from(out.len()).unwrap();
            let common =
                [flags.to_le_bytes().as_slice(), &[0; 6], &[0; 4], &0_u32.to_le_bytes(), &size.to_le_bytes()]
                    .concat();
            let lens = [u16::try_from(name.len()).unwrap().to_le_bytes(), [0, 0]].concat();
            out.extend([b"PK\x03\x04\x14\0".as_slice(), &common, &lens, name.as_bytes()].concat());
            directory.extend(
                [
                    b"PK\x01\x02\x14\0\x14\0".as_slice(),
                    &common,
                    &lens,
                    &[0; 10],
                    &offset.to_le_bytes(),
                    name.as_bytes(),
                ]
                .concat(),
            );
        }
        let (at, len) = (u32::try_from(out.len()).unwrap(), u32::try_from(directory.len()).unwrap());
        out.extend(directory);
        out.extend(
            [b"PK\x05\x06".as_slice(), &[0; 8], &len.to_le_bytes(), &at.to_le_bytes(), &[0; 2]].concat(),
        );
        out
    }

    #[test]
    fn the_directory() {
        let octets = zip(&[("docs/a.txt", 0, 5), ("x/invoice.pdf.exe", 1, 7)]);
        let archive = Archive::read(&octets);
        assert_eq!(archive.members.len(), 2);
        assert!(archive.is_encrypted() && !archive.has_macros() && !archive.is_document());
        assert_eq!(archive.running().unwrap().file_name().0, "invoice.pdf.exe");
        // Something in front of the archive, as of a program that unpacks itself.
        let shifted = [b"stub".as_slice(), &octets].concat();
        assert_eq!(Archive::read(&shifted).members.len(), 2);
    }

    #[test]
    fn without_a_directory_the_local_headers_tell() {
        let octets = zip(&[("a.js", 0, 0), ("b.txt", 0, 0)]);
        let end = memchr::memmem::find(&octets, b"PK\x01\x02").unwrap();
        assert_eq!(Archive::read(&octets[..end]).members.len(), 2);
    }

    #[test]
    fn bombs_and_macros() {
        let octets =
            zip(&[("[Content_Types].xml", 0, 9), ("word/vbaProject.bin", 0, 9), ("big", 0, u32::MAX)]);
        let archive = Archive::read(&octets);
        assert!(archive.is_document() && archive.has_macros() && archive.members[2].is_bomb());
    }

    #[test]
    fn many_members_are_cut() {
        let octets = zip(&vec![("a", 0, 0); MAX_MEMBERS + 1]);
        let archive = Archive::read(&octets);
        assert!(archive.is_cut && archive.members.len() == MAX_MEMBERS);
        assert!(Archive::read(b"PK\x03\x04").members.is_empty());
        assert!(Archive::read(&b"PK\x05\x06".repeat(1000)).members.is_empty());
    }
}
