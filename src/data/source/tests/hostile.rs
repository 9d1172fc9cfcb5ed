//! Archives that are damaged, cut short, of kinds not read, or out to take the memory.

use std::io::BufRead;

use super::*;

/// A tar with one entry of a kind that is no file.
fn tar_with(kind: EntryType) -> Vec<u8> {
    let mut builder = tar::Builder::new(Vec::new());
    let mut header = Header::new_gnu();
    header.set_size(0);
    header.set_entry_type(kind);
    builder.append_link(&mut header, "a.csv", "b.csv").unwrap();
    builder.into_inner().unwrap()
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
