//! What does a row of `out_appy_d` say? Care outside the home region, filed in advance, perhaps by an agent.

use super::{Record, link};
use crate::ingest::cell::Kind;
use crate::ingest::column::columns;
use crate::ingest::scene::{Fault, Scene};
use crate::model::{Batch, Day, Filing, Identifier, IdentifierRole, Party, PartyKind, Reason, Row, hash_words};

columns! {
    Serial: Kind::Text, Required, ["trt_dcla_detl_sn"];
    Person: Kind::Party(PartyKind::Person), Required, ["psn_no"];
    Home: Kind::Region, Required, ["insu_admdvs"];
    Area: Kind::Region, Required, ["rloc_admdvs"];
    Reason: Kind::Number, Loose, ["rloc_rea"];
    AgentNumber: Kind::Party(PartyKind::Agent), Strict, ["agnter_certno"];
    AgentTelephone: Kind::Party(PartyKind::Agent), Loose, ["agnter_tel"];
    AgentName: Kind::Party(PartyKind::Agent), Loose, ["agnter_name"];
    AgentPhone: Kind::Phone, Loose, ["agnter_tel"];
    Account: Kind::Party(PartyKind::Account), Strict, ["bankacct"];
    Clerk: Kind::Text, Strict, ["opter_id"];
    Begin: Kind::Time, Strict, ["begndate", "begntime"];
    End: Kind::Time, Loose, ["enddate", "endtime"];
    Filed: Kind::Time, Loose, ["crte_time"];
    Valid: Kind::Number, Loose, ["vali_flag"];
    Deleted: Kind::Number, Loose, ["deleted"];
    Version: Kind::Time, Version, ["updt_time", "exch_updt_time", "crte_time"];
}

impl Record for Filing {
    fn row(scene: &Scene<'_>) -> Result<Row<Filing>, Fault> {
        let cells = scene.cells;
        let (home, area) = (cells.region(At::Home), cells.region(At::Area));
        let begin = cells.day(At::Begin).or(cells.day(At::Filed)).ok_or(Fault::new(Reason::E01, At::Begin))?;
        let end = cells.day(At::End).unwrap_or(Day(i32::MAX));
        if end < begin {
            return Err(Fault::new(Reason::E03, At::End));
        }
        let agent = [At::AgentNumber, At::AgentTelephone, At::AgentName].into_iter().find(|at| cells.has(*at));
        let serial = cells.hash(At::Serial);
        let fact = Filing {
            person: cells.party(At::Person),
            agent: agent.map_or(Party::NONE, |at| cells.party(at)),
            agent_phone: cells.party(At::AgentPhone),
            account: cells.party(At::Account),
            clerk: cells.hash(At::Clerk),
            home,
            area,
            reason: cells.small(At::Reason, u8::MAX),
            begin,
            end,
            filed: cells.day(At::Filed).unwrap_or(Day(i32::MIN)),
        };
        let live = cells.live(At::Valid, At::Deleted, usize::MAX);
        let version = cells.version(At::Version);
        Ok(Row { key: hash_words(&[serial]), version, content: cells.content, origin: Default::default(), live, fact })
    }

    fn rows(batch: &mut Batch) -> &mut Vec<Row<Filing>> {
        &mut batch.filings
    }

    fn links(row: &Row<Filing>, _: &Scene<'_>, links: &mut Vec<Row<Identifier>>) {
        link(row, 1, row.fact.agent, row.fact.person, IdentifierRole::Agent, links);
        link(row, 2, row.fact.agent_phone, row.fact.person, IdentifierRole::Agent, links);
        link(row, 3, row.fact.account, row.fact.person, IdentifierRole::Payee, links);
    }

    fn names(row: &Row<Filing>, party: Party) -> bool {
        party.kind() != PartyKind::Agent || party == row.fact.agent
    }
}
