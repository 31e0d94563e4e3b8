//! Algorithms that are to withstand quantum computers: ML-DSA (RFC 9881), SLH-DSA (RFC 9909), ML-KEM (RFC 9935).

use crate::oid::Oid;

/// A parameter set: the last arc of its identifier.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum PostQuantum {
    /// ML-DSA: 17, 18 and 19 for 44, 65 and 87.
    MlDsa(u8),
    /// SLH-DSA: from 20, SHA2 before SHAKE, small before large, s before f.
    SlhDsa(u8),
    /// ML-KEM: 1, 2 and 3 for 512, 768 and 1024.
    MlKem(u8),
}

/// 2.16.840.1.101.3.4.3
const SIGNATURES: &[u8] = &[0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x03];

/// 2.16.840.1.101.3.4.4
const KEMS: &[u8] = &[0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x04];

impl PostQuantum {
    /// The parameter set of a signature algorithm or key.
    pub(crate) fn signature(oid: Oid<'_>) -> Option<Self> {
        match oid.octets().strip_prefix(SIGNATURES)? {
            [set @ 17..=19] => Some(Self::MlDsa(*set)),
            [set @ 20..=31] => Some(Self::SlhDsa(*set)),
            _ => None,
        }
    }

    /// The parameter set of a key.
    pub(crate) fn key(oid: Oid<'_>) -> Option<Self> {
        match oid.octets().strip_prefix(KEMS) {
            Some([set @ 1..=3]) => Some(Self::MlKem(*set)),
            _ => Self::signature(oid),
        }
    }
}
