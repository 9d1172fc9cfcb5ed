//! Decoding what a person writes: every fault of a text at once, each at its line.
//!
//! A text becomes a tree of [`Node`]s that know where they were written; trees can be laid over
//! each other ([`Node::over`], [`Node::set`]); a [`section!`] declares fields once, and from the
//! declaration come decoding, the JSON schema, the table of defaults and a commented template.
//! Nothing here knows what the fields mean.

mod bounds;
mod by_path;
mod decode;
mod faults;
mod leaf;
mod node;
mod overlay;
mod place;
mod read;
mod render;
mod schema;
mod section;
mod shape;
mod source;
mod spread;
mod table;
mod template;
mod values;

pub use bounds::Bounds;
pub use by_path::{ByPath, PathEntry, Written};
pub use decode::{Decode, FieldInfo, Located, OrFile, Places, Section, defaults};
pub use faults::{Diagnostics, Fault, Faults, Level};
pub use leaf::Leaf;
pub use node::{Node, Value};
pub use place::{Document, Place};
pub use read::{check_names, nearest};
pub use schema::{TemplatePlace, schema_of};
pub use shape::{Shape, Variant};
pub use source::{Sources, Spot};
pub use spread::{Copies, Drawn, Draws, FORMS as SPREAD_FORMS, Line, LineRule, NUMBER};
pub use table::table_of;
pub use template::template_of;
pub use values::{Duration, Fraction, Instant, Limit, LimitUnit, Money, Name, Units};

pub(crate) use section::{choice, section, tagged};
pub(crate) mod support {
    //! What the macros of [`super::section`] expand to.
    pub use super::read::{check_names, choose, list, read_field, variant};
}
