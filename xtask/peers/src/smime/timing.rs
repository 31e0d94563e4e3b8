//! What the time of decryption tells (after dudect): content keys that are good, of wrong padding and of a wrong length, and
//! content that is spoilt, in turns of random order. Welch's t of each pair of these classes must stay below 4.5; one
//! repeat is allowed.

use std::hint::black_box;
use std::time::Instant;

use mailwright_smime::{Cipher, Context, Encryptor, Random as _, SystemRandom, open_cms};
use openssl::rsa::{Padding, Rsa};
use openssl::symm;

use super::key::{self, CERTIFICATES, RSA_KEY, said};

/// Times measured of each class.
const SAMPLES: usize = 2_000;

/// Messages of each class, so that it is not one message that is measured.
const MESSAGES: usize = 50;

/// Octets of content: little, for the time that it takes to open is the same for all.
const CONTENT: usize = 1_000;

/// What is held to be no accident.
const MOST: f64 = 4.5;

/// Of all times together, how many are looked at besides: the longest say more of this machine than of the message.
const KEPT: [f64; 3] = [1.0, 0.9, 0.5];

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Class {
    Good,
    BadPadding,
    BadLength,
    BadContent,
}

const CLASSES: [(Class, &str); 4] = [
    (Class::Good, "good key"),
    (Class::BadPadding, "bad padding"),
    (Class::BadLength, "bad length"),
    (Class::BadContent, "bad content"),
];

pub(super) fn run() -> Result<(), String> {
    let work = format!("smime/timing, {}", key::backend());
    let keys = key::keys()?;
    let context = key::context(Some(&keys))?;
    let messages: Vec<Vec<Vec<u8>>> = CLASSES
        .iter()
        .map(|(class, _)| (0..MESSAGES).map(|_| message(*class)).collect())
        .collect::<Result<_, _>>()?;
    check(&messages, &context)?;
    for last in [false, true] {
        let worst = worst(&measure(&messages, &context));
        let (t, pair) =
            (worst.t, format!("{} and {}, {:.0} %", worst.pair.0, worst.pair.1, worst.kept * 100.0));
        println!("{work}: |t| {t:.2} at most (want under {MOST})");
        println!("    {SAMPLES} of each class; most between {pair} of the times");
        if t < MOST {
            return Ok(());
        }
        if last {
            return Err(format!("{work}: the time tells {pair} apart"));
        }
    }
    Ok(())
}

/// Each class comes out as it should.
fn check(messages: &[Vec<Vec<u8>>], context: &Context<'_>) -> Result<(), String> {
    for ((class, name), messages) in CLASSES.iter().zip(messages) {
        let opened = |message: &Vec<u8>| {
            let layer = open_cms(message, context).ok();
            layer.is_some_and(|layer| layer.content.len() == CONTENT)
        };
        // A content key that is made up opens to good padding once in 256 times, but never to this content.
        if messages.iter().any(|message| opened(message) != (*class == Class::Good)) {
            return Err(format!("{name} comes out otherwise"));
        }
    }
    Ok(())
}

/// AES-256 in CBC for the RSA key, with a content key of this class.
fn message(class: Class) -> Result<Vec<u8>, String> {
    let mut random = SystemRandom::new();
    let mut octets = |octets: usize| {
        let mut filled = vec![0; octets];
        random.fill(&mut filled).map_err(said).map(|()| filled)
    };
    let (content_key, vector, content) = (octets(32)?, octets(16)?, octets(CONTENT)?);
    let cipher = symm::Cipher::aes_256_cbc();
    let mut sealed = symm::encrypt(cipher, &content_key, Some(&vector), &content).map_err(said)?;
    let rsa = Rsa::private_key_from_der(RSA_KEY)
        .or_else(|_| openssl::pkey::PKey::private_key_from_der(RSA_KEY).and_then(|key| key.rsa()));
    let rsa = rsa.map_err(said)?;
    let mut transported = vec![0; 256];
    match class {
        Class::Good | Class::BadContent => {
            rsa.public_encrypt(&content_key, &mut transported, Padding::PKCS1).map_err(said)?;
        }
        Class::BadLength => {
            let lengths = [0, 1, 16, 24, 31, 33, 64, 200];
            let length = lengths[usize::from(octets(1)?[0]) % lengths.len()];
            rsa.public_encrypt(&octets(length)?, &mut transported, Padding::PKCS1).map_err(said)?;
        }
        Class::BadPadding => {
            // RFC 8017 7.2.2 step 3: another first or second octet, or no zero behind the padding.
            let mut block: Vec<u8> = octets(256)?.iter().map(|octet| octet | 1).collect();
            match octets(1)?[0] % 3 {
                0 => block[..2].copy_from_slice(&[0, 1]),
                1 => block[..2].copy_from_slice(&[1, 2]),
                _ => block[..2].copy_from_slice(&[0, 2]),
            }
            rsa.public_encrypt(&block, &mut transported, Padding::NONE).map_err(said)?;
        }
    }
    if class == Class::BadContent {
        // The last octet of the last block is no longer a length of padding (RFC 5652 6.3).
        let place = sealed.len() - 17;
        sealed[place] ^= 0x80;
    }
    // A message of the same form, in which what is sealed is replaced.
    let encryptor = Encryptor::new().to(&CERTIFICATES.rsa).map_err(said)?.cipher(Cipher::Aes256Cbc);
    let mut message = encryptor.encrypt_cms(&content, &mut random).map_err(said)?;
    let place = |header: &[u8]| {
        let found = message.windows(header.len()).position(|window| window == header);
        found.map(|at| at + header.len()).ok_or("the message is of another form")
    };
    let transported_at = place(&[0x04, 0x82, 0x01, 0x00])?;
    // The identifier of AES-256 in CBC, and the header of its vector.
    let vector_at = place(&[0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x01, 0x2a, 0x04, 0x10])?;
    message[transported_at..][..256].copy_from_slice(&transported);
    message[vector_at..][..16].copy_from_slice(&vector);
    let end = message.len();
    message[end - sealed.len()..].copy_from_slice(&sealed);
    Ok(message)
}

/// Nanoseconds, class by class.
fn measure(messages: &[Vec<Vec<u8>>], context: &Context<'_>) -> Vec<Vec<f64>> {
    let mut order: Vec<usize> = (0..CLASSES.len() * SAMPLES).map(|place| place % CLASSES.len()).collect();
    // The order is to be none that a machine has; it need not be secret.
    let mut state = 0x9e37_79b9_7f4a_7c15_u64 ^ u64::from(std::process::id());
    let mut number = || {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        state
    };
    for place in (1..order.len()).rev() {
        order.swap(place, (number() % (place as u64 + 1)) as usize);
    }
    let mut times = vec![Vec::with_capacity(SAMPLES); CLASSES.len()];
    for class in order {
        let message = messages[class][(number() % MESSAGES as u64) as usize].clone();
        let start = Instant::now();
        let opened = black_box(open_cms(black_box(&message), context));
        times[class].push(start.elapsed().as_nanos() as f64);
        drop(opened);
    }
    times
}

/// The largest difference that was found.
struct Worst {
    t: f64,
    pair: (&'static str, &'static str),
    kept: f64,
}

fn worst(times: &[Vec<f64>]) -> Worst {
    let mut all: Vec<f64> = times.iter().flatten().copied().collect();
    all.sort_by(f64::total_cmp);
    let mut worst = Worst { t: 0.0, pair: ("", ""), kept: 1.0 };
    for kept in KEPT {
        let most = all[((all.len() as f64 * kept) as usize).min(all.len()) - 1];
        let cut: Vec<Vec<f64>> =
            times.iter().map(|times| times.iter().copied().filter(|time| *time <= most).collect()).collect();
        for one in 0..cut.len() {
            for other in one + 1..cut.len() {
                let t = welch(&cut[one], &cut[other]).abs();
                if t > worst.t {
                    worst = Worst { t, pair: (CLASSES[one].1, CLASSES[other].1), kept };
                }
            }
        }
    }
    worst
}

/// Welch's t of two samples.
fn welch(one: &[f64], other: &[f64]) -> f64 {
    let of = |times: &[f64]| {
        let count = times.len() as f64;
        let mean = times.iter().sum::<f64>() / count;
        let variance = times.iter().map(|time| (time - mean).powi(2)).sum::<f64>() / (count - 1.0);
        (mean, variance / count)
    };
    let ((mean, error), (other_mean, other_error)) = (of(one), of(other));
    (mean - other_mean) / (error + other_error).sqrt()
}
