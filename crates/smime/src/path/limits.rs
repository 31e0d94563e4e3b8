//! What one validation may cost.

/// Signatures that are verified for one path search. Chains of mail need fewer than ten; a message can carry certificates
/// made so that every one might have issued every other.
pub const MAX_SIGNATURE_CHECKS: u32 = 200;

/// Certificates that are tried as issuers in one path search, for meshes whose signatures are all known already.
pub const MAX_STEPS: u32 = 2_000;

/// Certificates of a path below its anchor. The longest in use have five.
pub const MAX_PATH_LENGTH: usize = 64;

/// Names of a certificate times name constraints on it: each pair may have to be compared.
pub const MAX_NAME_COMPARISONS: u64 = 250_000;

/// Paths within paths: a revocation list may be signed by a certificate that needs a path of its own, whose lists do again.
/// Bridges in use need two.
pub const MAX_NESTED_PATHS: u8 = 4;

/// The limits of one validation; what is beyond them is a refusal that names the limit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Default [`MAX_SIGNATURE_CHECKS`].
    pub signature_checks: u32,
    /// Default [`MAX_STEPS`].
    pub steps: u32,
    /// Default [`MAX_PATH_LENGTH`].
    pub path_length: usize,
    /// Default [`MAX_NAME_COMPARISONS`].
    pub name_comparisons: u64,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            signature_checks: MAX_SIGNATURE_CHECKS,
            steps: MAX_STEPS,
            path_length: MAX_PATH_LENGTH,
            name_comparisons: MAX_NAME_COMPARISONS,
        }
    }
}
