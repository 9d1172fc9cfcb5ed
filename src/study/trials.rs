//! Many settings of one scenario over the same paths, their figures in memory.

use std::ops::Range;

use rayon::prelude::*;

use super::execution::{Execution, Progress, StudyError};
use super::tiles::{Member, TileRows, Tiles, Trial};
use crate::prices::Prices;
use crate::scenario::{ScenarioFile, Setting};

/// What trials run on.
#[derive(Clone, Debug)]
pub struct Ground<'a> {
    /// Seed of every random stream.
    pub seed: u64,
    /// Paths, by number.
    pub paths: Range<u64>,
    /// Prices in place of those of the settings.
    pub prices: Option<&'a Prices>,
}

/// Settings of a scenario, loaded to run over the same paths.
pub struct Batch {
    tiles: Tiles,
    /// For each setting its place among those that can run, or why it cannot.
    places: Vec<Result<usize, String>>,
}

impl Batch {
    /// Loads settings. One that is wrong is no error: it has no trial.
    ///
    /// # Errors
    /// If threads cannot be started.
    pub fn load(
        file: &ScenarioFile,
        settings: &[Setting],
        ground: &Ground<'_>,
        execution: &Execution,
    ) -> Result<Self, StudyError> {
        let loaded: Vec<_> = execution.pool()?.install(|| {
            let load = |setting| file.with(setting).map_err(|why| why.plain());
            settings.par_iter().map(load).collect()
        });
        let mut groups: Vec<Prices> = Vec::new();
        let mut members: Vec<(usize, Member)> = Vec::new();
        let mut places = Vec::with_capacity(settings.len());
        for (index, (setting, scenario)) in settings.iter().zip(loaded).enumerate() {
            places.push(scenario.map(|scenario| {
                let prices = ground.prices.unwrap_or(&scenario.prices);
                let known = groups.iter().position(|known| known == prices);
                let group = known.unwrap_or_else(|| {
                    groups.push(prices.clone());
                    groups.len() - 1
                });
                let name = setting.name.clone();
                members.push((index, Member { name, plan: scenario.plan, group }));
                0
            }));
        }
        members.sort_by_key(|(_, member)| member.group);
        for (place, (index, _)) in members.iter().enumerate() {
            places[*index] = Ok(place);
        }
        let members = members.into_iter().map(|(_, member)| member).collect();
        let tiles = Tiles::new(members, groups, ground.seed, ground.paths.clone());
        Ok(Self { tiles, places })
    }

    /// How many tiles there are.
    pub fn tiles(&self) -> u64 {
        self.tiles.count()
    }

    /// Variants times paths of a tile.
    pub fn cells(&self, tile: u64) -> u64 {
        self.tiles.cells(tile)
    }

    /// Runs the tiles from number `first` on; `keep` takes each in its order.
    ///
    /// # Errors
    /// If `keep` fails, the study is stopped or threads cannot be started.
    pub fn run(
        &self,
        first: u64,
        execution: &Execution,
        keep: impl FnMut(TileRows) -> Result<u64, StudyError> + Send,
    ) -> Result<(), StudyError> {
        self.tiles.run(first, execution, keep)
    }

    /// The figures of a setting, out of its records; `record` gives the one at a place of a tile.
    ///
    /// # Errors
    /// Why it has none.
    pub fn trial(
        &self,
        setting: usize,
        record: impl Fn(u64, usize) -> std::io::Result<Vec<u8>>,
    ) -> Result<Trial, String> {
        let member = self.places[setting].clone()?;
        let records = self.tiles.of_variant(member);
        self.tiles.trial(member, records.map(|(tile, place)| record(tile, place)))
    }
}

/// Runs every setting over the same paths. A setting that is wrong, or whose run fails, is an
/// error in its place and stops no other.
///
/// # Errors
/// If the study is stopped, or its threads cannot be started.
pub fn trials(
    file: &ScenarioFile,
    settings: &[Setting],
    ground: &Ground<'_>,
    execution: &Execution,
    progress: &mut impl Progress,
) -> Result<Vec<Result<Trial, String>>, StudyError> {
    let batch = Batch::load(file, settings, ground, execution)?;
    let total = (0..batch.tiles()).map(|tile| batch.cells(tile)).sum();
    let (mut kept, mut done) = (Vec::new(), 0);
    batch.run(0, execution, |tile| {
        done += batch.cells(tile.number);
        kept.push(tile);
        progress.advance(done, total);
        Ok(done)
    })?;
    let record = |tile: u64, place: usize| Ok(kept[tile as usize].record(place).to_vec());
    let trial = |setting| batch.trial(setting, record);
    Ok(execution.pool()?.install(|| (0..settings.len()).into_par_iter().map(trial).collect()))
}
