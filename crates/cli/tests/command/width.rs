//! No line is longer than the terminal is wide.

use unicode_width::UnicodeWidthStr as _;

use crate::program::{command, run, sample, stdout};

fn in_columns(columns: &str, arguments: &[&str]) -> String {
    stdout(&command(arguments).env("COLUMNS", columns).output().unwrap())
}

/// A message with what is long: the octets of a defect, a file name, depth, a trace, a media type.
fn wide() -> Vec<u8> {
    let words = "words ".repeat(60);
    let deep = "Content-Type: message/rfc822\r\n\r\n".repeat(30);
    let hop = "Received: from a-long-name.of-some-host.example.org (HELO another) (192.0.2.1)\r\n by mx.a-long-name.example.org with ESMTPS id 1; Fri, 17 Jan 2025 03:00:09 +0000\r\n";
    format!(
        "From: \"{words}\" <a@example.org>\r\nSubject: {words}\r\n{hop}{hop}Content-Type: multipart/mixed; boundary=b\r\n\
         Content-Type: text/{}\r\n\r\n--b\r\nContent-Type: application/{}; name=\"{words}.pdf\"\r\n\
         Content-Disposition: attachment\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n{words}\r\n--b\r\n{deep}\x01\x02\r\n--b--\r\n",
        "\x03".repeat(70),
        "very-long-".repeat(20),
    )
    .into_bytes()
}

#[test]
fn lines_fit_the_columns_there_are() {
    let file = tempfile::NamedTempFile::new().unwrap();
    std::fs::write(file.path(), wide()).unwrap();
    let (file, ambiguous) = (file.path().to_str().unwrap(), sample("ambiguous.eml"));
    let (forward, forged) = (sample("forward.eml"), sample("forged.eml"));
    let of = |path: &'static std::path::Path| path.to_str().unwrap();
    let (ambiguous, forward, forged) = (of(ambiguous.leak()), of(forward.leak()), of(forged.leak()));
    let conversation = of(sample("conversation.mbox").leak());
    for columns in ["60", "80", "100"] {
        let most = columns.parse().unwrap();
        for arguments in [
            &["demo"][..],
            &["check", file],
            &["tree", file],
            &["tree", file, "--offsets"],
            &["tree", forward, "--offsets"],
            &["check", file, "--full"],
        ] {
            for line in in_columns(columns, arguments).lines() {
                assert!(line.width() <= most, "{columns} {arguments:?} {}: {line}", line.width());
                assert!(!line.ends_with(' '), "{arguments:?}: {line:?}");
            }
        }
        // The names of files are whole, so that they can be copied.
        let named = [
            &["check", ambiguous, forged][..],
            &["thread", conversation, "--snippets"],
            &["thread", "explain", conversation, "4@example.org"],
        ]
        .map(|arguments| in_columns(columns, arguments))
        .concat();
        for line in named.lines().filter(|line| !line.contains("/")) {
            assert!(line.width() <= most, "{columns} {}: {line}", line.width());
        }
    }
}

#[test]
fn a_hundred_columns_where_nobody_says() {
    let longest = |text: String| text.lines().map(|line| line.width()).max().unwrap_or(0);
    let widest = longest(stdout(&run(&["demo"])));
    assert!((81..=100).contains(&widest), "{widest}");
}

#[test]
fn a_file_name_is_shown_where_details_have_no_room() {
    let text = in_columns("60", &["tree", sample("good.eml").leak().to_str().unwrap(), "--offsets"]);
    assert!(text.lines().any(|line| line.ends_with(".csv\"")), "{text}");
}
