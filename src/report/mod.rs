//! What a person opens: tables, files and charts. Sees outcomes and traces, never the engine.

pub mod charts;
