//! The codes of findings, with our words for them.

use std::fmt;

macro_rules! codes {
    ($($(#[$doc:meta])* $variant:ident $name:ident $message:literal, $hint:literal;)*) => {
        /// What is wrong. The names are the official validator's, but for those that say otherwise.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
        #[cfg_attr(feature = "serde", derive(serde::Serialize))]
        #[cfg_attr(feature = "serde", serde(rename_all = "SCREAMING_SNAKE_CASE"))]
        #[non_exhaustive]
        pub enum ErrorCode {
            $(
                $(#[$doc])*
                #[doc = concat!("`", stringify!($name), "`: ", $message, ".")]
                $variant,
            )*
        }

        impl ErrorCode {
            /// Every code.
            pub const ALL: &'static [Self] = &[$(Self::$variant,)*];

            /// The name, as `DISALLOWED_ATTR`.
            #[must_use]
            pub const fn as_str(self) -> &'static str {
                match self {
                    $(Self::$variant => stringify!($name),)*
                }
            }

            /// What is wrong, with `{0}` and on for the parameters, and how to mend it.
            pub(super) const fn words(self) -> (&'static str, &'static str) {
                match self {
                    $(Self::$variant => ($message, $hint),)*
                }
            }
        }
    };
}

codes! {
    InvalidDoctypeHtml INVALID_DOCTYPE_HTML "the document does not begin with `<!doctype html>`", "write exactly that as the first line";
    MandatoryTagMissing MANDATORY_TAG_MISSING "`{0}` is missing, or not as it has to be", "add it as the AMP for Email boilerplate has it";
    TagRequiredByMissing TAG_REQUIRED_BY_MISSING "`{1}` needs `{0}`, which is missing or not as it has to be", "add it to the head";
    ExtensionUnused EXTENSION_UNUSED "the script of `{0}` is loaded, but nothing uses it", "take the script out, or use the component";
    WarningExtensionDeprecatedVersion WARNING_EXTENSION_DEPRECATED_VERSION "version {1} of `{0}` is old", "load the newest version that the component has";
    InvalidExtensionVersion INVALID_EXTENSION_VERSION "`{0}` has no version {1} in e-mail", "load a version that its documentation lists";
    InvalidExtensionPath INVALID_EXTENSION_PATH "`{1}` is no path of the script of `{0}`", "load it from `v0/{0}-VERSION.js`";
    IncorrectScriptReleaseVersion INCORRECT_SCRIPT_RELEASE_VERSION "`{0}` is the {1} build, but the first script of the document is the {2} build", "load all scripts in one kind of build";
    DisallowedAmpDomain DISALLOWED_AMP_DOMAIN "a script of AMP is not loaded from AMP's own host", "load it from cdn.ampproject.org";
    AttrRequiredButMissing ATTR_REQUIRED_BUT_MISSING "attribute `{2}` of `{1}` needs `{0}` beside it", "add `{0}`";
    DisallowedTag DISALLOWED_TAG "`{0}` is no tag of AMP for Email", "take it out, or use the component that stands for it";
    GeneralDisallowedTag GENERAL_DISALLOWED_TAG "`{0}` is allowed only with certain attributes", "see which forms of it AMP for Email knows";
    DisallowedScriptTag DISALLOWED_SCRIPT_TAG "a script of one's own is not allowed", "use amp-bind, amp-list or amp-form instead";
    DisallowedAttr DISALLOWED_ATTR "attribute `{0}` is not allowed in `{1}`", "take it out";
    InvalidAttrValue INVALID_ATTR_VALUE "attribute `{0}` of `{1}` may not be `{2}`", "give it a value that the tag's documentation lists";
    DuplicateAttribute DUPLICATE_ATTRIBUTE "`{0}` has `{1}` more than once with different values", "keep one of them; the first counts";
    AttrValueRequiredByLayout ATTR_VALUE_REQUIRED_BY_LAYOUT "`{0}` is no value of `{1}` in `{2}` with layout {3}", "set `{1}` to `{4}`";
    MissingLayoutAttributes MISSING_LAYOUT_ATTRIBUTES "`{0}` does not say how large it is", "give it a width and a height";
    ImpliedLayoutInvalid IMPLIED_LAYOUT_INVALID "`{1}` cannot have layout {0}, which its attributes amount to", "set `layout`, or `width` and `height`";
    SpecifiedLayoutInvalid SPECIFIED_LAYOUT_INVALID "`{1}` cannot have layout {0}", "choose a layout that the tag supports";
    MandatoryAttrMissing MANDATORY_ATTR_MISSING "`{1}` has to have the attribute `{0}`", "add it";
    InconsistentUnitsForWidthAndHeight INCONSISTENT_UNITS_FOR_WIDTH_AND_HEIGHT "the width of `{0}` is in {1}, but its height in {2}", "use one unit for both";
    StylesheetTooLong STYLESHEET_TOO_LONG "the text of `{0}` has {1} bytes, allowed are {2}", "shorten the style sheet";
    StylesheetAndInlineStyleTooLong STYLESHEET_AND_INLINE_STYLE_TOO_LONG "style sheet and style attributes have {0} bytes together, allowed are {1}", "shorten them";
    InlineStyleTooLong INLINE_STYLE_TOO_LONG "the style attribute of `{0}` has {1} bytes, allowed are {2}", "move it to the style sheet, as a class";
    InlineScriptTooLong INLINE_SCRIPT_TOO_LONG "the script has {0} bytes, allowed are {1}", "shorten the JSON, or load it by amp-list";
    MandatoryCdataMissingOrIncorrect MANDATORY_CDATA_MISSING_OR_INCORRECT "the text of `{0}` is not the one that has to be there", "copy it from the AMP for Email boilerplate";
    CdataViolatesDenylist CDATA_VIOLATES_DENYLIST "the text of `{0}` contains {1}", "take that out";
    NonWhitespaceCdataEncountered NON_WHITESPACE_CDATA_ENCOUNTERED "`{0}` may not contain text", "leave it empty";
    InvalidJsonCdata INVALID_JSON_CDATA "this is no JSON", "mend what stands at this place";
    DisallowedPropertyInAttrValue DISALLOWED_PROPERTY_IN_ATTR_VALUE "the property `{0}` is not allowed in attribute `{1}` of `{2}`", "take it out";
    MissingUrl MISSING_URL "attribute `{0}` of `{1}` has no URL", "give it one";
    InvalidUrl INVALID_URL "attribute `{0}` of `{1}` is no URL: `{2}`", "write an absolute URL with a host name";
    InvalidUrlProtocol INVALID_URL_PROTOCOL "attribute `{0}` of `{1}` may not begin with `{2}:`", "use https";
    DisallowedRelativeUrl DISALLOWED_RELATIVE_URL "attribute `{0}` of `{1}` is a relative URL: `{2}`", "write it with protocol and host: a mail has no address of its own";
    UnescapedTemplateInAttrValue UNESCAPED_TEMPLATE_IN_ATTR_VALUE "attribute `{0}` of `{1}` inserts text without escaping it: `{2}`", "use two braces, and no `&`";
    TemplatePartialInAttrValue TEMPLATE_PARTIAL_IN_ATTR_VALUE "attribute `{0}` of `{1}` inserts another template: `{2}`", "write it out instead";
    DeprecatedTag DEPRECATED_TAG "`{0}` will be taken out of AMP for Email: {1}", "do without it";
    DeprecatedAttr DEPRECATED_ATTR "attribute `{0}` of `{1}` will be taken out of AMP for Email", "use `{2}` instead";
    WrongParentTag WRONG_PARENT_TAG "`{0}` stands in `{1}`, but has to stand in `{2}`", "move it there";
    DisallowedTagAncestor DISALLOWED_TAG_ANCESTOR "`{0}` may not stand below `{1}`", "move it out";
    MandatoryTagAncestor MANDATORY_TAG_ANCESTOR "`{0}` has to stand below `{1}`", "move it in";
    DuplicateUniqueTag DUPLICATE_UNIQUE_TAG "`{0}` is there more than once", "keep one";
    DuplicateUniqueTagWarning DUPLICATE_UNIQUE_TAG_WARNING "`{0}` is there more than once", "keep one; this will be an error";
    TemplateInAttrName TEMPLATE_IN_ATTR_NAME "the name of attribute `{0}` of `{1}` is made by a template", "write names out, and make values only";
    AttrDisallowedByImpliedLayout ATTR_DISALLOWED_BY_IMPLIED_LAYOUT "attribute `{0}` of `{1}` does not go with layout {2}, which its attributes amount to", "take it out, or set `layout`";
    AttrDisallowedBySpecifiedLayout ATTR_DISALLOWED_BY_SPECIFIED_LAYOUT "attribute `{0}` of `{1}` does not go with layout {2}", "take one of them out";
    IncorrectNumChildTags INCORRECT_NUM_CHILD_TAGS "`{0}` has to have {1} children, but has {2}", "add or remove some";
    DisallowedChildTagName DISALLOWED_CHILD_TAG_NAME "`{0}` may not stand in `{1}`", "its children have to be one of {2}";
    DisallowedFirstChildTagName DISALLOWED_FIRST_CHILD_TAG_NAME "`{0}` may not be the first child of `{1}`", "that has to be one of {2}";
    DisallowedManufacturedBody DISALLOWED_MANUFACTURED_BODY "something that belongs in the body stands outside of it", "move it between `<body>` and `</body>`";
    ChildTagDoesNotSatisfyReferencePoint CHILD_TAG_DOES_NOT_SATISFY_REFERENCE_POINT "`{0}` in `{1}` is none of what may stand there", "it has to be one of: {2}";
    TagReferencePointConflict TAG_REFERENCE_POINT_CONFLICT "`{0}` may not be a child of `{1}`: both have rules for their children", "put something between";
    MissingRequiredExtension MISSING_REQUIRED_EXTENSION "`{0}` needs the script of `{1}`", "add it to the head";
    AttrMissingRequiredExtension ATTR_MISSING_REQUIRED_EXTENSION "attribute `{0}` needs the script of `{1}`", "take the attribute out, if e-mail does not have that component";
    DocumentTooComplex DOCUMENT_TOO_COMPLEX "the document nests too deep, or grows too large when its tags are completed", "close tags, and nest less";
    InvalidUtf8 INVALID_UTF8 "the document is not UTF-8 from here on", "decode it by the charset of its part first";
    DocumentSizeLimitExceeded DOCUMENT_SIZE_LIMIT_EXCEEDED "the document has {1} bytes, allowed are {0}", "shorten it";
    ValueSetMismatch VALUE_SET_MISMATCH "attribute `{0}` of `{1}` names something that is not in the document", "name the id of a template of the document";
    DevModeOnly DEV_MODE_ONLY "`data-ampdevmode` is for development, and hides errors", "take it out before sending";
    AmpEmailMissingStrictCssAttr AMP_EMAIL_MISSING_STRICT_CSS_ATTR "the html tag has no `data-css-strict`", "add it: mail clients check CSS strictly, and this will be an error";
    CssSyntaxInvalidAtRule CSS_SYNTAX_INVALID_AT_RULE "`@{1}` is not allowed in `{0}`", "take the rule out";
    CssSyntaxStrayTrailingBackslash CSS_SYNTAX_STRAY_TRAILING_BACKSLASH "CSS of `{0}`: a backslash ends a line", "take it out";
    CssSyntaxUnterminatedComment CSS_SYNTAX_UNTERMINATED_COMMENT "CSS of `{0}`: a comment does not end", "close it with `*/`";
    CssSyntaxUnterminatedString CSS_SYNTAX_UNTERMINATED_STRING "CSS of `{0}`: a string does not end on its line", "close the quotes";
    CssSyntaxBadUrl CSS_SYNTAX_BAD_URL "CSS of `{0}`: a url() that cannot be read", "put the URL in quotes";
    CssSyntaxEofInPreludeOfQualifiedRule CSS_SYNTAX_EOF_IN_PRELUDE_OF_QUALIFIED_RULE "CSS of `{0}`: it ends where a rule has just begun", "complete the rule, or take it out";
    CssSyntaxInvalidPropertyNolist CSS_SYNTAX_INVALID_PROPERTY_NOLIST "CSS of `{0}`: the property `{1}` is not allowed", "take it out";
    CssSyntaxInvalidDeclaration CSS_SYNTAX_INVALID_DECLARATION "CSS of `{0}`: here should be a property", "write `property: value;`";
    CssSyntaxIncompleteDeclaration CSS_SYNTAX_INCOMPLETE_DECLARATION "CSS of `{0}`: a property without a value", "write `property: value;`";
    CssSyntaxErrorInPseudoSelector CSS_SYNTAX_ERROR_IN_PSEUDO_SELECTOR "CSS of `{0}`: nothing that can be read follows a colon in a selector", "name the pseudo class or element";
    CssSyntaxMissingSelector CSS_SYNTAX_MISSING_SELECTOR "CSS of `{0}`: a selector is missing", "complete it";
    CssSyntaxNotASelectorStart CSS_SYNTAX_NOT_A_SELECTOR_START "CSS of `{0}`: no selector can begin so", "begin it with a tag, a class, an id, `[` or `:`";
    CssSyntaxUnparsedInputRemainsInSelector CSS_SYNTAX_UNPARSED_INPUT_REMAINS_IN_SELECTOR "CSS of `{0}`: more follows where a selector should end", "part selectors by commas";
    CssSyntaxMissingUrl CSS_SYNTAX_MISSING_URL "CSS of `{0}`: a url() without a URL", "give it one";
    CssSyntaxInvalidUrl CSS_SYNTAX_INVALID_URL "CSS of `{0}`: `{1}` is no URL", "write an absolute URL with a host name";
    CssSyntaxInvalidUrlProtocol CSS_SYNTAX_INVALID_URL_PROTOCOL "CSS of `{0}`: a URL may not begin with `{1}:`", "use https";
    CssSyntaxInvalidAttrSelector CSS_SYNTAX_INVALID_ATTR_SELECTOR "CSS of `{0}`: a selector of an attribute that cannot be read", "write `[name=value]`";
    CssSyntaxDisallowedPropertyValue CSS_SYNTAX_DISALLOWED_PROPERTY_VALUE "CSS of `{0}`: `{1}` may not be `{2}`", "use a value that AMP for Email lists";
    CssSyntaxDisallowedImportant CSS_SYNTAX_DISALLOWED_IMPORTANT "`!important` is not allowed", "make the selector more specific instead";
    CssSyntaxMalformedMediaQuery CSS_SYNTAX_MALFORMED_MEDIA_QUERY "CSS of `{0}`: a media query that cannot be read", "write `@media TYPE and (feature: value)`";
    CssSyntaxDisallowedMediaType CSS_SYNTAX_DISALLOWED_MEDIA_TYPE "CSS of `{0}`: the media type `{1}` is not allowed", "use `all` or `screen`";
    CssSyntaxDisallowedMediaFeature CSS_SYNTAX_DISALLOWED_MEDIA_FEATURE "CSS of `{0}`: the media feature `{1}` is not allowed", "ask for width, resolution, orientation or pointer";
    CssSyntaxDisallowedAttrSelector CSS_SYNTAX_DISALLOWED_ATTR_SELECTOR "CSS of `{0}`: selectors may not look at the attribute `{1}`", "use a class";
    CssSyntaxDisallowedPseudoClass CSS_SYNTAX_DISALLOWED_PSEUDO_CLASS "CSS of `{0}`: the pseudo class `{1}` is not allowed", "do without it";
    CssSyntaxDisallowedPseudoElement CSS_SYNTAX_DISALLOWED_PSEUDO_ELEMENT "CSS of `{0}`: the pseudo element `{1}` is not allowed", "do without it";
    CssExcessivelyNested CSS_EXCESSIVELY_NESTED "CSS of `{0}`: it nests too deep", "take brackets out";
    #[doc = "Ours: the official validator passes over the rest in silence."]
    TooManyAttributes TOO_MANY_ATTRIBUTES "`{0}` has more than {1} attributes, of which the rest was not looked at", "take some out";
}

impl fmt::Display for ErrorCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}
