// Before packing: the ready-made policies with their rules, and the runbooks that alerts link, live at the top of the
// repository and ship inside the `sallyport` package.
import { cpSync, rmSync } from 'node:fs';

for (const folder of ['policies', 'docs/runbooks']) {
  const copy = new URL(`../packages/sallyport/${folder}`, import.meta.url);
  // What was renamed since must not ship under both names.
  rmSync(copy, { recursive: true, force: true });
  cpSync(new URL(`../${folder}`, import.meta.url), copy, { recursive: true });
}
