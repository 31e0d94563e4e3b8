//! All decoded views of a field.

use mailwright_message_model::Field;
use mailwright_message_model::address::AddressList;
use mailwright_message_model::authres::ClaimedResults;
use mailwright_message_model::date::DateTime;
use mailwright_message_model::message_id::MessageIds;
use mailwright_message_model::phrases::Phrases;
use mailwright_message_model::received::Received;

/// Something that depends on every view.
pub(super) fn all(field: &Field<'_>) -> usize {
    let value = field.value_raw();
    let mut seen = field.text().len();
    seen += AddressList::parse(value).addresses().len();
    seen += MessageIds::parse(value).count();
    seen += Phrases::parse(value).count();
    seen += field.content_type().map_or(0, |found| found.params().len());
    seen += field.disposition().map_or(0, |found| found.params().len());
    seen += usize::from(DateTime::parse(value).is_some());
    seen += usize::from(Received::parse(value).is_empty());
    seen += ClaimedResults::parse(value).map_or(0, |found| found.results().len());
    seen
}
