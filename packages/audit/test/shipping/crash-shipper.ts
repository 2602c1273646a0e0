/**
 * Ships a journal to a webhook until it is killed.
 *
 * Arguments: folder of the journal, address of the webhook, its secret.
 */
import { Secret } from '@sallyport/core';
import { createFormatter } from '../../src/formats/create-formatter.ts';
import { Shipper } from '../../src/shipping/shipper.ts';
import { WebhookReceiver } from '../../src/shipping/webhook-receiver.ts';

const [folder = '', url = '', secret = ''] = process.argv.slice(2);

await Shipper.open({
  name: 'soc',
  folder,
  receiver: new WebhookReceiver({ url, secret: new Secret(secret), dangerouslyWithoutTls: true }),
  formatter: createFormatter('json', { productVersion: '1.0.0' }),
  batchRecords: 20,
  saveMs: 5,
  checkpointMs: Infinity,
});
