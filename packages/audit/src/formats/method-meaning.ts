/** What a call does to its target, as far as its method tells. `execute` where it does not. */
export type Access = 'create' | 'read' | 'update' | 'delete' | 'execute';

const ACCESS: ReadonlyMap<string, Access> = new Map([
  ['completion/complete', 'read'],
  ['logging/setLevel', 'update'],
  ['ping', 'read'],
  ['prompts/get', 'read'],
  ['prompts/list', 'read'],
  ['resources/list', 'read'],
  ['resources/read', 'read'],
  ['resources/subscribe', 'create'],
  ['resources/templates/list', 'read'],
  ['resources/unsubscribe', 'delete'],
  ['roots/list', 'read'],
  ['server/discover', 'read'],
  ['subscriptions/listen', 'create'],
  ['tasks/cancel', 'delete'],
  ['tasks/get', 'read'],
  ['tasks/list', 'read'],
  ['tasks/result', 'read'],
  ['tasks/update', 'update'],
  ['tools/list', 'read'],
]);

/** Whether a tool only reads is in its own annotations, which nobody has to believe: tools execute. */
export function accessOf(method: string): Access {
  return ACCESS.get(method) ?? 'execute';
}

export type TargetKind = 'tool' | 'resource' | 'prompt' | 'task';

const KINDS: ReadonlyMap<string, TargetKind> = new Map([
  ['tools', 'tool'],
  ['resources', 'resource'],
  ['prompts', 'prompt'],
  ['tasks', 'task'],
]);

/** What kind of thing the target of a method is. */
export function targetKind(method: string): TargetKind | undefined {
  return KINDS.get(method.slice(0, Math.max(0, method.indexOf('/'))));
}
