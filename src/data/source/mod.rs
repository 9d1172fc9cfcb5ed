//! Files and what is packed in them: one member after another, bounded, hashed.
