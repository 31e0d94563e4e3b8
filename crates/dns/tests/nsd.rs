//! A zone text served by NSD, where it is installed, is answered as our reader and `Zone` answer it.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing, reason = "tests")]

mod support;

use std::net::{SocketAddr, UdpSocket};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use mailwright_dns::{AsyncResolver, Dns, Kind, Missing, Name, Question, Stub, StubOptions, Zone};

const ZONE: &str = r#"
$ORIGIN example.com.
$TTL 1h
@       SOA  ns hostmaster (
             2026112401 ; serial
             7200 3600 1209600
             900 )      ; void answers
        NS   ns
        MX   20 mx2
        MX   10 MX1
        TXT  "v=spf1 mx " "include:other.example -all"
        TXT  verification=1234 ; a comment
ns      A    127.0.0.1
mx1     300  IN A 192.0.2.1
        300  IN A 192.0.2.2
mx2     IN 60 AAAA 2001:db8::2
2026._domainkey TXT ( "v=DKIM1; k=rsa; "
                      "p=MIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8A" ) ; one record
deep.in.the.tree A 192.0.2.3
*.wild  TXT  wild
own.wild A   192.0.2.4
*.alias CNAME mx1
alias   CNAME also.alias
alias2  CNAME any.alias
dangling CNAME nowhere
odd\.dot\032space TXT "semi;colon (paren) \"quote\" \\ \000\255"
*.star TXT   "a wildcard of one label"
null    MX   0 .
loop    CNAME pool
pool    CNAME loop
caa     CAA  0 issue "ca.example"
1.2.0.192.in-addr PTR mx1
"#;

const NAMES: [&str; 30] = [
    r"example.com",
    r"EXAMPLE.com",
    r"mx1.example.com",
    r"mx2.example.com",
    r"x.mx1.example.com",
    r"2026._domainkey.example.com",
    r"_domainkey.example.com",
    r"deep.in.the.tree.example.com",
    r"in.the.tree.example.com",
    r"other.tree.example.com",
    r"any.wild.example.com",
    r"a.b.wild.example.com",
    r"wild.example.com",
    r"*.wild.example.com",
    r"own.wild.example.com",
    r"x.own.wild.example.com",
    r"alias.example.com",
    r"alias2.example.com",
    r"x.y.alias.example.com",
    r"dangling.example.com",
    r"nowhere.example.com",
    r"odd\.dot\032space.example.com",
    r"odd.dot\032space.example.com",
    r"star.example.com",
    r"x.star.example.com",
    r"null.example.com",
    r"loop.example.com",
    r"caa.example.com",
    r"x.caa.example.com",
    r"1.2.0.192.in-addr.example.com",
];

/// Stops the server and removes its folder.
struct Nsd {
    child: Child,
    folder: PathBuf,
    address: SocketAddr,
}

impl Drop for Nsd {
    fn drop(&mut self) {
        // On SIGTERM it ends its children as well; the shell has a `kill` of its own.
        let told = Command::new("sh").arg("-c").arg(format!("kill {}", self.child.id())).status();
        if !told.is_ok_and(|status| status.success()) {
            let _ = self.child.kill();
        }
        let _ = self.child.wait();
        let _ = std::fs::remove_dir_all(&self.folder);
    }
}

fn start(program: &Path) -> Nsd {
    let folder = std::env::temp_dir().join(format!("mailwright-nsd-{}", std::process::id()));
    std::fs::create_dir_all(&folder).unwrap();
    std::fs::write(folder.join("example.com.zone"), ZONE).unwrap();
    let address = UdpSocket::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let path = folder.display();
    let configuration = format!(
        "server:\n ip-address: 127.0.0.1\n port: {}\n server-count: 1\n username: \"\"\n chroot: \"\"\n \
         zonesdir: \"{path}\"\n database: \"\"\n pidfile: \"{path}/pid\"\n xfrdfile: \"{path}/xfrd\"\n \
         xfrdir: \"{path}\"\n zonelistfile: \"{path}/zonelist\"\n rrl-ratelimit: 0\n\
         remote-control:\n control-enable: no\n\
         zone:\n name: example.com\n zonefile: example.com.zone\n",
        address.port()
    );
    let configuration_file = folder.join("nsd.conf");
    std::fs::write(&configuration_file, configuration).unwrap();
    let child = Command::new(program)
        .arg("-d")
        .arg("-c")
        .arg(&configuration_file)
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    Nsd { child, folder, address }
}

fn installed() -> Option<PathBuf> {
    ["/usr/sbin/nsd", "/usr/local/sbin/nsd"].iter().map(PathBuf::from).find(|path| path.is_file())
}

#[test]
fn nsd_answers_as_the_zone_does() {
    let Some(program) = installed() else {
        println!("nsd is not installed: skipped");
        return;
    };
    let zone = Zone::parse(ZONE, &Name::ROOT).unwrap();
    let nsd = start(&program);
    let mut stub_options = StubOptions::default();
    stub_options.cache_octets = 0;
    let stub = Stub::new([nsd.address], stub_options);
    let soon = Instant::now() + Duration::from_secs(10);
    while stub.resolve(&question("ns.example.com", Kind::A)).result.is_err() {
        assert!(Instant::now() < soon, "nsd does not answer");
        thread::sleep(Duration::from_millis(50));
    }
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let hickory = support::hickory(nsd.address, Duration::from_secs(2));
    let mut seen = [0; 3];
    for name in NAMES {
        for kind in Kind::ALL {
            let question = question(name, kind);
            let expected = zone.query(&question.name, kind);
            assert_eq!(sorted(stub.resolve(&question)), sorted(expected.clone()), "stub, {question}");
            let by_hickory = runtime.block_on(hickory.resolve(&question));
            assert_eq!(sorted(by_hickory).result, sorted(expected.clone()).result, "hickory, {question}");
            match expected.result {
                Ok(_) => seen[0] += 1,
                Err(Missing::NoData) => seen[1] += 1,
                Err(_) => seen[2] += 1,
            }
        }
    }
    assert!(seen.iter().all(|&count| count > 10), "{seen:?}");
}

fn question(name: &str, kind: Kind) -> Question {
    Question::new(name.parse().unwrap(), kind)
}

/// Records have no order in DNS.
fn sorted(mut answer: mailwright_dns::Answer) -> mailwright_dns::Answer {
    use mailwright_dns::Records;
    if let Ok(records) = &mut answer.result {
        match records {
            Records::Txt(set) => *set = in_order(set),
            Records::A(set) => *set = in_order(set),
            Records::Aaaa(set) => *set = in_order(set),
            Records::Mx(set) => *set = in_order(set),
            Records::Ptr(set) => *set = in_order(set),
            other => panic!("{other:?}"),
        }
    }
    answer
}

fn in_order<T: Clone + std::fmt::Debug>(set: &[T]) -> std::sync::Arc<[T]> {
    let mut set = set.to_vec();
    set.sort_by_key(|record| format!("{record:?}").to_ascii_lowercase());
    set.into()
}
