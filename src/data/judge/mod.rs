//! What is wrong with a raw series, and what the caller has mended.
