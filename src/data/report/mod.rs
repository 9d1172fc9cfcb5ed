//! What an inspection says: text, JSON, picture.
