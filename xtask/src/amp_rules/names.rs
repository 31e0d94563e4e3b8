//! Numbers, names with a hash table, and the order of errors.

use serde_json::Value;

use super::MADE;

/// A static list of numbers, in lines.
pub(super) fn numbers(name: &str, numbers: &[String]) -> String {
    let lines: Vec<String> = numbers.chunks(24).map(|line| format!("    {},\n", line.join(", "))).collect();
    format!("pub(crate) static {name}: [u16; {}] = [\n{}];\n", numbers.len(), lines.concat())
}

/// The names, and a table of their places plus one by [`hash`] with the next free slot on collision.
pub(super) fn hashed(name: &str, names: &[String]) -> String {
    let size = (names.len() * 4).next_power_of_two();
    let mut slots = vec![0_usize; size];
    for (place, text) in names.iter().enumerate() {
        let start = hash(text.as_bytes()) as usize % size;
        let mut free = (start..size).chain(0..start);
        if let Some(slot) = free.find_map(|slot| slots.get(slot).filter(|taken| **taken == 0).map(|_| slot)) {
            slots.splice(slot..=slot, [place + 1]);
        }
    }
    let lines: Vec<String> = names
        .chunks(8)
        .map(|line| {
            let quoted: Vec<String> = line.iter().map(|text| format!("{text:?}")).collect();
            format!("    {},\n", quoted.join(", "))
        })
        .collect();
    let slots: Vec<String> = slots.iter().map(usize::to_string).collect();
    format!(
        "/// The names, by number.\npub(crate) static {name}: [&str; {}] = [\n{}];\n\n\
         /// Where a name stands, plus one, by its hash.\n{}",
        names.len(),
        lines.concat(),
        numbers(&format!("{name}_SLOTS"), &slots),
    )
}

/// FNV-1a, as in `rules/mod.rs`.
fn hash(octets: &[u8]) -> u32 {
    octets.iter().fold(0x811C_9DC5, |hash, &octet| (hash ^ u32::from(octet)).wrapping_mul(0x0100_0193))
}

/// The specificity of each error code.
pub(super) fn errors(errors: &Value) -> Result<String, String> {
    let codes = errors.get("specificity").and_then(Value::as_object).ok_or("no specificity")?;
    let mut arms: Vec<(u64, &String)> =
        codes.iter().filter_map(|(code, number)| Some((number.as_u64()?, code))).collect();
    arms.sort();
    let arms: Vec<String> =
        arms.iter().map(|(number, code)| format!("        {code:?} => {number},\n")).collect();
    Ok(format!(
        "{MADE}\n/// Of two ways to read a tag that both fail, the one with the greater number is reported.\n\
         pub(crate) fn specificity(code: &str) -> u16 {{\n    match code {{\n{}        _ => 0,\n    }}\n}}\n",
        arms.concat()
    ))
}
