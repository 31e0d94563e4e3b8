//! The modes of tables (HTML 13.2.6.4.9 to 13.2.6.4.15).

use super::super::text::without_nul;
use super::stack::is_white_space;
use super::{Builder, Mode, Scope, Step, Tag, TokenKind};

impl Builder<'_> {
    pub(super) fn in_table(&mut self) -> Step {
        use Tag::*;
        match (self.token.kind, self.token.tag) {
            (TokenKind::Text, _) => {
                let text = self.take_text();
                self.token.data = without_nul(text);
                if self.top_tag().fosters() && self.token.data.chars().all(is_white_space) {
                    let text = self.take_text();
                    self.add_text(text);
                    return Step::Done;
                }
            }
            (TokenKind::StartTag, tag) => match tag {
                Caption => {
                    self.clear_to(&[Html, Table, Template]);
                    self.push_marker();
                    return self.add_in(Mode::InCaption);
                }
                Colgroup => {
                    self.clear_to(&[Html, Table, Template]);
                    return self.add_in(Mode::InColumnGroup);
                }
                Col => {
                    self.process_implied(TokenKind::StartTag, Colgroup);
                    return Step::Again;
                }
                Tbody | Tfoot | Thead => {
                    self.clear_to(&[Html, Table, Template]);
                    return self.add_in(Mode::InTableBody);
                }
                Td | Th | Tr => {
                    self.process_implied(TokenKind::StartTag, Tbody);
                    return Step::Again;
                }
                Table => {
                    if self.pop_until(Scope::Table, &[Table]) {
                        self.reset_mode();
                        return Step::Again;
                    }
                    return Step::Done;
                }
                Style | Script | Template => return self.in_head(),
                Input if self.is_hidden_input() => {
                    self.add_element();
                    self.open.pop();
                    return Step::Done;
                }
                Form => {
                    if self.is_open(Template) || self.form.is_some() {
                        return Step::Done;
                    }
                    self.form = Some(self.add_element());
                    self.open.pop();
                }
                Select => {
                    self.reconstruct_formatting();
                    self.foster_parenting = self.top_tag().fosters();
                    self.add_element();
                    self.foster_parenting = false;
                    self.frameset_ok = false;
                    self.mode = Mode::InSelectInTable;
                    return Step::Done;
                }
                _ => {}
            },
            (TokenKind::EndTag, tag) => match tag {
                Table => {
                    if self.pop_until(Scope::Table, &[Table]) {
                        self.reset_mode();
                    }
                    return Step::Done;
                }
                Body | Caption | Col | Colgroup | Html | Tbody | Td | Tfoot | Th | Thead | Tr => {
                    return Step::Done;
                }
                Template => return self.in_head(),
                _ => {}
            },
            (TokenKind::Comment, _) => return self.add_comment(),
            (TokenKind::Doctype, _) => return Step::Done,
            (TokenKind::End, _) => return self.in_body(),
        }
        self.foster_parenting = true;
        let step = self.in_body();
        self.foster_parenting = false;
        step
    }

    pub(super) fn in_caption(&mut self) -> Step {
        use Tag::*;
        match (self.token.kind, self.token.tag) {
            (TokenKind::StartTag, Caption | Col | Colgroup | Tbody | Td | Tfoot | Thead | Tr)
            | (TokenKind::EndTag, Table) => {
                if self.pop_until(Scope::Table, &[Caption]) {
                    self.clear_formatting_to_marker();
                    self.mode = Mode::InTable;
                    return Step::Again;
                }
                return Step::Done;
            }
            (TokenKind::StartTag, Select) => return self.select_in_table(),
            (TokenKind::EndTag, Caption) => {
                if self.pop_until(Scope::Table, &[Caption]) {
                    self.clear_formatting_to_marker();
                    self.mode = Mode::InTable;
                }
                return Step::Done;
            }
            (TokenKind::EndTag, Body | Col | Colgroup | Html | Tbody | Td | Tfoot | Th | Thead | Tr) => {
                return Step::Done;
            }
            _ => {}
        }
        self.in_body()
    }

    pub(super) fn in_column_group(&mut self) -> Step {
        match (self.token.kind, self.token.tag) {
            (TokenKind::Text, _) if self.add_leading_white_space() => return Step::Done,
            (TokenKind::Comment, _) => return self.add_comment(),
            (TokenKind::Doctype, _) => return Step::Done,
            (TokenKind::StartTag, Tag::Html) | (TokenKind::End, _) => return self.in_body(),
            (TokenKind::StartTag, Tag::Col) => {
                self.add_void_element();
                return Step::Done;
            }
            (TokenKind::StartTag | TokenKind::EndTag, Tag::Template) => return self.in_head(),
            (TokenKind::EndTag, Tag::Colgroup) => {
                if self.top_tag() == Tag::Colgroup {
                    self.open.pop();
                    self.mode = Mode::InTable;
                }
                return Step::Done;
            }
            (TokenKind::EndTag, Tag::Col) => return Step::Done,
            _ => {}
        }
        if self.top_tag() != Tag::Colgroup {
            return Step::Done;
        }
        self.open.pop();
        self.mode = Mode::InTable;
        Step::Again
    }

    pub(super) fn in_table_body(&mut self) -> Step {
        use Tag::*;
        match (self.token.kind, self.token.tag) {
            (TokenKind::StartTag, Tr) => {
                self.clear_to(&[Html, Tbody, Tfoot, Thead, Template]);
                return self.add_in(Mode::InRow);
            }
            (TokenKind::StartTag, Td | Th) => {
                self.process_implied(TokenKind::StartTag, Tr);
                return Step::Again;
            }
            (TokenKind::StartTag, Caption | Col | Colgroup | Tbody | Tfoot | Thead)
            | (TokenKind::EndTag, Table) => {
                if self.pop_until(Scope::Table, &[Tbody, Thead, Tfoot]) {
                    self.mode = Mode::InTable;
                    return Step::Again;
                }
                return Step::Done;
            }
            (TokenKind::EndTag, tag @ (Tbody | Tfoot | Thead)) => {
                if self.in_scope(Scope::Table, &[tag]) {
                    self.clear_to(&[Html, Tbody, Tfoot, Thead, Template]);
                    self.open.pop();
                    self.mode = Mode::InTable;
                }
                return Step::Done;
            }
            (TokenKind::EndTag, Body | Caption | Col | Colgroup | Html | Td | Th | Tr) => return Step::Done,
            (TokenKind::Comment, _) => return self.add_comment(),
            _ => {}
        }
        self.in_table()
    }

    pub(super) fn in_row(&mut self) -> Step {
        use Tag::*;
        match (self.token.kind, self.token.tag) {
            (TokenKind::StartTag, Td | Th) => {
                self.clear_to(&[Html, Tr, Template]);
                let step = self.add_in(Mode::InCell);
                self.push_marker();
                return step;
            }
            (TokenKind::StartTag, Caption | Col | Colgroup | Tbody | Tfoot | Thead | Tr)
            | (TokenKind::EndTag, Table) => {
                if self.pop_until(Scope::Table, &[Tr]) {
                    self.mode = Mode::InTableBody;
                    return Step::Again;
                }
                return Step::Done;
            }
            (TokenKind::EndTag, Tr) => {
                if self.pop_until(Scope::Table, &[Tr]) {
                    self.mode = Mode::InTableBody;
                }
                return Step::Done;
            }
            (TokenKind::EndTag, tag @ (Tbody | Tfoot | Thead)) => {
                if self.in_scope(Scope::Table, &[tag]) {
                    self.process_implied(TokenKind::EndTag, Tr);
                    // Without a row nothing would change, and the token would come back for ever.
                    return if self.mode == Mode::InRow { Step::Done } else { Step::Again };
                }
                return Step::Done;
            }
            (TokenKind::EndTag, Body | Caption | Col | Colgroup | Html | Td | Th) => return Step::Done,
            _ => {}
        }
        self.in_table()
    }

    pub(super) fn in_cell(&mut self) -> Step {
        use Tag::*;
        match (self.token.kind, self.token.tag) {
            (TokenKind::StartTag, Caption | Col | Colgroup | Tbody | Td | Tfoot | Th | Thead | Tr) => {
                if self.pop_until(Scope::Table, &[Td, Th]) {
                    self.clear_formatting_to_marker();
                    self.mode = Mode::InRow;
                    return Step::Again;
                }
                return Step::Done;
            }
            (TokenKind::StartTag, Select) => return self.select_in_table(),
            (TokenKind::EndTag, tag @ (Td | Th)) => {
                if self.pop_until(Scope::Table, &[tag]) {
                    self.clear_formatting_to_marker();
                    self.mode = Mode::InRow;
                }
                return Step::Done;
            }
            (TokenKind::EndTag, Body | Caption | Col | Colgroup | Html) => return Step::Done,
            (TokenKind::EndTag, tag @ (Table | Tbody | Tfoot | Thead | Tr)) => {
                if !self.in_scope(Scope::Table, &[tag]) {
                    return Step::Done;
                }
                if self.pop_until(Scope::Table, &[Td, Th]) {
                    self.clear_formatting_to_marker();
                }
                self.mode = Mode::InRow;
                return Step::Again;
            }
            _ => {}
        }
        self.in_body()
    }

    fn select_in_table(&mut self) -> Step {
        self.reconstruct_formatting();
        self.frameset_ok = false;
        self.add_in(Mode::InSelectInTable)
    }

    fn add_in(&mut self, mode: Mode) -> Step {
        self.add_element();
        self.mode = mode;
        Step::Done
    }
}
