//! The area `spf-dmarc`: SPF, DMARC, reports, the public suffix list.

mod spf;
mod zone;

use std::path::Path;

use crate::Area;
use crate::case::Case;

pub(crate) const AREA: Area = Area { name: "spf-dmarc", collect };

fn collect(folder: &Path) -> Result<Vec<Case>, String> {
    let cases = spf::cases(&folder.join("spf"));
    if cases.is_empty() {
        return Err(format!("nothing of the form of spf-dmarc in {}", folder.display()));
    }
    Ok(cases)
}
