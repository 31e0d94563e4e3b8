//! The scripts of AMP: the runtime and those of components.

use std::borrow::Cow;

use super::context::Context;
use super::tag::Attempt;
use super::{Element, url};
use crate::html::Attr;
use crate::report::ErrorCode;
use crate::rules::spec::Tag;

const HOST: &str = "https://cdn.ampproject.org/";
const MARKUP_URL: &str =
    "https://amp.dev/documentation/guides-and-tutorials/learn/spec/amphtml#required-markup";

/// The builds in which scripts come.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub(super) enum Release {
    #[default]
    Unknown,
    Standard,
    Lts,
    Module,
    ModuleLts,
}

impl Release {
    fn name(self) -> &'static str {
        match self {
            Self::Unknown => "unknown",
            Self::Standard => "standard",
            Self::Lts => "LTS",
            Self::Module => "module/nomodule",
            Self::ModuleLts => "module/nomodule LTS",
        }
    }
}

/// What the attributes of a script say.
#[derive(Debug, Default)]
pub(super) struct Script<'t> {
    pub(super) is_extension: bool,
    pub(super) is_runtime: bool,
    pub(super) release: Release,
    /// On AMP's own host.
    is_amp: bool,
    /// The path; the whole URL on AMP's own host.
    path: &'t str,
    /// Name and version, where the path is one of a component.
    extension: Option<(&'t str, &'t str)>,
}

impl<'t> Script<'t> {
    pub(super) fn of(attrs: &'t [Attr<'_>]) -> Self {
        let mut script = Self::default();
        let (mut is_async, mut module, mut nomodule, mut source) = (false, false, false, "");
        for attr in attrs {
            match &*attr.name {
                "async" => is_async = true,
                "custom-element" | "custom-template" | "host-service" => script.is_extension = true,
                "nomodule" => nomodule = true,
                "src" => source = &attr.value,
                "type" if attr.value == "module" => module = true,
                _ => {}
            }
        }
        if source.is_empty() {
            return script;
        }
        let path = match source.strip_prefix(HOST) {
            Some(path) => {
                script.is_amp = true;
                script.path = source;
                path
            }
            None => {
                let Some(path) = url::path_on_web(source) else { return script };
                script.path = path.strip_prefix('/').unwrap_or(path);
                script.path
            }
        };
        if !is_async {
            return script;
        }
        if script.is_extension {
            script.extension = extension(path);
        } else {
            let bare = path.strip_prefix("lts/").unwrap_or(path);
            let bare = bare.strip_suffix("?f=sxg").unwrap_or(bare);
            script.is_runtime = matches!(bare, "v0.js" | "v0.mjs");
        }
        let (lts, rest) = path.strip_prefix("lts/").map_or((false, path), |rest| (true, rest));
        let is_module = rest.strip_suffix(".mjs").is_some_and(is_build);
        let is_standard = rest.strip_suffix(".js").is_some_and(is_build);
        script.release = match (lts, (module && is_module) || (nomodule && is_standard), is_standard) {
            (true, true, _) => Release::ModuleLts,
            (false, true, _) => Release::Module,
            (true, false, true) => Release::Lts,
            (false, false, true) => Release::Standard,
            _ => Release::Unknown,
        };
        script
    }
}

/// `v0` or `v0/amp-NAME-VERSION`.
fn is_build(path: &str) -> bool {
    path == "v0" || name_and_version(path).is_some()
}

/// Name and version in `v0/amp-NAME-VERSION.js`.
fn extension(path: &str) -> Option<(&str, &str)> {
    let path = path.strip_prefix("lts/").unwrap_or(path);
    let path = path.strip_suffix("?f=sxg").unwrap_or(path);
    name_and_version(path.strip_suffix(".mjs").or_else(|| path.strip_suffix(".js"))?)
}

/// The version has no hyphen, so that the last one parts the two.
fn name_and_version(path: &str) -> Option<(&str, &str)> {
    let (name, version) = path.strip_prefix("v0/")?.rsplit_once('-')?;
    let rest = name.strip_prefix("amp-")?;
    let lower = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit();
    (rest.bytes().all(|byte| lower(byte) || byte == b'-')
        && version.bytes().all(|byte| lower(byte) || byte == b'.'))
    .then_some((name, version))
}

impl Context {
    /// The source of a script of AMP.
    pub(super) fn check_script_source<'t>(
        &self,
        tag: &'static Tag,
        element: &Element<'t, '_>,
        value: &'t str,
        attempt: &mut Attempt<'t>,
    ) {
        let script = &element.script;
        if !script.is_amp {
            attempt.add(self.error(ErrorCode::DisallowedAmpDomain, [], ""));
        }
        if script.is_extension
            && let Some(extension) = &tag.extension
        {
            let invalid = || {
                let params = ["src", tag.about, value].map(Cow::Borrowed);
                self.error(ErrorCode::InvalidAttrValue, params, tag.url)
            };
            let Some((name, version)) = script.extension else {
                attempt.add(if script.path.is_empty() {
                    invalid()
                } else {
                    let params = [extension.name, script.path].map(Cow::Borrowed);
                    self.error(ErrorCode::InvalidExtensionPath, params, tag.url)
                });
                return;
            };
            let params = || [extension.name, version].map(Cow::Borrowed);
            if name != extension.name {
                attempt.add(invalid());
            } else {
                if extension.deprecated.contains(&version) {
                    attempt.add(self.warning(
                        ErrorCode::WarningExtensionDeprecatedVersion,
                        params(),
                        tag.url,
                    ));
                }
                if !extension.versions.contains(&version) {
                    attempt.add(self.error(ErrorCode::InvalidExtensionVersion, params(), tag.url));
                }
            }
        }
        if self.release != Release::Unknown && self.release != script.release {
            let name = match &tag.extension {
                Some(extension) => extension.name,
                None if tag.named => tag.name,
                None => "",
            };
            let params = [name, script.release.name(), self.release.name()].map(Cow::Borrowed);
            attempt.add(self.error(ErrorCode::IncorrectScriptReleaseVersion, params, MARKUP_URL));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_of_components_have_a_name_and_a_version() {
        assert_eq!(extension("v0/amp-form-0.1.js"), Some(("amp-form", "0.1")));
        assert_eq!(
            extension("lts/v0/amp-image-lightbox-latest.mjs?f=sxg"),
            Some(("amp-image-lightbox", "latest"))
        );
        assert_eq!(extension("v0/amp-form.js"), None);
        assert_eq!(extension("v1/amp-form-0.1.js"), None);
    }
}
