//! What the crate says of a message or CMS structure, in the words of the suites.

use mailwright_smime::{
    Context, Coverage, Error, ErrorKind, Identity, Layer, LayerKind, SignedLayer, SignerReport, Verdict,
    open, open_cms, verify_detached,
};

/// What came out.
pub(super) enum Answer<'a> {
    /// The whole message.
    Message(mailwright_smime::Report<'a>),
    /// One layer.
    Layer(Layer<'a>),
}

/// An input: CMS, or a message.
pub(super) enum Octets {
    Cms(Vec<u8>),
    Message(Vec<u8>),
}

impl Octets {
    /// By the first octets, as the README says.
    pub(super) fn of(octets: Vec<u8>) -> Result<Self, String> {
        if octets.first() == Some(&0x30) {
            return Ok(Self::Cms(octets));
        }
        // Some of these files have text before the block.
        let is_cms = |label: &str| matches!(label, "CMS" | "PKCS7");
        if let Ok(blocks) = mailwright_smime::x509::pem_blocks(&octets)
            && let Some(block) =
                blocks.into_iter().find(|block| octets.starts_with(b"-----BEGIN") || is_cms(block.label))
        {
            return Ok(Self::Cms(block.der));
        }
        Ok(Self::Message(octets))
    }
}

impl<'a> Answer<'a> {
    /// The answer on an input, with the content beside it if there is some.
    pub(super) fn to(
        octets: &'a Octets,
        beside: Option<&'a [u8]>,
        context: &Context<'_>,
    ) -> Result<Self, Error> {
        match (octets, beside) {
            (Octets::Message(raw), _) => open(raw, context).map(Self::Message),
            (Octets::Cms(der), None) => open_cms(der, context).map(Self::Layer),
            (Octets::Cms(der), Some(content)) => {
                let signed = verify_detached(der, content, context)?;
                Ok(Self::Layer(Layer::of_detached(signed, content)))
            }
        }
    }

    /// All layers, from the outside in.
    pub(super) fn layers(&self) -> &[Layer<'a>] {
        match self {
            Self::Message(report) => &report.layers,
            Self::Layer(layer) => std::slice::from_ref(layer),
        }
    }

    /// The signed layer that is graded.
    pub(super) fn counted(&self) -> Option<&Layer<'a>> {
        match self {
            Self::Message(report) => report.counted(),
            Self::Layer(layer) => Some(layer),
        }
    }

    pub(super) fn verdict(&self) -> Verdict {
        match self {
            Self::Message(report) => report.verdict(),
            Self::Layer(layer) => layer.signed().map_or(Verdict::Unsigned, SignedLayer::verdict),
        }
    }

    fn signers(&self) -> &[SignerReport] {
        self.counted().and_then(Layer::signed).map_or(&[], |signed| &signed.signers)
    }

    /// Whether this is an outcome of a signature.
    pub(super) fn is(&self, outcome: &str) -> bool {
        let verdict = self.verdict();
        let signers = self.signers();
        match outcome {
            "valid" => verdict.is_good() && !signers.is_empty(),
            "invalid" => !verdict.is_good(),
            "signer-mismatch" => {
                !verdict.is_good()
                    && !signers.is_empty()
                    && signers
                        .iter()
                        .all(|signer| signer.signature.is_ok() && matches!(signer.chain, Some(Ok(_))))
                    && signers.iter().any(|signer| !signer.identity.is_good())
            }
            "not-fully-valid" => {
                let good = signers.iter().filter(|signer| signer.verdict().is_good()).count();
                good > 0 && good < signers.len() && !verdict.is_good()
            }
            "partial" => {
                let part = self.counted().is_some_and(|layer| matches!(layer.coverage, Coverage::Part(_)));
                part && !signers.is_empty()
                    && signers.iter().all(|signer| signer.verdict().is_good())
                    && !verdict.is_good()
            }
            "unsigned" => self.layers().iter().all(|layer| layer.signed().is_none()) && !verdict.is_good(),
            "certs-only" => {
                matches!(self.layers().first().map(|layer| &layer.kind), Some(LayerKind::Certificates(_)))
            }
            "rejects" => self.layers().iter().any(|layer| matches!(layer.kind, LayerKind::Unreadable(_))),
            _ => false,
        }
    }

    /// The verdict in words, for the report.
    pub(super) fn words(&self) -> String {
        let identity = |signer: &SignerReport| match &signer.identity {
            Identity::NotJudged => String::new(),
            identity => format!(", {identity}"),
        };
        let signers: Vec<String> =
            self.signers().iter().map(|signer| format!("{}{}", signer.verdict(), identity(signer))).collect();
        let coverage = self.counted().map_or(String::new(), |layer| format!("{:?}", layer.coverage));
        format!("{} [{}] {coverage}", self.verdict(), signers.join("; "))
    }
}

/// What became of an encrypted layer.
pub(super) enum Decrypted<'l> {
    Content {
        octets: &'l [u8],
        authenticated: bool,
    },
    Refused(String),
    /// The one error of decryption, which says nothing.
    Uniform,
}

impl<'l> Decrypted<'l> {
    /// Of the outermost encrypted layer.
    pub(super) fn of(layers: &'l [Layer<'_>]) -> Option<Self> {
        let layer = layers.iter().find(|layer| layer.encrypted().is_some())?;
        let encrypted = layer.encrypted()?;
        Some(match &encrypted.opened {
            Ok(_) => Self::Content { octets: &layer.content, authenticated: encrypted.is_authenticated() },
            Err(error) if *error.kind() == ErrorKind::Decrypt => Self::Uniform,
            Err(error) => Self::Refused(error.to_string()),
        })
    }

    pub(super) fn is(&self, outcome: &str) -> bool {
        match (outcome, self) {
            ("decrypts", Self::Content { .. }) => true,
            ("decrypts-unauthenticated", Self::Content { authenticated, .. }) => !authenticated,
            ("rejects", Self::Refused(_) | Self::Uniform) => true,
            ("rejects-or-garbage", Self::Uniform) => true,
            ("rejects-or-garbage", Self::Content { authenticated, .. }) => !authenticated,
            _ => false,
        }
    }

    pub(super) fn words(&self) -> String {
        match self {
            Self::Content { octets, authenticated } => {
                format!("{} octets, authenticated: {authenticated}", octets.len())
            }
            Self::Refused(why) => why.clone(),
            Self::Uniform => "cannot be decrypted".into(),
        }
    }
}
