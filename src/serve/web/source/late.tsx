// Screens that are loaded when somebody opens one of them: what the first lead needs stays small.
import { CaseScreen } from "./screens/case";
import { CasesScreen } from "./screens/cases";
import { ReportsScreen } from "./screens/reports";
import { SettingsScreen } from "./screens/settings";

export const SCREENS = {
  cases: (_: { id: string }) => <CasesScreen />,
  case: ({ id }: { id: string }) => (id ? <CaseScreen key={id} id={id} /> : <CasesScreen />),
  report: ({ id }: { id: string }) => <ReportsScreen id={id} />,
  settings: (_: { id: string }) => <SettingsScreen />,
};
