import type { AuditPlan } from './audit-plan.ts';
import { isIn, oddInSink } from './check-sink.ts';
import type { Problem } from './problem.ts';
import type { Layer } from './read-layers.ts';
import type { Path } from './yaml-source.ts';

/** What the members of `audit` have to do with each other. Opens nothing. */
export function checkAudit(layers: readonly Layer[], plan: AuditPlan): readonly Problem[] {
  const problems: Problem[] = [];
  for (const { source, file } of layers) {
    const complain = (at: Path, message: string, severity: Problem['severity'] = 'error'): void => {
      problems.push({ file: source.file, ...source.at(['audit', ...at]), message, severity });
    };
    const { journal, sinks = {}, personal, arguments: values } = file.audit ?? {};
    if (typeof journal === 'object') {
      if (journal.blockSeconds !== undefined && journal.onFailure !== 'block')
        complain(['journal', 'blockSeconds'], '"blockSeconds" belongs to "onFailure: block"; remove it');
      if (journal.onFailure === 'drop')
        complain(
          ['journal', 'onFailure'],
          'calls run unrecorded while the journal cannot be written; only their number is recorded afterwards',
          'warning',
        );
    }
    if (journal !== undefined && (typeof journal === 'string' || journal.key === undefined))
      complain(
        ['journal'],
        'without a key the journal is signed with a development key, which proves nothing; add "key: keystore:audit-key"',
        'warning',
      );
    if (values === 'sealed' && plan.personal === undefined)
      complain(['arguments'], 'what is sealed needs a key; add "personal: { key: keystore:audit-personal }"');
    if (personal !== undefined && plan.journal === undefined && personal.file === undefined)
      complain(
        ['personal'],
        'the keys of persons need a place; add "file: ./personal.keys", or a journal, whose folder is taken',
      );
    for (const [name, entry] of Object.entries(sinks)) {
      if (plan.journal === undefined)
        complain(
          ['sinks', name],
          'sinks are fed from the journal, so that nothing is lost while one is away; add "journal: ./audit"',
        );
      const { file: copy } = plan.sinks.get(name) ?? {};
      if (copy !== undefined && plan.journal !== undefined && isIn(copy, plan.journal.folder))
        complain(
          ['sinks', name, 'file'],
          'a copy does not belong into the folder of the journal; write another path',
        );
      for (const { at, message, severity } of oddInSink(entry)) {
        complain(['sinks', name, ...at], message, severity);
      }
    }
  }
  return problems;
}
