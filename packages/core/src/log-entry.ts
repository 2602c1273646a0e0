/** From what must be seen to what is only looked for. */
export const LOG_LEVELS = ['error', 'warn', 'info', 'debug'] as const;
export type LogLevel = (typeof LOG_LEVELS)[number];

/** What a line has by itself. */
type OwnField = 'level' | 'time' | 'name' | 'server' | 'event' | 'msg' | 'error';

/** Names, counts and codes. */
type LogDetail = Readonly<Record<string, string | number | boolean>> & {
  readonly [field in OwnField]?: never;
};

/** Something that an operator should know: never a value of a call, never a secret. */
export interface LogEntry {
  readonly level: LogLevel;
  /** For programs: lower case with underscores, one word for one kind of thing, such as `policy_reloaded`. */
  readonly event: string;
  /** For people: what happened, and what to do about it. */
  readonly message: string;
  /** Becomes fields of their own in JSON; what matters in it stands in the message as well. */
  readonly detail?: LogDetail;
  /** What was thrown; of it a line has the name, the message, the code and, at level debug, where it came from. */
  readonly error?: unknown;
}
