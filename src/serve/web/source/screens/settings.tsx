// Who is signed in, who else may, and what does the audit log say?
import { Tabs } from "../parts/parts";
import { ChoosePassword, roleWord } from "../parts/office";
import { may, param, session, t } from "../state";
import { Accounts } from "./accounts";
import { Log } from "./audit";

export function SettingsScreen() {
  const who = session.value;
  const tabs = ([["accounts", "list_accounts"], ["audit", "read_audit"]] as const).filter((one) => may(one[1])).map((one) => one[0]);
  const tab = tabs.find((one) => one === param("tab")) ?? tabs[0];
  return (
    <div class="settings">
      <h1>{t("settings")}</h1>
      <dl class="facts cards">
        <div><dt>{t("my_account")}</dt><dd>{who?.account ?? t("role_open")}</dd></div>
        {who?.account && <div><dt>{t("role")}</dt><dd>{roleWord(who.role)}</dd></div>}
        <div><dt>{t("region")}</dt><dd>{who?.regions.length ? who.regions.join(" ") : t("regions_all")}</dd></div>
      </dl>
      {who?.account && <details class="own"><summary>{t("password_choose")}</summary><ChoosePassword must={false} /></details>}
      {tabs.length > 1 && <Tabs name="tab" chosen={tab} all={tabs.map((one) => [one, t(one)])} />}
      {tab === "accounts" && <Accounts />}
      {tab === "audit" && <Log />}
      {tabs.length === 0 && <p class="soft">{t(who?.sign_in ? "settings_none" : "settings_open")}</p>}
    </div>
  );
}
