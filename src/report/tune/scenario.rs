//! The recommended setting as a scenario of its own: the file as it is written, with other values.

use std::path::{Component, Path, PathBuf};

use toml_edit::{ArrayOfTables, DocumentMut, Item, Table, TableLike, Value};

use crate::scenario::{Scenario, ScenarioFile, Setting};

/// The text of a scenario under a setting, to stand in the folder `out`, which exists: file names are changed
/// so that they lead to the same files from there.
///
/// # Errors
/// Why it cannot be written: what the setting changes does not stand in the file itself, as a copy of a
/// template.
pub(super) fn scenario_text(
    file: &ScenarioFile,
    setting: &Setting,
    out: &Path,
) -> Result<String, String> {
    let mut document: DocumentMut =
        file.text().parse().map_err(|error: toml_edit::TomlError| error.to_string())?;
    for (path, value) in file.sets().iter().chain(&setting.sets) {
        let parts: Vec<&str> = path.split('.').map(str::trim).collect();
        set(document.as_table_mut(), &parts, read(value))
            .map_err(|why| format!("{path} cannot be set in the file: {why}"))?;
    }
    let base = file.base();
    let folder = base.file.parent().unwrap_or(Path::new("")).to_path_buf();
    let names: Vec<(String, String)> = (base.data_files.iter())
        .map(|(name, _)| (name.clone(), from_folder(out, &folder.join(name))))
        .collect();
    rename_in_table(document.as_table_mut(), &names);
    let text = document.to_string();
    verify(file, setting, out, &text)?;
    Ok(text)
}

/// The text must say what the setting says.
fn verify(file: &ScenarioFile, setting: &Setting, out: &Path, text: &str) -> Result<(), String> {
    let wanted = file.with(setting).map_err(|why| why.plain())?;
    let found = Scenario::from_text(&out.join("recommendation.toml"), text, &[])
        .map_err(|why| why.plain())?;
    match found.plan == wanted.plan && found.prices == wanted.prices {
        true => Ok(()),
        false => Err("it does not read back as the same plan on the same prices".to_owned()),
    }
}

fn read(value: &str) -> Value {
    value.parse().unwrap_or_else(|_| Value::from(value))
}

/// Puts a value at a path, making tables on the way. An entry of a list is named by its number from 0
/// or by its `name`.
fn set(table: &mut dyn TableLike, path: &[&str], value: Value) -> Result<(), String> {
    let Some((name, rest)) = path.split_first() else { return Ok(()) };
    if rest.is_empty() {
        put(table, name, value);
        return Ok(());
    }
    // The name of a live configuration stands for a table; fields beside it are laid over it.
    if let Some(live) = table.get(name).and_then(Item::as_str).map(str::to_owned) {
        if *name != "top_up" {
            return Err(format!("{name} is a text"));
        }
        table.remove(name);
        table.insert("top_up_file", toml_edit::value(live));
    }
    if table.get(name).is_none() {
        let mut made = Table::new();
        // A table of tables alone needs no header of its own.
        made.set_implicit(rest.len() > 1);
        table.insert(name, Item::Table(made));
    }
    match table.get_mut(name) {
        Some(Item::ArrayOfTables(list)) => set_in_tables(list, rest, value),
        Some(Item::Value(Value::Array(list))) => {
            let [entry, rest @ ..] = rest else { return Ok(()) };
            let named =
                |one: &Value| called(one.as_inline_table().and_then(|one| one.get("name")), entry);
            let at = entry.parse().ok().or_else(|| list.iter().position(named));
            let one = at.and_then(|at: usize| list.get_mut(at)).ok_or("there is no such entry")?;
            match (rest, one) {
                ([], one) => *one = value,
                (rest, Value::InlineTable(one)) => set(one, rest, value)?,
                _ => return Err(format!("{entry} is no table")),
            }
            Ok(())
        }
        Some(item) => match item.as_table_like_mut() {
            Some(inner) => set(inner, rest, value),
            None => Err(format!("{name} is no table")),
        },
        None => Err(format!("{name} is missing")),
    }
}

fn set_in_tables(list: &mut ArrayOfTables, path: &[&str], value: Value) -> Result<(), String> {
    let Some((entry, rest)) = path.split_first() else { return Ok(()) };
    let named = |one: &Table| called(one.get("name").and_then(Item::as_value), entry);
    let at = entry.parse().ok().or_else(|| list.iter().position(named));
    let one = at.and_then(|at: usize| list.get_mut(at)).ok_or("there is no such entry")?;
    set(one, rest, value)
}

fn called(name: Option<&Value>, entry: &str) -> bool {
    name.and_then(Value::as_str) == Some(entry)
}

/// Replaces a value and keeps what is written around it.
fn put(table: &mut dyn TableLike, name: &str, mut value: Value) {
    match table.get_mut(name) {
        Some(Item::Value(old)) => {
            *value.decor_mut() = old.decor().clone();
            *old = value;
        }
        _ => {
            table.insert(name, Item::Value(value));
        }
    }
}

fn rename_in_table(table: &mut dyn TableLike, names: &[(String, String)]) {
    for (_, item) in table.iter_mut() {
        match item {
            Item::ArrayOfTables(list) => {
                list.iter_mut().for_each(|table| rename_in_table(table, names));
            }
            Item::Table(table) => rename_in_table(table, names),
            Item::Value(value) => rename_in_value(value, names),
            Item::None => {}
        }
    }
}

fn rename_in_value(value: &mut Value, names: &[(String, String)]) {
    match value {
        Value::String(text) => {
            if let Some((_, new)) = names.iter().find(|(name, _)| name == text.value()) {
                let mut new = Value::from(new.as_str());
                *new.decor_mut() = value.decor().clone();
                *value = new;
            }
        }
        Value::Array(list) => list.iter_mut().for_each(|value| rename_in_value(value, names)),
        Value::InlineTable(table) => rename_in_table(table, names),
        _ => {}
    }
}

/// The way to a file from a folder that need not exist yet.
fn from_folder(folder: &Path, file: &Path) -> String {
    let (folder, file) = (whole(folder), whole(file));
    let both = folder.components().zip(file.components());
    let common = both.take_while(|(a, b)| a == b).count();
    let up = folder.components().skip(common).map(|_| Component::ParentDir);
    let way: PathBuf = up.chain(file.components().skip(common)).collect();
    way.to_string_lossy().replace('\\', "/")
}

/// A path from the root, without `..`: of the part that exists as the system resolves it.
fn whole(path: &Path) -> PathBuf {
    if let Ok(whole) = path.canonicalize() {
        return whole;
    }
    match (path.parent(), path.file_name()) {
        (Some(parent), Some(name)) => {
            let parent = if parent.as_os_str().is_empty() { Path::new(".") } else { parent };
            whole(parent).join(name)
        }
        _ => path.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn after(text: &str, path: &str, value: &str) -> Result<String, String> {
        let mut document: DocumentMut = text.parse().expect("it is TOML");
        let parts: Vec<&str> = path.split('.').collect();
        set(document.as_table_mut(), &parts, read(value))?;
        Ok(document.to_string())
    }

    #[test]
    fn values_are_set_where_they_stand() {
        let rows = [
            ("[a]\nb = 1 # why\n", "a.b", "2.5", "[a]\nb = 2.5 # why\n"),
            ("[a]\nb = 1\n", "a.c.d", "\"5 USDC\"", "[a]\nb = 1\n\n[a.c]\nd = \"5 USDC\"\n"),
            ("a = { b = 1 }\n", "a.b", "true", "a = { b = true }\n"),
            (
                "[[agent]]\nname = \"x\"\n[[agent]]\nname = \"y\"\nn = 1\n",
                "agent.y.n",
                "2",
                "[[agent]]\nname = \"x\"\n[[agent]]\nname = \"y\"\nn = 2\n",
            ),
            ("l = [1, 2]\n", "l.1", "3", "l = [1, 3]\n"),
            ("a = 1\n", "b", "text", "a = 1\nb = \"text\"\n"),
        ];
        for (text, path, value, wanted) in rows {
            assert_eq!(after(text, path, value).as_deref(), Ok(wanted), "{path}");
        }
        let live = after("[policy]\ntop_up = \"live.json\"\n", "policy.top_up.danger", "1.1");
        let wanted = "[policy]\ntop_up_file = \"live.json\"\n\n[policy.top_up]\ndanger = 1.1\n";
        assert_eq!(live.as_deref(), Ok(wanted));
        assert!(after("[[agent]]\nname = \"x\"\n", "agent.z.n", "1").is_err());
        assert!(after("a = 1\n", "a.b", "1").is_err());
    }

    #[test]
    fn ways_between_folders() {
        let home = tempfile::tempdir().expect("a folder");
        let home = home.path();
        std::fs::create_dir_all(home.join("scenarios")).expect("a folder");
        std::fs::create_dir_all(home.join("data")).expect("a folder");
        std::fs::write(home.join("data/x.csv"), "").expect("a file");
        let file = home.join("scenarios").join("../data/x.csv");
        assert_eq!(from_folder(&home.join("reports/run"), &file), "../../data/x.csv");
        assert_eq!(from_folder(&home.join("scenarios"), &file), "../data/x.csv");
    }
}
