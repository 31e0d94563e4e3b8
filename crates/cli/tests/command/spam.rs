//! `spam`: eval.

use crate::program::{run, stdout};

fn corpus(lines: &str) -> (tempfile::TempDir, String) {
    let folder = tempfile::tempdir().unwrap();
    std::fs::create_dir(folder.path().join("mail")).unwrap();
    for n in 0..20 {
        let word = if n % 2 == 0 { "money" } else { "lunch" };
        let message = format!("Subject: {word}\r\nMessage-ID: <{n}@example.org>\r\n\r\n{word} {n}\r\n");
        std::fs::write(folder.path().join(format!("mail/{n}")), message).unwrap();
    }
    std::fs::write(folder.path().join("mail/odd"), b"\x00\xff no header").unwrap();
    std::fs::write(folder.path().join("mail/empty"), b"").unwrap();
    let index = folder.path().join("index");
    std::fs::write(&index, lines).unwrap();
    let index = index.to_str().unwrap().to_owned();
    (folder, index)
}

#[test]
fn eval_judges_then_learns() {
    let mut lines: String =
        (0..20).map(|n| format!("{} mail/{n}\n", if n % 2 == 0 { "spam" } else { "ham" })).collect();
    lines.push_str("ham mail/odd\nspam mail/empty\n");
    let (_folder, index) = corpus(&lines);
    let ran = run(&["spam", "eval", &index]);
    assert_eq!((ran.status.code(), ran.stderr.len()), (Some(0), 0));
    let text = stdout(&ran);
    let results: Vec<Vec<&str>> = text.lines().map(|line| line.split(' ').collect()).collect();
    assert_eq!(results.len(), 22);
    for (n, result) in results.iter().enumerate() {
        let score: f64 = result[1].parse().unwrap();
        assert!(score.is_finite() && (score > 0.0) == (result[2] == "spam"), "{result:?}");
        // Nothing is known at first; after a few of each there is no doubt.
        if (8..20).contains(&n) {
            assert_eq!(result[0], result[2], "{result:?}");
        }
    }
    assert_eq!(results[0][2], "ham");
    assert_eq!(stdout(&run(&["spam", "eval", &index])), text);
}

#[test]
fn eval_names_the_line() {
    for (lines, what) in [
        ("spam mail/0\nmaybe mail/1\n", "line 2: not `spam` or `ham`"),
        ("spam mail/0\n\nham mail/gone\n", "line 3: "),
        ("spam\n", "line 1: not `spam` or `ham`"),
    ] {
        let (_folder, index) = corpus(lines);
        let ran = run(&["spam", "eval", &index]);
        assert_eq!(ran.status.code(), Some(2));
        assert!(String::from_utf8_lossy(&ran.stderr).contains(what), "{lines}");
    }
    assert_eq!(run(&["spam", "eval", "no-such-index"]).status.code(), Some(2));
}
