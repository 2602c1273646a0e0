/** What a server offers, as far as a starter policy needs it. All of it is text of the server's, and not trusted. */
export interface Offer {
  readonly server: string;
  readonly tools: readonly OfferedTool[];
  readonly resources: readonly string[];
  readonly prompts: readonly string[];
}

interface OfferedTool {
  readonly name: string;
  readonly description: string | undefined;
  /** The server says that it does not modify anything (`readOnlyHint`). */
  readonly readOnly: boolean;
  /** The server says that it may destroy something (`destructiveHint`). */
  readonly destructive: boolean;
}

/** Names that mean themselves in a rule: no wildcard, quote, comma or control character. */
const PLAIN = /^[\w./:@-]{1,128}$/;

/** A commented policy that permits what says it only reads, and lists the rest for a person to decide. */
export function starterPolicy(offer: Offer, command: readonly string[]): string {
  const usable = offer.tools.filter(({ name }) => PLAIN.test(name));
  const unusable = offer.tools.length - usable.length;
  const reading = usable.filter(({ readOnly }) => readOnly);
  const changing = usable.filter(({ readOnly }) => !readOnly);
  const lines = [
    '# yaml-language-server: $schema=./node_modules/@sallyport/policy/schema.json',
    `# What may pass to ${oneLine(offer.server)}. Written by "sallyport init" from what the server says of itself;`,
    '# a server can say anything, so read every line before you rely on it.',
    'version: 1',
    '',
    '# enforce refuses; audit only records what would have been refused.',
    'mode: enforce',
    '',
    '# Who is calling. A stdio connection has no login, so the policy says it: a name, or env:NAME.',
    'identity:',
    '  stdio: { subject: me, roles: [user] }',
    '',
    'authorization:',
    '  # subject, server, object, action, condition, effect. What no line permits is denied.',
    '  rules: |',
    '    # Tools that say they only read:',
    ...reading.flatMap((tool) => ruleLines(tool, '')),
    ...(reading.length === 0 ? ['    # (none)'] : []),
    '',
    '    # Tools that may change something. Take the # away to permit one; a condition can narrow it, such as',
    "    # \"startsWith(args.path, '/data/') && !contains(args.path, '..')\".",
    ...changing.flatMap((tool) => ruleLines(tool, '# ')),
    ...(changing.length === 0 ? ['    # (none)'] : []),
    ...(unusable > 0 ? [`    # ${unusable} more tools have names that cannot stand here as they are.`] : []),
    '',
    ...(offer.resources.length > 0
      ? [
          '    # Resources:',
          ...offer.resources
            .filter((uri) => PLAIN.test(uri))
            .map((uri) => `    # p, role:user, *, resource:${uri}, read, , allow`),
          '',
        ]
      : []),
    ...(offer.prompts.length > 0
      ? [
          '    # Prompts:',
          ...offer.prompts
            .filter((name) => PLAIN.test(name))
            .map((name) => `    p, role:user, *, prompt:${name}, get, , allow`),
          '',
        ]
      : []),
    '# Arguments and results are checked against the schemas that the server declares.',
    'schema: { arguments: strict, results: enforce }',
    '',
    '# One line of JSON for every decision, on disk before a tool runs.',
    'audit: { file: ./sallyport-audit.jsonl }',
    '',
    '# The server, for "sallyport run --server main".',
    'servers:',
    '  main:',
    `    command: ${JSON.stringify(command)}`,
    '',
  ];
  return lines.join('\n');
}

function ruleLines({ name, description, destructive }: OfferedTool, comment: string): string[] {
  const note = oneLine(description ?? '');
  const warning = destructive ? 'DESTRUCTIVE. ' : '';
  return [
    ...(note === '' && warning === '' ? [] : [`    # ${name}: ${warning}${note}`]),
    `    ${comment}p, role:user, *, tool:${name}, call, , allow`,
  ];
}

/** The first sentence, without anything that could end a comment or steer a terminal. */
function oneLine(text: string): string {
  const clean = text.replaceAll(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\s]+/gu, ' ').trim();
  const sentence = /^.*?[.!?](?= |$)/.exec(clean)?.[0] ?? clean;
  return sentence.length > 90 ? `${sentence.slice(0, 87)}...` : sentence;
}
