//! The area `spf-dmarc`: SPF, DMARC, reports, the public suffix list.

mod dmarc;
mod psl;
mod reports;
mod spf;
mod zone;

use std::path::Path;

use crate::Area;
use crate::case::Case;

pub(crate) const AREA: Area = Area { name: "spf-dmarc", collect };

fn collect(folder: &Path) -> Result<Vec<Case>, String> {
    let mut cases = spf::cases(&folder.join("spf"));
    cases.extend(dmarc::cases(&folder.join("dmarc")));
    cases.extend(reports::cases(&folder.join("reports")));
    cases.extend(psl::cases(&folder.join("psl")));
    if cases.is_empty() {
        return Err(format!("nothing of the form of spf-dmarc in {}", folder.display()));
    }
    Ok(cases)
}
