//! SVG and MathML (HTML 13.2.6.5).

use std::borrow::Cow;

use super::super::text::no_nul;
use super::stack::is_white_space;
use super::{Builder, Node, NodeId, Space, Step, Tag, TokenKind};

/// Attributes whose names have capital letters in SVG (HTML 13.2.6.1).
const SVG_ATTRIBUTES: &[&str] = &[
    "attributeName",
    "attributeType",
    "baseFrequency",
    "baseProfile",
    "calcMode",
    "clipPathUnits",
    "contentScriptType",
    "contentStyleType",
    "diffuseConstant",
    "edgeMode",
    "externalResourcesRequired",
    "filterRes",
    "filterUnits",
    "glyphRef",
    "gradientTransform",
    "gradientUnits",
    "kernelMatrix",
    "kernelUnitLength",
    "keyPoints",
    "keySplines",
    "keyTimes",
    "lengthAdjust",
    "limitingConeAngle",
    "markerHeight",
    "markerUnits",
    "markerWidth",
    "maskContentUnits",
    "maskUnits",
    "numOctaves",
    "pathLength",
    "patternContentUnits",
    "patternTransform",
    "patternUnits",
    "pointsAtX",
    "pointsAtY",
    "pointsAtZ",
    "preserveAlpha",
    "preserveAspectRatio",
    "primitiveUnits",
    "refX",
    "refY",
    "repeatCount",
    "repeatDur",
    "requiredExtensions",
    "requiredFeatures",
    "specularConstant",
    "specularExponent",
    "spreadMethod",
    "startOffset",
    "stdDeviation",
    "stitchTiles",
    "surfaceScale",
    "systemLanguage",
    "tableValues",
    "targetX",
    "targetY",
    "textLength",
    "viewBox",
    "viewTarget",
    "xChannelSelector",
    "yChannelSelector",
    "zoomAndPan",
];

impl Builder<'_> {
    /// Whether the token is for the rules of foreign content.
    pub(super) fn in_foreign_content(&self) -> bool {
        let Some(&top) = self.open.last() else { return false };
        let node = self.tree.node(top);
        // The current node of a fragment is its context, which is HTML.
        if node.space == Space::Html || (self.open.len() == 1 && self.context.is_some()) {
            return false;
        }
        let (kind, tag) = (self.token.kind, self.token.tag);
        if is_math_text(node)
            && (kind == TokenKind::Text
                || (kind == TokenKind::StartTag && !matches!(tag, Tag::Mglyph | Tag::Malignmark)))
        {
            return false;
        }
        if node.space == Space::Math
            && node.tag == Tag::AnnotationXml
            && kind == TokenKind::StartTag
            && tag == Tag::Svg
        {
            return false;
        }
        if matches!(kind, TokenKind::StartTag | TokenKind::Text) && self.is_html_integration(top) {
            return false;
        }
        kind != TokenKind::End
    }

    pub(super) fn foreign_content(&mut self) -> Step {
        match self.token.kind {
            TokenKind::Text => {
                let text = self.take_text();
                if self.frameset_ok {
                    self.frameset_ok = text.chars().all(|char| char == '\0' || is_white_space(char));
                }
                self.add_text(no_nul(text));
                Step::Done
            }
            TokenKind::Comment => self.add_comment(),
            TokenKind::StartTag => {
                if self.context.is_none() && self.breaks_out() {
                    let html = self.open.iter().rposition(|&id| {
                        let node = self.tree.node(id);
                        node.space == Space::Html || is_math_text(node) || self.is_html_integration(id)
                    });
                    self.open.truncate(html.map_or(1, |at| at + 1));
                    return Step::Again;
                }
                let space = self.tree.node(self.top()).space;
                self.adjust_attributes(space);
                let id = self.add_element();
                self.tree.node_mut(id).space = space;
                self.tokenizer.next_is_not_raw();
                if std::mem::take(&mut self.token.self_closing) {
                    self.open.pop();
                }
                Step::Done
            }
            TokenKind::EndTag => {
                for at in (0..self.open.len()).rev() {
                    let node = self.open_node(at);
                    if node.space == Space::Html {
                        return self.in_mode();
                    }
                    let name =
                        if self.token.tag == Tag::Other { &*self.token.data } else { self.token.tag.name() };
                    if node.name().eq_ignore_ascii_case(name) {
                        self.open.truncate(at);
                        break;
                    }
                }
                Step::Done
            }
            TokenKind::Doctype | TokenKind::End => Step::Done,
        }
    }

    fn breaks_out(&self) -> bool {
        self.token.tag.breaks_out()
            || (self.token.tag == Tag::Font
                && self
                    .tree
                    .attrs(self.token.attrs)
                    .iter()
                    .any(|attr| matches!(&*attr.name, "color" | "face" | "size")))
    }

    /// An HTML integration point.
    fn is_html_integration(&self, id: NodeId) -> bool {
        let node = self.tree.node(id);
        match node.space {
            Space::Html => false,
            Space::Svg => matches!(node.tag, Tag::Desc | Tag::Foreignobject | Tag::Title),
            Space::Math => {
                node.tag == Tag::AnnotationXml
                    && self.tree.attrs(node.attrs).iter().any(|attr| {
                        attr.name == "encoding"
                            && (attr.value.eq_ignore_ascii_case("text/html")
                                || attr.value.eq_ignore_ascii_case("application/xhtml+xml"))
                    })
            }
        }
    }

    /// Gives the attributes of the token their capital letters.
    pub(super) fn adjust_attributes(&mut self, space: Space) {
        let range = self.token.attrs;
        let list = self.tree.attrs.get_mut(range.start as usize..range.end as usize).unwrap_or_default();
        for attr in list {
            let adjusted = match space {
                Space::Html => None,
                Space::Math => Some("definitionURL").filter(|name| attr.name.eq_ignore_ascii_case(name)),
                Space::Svg => {
                    SVG_ATTRIBUTES.iter().copied().find(|name| attr.name.eq_ignore_ascii_case(name))
                }
            };
            if let Some(name) = adjusted {
                attr.name = Cow::Borrowed(name);
            }
        }
    }
}

/// A MathML text integration point.
fn is_math_text(node: &Node<'_>) -> bool {
    node.space == Space::Math && matches!(node.tag, Tag::Mi | Tag::Mo | Tag::Mn | Tag::Ms | Tag::Mtext)
}
