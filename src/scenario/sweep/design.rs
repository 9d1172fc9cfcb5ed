//! A design: the settings that a sweep runs.

use std::sync::Arc;

use super::axis::Coordinate;
use super::figures::{self, Figures};
use super::ground::Ground;
use super::list;
use super::space::{Points, Space, without_duplicates};
use crate::fields::{Faults, Located, Spot};
use crate::scenario::Setting;
use crate::scenario::format::{DesignKind, POINTS_MAX, SweepForm};
use crate::stats::{SOBOL_DIMENSIONS, SOBOL_LOG2_MAX};

/// The settings of a sweep.
#[derive(Clone, Debug, PartialEq)]
pub struct Design {
    /// How points are made.
    pub kind: DesignKind,
    /// What varies, and what points must meet.
    pub space: Space,
    /// The settings, in order: those of a list under their own names, else `v` with the number of
    /// the point in the design, which constraints do not move.
    pub settings: Vec<Setting>,
    /// For each setting its coordinate on every axis.
    pub coordinates: Vec<Vec<Coordinate>>,
    /// Points that constraints left out.
    pub dropped: usize,
    /// For each constraint how many points do not meet it; a point may fail several.
    pub refused: Vec<usize>,
    /// Points left out as they were there before, of designs that draw.
    pub duplicates: usize,
}

/// What `drypowder sweep` does.
#[derive(Clone, Debug, PartialEq)]
pub struct SweepSpec {
    /// The variants.
    pub design: Arc<Design>,
    /// Figures that are written of each; empty: the usual ones.
    pub figures: Vec<String>,
    /// Whether the table of all paths is written.
    pub paths_file: bool,
}

/// Reads the section; `None` where something is wrong with it. Without a plan nobody knows which
/// figures there are.
pub(in crate::scenario) fn sweep(
    form: &SweepForm,
    ground: &Ground<'_>,
    figures: Option<Figures>,
    faults: &mut Faults,
) -> Option<SweepSpec> {
    let asked = form.figures.as_deref().unwrap_or_default();
    if let Some(figures) = figures {
        figures::check(asked, &figures, faults);
    }
    let design = design(form, ground, faults)?;
    Some(SweepSpec {
        design: Arc::new(design),
        figures: asked.iter().map(|figure| figure.value.clone()).collect(),
        paths_file: form.paths_file,
    })
}

/// Makes the design that a scenario asks for; `None` where something is wrong with it.
fn design(form: &SweepForm, ground: &Ground<'_>, faults: &mut Faults) -> Option<Design> {
    let before = faults.errors();
    check_fields(form, faults);
    if faults.errors() > before
        || !form.at.sound(&["design", "points", "constraints", "fields", "list"])
    {
        return None;
    }
    let maker = Maker { form, ground };
    let (space, mut points) = match (form.design, &form.list) {
        (DesignKind::List, Some(list)) => maker.of_list(list, faults)?,
        _ => maker.of_axes(faults)?,
    };
    let all = points.len();
    let refused = space
        .constraints
        .iter()
        .map(|constraint| points.iter().filter(|(_, point)| !constraint.holds(point)).count());
    let refused: Vec<usize> = refused.collect();
    points.retain(|(_, point)| space.permits(point));
    let dropped = all - points.len();
    let duplicates = maker.duplicates(&mut points, faults)?;
    if points.is_empty() {
        let most = space.constraints.iter().zip(&refused).max_by_key(|(_, refused)| **refused);
        let help = most.map_or_else(String::new, |(constraint, refused)| {
            format!("\"{}\" leaves out {refused} of {all}: widen the axes", constraint.text)
        });
        faults.error(&form.at.of("constraints"), "no point meets every constraint", help);
        return None;
    }
    let settings = points.iter().map(|(name, point)| space.setting(name.clone(), point)).collect();
    let coordinates = points.into_iter().map(|(_, point)| point).collect();
    Some(Design { kind: form.design, space, settings, coordinates, dropped, refused, duplicates })
}

/// The fields that a kind of design has.
fn check_fields(form: &SweepForm, faults: &mut Faults) {
    let word = form.design.word();
    let is_list = form.design == DesignKind::List;
    if is_list {
        if form.list.as_ref().is_none_or(Vec::is_empty) && form.at.sound(&["list"]) {
            let help = "write e.g. [[sweep.list]] with a name and set = { \"policy.top_up.warning_threshold\" = 1.8 }";
            faults.error(&form.at.of("list"), "design = \"list\" has no setting", help);
        }
        if !form.fields.entries.is_empty() {
            let help = "leave [sweep.fields] out, or choose another design";
            faults.error(&form.at.of("fields"), "design = \"list\" has no axes", help);
        }
    } else {
        if form.list.is_some() {
            let help = "leave [[sweep.list]] out, or write design = \"list\"";
            faults.error(&form.at.of("list"), format!("design = \"{word}\" takes no list"), help);
        }
        if form.fields.entries.is_empty() && form.at.sound(&["fields"]) {
            let help =
                "write e.g. [sweep.fields] with \"policy.top_up.warning_threshold\" = [1.4, 1.6]";
            faults.error(&form.at.of("fields"), "no axis", help);
        }
    }
    match form.points {
        None if form.design.draws() && form.at.sound(&["points"]) => {
            let help = "say how many points are drawn, e.g. points = 256";
            faults.error(&form.at.of("points"), format!("design = \"{word}\" has no points"), help);
        }
        Some(_) if !form.design.draws() => {
            let help = match is_list {
                true => "it has as many as stand in the list: leave points out",
                false => "it has as many as its axes give: leave points out",
            };
            faults.error(
                &form.at.of("points"),
                format!("design = \"{word}\" takes no points"),
                help,
            );
        }
        Some(points) if form.design == DesignKind::Sobol => check_sobol(form, points, faults),
        _ => {}
    }
}

fn check_sobol(form: &SweepForm, points: u64, faults: &mut Faults) {
    let most = 1_u64 << SOBOL_LOG2_MAX;
    if points > most {
        let message = format!("{points} points of a Sobol sequence; there are {most}");
        faults.error(&form.at.of("points"), message, "lower points, or use latin_hypercube");
    }
    let axes = form.fields.entries.len();
    if axes > SOBOL_DIMENSIONS {
        let message = format!("{axes} axes of a Sobol sequence; it has {SOBOL_DIMENSIONS}");
        faults.error(&form.at.of("fields"), message, "use latin_hypercube");
    }
}

struct Maker<'a, 'd> {
    form: &'a SweepForm,
    ground: &'a Ground<'d>,
}

impl Maker<'_, '_> {
    fn constraints(&self) -> &[Located<String>] {
        self.form.constraints.as_deref().unwrap_or_default()
    }

    fn of_list(
        &self,
        list: &[crate::scenario::format::SettingForm],
        faults: &mut Faults,
    ) -> Option<(Space, Points)> {
        let (mut space, points) = list::read(list, self.ground, faults)?;
        space.constrain(self.constraints(), self.ground, faults)?;
        Some((space, points))
    }

    fn of_axes(&self, faults: &mut Faults) -> Option<(Space, Points)> {
        let (form, kind) = (self.form, self.form.design);
        let space = Space::read(&form.fields, self.constraints(), kind, self.ground, faults)?;
        let points: Vec<Vec<Coordinate>> = match kind {
            DesignKind::Grid => self.grid(&space, faults)?,
            DesignKind::Zip => self.zip(&space, faults)?,
            _ => space.drawn(kind, form.points?, self.ground.seed),
        };
        let width = points.len().to_string().len().max(4);
        let name = |number: usize| format!("v{number:0width$}");
        let named = points.into_iter().enumerate().map(|(at, point)| (name(at + 1), point));
        Some((space, named.collect()))
    }

    fn grid(&self, space: &Space, faults: &mut Faults) -> Option<Vec<Vec<Coordinate>>> {
        match space.grid_size() {
            Some(size) if size <= POINTS_MAX => {
                Some((0..size).map(|number| space.grid_point(number)).collect())
            }
            size => {
                let size = size.map_or("more than 2^64".to_owned(), |size| size.to_string());
                let message = format!("the grid has {size} points; at most {POINTS_MAX} may be");
                let help = "take fewer values, or draw with design = \"sobol\"";
                faults.error(&self.form.at.of("fields"), message, help);
                None
            }
        }
    }

    fn zip(&self, space: &Space, faults: &mut Faults) -> Option<Vec<Vec<Coordinate>>> {
        let first = space.axes.first()?;
        let count = first.values.len();
        if let Some(other) = space.axes.iter().find(|axis| axis.values.len() != count) {
            let message = format!(
                "{} has {count} values, {} has {}",
                first.path,
                other.path,
                other.values.len()
            );
            let help = "zip takes the first value of each, then the second: give them as many";
            faults.error(&self.form.at.of("fields"), message, help);
            return None;
        }
        let point = |at: usize| space.axes.iter().map(|axis| axis.values[at].clone()).collect();
        Some((0..count).map(point).collect())
    }

    /// Leaves out points that are drawn again, and says how many; where they are written it is a
    /// fault.
    fn duplicates(&self, points: &mut Points, faults: &mut Faults) -> Option<usize> {
        let duplicates = without_duplicates(points);
        if let Some((first, second)) = duplicates.first()
            && !self.form.design.draws()
        {
            let (spot, help) = match &self.form.list {
                Some(list) => (list::spot_of(list, second), "leave one of them out"),
                None => (self.form.at.of("fields"), "write every combination once"),
            };
            faults.error(&spot, format!("{second} sets the same as {first}"), help);
            return None;
        }
        Some(duplicates.len())
    }
}

impl Design {
    /// The error of a scenario without any.
    pub(in crate::scenario) fn missing(file: &str) -> crate::fields::Diagnostics {
        let mut faults = Faults::default();
        let source = faults.sources.add_file(file, "");
        let spot = Spot { source, path: "sweep".to_owned(), ..Spot::default() };
        let help =
            "write e.g. [sweep.fields] with \"policy.top_up.warning_threshold\" = [1.4, 1.6]";
        faults.error(&spot, "the scenario has no [sweep]", help);
        faults.into_diagnostics()
    }
}
