//! What a client asks for.

use super::file::{self, ProfileError, ProfileErrorKind};

/// The profiles that are built in.
const BUILT_IN: &str = include_str!("../../clients/clients.toml");

/// What a mail client asks of a message before it shows the AMP part. The file `clients/clients.toml` of this crate says what each
/// key means, and has the values that are built in.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(rename_all = "kebab-case", deny_unknown_fields))]
pub struct ClientProfile {
    /// The name of its section, as `gmail`.
    #[cfg_attr(feature = "serde", serde(default))]
    pub id: String,
    /// The name for people.
    pub name: String,
    /// Whether it shows AMP.
    pub support: Support,
    /// Whether the AMP part must stand in its place.
    pub structure: bool,
    /// Whether a DKIM signature must pass.
    pub dkim: bool,
    /// How the domain of a passing signature must match From.
    pub dkim_matches_from: DkimMatch,
    /// Whether SPF must pass.
    pub spf: bool,
    /// What DMARC must give.
    pub dmarc: DmarcRule,
    /// Whether the message must have come over TLS.
    pub tls: bool,
    /// What the sender must have registered.
    pub registration: Registration,
    /// Days after its Date that a message is shown with AMP; 0 for any age.
    pub max_age_days: u32,
    /// Whether the AMP document must be valid.
    pub valid: bool,
    /// Keys, separated by blanks, whose value is not from the client's own documents.
    #[cfg_attr(feature = "serde", serde(default))]
    pub unverified: String,
    /// Where the values are from.
    #[cfg_attr(feature = "serde", serde(default))]
    pub source: String,
}

macro_rules! words {
    ($(#[doc = $doc:literal])+ $name:ident { $($(#[doc = $about:literal])+ $case:ident = $word:literal,)+ }) => {
        $(#[doc = $doc])+
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        #[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
        #[non_exhaustive]
        pub enum $name {
            $($(#[doc = $about])+ #[cfg_attr(feature = "serde", serde(rename = $word))] $case,)+
        }

        impl $name {
            /// The word in a file of profiles.
            #[must_use]
            pub const fn word(self) -> &'static str {
                match self { $(Self::$case => $word,)+ }
            }

            pub(super) fn of_word(word: &str) -> Option<Self> {
                match word { $($word => Some(Self::$case),)+ _ => None }
            }
        }
    };
}

words! {
    /// Whether a client shows AMP.
    Support {
        /// It does, if all its requirements are met.
        Yes = "yes",
        /// It asks its user each time.
        Manual = "manual",
        /// It did once.
        Ended = "ended",
    }
}

words! {
    /// How the domain of a passing DKIM signature must match that of From.
    DkimMatch {
        /// In no way.
        No = "no",
        /// Both have the same organizational domain (RFC 7489 3.1.1).
        Relaxed = "relaxed",
        /// Both are the same.
        Strict = "strict",
    }
}

words! {
    /// What DMARC must give.
    DmarcRule {
        /// Nothing.
        No = "no",
        /// `pass`.
        Pass = "pass",
        /// `pass`, or the domain of a passing DKIM signature is that of From.
        PassOrStrictDkim = "pass-or-strict-dkim",
        /// `pass`, and the policy is quarantine or reject.
        Enforced = "enforced",
    }
}

words! {
    /// What must be registered with the client.
    Registration {
        /// Nothing.
        No = "no",
        /// The From address.
        From = "from",
        /// The domain of a passing DKIM signature.
        DkimDomain = "dkim-domain",
    }
}

impl ClientProfile {
    /// Gmail.
    #[must_use]
    pub fn gmail() -> Self {
        Self::built_in("gmail")
    }

    /// Yahoo Mail.
    #[must_use]
    pub fn yahoo() -> Self {
        Self::built_in("yahoo")
    }

    /// Mail.ru.
    #[must_use]
    pub fn mail_ru() -> Self {
        Self::built_in("mailru")
    }

    /// FairEmail, which shows AMP when its user asks for it.
    #[must_use]
    pub fn fair_email() -> Self {
        Self::built_in("fairemail")
    }

    /// Outlook.com, which showed AMP until 2020.
    #[must_use]
    pub fn outlook() -> Self {
        Self::built_in("outlook")
    }

    /// All profiles that are built in.
    #[must_use]
    pub fn all() -> Vec<Self> {
        // A unit test reads the file, so that this is never empty.
        Self::parse(BUILT_IN).unwrap_or_default()
    }

    /// The file that the profiles are built in from, to start one of your own with.
    #[must_use]
    pub const fn file() -> &'static str {
        BUILT_IN
    }

    /// Reads a file of profiles: TOML with one table for each client and every key in it, of which only texts in double quotes, whole
    /// numbers and booleans are taken.
    ///
    /// ```
    /// use mailwright_amp_mime::gate::ClientProfile;
    ///
    /// let strict = ClientProfile::file().replace("max-age-days = 30", "max-age-days = 7");
    /// let profiles = ClientProfile::parse(&strict)?;
    /// assert_eq!(profiles[0].max_age_days, 7);
    /// # Ok::<(), mailwright_amp_mime::gate::ProfileError>(())
    /// ```
    ///
    /// # Errors
    /// With the line: what is no such text, a key that no profile has or that stands twice, a word that the key does not have, a
    /// key that is missing.
    pub fn parse(text: &str) -> Result<Vec<Self>, ProfileError> {
        file::tables(text)?.iter().map(Self::of_table).collect()
    }

    fn built_in(id: &str) -> Self {
        let found = Self::all().into_iter().find(|profile| profile.id == id);
        found.unwrap_or_else(|| Self::closed(id))
    }

    /// A profile that nothing meets.
    fn closed(id: &str) -> Self {
        Self {
            id: id.to_owned(),
            name: id.to_owned(),
            support: Support::Ended,
            structure: true,
            dkim: true,
            dkim_matches_from: DkimMatch::Strict,
            spf: true,
            dmarc: DmarcRule::Enforced,
            tls: true,
            registration: Registration::From,
            max_age_days: 1,
            valid: true,
            unverified: String::new(),
            source: String::new(),
        }
    }

    fn of_table(table: &file::Table<'_>) -> Result<Self, ProfileError> {
        let word = |key: &'static str| table.text(key);
        let unknown = |key| ProfileError::new(ProfileErrorKind::Word(key), table.line_of(key));
        let profile = Self {
            id: table.name.to_owned(),
            name: word("name")?.to_owned(),
            support: Support::of_word(word("support")?).ok_or_else(|| unknown("support"))?,
            structure: table.boolean("structure")?,
            dkim: table.boolean("dkim")?,
            dkim_matches_from: DkimMatch::of_word(word("dkim-matches-from")?)
                .ok_or_else(|| unknown("dkim-matches-from"))?,
            spf: table.boolean("spf")?,
            dmarc: DmarcRule::of_word(word("dmarc")?).ok_or_else(|| unknown("dmarc"))?,
            tls: table.boolean("tls")?,
            registration: Registration::of_word(word("registration")?)
                .ok_or_else(|| unknown("registration"))?,
            max_age_days: table.number("max-age-days")?,
            valid: table.boolean("valid")?,
            unverified: word("unverified")?.to_owned(),
            source: word("source")?.to_owned(),
        };
        Ok(profile)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_built_in_file_is_read() {
        let all = ClientProfile::parse(BUILT_IN).unwrap();
        let ids: Vec<&str> = all.iter().map(|profile| profile.id.as_str()).collect();
        assert_eq!(ids, ["gmail", "yahoo", "mailru", "fairemail", "outlook"]);
        assert_eq!(ClientProfile::fair_email().support, Support::Manual);
        assert_eq!(ClientProfile::mail_ru().dmarc, DmarcRule::Enforced);
        for key in all.iter().flat_map(|profile| profile.unverified.split_whitespace()) {
            assert!(file::KEYS.contains(&key), "{key}");
        }
    }

    #[cfg(feature = "serde")]
    #[test]
    fn serde_gives_the_same() {
        let profile = ClientProfile::gmail();
        let json = serde_json::to_string(&profile).unwrap();
        assert!(json.contains(r#""dkim-matches-from":"relaxed""#), "{json}");
        assert_eq!(serde_json::from_str::<ClientProfile>(&json).unwrap(), profile);
    }
}
