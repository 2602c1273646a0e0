// Before packing: the ready-made policies live at the top of the repository and ship inside the `sallyport` package.
import { cpSync } from 'node:fs';

cpSync(new URL('../policies', import.meta.url), new URL('../packages/sallyport/policies', import.meta.url), {
  recursive: true,
});
