//! The plans and prices behind a row, made again.

use super::ExplainError;
use super::row::Row;
use super::tables::{Figure, Meant};
use super::tuned::Tuned;
use crate::fields::nearest;
use crate::scenario::{NONE, STACKED, Scenario, ScenarioFile, Setting, with_shocks};
use crate::study::{Role, VariantSet, entrants, goal_of, tune_ground};

/// A variant, and what it is measured against.
pub(super) struct World {
    /// Gives seed and number of paths.
    pub scenario: Scenario,
    /// The variants.
    pub set: VariantSet,
    /// Index of the row's own.
    pub own: usize,
    /// Index of what it is measured against, if anything.
    pub base: Option<usize>,
    /// Whether the variants are one plan on the windows of a history, each a path.
    pub windows: bool,
    /// What is other than in the scenario, in words that follow a name.
    pub ground: String,
}

impl World {
    /// The variant of a line.
    pub fn of_row(file: &ScenarioFile, row: &Row, meant: &Meant) -> Result<Self, ExplainError> {
        let name = meant.explained.variant.as_deref();
        match row.command.as_str() {
            "run" => Self::of_run(file.base(), name),
            "compare" => Self::of_comparison(file, row, name),
            "stress" => Self::of_stress(file.base(), name.unwrap_or(NONE)),
            "sweep" => {
                let sweep = file.sweep().map_err(|why| ExplainError::Input(why.plain()))?;
                let setting =
                    sweep.design.settings.iter().find(|one| Some(one.name.as_str()) == name);
                let setting = setting.ok_or_else(|| missing(name.unwrap_or_default(), &[]))?;
                Self::of_setting(file, setting)
            }
            "tune" => match &meant.tuned {
                Some(tuned) => Self::of_tuning(file, tuned),
                None => Err(ExplainError::Input(format!("a tuning writes no {}", row.table))),
            },
            other => Err(ExplainError::Input(format!(
                "tables of `drypowder {other}` have no paths behind their rows"
            ))),
        }
    }

    /// A variant of a run, the plan unless named, and `do_nothing` on the same prices.
    pub fn of_run(scenario: &Scenario, name: Option<&str>) -> Result<Self, ExplainError> {
        let all = VariantSet::of(scenario)?;
        let own = match name {
            None => 0,
            Some(name) => all.find(name).ok_or_else(|| {
                missing(name, &all.all().iter().map(|one| one.name.as_str()).collect::<Vec<_>>())
            })?,
        };
        let base = all.beside(own, Role::DoNothing).filter(|base| *base != own);
        Ok(Self::between(scenario.clone(), &all, own, base))
    }

    /// Two of the variants, in their order.
    fn between(scenario: Scenario, all: &VariantSet, own: usize, base: Option<usize>) -> Self {
        let mut places = vec![own];
        places.extend(base);
        places.sort_unstable();
        let at = |wanted: usize| places.iter().position(|place| *place == wanted);
        let (own, base) = (at(own).unwrap_or(0), base.and_then(at));
        Self { own, base, ..Self::alone(scenario, all.only(&places)) }
    }

    fn of_comparison(
        file: &ScenarioFile,
        row: &Row,
        name: Option<&str>,
    ) -> Result<Self, ExplainError> {
        let scenario = file.base().clone();
        let entrants = entrants(file).map_err(|why| ExplainError::Input(why.to_string()))?;
        let names: Vec<&str> = entrants.plans.iter().map(|(name, _)| name.as_str()).collect();
        let own = names.iter().position(|one| Some(*one) == name).ok_or_else(|| {
            if row.manifest["several_files"].as_bool() == Some(true) {
                return ExplainError::Input(
                    "the comparison was of several scenarios: run the variant's own scenario, and \
                     explain a row of that"
                        .to_owned(),
                );
            }
            missing(name.unwrap_or_default(), &names)
        })?;
        let set = VariantSet::of_plans(&scenario.prices, entrants.plans.iter().cloned())?;
        Ok(Self::between(scenario, &set, own, (own != 0).then_some(0)))
    }

    /// A run of a stress, against the same paths without any shock.
    fn of_stress(scenario: &Scenario, name: &str) -> Result<Self, ExplainError> {
        let shocks = &scenario.stress.shocks;
        let known: Vec<&str> = shocks.iter().map(|shock| shock.name.as_str()).collect();
        let place = |name: &str| {
            known.iter().position(|one| *one == name).ok_or_else(|| missing(name, &known))
        };
        let mut chosen = match name {
            NONE => Vec::new(),
            STACKED => scenario.stress.stack.clone(),
            name => match place(name) {
                Ok(place) => vec![place],
                Err(_) => name.split('+').map(place).collect::<Result<_, _>>()?,
            },
        };
        chosen.sort_unstable();
        let shocks: Vec<_> = chosen.iter().map(|place| &shocks[*place]).collect();
        let (prices, plan) = with_shocks(&scenario.prices, &scenario.plan, &shocks);
        let set = VariantSet::of_plans(&prices, [(name.to_owned(), plan)])?;
        Ok(Self::alone(scenario.clone(), set))
    }

    /// The scenario under a setting, against nothing.
    fn of_setting(file: &ScenarioFile, setting: &Setting) -> Result<Self, ExplainError> {
        let scenario = file.with(setting).map_err(|why| ExplainError::Input(why.plain()))?;
        let plans = [(setting.name.clone(), scenario.plan.clone())];
        let set = VariantSet::of_plans(&scenario.prices, plans)?;
        Ok(Self::alone(scenario, set))
    }

    /// A setting on the seed, paths and prices of a part of a tuning.
    fn of_tuning(file: &ScenarioFile, tuned: &Tuned) -> Result<Self, ExplainError> {
        let (_, search) =
            goal_of(file.base()).map_err(|why| ExplainError::Input(why.to_string()))?;
        let ground = tune_ground(file.base(), search, &tuned.part).ok_or_else(|| {
            let words =
                "the tuning of this scenario has no such part: tune it again with this version";
            ExplainError::Input(words.to_owned())
        })?;
        let setting = tuned.setting(search);
        let mut world = Self::of_setting(file, &setting)?;
        (world.scenario.seed, world.scenario.paths) = (ground.seed, ground.paths);
        world.ground = tuned.ground_words();
        let plan = world.scenario.plan.clone();
        match ground.prices.as_slice() {
            [] => {}
            [prices] => world.set = VariantSet::of_plans(prices, [(setting.name, plan)])?,
            windows => {
                world.set = VariantSet::on_each(&setting.name, &plan, windows)?;
                world.windows = true;
            }
        }
        Ok(world)
    }

    /// The first variant of a set, against nothing.
    fn alone(scenario: Scenario, set: VariantSet) -> Self {
        Self { scenario, set, own: 0, base: None, windows: false, ground: String::new() }
    }

    /// The variant and the path behind the number of a path, or of a window, and how many there are.
    pub fn place(&self, number: u64) -> (usize, u64, u64) {
        match self.windows {
            true => (number as usize, 0, self.set.all().len() as u64),
            false => (self.own, number, self.scenario.paths),
        }
    }

    /// Index of an agent among the figures of a variant: the sum of several comes last. `None`: the
    /// whole account.
    pub fn agent(&self, name: Option<&str>) -> Result<Option<usize>, ExplainError> {
        let agents = &self.set.all()[self.own].plan.agents;
        let Some(name) = name.filter(|name| *name != "all") else { return Ok(None) };
        let known: Vec<&str> = agents.iter().map(|agent| agent.name.as_str()).collect();
        match known.iter().position(|one| *one == name) {
            Some(place) => Ok(Some(place)),
            None => {
                let near = nearest(name, &known);
                let help = near.map_or(String::new(), |near| format!("; did you mean {near}?"));
                Err(ExplainError::Input(format!("no agent is called {name}{help}")))
            }
        }
    }

    /// Whether a figure is of both sides.
    pub fn baseline(&self, figure: &Figure) -> Option<usize> {
        self.base.filter(|_| matches!(figure, Figure::Difference(_)))
    }
}

fn missing(name: &str, known: &[&str]) -> ExplainError {
    let there = match known {
        [] => String::new(),
        known => format!("; there are {}", known.join(", ")),
    };
    ExplainError::Input(format!("no variant is called {name}{there}"))
}
