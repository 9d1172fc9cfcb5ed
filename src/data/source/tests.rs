//! Archives of every kind.

use std::io::{Read, Write};
use std::path::{Path, PathBuf};

use flate2::Compression;
use flate2::write::GzEncoder;
use tar::{EntryType, Header};
use zip::ZipWriter;
use zip::write::SimpleFileOptions;

use super::*;

mod hostile;

fn gz(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::new(6));
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

fn zip_of(members: &[(&str, &[u8])]) -> Vec<u8> {
    let mut writer = ZipWriter::new(std::io::Cursor::new(Vec::new()));
    for (name, bytes) in members {
        if name.ends_with('/') {
            writer.add_directory(*name, SimpleFileOptions::default()).unwrap();
            continue;
        }
        writer.start_file(*name, SimpleFileOptions::default()).unwrap();
        writer.write_all(bytes).unwrap();
    }
    writer.finish().unwrap().into_inner()
}

fn tar_of(members: &[(&str, &[u8])]) -> Vec<u8> {
    let mut builder = tar::Builder::new(Vec::new());
    for (name, bytes) in members {
        let mut header = Header::new_gnu();
        header.set_size(bytes.len() as u64);
        header.set_mode(0o644);
        header.set_entry_type(if name.ends_with('/') {
            EntryType::Directory
        } else {
            EntryType::Regular
        });
        builder.append_data(&mut header, name, *bytes).unwrap();
    }
    builder.into_inner().unwrap()
}

fn saved(name: &str, bytes: &[u8]) -> (tempfile::TempDir, PathBuf) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join(name);
    std::fs::write(&path, bytes).unwrap();
    (folder, path)
}

type Seen = Vec<(String, Vec<u8>)>;

fn visit_all(path: &Path) -> Result<(Seen, SourceHash), Vec<HistoryError>> {
    let mut seen = Vec::new();
    let mut last = 0;
    let hash = each_member(
        path,
        &mut |bytes| {
            assert!(bytes >= last, "progress goes back");
            last = bytes;
        },
        &mut |member| {
            let mut bytes = Vec::new();
            let head = member.head().to_vec();
            // An error on the way reaches the caller without help of the visitor.
            let _ = member.reader().read_to_end(&mut bytes);
            assert!(bytes.starts_with(&head));
            seen.push((member.name().to_owned(), bytes));
            Ok(())
        },
    )?;
    assert_eq!(last, hash.bytes, "progress ends at the file's size");
    Ok((seen, hash))
}

fn members_of(name: &str, bytes: &[u8]) -> Seen {
    visit_all(&saved(name, bytes).1).unwrap().0
}

/// The only message about a file, its folder cut off.
fn fault_of(name: &str, bytes: &[u8]) -> String {
    let (folder, path) = saved(name, bytes);
    let errors = visit_all(&path).unwrap_err();
    assert_eq!(errors.len(), 1, "{errors:?}");
    let folder = format!("{}/", folder.path().display());
    let text = errors[0].to_string();
    text.strip_prefix(&folder).unwrap_or_else(|| panic!("{text}")).to_owned()
}

fn seen(members: &[(&str, &[u8])]) -> Seen {
    members.iter().map(|(name, bytes)| ((*name).to_owned(), bytes.to_vec())).collect()
}

/// Bytes that do not pack well, so that members span buffers.
fn noise(n: usize, seed: u64) -> Vec<u8> {
    let mut state = seed;
    let mut next = || {
        state =
            state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        b'0' + (state >> 60) as u8
    };
    (0..n).map(|_| next()).collect()
}

#[test]
fn plain_and_gzip_files_are_one_member() {
    let text = noise(200_000, 1);
    let twice = [gz(&text[..70_000]), gz(&text[70_000..])].concat();
    for (name, bytes) in [
        ("a.csv", text.clone()),
        ("a.csv.gz", gz(&text)),
        ("gzip_without_the_name", gz(&text)),
        ("two_members.gz", twice),
        ("gzip_in_gzip.gz", gz(&gz(&text))),
    ] {
        assert_eq!(members_of(name, &bytes), seen(&[(name, &text)]), "{name}");
    }
    assert_eq!(members_of("empty.csv", b""), seen(&[("empty.csv", b"")]));
}

#[test]
fn the_hash_is_of_the_bytes_on_disk_however_they_are_read() {
    // SHA-256 of "abc": the example of FIPS 180-2, appendix B.1.
    let (_folder, path) = saved("abc", b"abc");
    let hash = each_member(&path, &mut |_| (), &mut |_| Ok(())).unwrap();
    assert_eq!(hash.sha256, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    assert_eq!((hash.path, hash.bytes), (path, 3));

    use sha2::{Digest, Sha256};
    let (a, b) = (noise(300_000, 2), noise(100_000, 3));
    let members: &[(&str, &[u8])] = &[("b.csv", &b), ("a.csv", &a)];
    let tar = tar_of(members);
    for bytes in [gz(&a), [gz(&a), gz(&b)].concat(), zip_of(members), gz(&tar), tar] {
        let (_folder, path) = saved("any", &bytes);
        let expected: String =
            Sha256::digest(&bytes).iter().map(|byte| format!("{byte:02x}")).collect();
        assert_eq!(visit_all(&path).unwrap().1.sha256, expected);
        // A visitor that reads nothing changes nothing.
        assert_eq!(each_member(&path, &mut |_| (), &mut |_| Ok(())).unwrap().sha256, expected);
    }
}

#[test]
fn members_come_in_the_order_of_their_names() {
    let (a, b, c) = (noise(200_000, 4), noise(50, 5), noise(70_000, 6));
    let members: &[(&str, &[u8])] = &[
        ("x/", b""),
        ("x/2021-10.csv", &c),
        ("x/.DS_Store", b"no"),
        ("__MACOSX/x/._2021-1.csv", b"no"),
        ("x/2021-1.csv", &a),
        ("x/2021-2.csv", &b),
    ];
    for (name, bytes) in [
        ("m.zip", zip_of(members)),
        ("m.tar", tar_of(members)),
        ("m.tar.gz", gz(&tar_of(members))),
        ("m.tar.gz.gz", gz(&gz(&tar_of(members)))),
        ("m.zip.gz", gz(&zip_of(members))),
    ] {
        let at = |inner: &str| format!("{name}/x/{inner}.csv");
        let expected = seen(&[(&at("2021-1"), &a), (&at("2021-2"), &b), (&at("2021-10"), &c)]);
        assert_eq!(members_of(name, &bytes), expected, "{name}");
    }
}

#[test]
fn one_archive_may_be_in_another() {
    let text = noise(100_000, 7);
    let inner: &[(&str, &[u8])] = &[("b.csv", &text), ("a.csv", b"1\n")];
    let expected = |name: &str, inner: &str| {
        let at = |file: &str| format!("{name}/{inner}/{file}");
        seen(&[(&at("a.csv"), b"1\n"), (&at("b.csv"), &text)])
    };
    for (inner_name, packed) in
        [("i.zip", zip_of(inner)), ("i.tar", tar_of(inner)), ("i.tar.gz", gz(&tar_of(inner)))]
    {
        let outer: &[(&str, &[u8])] = &[(inner_name, &packed)];
        for (name, bytes) in
            [("o.zip", zip_of(outer)), ("o.tar", tar_of(outer)), ("o.tgz", gz(&tar_of(outer)))]
        {
            assert_eq!(members_of(name, &bytes), expected(name, inner_name));
            let thrice = zip_of(&[(name, &bytes)]);
            let fault = fault_of("third.zip", &thrice);
            let origin = format!("third.zip/{name}/{inner_name}: an archive in an archive in");
            assert!(fault.starts_with(&origin), "{fault}");
        }
        let packed = gz(&text);
        let of_gz: &[(&str, &[u8])] = &[("b.csv.gz", &packed), ("a.csv.gz", b"1\n")];
        let at = |file: &str| format!("o.zip/{file}.csv.gz");
        let both = seen(&[(&at("a"), b"1\n"), (&at("b"), &text)]);
        assert_eq!(members_of("o.zip", &zip_of(of_gz)), both);
    }
}

#[test]
fn bytes_are_bounded() {
    let (_folder, path) = saved("a.bin", &noise(100_000, 10));
    for (max, fits) in [(100_000, true), (99_999, false)] {
        each_member(&path, &mut |_| (), &mut |member| {
            match member.bytes(max) {
                Ok(bytes) => assert!(fits && bytes.len() == 100_000),
                Err(errors) => {
                    assert!(!fits && errors[0].problem.contains("more than 99999 bytes"))
                }
            }
            Ok(())
        })
        .unwrap();
    }
}

#[test]
fn the_visitor_s_faults_are_handed_on() {
    let (_folder, path) = saved("a.zip", &zip_of(&[("a.csv", b"1"), ("b.csv", b"2")]));
    let mut names = Vec::new();
    let errors = each_member(&path, &mut |_| (), &mut |member| {
        names.push(member.name().to_owned());
        Err(vec![HistoryError::new(member.origin(), "no price", "")])
    });
    assert_eq!(names, ["a.zip/a.csv"]);
    assert_eq!(errors.unwrap_err()[0].origin, format!("{}/a.csv", path.display()));
}

/// The real archives: how many members, and their hashes as listed beside them.
#[test]
fn real_files() {
    let Some(folder) = std::env::var_os("DRYPOWDER_DATA").map(PathBuf::from) else {
        println!("skipped: DRYPOWDER_DATA is not set");
        return;
    };
    let sums = std::fs::read_to_string(folder.join("SHA256SUMS")).unwrap();
    let mut n_files = 0;
    for line in sums.lines() {
        let (sum, name) = line.split_once("  ").unwrap();
        let name = name.trim_start_matches("./");
        if name.ends_with(".md") {
            continue;
        }
        let path = folder.join(name);
        let mut names = Vec::new();
        let hash = each_member(&path, &mut |_| (), &mut |member| {
            names.push(member.name().to_owned());
            assert!(!member.head().is_empty());
            Ok(())
        });
        assert_eq!(hash.unwrap().sha256, sum, "{name}");
        let archive = name.ends_with(".tar.gz") || name.ends_with(".zip");
        assert!(archive || names.len() == 1, "{name}");
        n_files += 1;
    }
    assert!(n_files > 200, "{n_files}");
}
