//! Each way of cheating on its data set: found, its honest look-alikes silent, its evidence sufficient, taken back without
//! a trace, and golden.

mod card_pool;
mod cross_region_day_trip;
mod drug_backflow;
mod membership_mill;
mod recruited_fake_admission;
mod registry;
mod relay_admission;
mod scene;
mod unclassified;
