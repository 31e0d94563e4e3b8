//! `spam`: train, untrain, score, explain, eval.

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

#[test]
fn what_is_learned_is_judged_explained_and_taken_back() {
    let (folder, _) = corpus("");
    let at = |name: &str| folder.path().join(name).to_str().unwrap().to_owned();
    let model = at("model");
    let train = |class: &str, rest: usize| {
        for n in (rest..20).step_by(2) {
            let ran = run(&["spam", "train", "--model", &model, class, &at(&format!("mail/{n}"))]);
            assert_eq!(ran.status.code(), Some(0), "{}", String::from_utf8_lossy(&ran.stderr));
        }
    };
    train("spam", 0);
    train("ham", 1);
    let again = stdout(&run(&["spam", "train", "--model", &model, "ham", &at("mail/1")]));
    assert!(again.starts_with("0 of 1 messages learned as ham"), "{again}");

    let explained = stdout(&run(&["spam", "explain", "--model", &model, &at("mail/0")]));
    assert!(explained.contains("subject:money") && explained.contains("SUBJECT_MONEY"), "{explained}");
    let ran = run(&["spam", "score", "--json", "--model", &model, &at("mail/1")]);
    let value: serde_json::Value = serde_json::from_str(&stdout(&ran)).unwrap();
    assert!(value.to_string().contains("\"action\":\"accept\""), "{value}");
    assert_eq!(ran.status.code(), Some(0));

    for n in (1..20).step_by(2).rev() {
        let ran = run(&["spam", "untrain", "--model", &model, &at(&format!("mail/{n}"))]);
        let said = stdout(&ran);
        assert!(
            said.starts_with("1 of 1 messages taken back") && said.contains("the learned weights keep 1"),
            "{said}"
        );
    }
    let explained = stdout(&run(&["spam", "explain", "--model", &model, &at("mail/odd")]));
    assert!(explained.contains("learned 0 of 50 ham and 10 of 50 spam"), "{explained}");
}

#[test]
fn models_that_cannot_be_read_stay_as_they_are() {
    let (folder, _) = corpus("");
    let at = |name: &str| folder.path().join(name).to_str().unwrap().to_owned();
    std::fs::write(at("model"), b"no model").unwrap();
    let ran = run(&["spam", "train", "--model", &at("model"), "ham", &at("mail/1")]);
    assert_eq!(ran.status.code(), Some(2));
    assert_eq!(std::fs::read(at("model")).unwrap(), b"no model");
    // The model is part of what is read.
    std::fs::remove_file(at("model")).unwrap();
    std::fs::write(at("mail/model"), b"").unwrap();
    let ran = run(&["spam", "train", "--model", &at("mail/model"), "ham", &at("mail")]);
    assert_eq!(ran.status.code(), Some(2));
    assert_eq!(run(&["spam", "score", "--model", &at("gone"), &at("mail/1")]).status.code(), Some(2));
    // Rules alone judge without a model.
    assert_eq!(run(&["spam", "score", &at("mail/1")]).status.code(), Some(0));
}
