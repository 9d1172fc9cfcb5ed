//! A million random and mutated bytes for every importer: no panic, no endless reading, no memory
//! beyond what the bytes can be worth.

use std::alloc::{GlobalAlloc, Layout, System};
use std::path::Path;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use drypowder::data::{FindingKind, Keep, ReadOptions, RepairOptions, ZoneRule, read};
use rand::{RngExt, SeedableRng};
use rand_xoshiro::Xoshiro256PlusPlus;

#[path = "data_samples/mod.rs"]
mod samples;

/// Counts what is allocated, and the most at once since the last look.
struct Counting;

static NOW: AtomicUsize = AtomicUsize::new(0);
static PEAK: AtomicUsize = AtomicUsize::new(0);

// SAFETY: every call is passed on to the system's allocator unchanged.
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        let now = NOW.fetch_add(layout.size(), Ordering::Relaxed) + layout.size();
        PEAK.fetch_max(now, Ordering::Relaxed);
        // SAFETY: as above.
        unsafe { System.alloc(layout) }
    }

    unsafe fn dealloc(&self, pointer: *mut u8, layout: Layout) {
        NOW.fetch_sub(layout.size(), Ordering::Relaxed);
        // SAFETY: as above.
        unsafe { System.dealloc(pointer, layout) }
    }
}

#[global_allocator]
static COUNTING: Counting = Counting;

/// Bytes that each importer is fed.
const BYTES: usize = 1_000_000;
/// Most memory that reading one of these small files may take: buffers of the unpackers, and what
/// 500 times their size unpacks to.
const MEMORY_MAX: usize = 96 << 20;
/// Longest that one of them may take.
const TIME_MAX: Duration = Duration::from_secs(5);

/// Everything that can be mended is, so that all of the code behind a reader runs too.
fn repairs(some: bool) -> RepairOptions {
    if !some {
        return RepairOptions::default();
    }
    RepairOptions {
        sort: true,
        dedupe: Some(Keep::First),
        fill_gaps_up_to_ms: Some(3_600_000),
        drop_bad: true,
        drop_outliers: true,
        drop_last: true,
        snap_ms: Some(1_000),
        swap_volumes: true,
        mixed_times: true,
        zone: Some(ZoneRule::Named("Europe/Paris".to_owned())),
        accept: FindingKind::ALL.iter().copied().collect(),
    }
}

/// Some bytes changed, cut, doubled or replaced by others that files are made of.
fn mutate(bytes: &[u8], random: &mut Xoshiro256PlusPlus) -> Vec<u8> {
    const TELLING: &[u8] = b"0123456789.,:-+eE\"[]{}nulNaNinf \n\r\t;TZ\x00\xff";
    let mut changed = bytes.to_vec();
    for _ in 0..random.random_range(1..12) {
        if changed.is_empty() {
            break;
        }
        let at = random.random_range(0..changed.len());
        let to = random.random_range(at..changed.len().min(at + 200)) + 1;
        match random.random_range(0..8) {
            0 => changed[at] = random.random_range(0..=255),
            1 => changed[at] ^= 1 << random.random_range(0..8),
            2 => changed[at] = TELLING[random.random_range(0..TELLING.len())],
            3 => drop(changed.drain(at..to)),
            4 => {
                let part = changed[at..to].to_vec();
                changed.splice(at..at, part);
            }
            5 => changed.truncate(at),
            6 => changed[at..to].fill(TELLING[random.random_range(0..TELLING.len())]),
            _ => changed.insert(at, random.random_range(0..=255)),
        }
    }
    changed
}

fn feed(path: &Path, bytes: &[u8], some: bool, what: &str) {
    std::fs::write(path, bytes).expect("a file");
    let before = NOW.load(Ordering::Relaxed);
    PEAK.store(before, Ordering::Relaxed);
    let start = Instant::now();
    // Either outcome will do.
    let outcome = read(&[path.to_owned()], &ReadOptions::default(), &repairs(some), &mut |_| {});
    drop(outcome);
    let (took, peak) = (start.elapsed(), PEAK.load(Ordering::Relaxed).saturating_sub(before));
    assert!(took < TIME_MAX, "{what}: {took:?} for {} bytes", bytes.len());
    assert!(peak < MEMORY_MAX, "{what}: {peak} bytes of memory for {} bytes", bytes.len());
}

#[test]
fn a_million_bytes_for_every_importer() {
    // Decoders of columnar files panic on damaged bytes; that is caught and told as a fault, so
    // that only the lines about it are kept off the screen here.
    static LAST: std::sync::Mutex<String> = std::sync::Mutex::new(String::new());
    std::panic::set_hook(Box::new(|about| {
        *LAST.lock().expect("no panic holds it") = about.to_string();
    }));
    let folder = tempfile::tempdir().expect("a folder");
    let mut random = Xoshiro256PlusPlus::seed_from_u64(20_251_010);
    let caught = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| {
        for (name, bytes) in samples::all() {
            let path = folder.path().join(&name);
            let sound = std::panic::catch_unwind(|| feed(&path, &bytes, false, &name));
            assert!(sound.is_ok(), "{name} as it is");
            let mut fed = 0;
            while fed < BYTES {
                let changed = match random.random_range(0..20) {
                    0 => (0..random.random_range(1..2_000)).map(|_| random.random()).collect(),
                    1 => {
                        let kept = random.random_range(0..bytes.len());
                        let mut changed = bytes[..kept].to_vec();
                        changed.extend((0..500).map(|_| random.random::<u8>()));
                        changed
                    }
                    _ => mutate(&bytes, &mut random),
                };
                feed(&path, &changed, random.random(), &name);
                fed += changed.len().max(1);
            }
        }
    }));
    drop(std::panic::take_hook());
    let last = LAST.lock().expect("no panic holds it");
    assert!(caught.is_ok(), "{last}");
}
