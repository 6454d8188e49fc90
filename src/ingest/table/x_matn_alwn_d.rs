//! What does a row of `x_matn_alwn_d` say? Money in place of wages around a birth, paid through an employer.

use super::{Record, link};
use crate::ingest::cell::Kind;
use crate::ingest::column::columns;
use crate::ingest::scene::{Fault, Scene};
use crate::model::{Allowance, Batch, Day, Identifier, IdentifierRole, Party, PartyKind, Reason, Row, hash_words};

columns! {
    Person: Kind::Party(PartyKind::Person), Required, ["psn_no"];
    Employer: Kind::Party(PartyKind::Employer), Strict, ["emp_no"];
    Home: Kind::Region, Required, ["insu_admdvs"];
    Birth: Kind::Time, Strict, ["birctrl_matn_date", "geso_date", "birth_date"];
    Base: Kind::Rounded(2), Strict, ["clct_base"];
    Days: Kind::Number, Loose, ["alwn_days"];
    Amount: Kind::Rounded(2), Required, ["alwn_amt"];
    Paid: Kind::Time, Required, ["pay_date"];
    Account: Kind::Party(PartyKind::Account), Strict, ["bankacct"];
    AgentNumber: Kind::Party(PartyKind::Agent), Strict, ["agnter_certno"];
    AgentTelephone: Kind::Party(PartyKind::Agent), Loose, ["agnter_tel"];
    AgentName: Kind::Party(PartyKind::Agent), Loose, ["agnter_name"];
    AgentPhone: Kind::Phone, Loose, ["agnter_tel"];
    Valid: Kind::Number, Loose, ["vali_flag"];
    Deleted: Kind::Number, Loose, ["deleted"];
    Version: Kind::Time, Version, ["updt_time", "exch_updt_time", "crte_time"];
}

impl Record for Allowance {
    fn row(scene: &Scene<'_>) -> Result<Row<Allowance>, Fault> {
        let cells = scene.cells;
        let paid = cells.day(At::Paid).ok_or(Fault::new(Reason::E02, At::Paid))?;
        let agent = [At::AgentNumber, At::AgentTelephone, At::AgentName].into_iter().find(|at| cells.has(*at));
        let fact = Allowance {
            person: cells.party(At::Person),
            employer: cells.party(At::Employer),
            agent: agent.map_or(Party::NONE, |at| cells.party(at)),
            agent_phone: cells.party(At::AgentPhone),
            account: cells.party(At::Account),
            home: cells.region(At::Home),
            birth: cells.day(At::Birth).unwrap_or(Day(i32::MIN)),
            base_fen: cells.decimal(At::Base).unwrap_or(0),
            days: cells.number(At::Days).and_then(|days| u16::try_from(days).ok()).unwrap_or(0),
            amount_fen: cells.decimal(At::Amount).unwrap_or(0),
            paid,
        };
        let live = cells.live(At::Valid, At::Deleted, usize::MAX);
        let version = cells.version(At::Version);
        let key = hash_words(&[fact.person.0, u64::from(paid.0.cast_unsigned())]);
        Ok(Row { key, version, content: cells.content, origin: Default::default(), live, fact })
    }

    fn rows(batch: &mut Batch) -> &mut Vec<Row<Allowance>> {
        &mut batch.allowances
    }

    fn links(row: &Row<Allowance>, _: &Scene<'_>, links: &mut Vec<Row<Identifier>>) {
        link(row, 1, row.fact.agent, row.fact.person, IdentifierRole::Agent, links);
        link(row, 2, row.fact.agent_phone, row.fact.person, IdentifierRole::Agent, links);
        link(row, 3, row.fact.account, row.fact.person, IdentifierRole::Payee, links);
    }

    fn names(row: &Row<Allowance>, party: Party) -> bool {
        party.kind() != PartyKind::Agent || party == row.fact.agent
    }
}
