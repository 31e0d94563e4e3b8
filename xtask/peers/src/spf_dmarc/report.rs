//! Aggregate reports: a large one against mail-auth 0.13.3, and one that opens to 10 GB.

use std::time::Instant;

use flate2::{Compress, Compression, FlushCompress};
use mail_auth_13::report::Report as Theirs;
use mailwright_dmarc::report::aggregate::{
    Disposition, DkimResult, DmarcResult, Metadata, PolicyPublished, Report, Row, Scope, SpfResult,
};
use mailwright_dmarc::report::{ErrorKind, Limits, parse};
use mailwright_dmarc::{Override, OverrideKind, Policy};
use mailwright_message_model::authres::AuthResult;

use crate::contest::{Entrant, best_of, line, megabytes};
use crate::memory;

const OCTETS: usize = 1_000_000;
const ROUNDS: usize = 200;
const PEER: &str = "mail-auth 0.13.3";

/// A report of about a megabyte, as our writer writes it.
pub(crate) fn aggregate() -> Result<(), String> {
    let (xml, rows) = large()?;
    let ours = || match parse(&xml, &Limits::default()).map(|parsed| parsed.report) {
        Ok(mailwright_dmarc::report::Report::Aggregate(report)) => report.rows.len(),
        _ => 0,
    };
    let theirs = || Theirs::parse_xml(&xml).map_or(0, |report| report.records().len());
    if (ours(), theirs()) != (rows, rows) {
        return Err("not measured: a report is not read whole".into());
    }
    let mut entrants = [Entrant::new("ours", ours), Entrant::new(PEER, theirs)];
    let best = best_of(ROUNDS, &mut entrants);
    line("spf-dmarc/aggregate-1m", best[0], PEER, best[1], 1.5);
    println!("    {rows} rows, {} octets", xml.len());
    for (entrant, time) in entrants.iter().zip(&best) {
        println!("    {}: {:.2?}, {:.0} MB/s", entrant.name, time, megabytes(xml.len(), *time));
    }
    Ok(())
}

/// The XML and how many rows it has.
fn large() -> Result<(Vec<u8>, usize), String> {
    let mut report = Report {
        metadata: Metadata {
            org_name: "Mailbox & Sons GmbH".into(),
            email: "dmarc-reports@mailbox.example".into(),
            extra_contact_info: Some("https://mailbox.example/dmarc".into()),
            report_id: "example.com.1764000000.17".into(),
            begin: Some(1_763_913_600),
            end: Some(1_763_999_999),
            ..Metadata::default()
        },
        policy: PolicyPublished {
            domain: "example.com".into(),
            p: Some(Policy::Quarantine),
            sp: Some(Policy::Reject),
            ..PolicyPublished::default()
        },
        ..Report::default()
    };
    let mut octets = 0;
    while octets < OCTETS {
        let first = report.rows.len();
        report.rows.extend((first..first + 50).map(row));
        octets = report.to_xml().map_err(|error| error.to_string())?.len();
        let (rows, all) = (report.rows.len(), octets);
        // As many more as are wanted, by what these took.
        let wanted = (rows * OCTETS).div_ceil(all);
        report.rows.extend((rows..wanted).map(row));
    }
    let xml = report.to_xml().map_err(|error| error.to_string())?;
    Ok((xml.into_bytes(), report.rows.len()))
}

/// Clients of a day: own hosts that pass, a service that signs twice, a forwarder, and strangers.
fn row(number: usize) -> Row {
    let signature = |domain: &str, selector: &str, result| DkimResult {
        domain: domain.into(),
        selector: Some(selector.into()),
        result: Some(result),
        human_result: None,
    };
    let byte = |shift: usize| (number >> shift & 0xff) as u8;
    let pass = number % 4 < 2;
    let dkim_results = match number % 4 {
        0 => vec![signature("example.com", "s2048", AuthResult::Pass)],
        1 => vec![
            signature("example.com", "k1._domainkey", AuthResult::Pass),
            signature("bulk-sender.example", "esp-2026", AuthResult::Pass),
        ],
        2 => vec![
            signature("example.com", "s2048", AuthResult::Fail),
            signature("lists.forwarder.example", "default", AuthResult::Pass),
        ],
        _ => Vec::new(),
    };
    let aligned = if pass { DmarcResult::Pass } else { DmarcResult::Fail };
    let forwarded = number % 4 == 2;
    Row {
        source_ip: Some(if number % 5 == 0 {
            [0x2001, 0xdb8, 0, u16::from(byte(8)), 0, 0, 0, u16::from(byte(0))].into()
        } else {
            [203, 0, byte(8), byte(0)].into()
        }),
        count: 1 + number as u64 * 7919 % 1500,
        disposition: Some(if pass || forwarded { Disposition::None } else { Disposition::Quarantine }),
        dkim: Some(aligned),
        spf: Some(if number % 4 == 0 { DmarcResult::Pass } else { DmarcResult::Fail }),
        reasons: Vec::from_iter(forwarded.then(|| Override {
            kind: OverrideKind::MailingList,
            comment: Some("a list that is known to us".into()),
        })),
        header_from: "example.com".into(),
        envelope_from: Some(format!("bounces-{number}.example.com").into()),
        envelope_to: None,
        dkim_results,
        spf_results: vec![SpfResult {
            domain: Some(format!("bounces-{number}.example.com").into()),
            scope: Some(Scope::MailFrom),
            result: Some(if pass { AuthResult::Pass } else { AuthResult::SoftFail }),
            human_result: None,
        }],
        extensions: Vec::new(),
    }
}

/// What 10 GB of zeros packs to.
const PACKED: usize = 10_000_000;
const MOST_SECONDS: f64 = 1.0;
const MOST_MIB: f64 = 64.0;

/// 10 MB of gzip that open to 10 GB are refused.
pub(crate) fn bomb() -> Result<(), String> {
    let (packed, opened) = zeros();
    let known = memory::forget_peak();
    let start = Instant::now();
    let refused = parse(&packed, &Limits::default());
    let (time, peak) = (start.elapsed(), memory::peak_mib().filter(|_| known));
    match refused {
        Err(error) if matches!(error.kind(), ErrorKind::Limit(_)) => {}
        _ => return Err("it is not refused".into()),
    }
    let (octets, gigabytes) = (packed.len(), opened as f64 / 1e9);
    println!("    {octets} octets of gzip that open to {gigabytes:.1} GB");
    println!("spf-dmarc/gzip-10g: refused after {:.3} s (want at most {MOST_SECONDS})", time.as_secs_f64());
    match peak {
        Some(mib) => println!("spf-dmarc/gzip-10g: {mib:.1} MiB resident at most (want at most {MOST_MIB})"),
        None => println!("spf-dmarc/gzip-10g: not measured: this system does not tell the peak"),
    }
    Ok(())
}

/// A gzip file of zeros, and how many: one packed part, repeated, for it ends at a whole octet.
fn zeros() -> (Vec<u8>, usize) {
    let part = vec![0; 16 << 20];
    let mut stream = Compress::new(Compression::best(), false);
    let mut packed = Vec::with_capacity(1 << 20);
    // Compressing into a vector that has room cannot fail.
    let _ = stream.compress_vec(&part, &mut packed, FlushCompress::Full);
    let times = PACKED / packed.len();
    let mut file = vec![0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 0xff];
    (0..times).for_each(|_| file.extend_from_slice(&packed));
    // An empty last block, and a checksum that nobody gets to see.
    file.extend([1, 0, 0, 0xff, 0xff]);
    file.extend([0; 8]);
    (file, times * part.len())
}
