/**
 * Puts notices into an outbox, one after the other, and sends them to a webhook until it is killed. Writes the number of each
 * to standard output when it is durable.
 *
 * Arguments: folder of the outbox, address of the webhook, its secret, number of the first notice, how many in all.
 */
import { createFormatter, WebhookReceiver } from '@sallyport/audit';
import { Secret } from '@sallyport/core';
import { AlertSender } from '../../src/sinks/alert-sender.ts';
import { FormattedReceiver } from '../../src/sinks/formatted-receiver.ts';
import { notice } from './some-notices.ts';

const [folder = '', url = '', secret = '', from = '0', to = '0'] = process.argv.slice(2);

const sender = await AlertSender.open({
  name: 'soc',
  folder,
  receiver: new FormattedReceiver({
    receiver: new WebhookReceiver({ url, secret: new Secret(secret), dangerouslyWithoutTls: true }),
    formatter: createFormatter('json', { productVersion: '1.0.0' }),
  }),
});
for (let n = Number(from); n < Number(to); n += 1) {
  await sender.put(notice(n, {}, 3));
  process.stdout.write(`${String(n)}\n`);
}
