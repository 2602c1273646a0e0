/** A made-up tool: half of its results are smaller than `bytes`. */
export interface MadeTool {
  readonly name: string;
  readonly bytes: number;
  readonly argumentBytes: number;
}

const tool = (name: string, bytes: number, argumentBytes = 120): MadeTool => ({ name, bytes, argumentBytes });

/** For calls that never reach a tool. */
export const SEARCH: MadeTool = tool('search_docs', 6000);

export const PLAIN: readonly MadeTool[] = [
  SEARCH,
  tool('read_page', 9000),
  tool('list_tickets', 4000),
  tool('get_ticket', 2500),
  tool('comment_ticket', 300, 600),
  tool('list_files', 1500),
  tool('read_file', 8000),
  tool('write_file', 200, 3000),
  tool('query_metrics', 12_000),
  tool('get_calendar', 3000),
  tool('create_event', 400, 300),
  tool('list_repos', 2500),
  tool('get_commit', 5000),
  tool('run_tests', 15_000),
  tool('translate_text', 1500, 1500),
  tool('summarize_page', 1200, 400),
  tool('render_chart', 40_000),
  tool('convert_units', 80),
  tool('lookup_term', 500),
  tool('get_weather', 700),
  tool('list_orders', 7000),
  tool('get_order', 1800),
];
export const SENSITIVE: readonly MadeTool[] = [
  tool('get_customer', 2500),
  tool('list_customers', 15_000),
  tool('read_patient', 4000),
  tool('get_invoice', 3000),
  tool('get_salary', 900),
];
export const SENDING: readonly MadeTool[] = [
  tool('send_email', 150, 1200),
  tool('share_file', 200, 200),
  tool('notify_channel', 120, 400),
];
export const ADMINISTRATIVE: readonly MadeTool[] = [
  tool('grant_role', 150),
  tool('delete_record', 100),
  tool('set_policy', 150, 900),
];
export const BULK: readonly MadeTool[] = [
  tool('export_report', 250_000),
  tool('sync_orders', 120_000),
  tool('job_status', 200),
];
export const HIDDEN: readonly string[] = Array.from({ length: 80 }, (_, n) => `internal_tool_${String(n)}`);
/** Their results hold e-mail addresses, names and the like. */
export const PERSONAL: ReadonlySet<string> = new Set([
  ...SENSITIVE.map(({ name }) => name),
  'get_calendar',
  'get_ticket',
  'list_orders',
  'get_order',
]);
