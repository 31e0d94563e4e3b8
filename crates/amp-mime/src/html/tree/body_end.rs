//! "In body" (HTML 13.2.6.4.7): end tags.

use super::{Builder, Mode, Scope, Step, Tag, TokenKind};

impl Builder<'_> {
    pub(super) fn end_tag_in_body(&mut self) -> Step {
        use Tag::*;
        let tag = self.token.tag;
        match tag {
            Body => {
                if self.in_scope(Scope::Default, &[Body]) {
                    self.mode = Mode::AfterBody;
                }
            }
            Html => {
                if self.in_scope(Scope::Default, &[Body]) {
                    self.process_implied(TokenKind::EndTag, Body);
                    return Step::Again;
                }
            }
            Address | Article | Aside | Blockquote | Button | Center | Details | Dialog | Dir | Div | Dl
            | Fieldset | Figcaption | Figure | Footer | Header | Hgroup | Listing | Main | Menu | Nav
            | Ol | Pre | Section | Summary | Ul | Dd | Dt => {
                self.pop_until(Scope::Default, &[tag]);
            }
            Form => self.end_form(),
            P => {
                if !self.in_scope(Scope::Button, &[P]) {
                    self.process_implied(TokenKind::StartTag, P);
                }
                self.pop_until(Scope::Button, &[P]);
            }
            Li => {
                self.pop_until(Scope::ListItem, &[Li]);
            }
            H1 | H2 | H3 | H4 | H5 | H6 => {
                self.pop_until(Scope::Default, &[H1, H2, H3, H4, H5, H6]);
            }
            A | B | Big | Code | Em | Font | I | Nobr | S | Small | Strike | Strong | Tt | U => {
                self.adoption_agency(tag);
            }
            Applet | Marquee | Object => {
                if self.pop_until(Scope::Default, &[tag]) {
                    self.clear_formatting_to_marker();
                }
            }
            Br => {
                self.token.kind = TokenKind::StartTag;
                return Step::Again;
            }
            Template => return self.in_head(),
            _ => self.any_other_end_tag(),
        }
        Step::Done
    }

    fn end_form(&mut self) {
        let place = self.place_in_scope(Scope::Default, &[Tag::Form]);
        if self.is_open(Tag::Template) {
            if let Some(place) = place {
                self.generate_implied_end_tags(None);
                if self.open_node(place).tag == Tag::Form {
                    self.pop_until(Scope::Default, &[Tag::Form]);
                }
            }
            return;
        }
        let form = self.form.take();
        if let (Some(form), Some(place)) = (form, place)
            && self.opened(place) == form
        {
            self.generate_implied_end_tags(None);
            self.remove_open(form);
        }
    }

    /// Closes the nearest element of this name, if no special element is between.
    pub(super) fn any_other_end_tag(&mut self) {
        for at in (0..self.open.len()).rev() {
            let node = self.open_node(at);
            if node.tag == self.token.tag && (node.tag != Tag::Other || node.data == self.token.data) {
                self.open.truncate(at);
                return;
            }
            if node.is_special() {
                return;
            }
        }
    }
}
