//! Arrow IPC files (Feather version 2), read without trusting what they say of themselves.
//!
//! The crate makes room for as many bytes as a buffer claims to unpack to, and reads every
//! dictionary of a file. So rows, blocks and claims are checked here first, dictionaries are left
//! alone, and only the columns asked for are unpacked.

use std::ops::Range;
use std::sync::Arc;

use arrow_array::RecordBatch;
use arrow_ipc::convert::try_fb_to_schema;
use arrow_ipc::reader::FileDecoder;
use arrow_ipc::{Block, MetadataVersion};
use arrow_schema::{ArrowError, DataType, SchemaRef};

use super::context::ROWS_MAX;

/// What stands before the metadata and behind it.
const MAGIC: &[u8] = b"ARROW1";
/// Most columns, so that messages and checks stay short.
const FIELDS_MAX: usize = 10_000;
/// Bytes that a row of text may unpack to, on average.
const TEXT_MAX: usize = 64;
/// Bytes that a buffer may have beyond those of its rows, for padding.
const SLACK: usize = 1_024;

/// A file whose parts lie where it says, of a bounded number of rows.
pub(super) struct ArrowFile<'b> {
    bytes: &'b [u8],
    pub schema: SchemaRef,
    version: MetadataVersion,
    blocks: Vec<Block>,
    pub n_rows: usize,
}

/// Why a file is not read: a problem and a remedy.
pub(super) type Refusal = (String, &'static str);

const FETCH: &str = "fetch or write the file anew";

fn damaged(what: &str) -> Refusal {
    (format!("not readable as an Arrow file: {what}"), FETCH)
}

impl<'b> ArrowFile<'b> {
    /// Reads the metadata of a whole file.
    pub fn open(bytes: &'b [u8]) -> Result<Self, Refusal> {
        check_magic(bytes)?;
        // The magic word is there twice, with the length of the footer before the second.
        let end = bytes.len() - MAGIC.len() - 4;
        let length: [u8; 4] = [bytes[end], bytes[end + 1], bytes[end + 2], bytes[end + 3]];
        let length = usize::try_from(i32::from_le_bytes(length)).ok();
        let start = length.and_then(|length| end.checked_sub(length)).filter(|&at| at >= 8);
        let footer = start.map(|start| bytes[start..end].to_vec());
        let footer = footer.ok_or_else(|| damaged("its footer does not fit into it"))?;
        let footer =
            arrow_ipc::root_as_footer(&footer).map_err(|_| damaged("its footer makes no sense"))?;
        let schema = footer.schema().ok_or_else(|| damaged("it has no schema"))?;
        if !schema.endianness().equals_to_target_endianness() {
            return Err(("its numbers are big-endian".into(), "write it on another machine"));
        }
        let schema = try_fb_to_schema(schema).map_err(|error| damaged(&error.to_string()))?;
        if schema.fields().len() > FIELDS_MAX {
            return Err((format!("more than {FIELDS_MAX} columns"), "keep those of one asset"));
        }
        let blocks = footer.recordBatches().map_or_else(Vec::new, |b| b.iter().copied().collect());
        let version = footer.version();
        let mut file = Self { bytes, schema: Arc::new(schema), version, blocks, n_rows: 0 };
        file.n_rows = file.count_rows()?;
        Ok(file)
    }

    /// Number of rows that the batches claim, if it is not beyond measure.
    fn count_rows(&self) -> Result<usize, Refusal> {
        let mut sum = 0_usize;
        for block in &self.blocks {
            let (metadata, _) =
                self.ranges(block).ok_or_else(|| damaged("a batch is not in it"))?;
            let rows = with_batch(&self.bytes[metadata], |batch| batch.length());
            let rows = rows.and_then(|rows| usize::try_from(rows).ok());
            let rows = rows.ok_or_else(|| damaged("a batch makes no sense"))?;
            sum = sum
                .checked_add(rows)
                .filter(|&sum| sum <= ROWS_MAX)
                .ok_or_else(|| (format!("more than {ROWS_MAX} rows"), "split the file by time"))?;
        }
        Ok(sum)
    }

    /// Where metadata and body of a batch are.
    fn ranges(&self, block: &Block) -> Option<(Range<usize>, Range<usize>)> {
        let start = usize::try_from(block.offset()).ok()?;
        let middle = start.checked_add(usize::try_from(block.metaDataLength()).ok()?)?;
        let end = middle.checked_add(usize::try_from(block.bodyLength()).ok()?)?;
        (end <= self.bytes.len()).then_some((start..middle, middle..end))
    }

    /// Calls `each` with the columns at `places`, batch by batch.
    pub fn each_batch(
        &self,
        places: &[usize],
        each: &mut dyn FnMut(&RecordBatch) -> Result<(), Refusal>,
    ) -> Result<(), Refusal> {
        let unreadable = |error: ArrowError| damaged(&error.to_string());
        let decoder =
            FileDecoder::new(self.schema.clone(), self.version).with_projection(places.to_vec());
        for block in &self.blocks {
            let (metadata, body) = self.ranges(block).ok_or_else(|| damaged("it changed"))?;
            self.check_claims(&self.bytes[metadata.clone()], &self.bytes[body.clone()], places)?;
            let bytes = self.bytes[metadata.start..body.end].to_vec();
            let batch = decoder.read_record_batch(block, &bytes.into()).map_err(unreadable)?;
            each(&batch.ok_or_else(|| damaged("a batch is empty"))?)?;
        }
        Ok(())
    }

    /// Refuses a batch of which a column at `places` claims to unpack to more bytes than its rows
    /// need.
    fn check_claims(&self, metadata: &[u8], body: &[u8], places: &[usize]) -> Result<(), Refusal> {
        let checked = with_batch(metadata, |batch| {
            let mut variable = batch.variadicBufferCounts().into_iter().flatten();
            let mut at = 0_usize;
            for (place, field) in self.schema.fields().iter().enumerate() {
                let of_type = field.data_type();
                let n = n_buffers(of_type, &mut variable).and_then(|n| at.checked_add(n));
                let end = n.ok_or_else(|| {
                    let problem = format!("column {:?} is of type {of_type}", field.name());
                    (problem, "leave the column out")
                })?;
                let wide = matches!(of_type, DataType::Utf8 | DataType::LargeUtf8);
                let row_bytes = if wide { TEXT_MAX } else { 8 };
                let fits = |k| claim(&batch, body, k).zip(room(&batch, row_bytes));
                if places.contains(&place)
                    && !(at..end).all(|k| fits(k).is_some_and(|(claim, room)| claim <= room))
                {
                    return Err(damaged("a column claims other bytes than its rows need"));
                }
                at = end;
            }
            Ok(())
        });
        checked.unwrap_or_else(|| Err(damaged("a batch makes no sense")))
    }
}

/// Bytes that a buffer may unpack to.
fn room(batch: &arrow_ipc::RecordBatch<'_>, row_bytes: usize) -> Option<usize> {
    usize::try_from(batch.length()).ok()?.checked_mul(row_bytes)?.checked_add(SLACK)
}

/// Bytes that buffer `k` says it unpacks to, 0 where it is not compressed; `None` if it is not
/// there.
fn claim(batch: &arrow_ipc::RecordBatch<'_>, body: &[u8], k: usize) -> Option<usize> {
    let buffers = batch.buffers()?;
    let buffer = (k < buffers.len()).then(|| buffers.get(k))?;
    let start = usize::try_from(buffer.offset()).ok()?;
    let end = start.checked_add(usize::try_from(buffer.length()).ok()?)?;
    let bytes = body.get(start..end)?;
    if batch.compression().is_none() || bytes.is_empty() {
        return Some(0);
    }
    match i64::from_le_bytes(bytes.get(..8)?.try_into().ok()?) {
        // The mark of a buffer that was left as it is.
        -1 => Some(0),
        claim => usize::try_from(claim).ok(),
    }
}

/// Whether the bytes are an Arrow file at all, and a whole one.
fn check_magic(bytes: &[u8]) -> Result<(), Refusal> {
    if bytes.starts_with(b"FEA1") {
        let remedy = "write version 2, which has been the default since 2020";
        return Err(("Feather version 1".into(), remedy));
    }
    if bytes.starts_with(&[0xff; 4]) {
        let problem = "an Arrow IPC stream, not a file";
        return Err((problem.into(), "write it in the file format, which is Feather version 2"));
    }
    if !bytes.starts_with(MAGIC) {
        return Err(damaged("it does not begin with ARROW1"));
    }
    if bytes.len() < 8 + 4 + MAGIC.len() || !bytes.ends_with(MAGIC) {
        return Err(damaged("it does not end with ARROW1: it is cut short"));
    }
    Ok(())
}

/// Runs `ask` on the record batch whose message the metadata of a block hold.
fn with_batch<T>(metadata: &[u8], ask: impl FnOnce(arrow_ipc::RecordBatch<'_>) -> T) -> Option<T> {
    // A length of four bytes goes before it; newer files put a mark before that.
    let prefix = if metadata.starts_with(&[0xff; 4]) { 8 } else { 4 };
    let message = metadata.get(prefix..)?.to_vec();
    let message = arrow_ipc::root_as_message(&message).ok()?;
    Some(ask(message.header_as_record_batch()?))
}

/// How many buffers a column takes, of those whose number differs as `variable` says next; `None`
/// for types that are not skipped.
fn n_buffers(of_type: &DataType, variable: &mut dyn Iterator<Item = i64>) -> Option<usize> {
    use DataType::*;
    Some(match of_type {
        Null => 0,
        Utf8 | LargeUtf8 | Binary | LargeBinary => 3,
        Utf8View | BinaryView => usize::try_from(variable.next()?).ok()?.checked_add(2)?,
        List(item) | LargeList(item) | Map(item, _) => 2 + n_buffers(item.data_type(), variable)?,
        FixedSizeList(item, _) => 1 + n_buffers(item.data_type(), variable)?,
        Struct(fields) => {
            let inner = fields.iter().map(|field| n_buffers(field.data_type(), variable));
            1 + inner.sum::<Option<usize>>()?
        }
        ListView(_) | LargeListView(_) | Union(..) | RunEndEncoded(..) => return None,
        _ => 2,
    })
}
