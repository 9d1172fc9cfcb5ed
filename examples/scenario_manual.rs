//! Writes `docs/SCENARIO.md` anew from the declarations of fields.

fn main() -> std::io::Result<()> {
    std::fs::write("docs/SCENARIO.md", drypowder::scenario::manual())
}
