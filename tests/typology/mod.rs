//! Each way of cheating on its data set: found, its honest look-alikes silent, its evidence sufficient, taken back without
//! a trace, and golden.

mod card_pool;
mod clinic_card_swiping;
mod cross_region_day_trip;
mod drug_backflow;
mod fake_chronic_entitlement;
mod forged_invoice;
mod forged_prescription;
mod ghost_doctor;
mod identity_misuse;
mod insider_collusion;
mod long_stay_farm;
mod ltc_collusion;
mod membership_mill;
mod online_rx_mill;
mod phantom_dialysis;
mod phantom_supply;
mod pharmacy_cash_out;
mod recruited_fake_admission;
mod registry;
mod relay_admission;
mod scene;
mod shell_employer;
mod special_drug_resale;
mod unclassified;
