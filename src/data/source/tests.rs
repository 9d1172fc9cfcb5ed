//! Archives of every kind, sound and damaged.

use std::io::{BufRead, Read, Write};
use std::path::{Path, PathBuf};

use flate2::Compression;
use flate2::write::GzEncoder;
use tar::{EntryType, Header};
use zip::ZipWriter;
use zip::write::SimpleFileOptions;

use super::*;

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

/// A tar with one entry of a kind that is no file.
fn tar_with(kind: EntryType) -> Vec<u8> {
    let mut builder = tar::Builder::new(Vec::new());
    let mut header = Header::new_gnu();
    header.set_size(0);
    header.set_entry_type(kind);
    builder.append_link(&mut header, "a.csv", "b.csv").unwrap();
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
fn what_is_cut_short_is_told() {
    let text = noise(300_000, 8);
    let members: &[(&str, &[u8])] = &[("a.csv", &text), ("b.csv", b"1\n")];
    let half = |bytes: Vec<u8>| bytes[..bytes.len() / 2].to_vec();
    let tar = tar_of(members);
    // The first member whole (a block of header, 300000 bytes in 586 blocks), then nothing.
    let at_member = tar[..512 * 587].to_vec();
    let unmarked = tar[..tar.len() - 1_024].to_vec();
    for (name, bytes, expected) in [
        ("a.csv.gz", half(gz(&text)), "a.csv.gz: the packed data are cut short"),
        (
            "no_sum.gz",
            gz(&text)[..gz(&text).len() - 4].to_vec(),
            "no_sum.gz: the packed data are cut",
        ),
        ("a.zip", half(zip_of(members)), "a.zip: the zip's table of contents cannot be read"),
        ("a.tar", half(tar.clone()), "a.tar/a.csv: the packed data are cut short"),
        ("b.tar", at_member, "b.tar: ends without a tar's end mark"),
        ("c.tar", unmarked, "c.tar: ends without a tar's end mark"),
        ("a.tar.gz", half(gz(&tar)), "a.tar.gz/a.csv: the packed data are cut short"),
        ("b.tar.gz", gz(&half(tar)), "b.tar.gz/a.csv: the packed data are cut short"),
        (
            "gz_in.zip",
            zip_of(&[("a.gz", &half(gz(&text)))]),
            "gz_in.zip/a.gz: the packed data are cut",
        ),
        ("a.gz", b"\x1f\x8b\x08".to_vec(), "a.gz: the packed data are cut short"),
    ] {
        let fault = fault_of(name, &bytes);
        assert!(fault.starts_with(expected), "{fault}");
    }
}

#[test]
fn what_is_damaged_is_told_and_never_panics() {
    let text = noise(3_000, 9);
    let members: &[(&str, &[u8])] = &[("b.csv", &text), ("a.csv", b"1\n2\n")];
    let tar = tar_of(members);
    for bytes in [gz(&text), zip_of(members), gz(&tar), tar] {
        for at in 0..bytes.len().min(4_000) {
            let mut damaged = bytes.clone();
            damaged[at] ^= 1 << (at % 8);
            if let Err(errors) = visit_all(&saved("any", &damaged).1) {
                assert_eq!(errors.len(), 1);
            }
        }
    }
    // A changed byte in the data of a zip member does not match its checksum.
    let mut zip = zip_of(&[("a.csv", &text)]);
    zip[100] ^= 1;
    let fault = fault_of("a.zip", &zip);
    assert!(fault.starts_with("a.zip/a.csv: the packed data are damaged"), "{fault}");
}

#[test]
fn what_is_not_read_is_refused_with_a_remedy() {
    let a: &[(&str, &[u8])] = &[("a.csv", b"1\n"), ("a.csv", b"2\n")];
    let options = SimpleFileOptions::default();
    let mut linked = ZipWriter::new(std::io::Cursor::new(Vec::new()));
    linked.add_symlink("a.csv", "b.csv", options).unwrap();
    // The flag of encryption, in the header before the member and in the table at the end.
    let mut encrypted = zip_of(&a[..1]);
    encrypted[6] |= 1;
    let table = encrypted.windows(4).position(|four| four == b"PK\x01\x02").unwrap();
    encrypted[table + 8] |= 1;
    for (name, bytes, expected) in [
        ("s.tar", tar_with(EntryType::Symlink), "s.tar/a.csv: a link, not a file; pack the file"),
        ("h.tar.gz", gz(&tar_with(EntryType::Link)), "h.tar.gz/a.csv: a link, not a file"),
        ("f.tar", tar_with(EntryType::Fifo), "f.tar/a.csv: neither a file nor a folder"),
        ("s.zip", linked.finish().unwrap().into_inner(), "s.zip/a.csv: a link, not a file"),
        ("e.zip", encrypted, "e.zip/a.csv: encrypted; unpack it with its password"),
        ("twice.tar", tar_of(a), "twice.tar/a.csv: two members have this name"),
        ("none.zip", zip_of(&[("x/", b"")]), "none.zip: nothing is packed in it"),
        ("none.tar", tar_of(&[("x/", b"")]), "none.tar: nothing is packed in it"),
        ("x.xlsx", zip_of(&[("[Content_Types].xml", b"")]), "x.xlsx: an office document"),
        ("a.bz2", b"BZh91AY".to_vec(), "a.bz2: packed by bzip2; unpack it"),
        ("a.zst", b"\x28\xb5\x2f\xfd...".to_vec(), "a.zst: packed by zstd"),
        ("a.gz", gz(&gz(&gz(b"1"))), "a.gz: gzip in gzip in gzip"),
    ] {
        let fault = fault_of(name, &bytes);
        assert!(fault.starts_with(expected), "{fault}");
    }
    let folder = tempfile::tempdir().unwrap();
    let first = |path: &Path| visit_all(path).unwrap_err()[0].to_string();
    assert!(first(folder.path()).contains("a folder, not a file; name the files in it"));
    assert!(first(&folder.path().join("x.csv")).contains("x.csv: cannot be opened: No such file"));
}

/// 1 GiB of zeros in about a megabyte, as 64 gzip members.
fn zeros() -> Vec<u8> {
    gz(&vec![0; 16 << 20]).repeat(64)
}

#[test]
fn a_bomb_is_refused_once_it_has_grown_past_its_limit() {
    let bomb = zeros();
    let mut unpacked = 0_u64;
    let (_folder, path) = saved("bomb.gz", &bomb);
    let result = each_member(&path, &mut |_| (), &mut |member| {
        let mut reader = member.reader();
        // A stream: what is there at a time is no more than a buffer.
        loop {
            let Ok(n) = reader.fill_buf().map(<[u8]>::len) else { return Ok(()) };
            assert!(n <= 1 << 17);
            if n == 0 {
                return Ok(());
            }
            unpacked += n as u64;
            reader.consume(n);
        }
    });
    let limit = 500 * bomb.len() as u64;
    assert!(limit < 1 << 30 && (limit - (1 << 18)..=limit).contains(&unpacked), "{unpacked}");
    let fault = result.unwrap_err()[0].to_string();
    assert!(fault.contains(&format!("unpacks to more than {limit} bytes")), "{fault}");

    // Packed again, the limit is what every file may unpack to, and counts each decoder.
    let fault = fault_of("twice.gz", &gz(&bomb));
    assert!(fault.contains("unpacks to more than 268435456 bytes"), "{fault}");
    let fault = fault_of("in.zip", &zip_of(&[("bomb.gz", &bomb)]));
    assert!(fault.starts_with("in.zip/bomb.gz: unpacks to more than"), "{fault}");
}

#[test]
fn a_long_name_in_a_tar_is_not_held() {
    // A GNU long name of 8 MiB of zeros before the member.
    let mut header = Header::new_gnu();
    header.set_entry_type(EntryType::GNULongName);
    header.set_size(8 << 20);
    header.set_cksum();
    let tar = [header.as_bytes().to_vec(), vec![0; 8 << 20], tar_of(&[("a.csv", b"1")])].concat();
    assert!(fault_of("a.tgz", &gz(&tar)).contains("a header of more than 1048576 bytes"));
    let long = "n".repeat(5_000);
    assert!(fault_of("a.tar", &tar_of(&[(&long, b"1")])).contains("name has 5000 bytes"));
}

#[test]
fn bytes_are_bounded() {
    let (_folder, path) = saved("a.bin", &noise(100_000, 10));
    for (max, fits) in [(100_000, true), (99_999, false)] {
        each_member(&path, &mut |_| (), &mut |member| {
            match member.bytes(max) {
                Ok(bytes) => assert!(fits && bytes.len() == 100_000),
                Err(error) => assert!(!fits && error.problem.contains("more than 99999 bytes")),
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
