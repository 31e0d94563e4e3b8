//! A planted panic, in a package made for it.

use std::fs;

use super::*;

const TARGET: &str = "#![no_main]\nuse libfuzzer_sys::fuzz_target;\nfuzz_target!(|octets: &[u8]| {\n    \
    assert!(octets.len() < 20 || !octets.contains(&b'!'), \"planted\");\n});\n";

const MANIFEST: &str = "[package]\nname = \"planted-fuzz\"\nversion = \"0.0.0\"\nedition = \"2024\"\npublish = false\n\n\
    [package.metadata]\ncargo-fuzz = true\n\n[workspace]\n\n[dependencies]\nlibfuzzer-sys = \"0.4.13\"\n\n\
    [[bin]]\nname = \"planted\"\npath = \"fuzz_targets/planted.rs\"\ntest = false\ndoc = false\nbench = false\n";

#[test]
fn a_planted_panic_is_found_made_small_and_kept() {
    if !is_installed() {
        eprintln!("cargo-fuzz is not installed: skipped");
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let field = Field { root: folder.path().to_path_buf() };
    fs::create_dir_all(folder.path().join("fuzz/fuzz_targets")).unwrap();
    fs::create_dir_all(folder.path().join("fuzz/seeds/planted")).unwrap();
    fs::write(folder.path().join("Cargo.toml"), "[workspace]\nmembers = []\n").unwrap();
    fs::write(folder.path().join("fuzz/Cargo.toml"), MANIFEST).unwrap();
    fs::write(folder.path().join("fuzz/fuzz_targets/planted.rs"), TARGET).unwrap();
    fs::write(
        folder.path().join("fuzz/seeds/planted/one"),
        "a seed of more than twenty octets, to be cut down to no more than that",
    )
    .unwrap();
    let words: Vec<String> = ["planted", "--seconds", "60", "--seed", "1"].map(str::to_owned).into();
    assert!(matches!(run(&field, &words), Err(Failure::Found)));
    let kept: Vec<_> =
        fs::read_dir(folder.path().join("fuzz/regressions/planted")).unwrap().flatten().collect();
    assert_eq!(kept.len(), 1);
    let octets = fs::read(kept[0].path()).unwrap();
    assert!(octets.len() == 20 && octets.contains(&b'!'), "{octets:?}");
}

#[test]
fn options() {
    let words = |words: &str| words.split(' ').map(str::to_owned).collect::<Vec<_>>();
    let asked = asked(&words("dkim_tags --minutes 5 --address-sanitizer")).unwrap();
    assert_eq!((asked.seconds, asked.seed, asked.address_sanitizer), (300, 0, true));
    assert_eq!(asked.named, ["dkim_tags"]);
    assert!(super::asked(&words("--seconds many")).is_err() && super::asked(&words("--fast")).is_err());
}
